/** Refuses, before anything runs, what a well-formed workflow asks for and the sandbox cannot do faithfully. */
import { expressionProblem } from './expressions.ts';
import type { Job, Step, Workflow } from './schema.ts';

const pinned = /^(?<path>[^@]+)@(?<sha>[0-9a-f]{40})$/;

/** An action of another repository at one commit. */
export interface PinnedAction {
  /** `owner/name`, as the workflow spells it. */
  repository: string;
  /** Where the action is in that repository; empty: at its top. */
  folder: string;
  sha: string;
}

export type Uses =
  | { kind: 'local'; folder: string }
  | { kind: 'pinned'; action: PinnedAction }
  | { kind: 'checkout' }
  | { kind: 'upload-artifact' }
  | { kind: 'refused'; problem: string };

/** What a step's `uses` means to the sandbox. */
export function readUses(uses: string): Uses {
  if (uses.startsWith('./')) return { kind: 'local', folder: uses.slice(2).replace(/\/+$/, '') };
  if (uses.startsWith('docker://')) return { kind: 'refused', problem: `\`${uses}\` is a container action.` };
  const { path, sha } = pinned.exec(uses)?.groups ?? {};
  if (path === undefined || sha === undefined) {
    return { kind: 'refused', problem: `\`${uses}\` is not pinned: write the full commit SHA after the @.` };
  }
  if (path === 'actions/checkout') return { kind: 'checkout' };
  if (path === 'actions/upload-artifact') return { kind: 'upload-artifact' };
  const [owner = '', name = '', ...folders] = path.split('/');
  if ([owner, name, ...folders].some((part) => !/^[\w.-]*[\w-][\w.-]*$/.test(part))) {
    return { kind: 'refused', problem: `\`${uses}\` is no action: write owner/name@SHA or owner/name/folder@SHA.` };
  }
  return { kind: 'pinned', action: { repository: `${owner}/${name}`, folder: folders.join('/'), sha } };
}

function stepProblems(step: Step, at: string): string[] {
  if ((step.run === undefined) === (step.uses === undefined)) return [`\`${at}\` needs either \`run\` or \`uses\`.`];
  if (step.uses === undefined) return Object.keys(step.with).length > 0 ? [`\`${at}.with\` needs \`uses\`.`] : [];
  const uses = readUses(step.uses);
  return uses.kind === 'refused' ? [`${uses.problem} (\`${at}.uses\`)`] : [];
}

function duplicateIds(job: Job, at: string): string[] {
  const ids = job.steps.flatMap((step) => step.id ?? []);
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `\`${at}.steps\`: the id \`${id}\` is used twice.`);
}

/** Every text below a key, with its path. */
function texts(value: unknown, at: string): { at: string; key: string; text: string }[] {
  if (typeof value === 'string') return [{ at, key: at.slice(at.lastIndexOf('.') + 1), text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => texts(child, at === '' ? key : `${at}.${key}`));
}

function expressionProblems(workflow: Workflow): string[] {
  return texts(workflow, '').flatMap(({ at, key, text }) => {
    const isCondition = key === 'if' && /^jobs\.[^.]+\.(steps\.\d+\.)?if$/.test(at);
    const problem = expressionProblem(text, isCondition ? 'condition' : 'text');
    return problem === null ? [] : [`\`${at}\`: ${problem}`];
  });
}

/** Keys of the jobs in an order in which each follows all that it needs; null when they go round in a circle. */
export function jobOrder(jobs: Workflow['jobs']): string[] | null {
  const order: string[] = [];
  let rest = Object.keys(jobs);
  while (rest.length > 0) {
    const ready = rest.filter((key) => (jobs[key]?.needs ?? []).every((need) => order.includes(need)));
    if (ready.length === 0) return null;
    order.push(...ready);
    rest = rest.filter((key) => !ready.includes(key));
  }
  return order;
}

function needsProblems(jobs: Workflow['jobs']): string[] {
  const unknown = Object.entries(jobs).flatMap(([key, job]) =>
    job.needs
      .filter((need) => !Object.hasOwn(jobs, need))
      .map((need) => `\`jobs.${key}.needs\` names \`${need}\`, which is no job here.`),
  );
  if (unknown.length > 0) return unknown;
  return jobOrder(jobs) === null ? ['`needs` goes round in a circle.'] : [];
}

/** Sentences about all that keeps this workflow from running here; empty when it may run. */
export function workflowProblems(workflow: Workflow): string[] {
  const jobs = Object.entries(workflow.jobs).flatMap(([key, job]) => {
    const at = `jobs.${key}`;
    return [
      ...job.steps.flatMap((step, index) => stepProblems(step, `${at}.steps.${index}`)),
      ...duplicateIds(job, at),
    ];
  });
  return [...needsProblems(workflow.jobs), ...jobs, ...expressionProblems(workflow)];
}
