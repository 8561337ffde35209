/** Whose records the policy believes: workflows that are there and use our actions, and with a called workflow its caller. */
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import { APPROVAL_PERMISSIONS, lacking } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');
export const FOLDER = '.github/workflows';

/** What was read at each path: a sentence where it is no workflow, null where it is too large to be read. */
export type Known = ReadonlyMap<string, WorkflowFile | string | null>;

/** A job that is another workflow. */
export interface Call {
  caller: WorkflowFile;
  jobKey: string;
  /** `.github/workflows/called.yml`, with `owner/name/` before it if it is another repository's. */
  called: string;
}

/** The calls of workflows whose records may count: those with steps of ours, and those of other repositories that the policy lists. */
export function callsOf(files: readonly WorkflowFile[], steps: readonly OurStep[], { signers }: Policy): Call[] {
  const signing = steps.filter(({ action }) => action !== 'doctor').map(({ file }) => file.path);
  return files.flatMap((caller) =>
    Object.entries(caller.jobs).flatMap(([jobKey, { uses = '' }]) => {
      const [, called = ''] = /^(?:\.\/)?([\w.-].*?)(?:@.*)?$/.exec(uses) ?? [];
      const counts = uses.startsWith('./') ? signing.includes(called) : signers.workflows.includes(called);
      return counts ? [{ caller, jobKey, called }] : [];
    }),
  );
}

/** Every workflow whose signature counts is there, can be read, and uses our actions. */
export function examineSigners(
  { signers }: Policy,
  known: Known,
  steps: readonly OurStep[],
  calls: readonly Call[],
): Finding[] {
  return signers.workflows.flatMap((path) => {
    const id = `workflow.${baseOf(path)}`;
    const remedy = `Take ${path} out of \`signers.workflows\` in the policy.`;
    if (!path.startsWith(`${FOLDER}/`)) {
      const what = `${path} is a workflow of another repository; doctor does not look at it.`;
      return [note(id, what, 'Run doctor there too.')];
    }
    const file = known.get(path);
    if (file === undefined) {
      const what = `The policy believes the records of ${path}, which is not on the default branch.`;
      return [wrong(id, what, `Add ${path}, or take it out of \`signers.workflows\` in the policy.`)];
    }
    // Told by itself.
    if (file === null) return [];
    if (typeof file === 'string') {
      const what = `${path} is no workflow that GitHub could read: ${file}.`;
      return [wrong(id, what, `Mend ${path} on the default branch.`)];
    }
    const own = steps.filter((step) => step.file === file);
    if (own.some(({ action }) => action !== 'doctor') || calls.some(({ caller }) => caller === file)) return [];
    if (own.length > 0) {
      const what = `The policy believes the records of ${path}, which only looks (action/doctor) and writes none.`;
      return [note(id, what, remedy)];
    }
    const what = `The policy believes the records of ${path}, but none of its steps uses Debug Approval: whatever runs in it could sign.`;
    return [wrong(id, what, remedy)];
  });
}

const baseOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/, '');

/** Nobody would believe the records of a workflow that the policy does not list, nor of one that such a one calls. */
export function examineStrangers({ signers }: Policy, steps: readonly OurStep[], calls: readonly Call[]): Finding[] {
  const using = new Set(steps.filter(({ action }) => action !== 'doctor').map(({ file }) => file));
  const own = [...using].map(({ path, base }) => ({
    ...{ path, base, does: 'uses Debug Approval' },
    remedy: `Add ${path} to \`signers.workflows\` in the policy, or remove the workflow.`,
  }));
  const calling = calls.map(({ caller: { path, base }, called }) => ({
    ...{ path, base, does: `calls ${called}, which uses Debug Approval` },
    remedy: `Add ${path} to \`signers.workflows\` in the policy and leave ${called} there: records count if both are listed.`,
  }));
  const unlisted = [...own, ...calling].filter(({ path }) => !signers.workflows.includes(path));
  const first = unlisted.filter(({ path }, at) => unlisted.findIndex((one) => one.path === path) === at);
  return first.map(({ path, base, does, remedy }) => {
    const what = `${path} ${does}, but the policy's signers do not list it: every request from it is refused.`;
    return wrong(`workflow.${base}.signer`, what, remedy);
  });
}

/** The caller's rights are the most that a called workflow's jobs get. */
export function examineCalls(calls: readonly Call[], policy: Policy): Finding[] {
  return calls.flatMap(({ caller, jobKey, called }) => {
    const has = caller.jobs[jobKey]?.permissions ?? caller.permissions ?? {};
    const missing = lacking(has, APPROVAL_PERMISSIONS, policy);
    if (missing.length === 0) return [];
    const what = `The job ${jobKey} of ${caller.path} lacks ${listed(missing)}: ${called} gets no more than its caller has, and GitHub does not start it.`;
    const all = Object.entries(APPROVAL_PERMISSIONS).map(([name, level]) => `${name}: ${level}`);
    const remedy = `Write \`permissions: { ${all.join(', ')} }\` into the job ${jobKey}.`;
    return [wrong(`workflow.${caller.base}.${jobKey}.permissions`, what, remedy)];
  });
}
