/** The workflows: that those whose records count are there and shaped as they must be, and that no other uses our actions. */
import type { Policy } from '../../policy/schema.ts';
import { examineDebugWorkflow } from './debug-workflow.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { APPROVAL_PERMISSIONS, inApproval, permitted, plain } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import { examinePins } from './pins.ts';
import type { FoundPolicy } from './policy.ts';
import { type OurStep, ourSteps, readWorkflow, type WorkflowFile } from './workflow-file.ts';

const { ok, wrong, note, look } = judgeOf('Workflows');
const FOLDER = '.github/workflows';

export interface ExaminedWorkflows {
  findings: Finding[];
  /** The paths of the workflows that ask. */
  asking: string[];
}

/** Reads every workflow of the policy's commit. `version` is this doctor's. */
export async function examineWorkflows(
  inspector: Inspector,
  found: FoundPolicy,
  version: string,
): Promise<ExaminedWorkflows> {
  const asking: string[] = [];
  const findings = await look('workflows', async () => {
    const { commit } = found.file;
    const folder = (await inspector.folders(commit, [FOLDER])).get(FOLDER) ?? [];
    const paths = folder
      .filter(({ kind, name }) => kind === 'file' && /\.ya?ml$/.test(name))
      .map(({ name }) => `${FOLDER}/${name}`);
    const texts = await inspector.files(commit, paths);
    const read = paths.map((path) => ({ path, file: readWorkflow(path, texts.get(path) ?? '') }));
    const files = read.flatMap(({ file }) => (typeof file === 'string' ? [] : [file]));
    const steps = ourSteps(files);
    asking.push(...new Set(steps.filter(({ action }) => action === 'ask').map(({ file }) => file.path)));
    const known = new Map(read.map(({ path, file }) => [path, file]));
    return [
      ...signers(found.policy, known, steps),
      ...strangers(found.policy, steps),
      ...shapes(found, known, steps),
      ...doctors(steps),
      ...(await look('workflows.states', () => states(inspector, steps))),
      ...(await look('workflows.pins', () => examinePins(inspector, { commit, version, files, steps }))),
    ];
  });
  return { findings, asking };
}

type Known = Map<string, WorkflowFile | string>;

/** Every workflow whose signature counts is there, can be read, and uses our actions. */
function signers({ signers: { workflows } }: Policy, known: Known, steps: readonly OurStep[]): Finding[] {
  return workflows.flatMap((path) => {
    const id = `workflow.${baseOf(path)}`;
    if (!path.startsWith(`${FOLDER}/`)) {
      return [
        note(id, `${path} is a workflow of another repository; doctor does not look at it.`, 'Run doctor there too.'),
      ];
    }
    const file = known.get(path);
    if (file === undefined) {
      const what = `The policy believes the records of ${path}, which is not on the default branch.`;
      return [wrong(id, what, `Add ${path}, or take it out of \`signers.workflows\` in the policy.`)];
    }
    if (typeof file === 'string') {
      return [
        wrong(id, `${path} is no workflow that GitHub could read: ${file}.`, `Mend ${path} on the default branch.`),
      ];
    }
    if (steps.some((step) => step.file === file && step.action !== 'doctor')) return [];
    const what = `The policy believes the records of ${path}, but none of its steps uses Debug Approval: whatever runs in it could sign.`;
    return [wrong(id, what, `Take ${path} out of \`signers.workflows\` in the policy.`)];
  });
}

const baseOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/, '');

/** Nobody would believe the records of a workflow that the policy does not list. */
function strangers({ signers: { workflows } }: Policy, steps: readonly OurStep[]): Finding[] {
  const using = steps.filter(({ action }) => action !== 'doctor').map(({ file }) => file);
  return [...new Set(using)]
    .filter(({ path }) => !workflows.includes(path))
    .map(({ path, base }) =>
      wrong(
        `workflow.${base}.signer`,
        `${path} uses Debug Approval, but the policy's signers do not list it: every request from it is refused.`,
        `Add ${path} to \`signers.workflows\` in the policy, or remove the workflow.`,
      ),
    );
}

function shapes(
  { policy, file: { path: policyPath } }: FoundPolicy,
  known: Known,
  steps: readonly OurStep[],
): Finding[] {
  const files = [...known.values()].filter((file) => typeof file !== 'string');
  // What is missing altogether is told above.
  const gone = policy.signers.workflows.some((path) => !steps.some(({ file }) => file.path === path));
  const debug = files.filter((file) =>
    steps.some((step) => step.file === file && (step.action === 'ask' || step.action === 'run')),
  );
  const looks = debug.flatMap((file) => {
    const own = steps.filter((step) => step.file === file);
    return summed(file, examineDebugWorkflow(file, own, policy, policyPath), 'asks, runs and closes as it must');
  });
  const none =
    debug.length > 0 || gone
      ? []
      : [
          wrong(
            'workflows.ask',
            'No workflow on the default branch asks: none of their steps uses Debug Approval.',
            'Copy debug.yml of Debug Approval into .github/workflows and list it under `signers.workflows` in the policy.',
          ),
        ];
  return [
    ...looks,
    ...none,
    ...sweeps(
      files.filter((file) => !debug.includes(file)),
      steps,
      gone,
    ),
  ];
}

/** GitHub runs no workflow that is switched off, and switches off schedules of public repositories that nobody pushes to. */
async function states(inspector: Inspector, steps: readonly OurStep[]): Promise<Finding[]> {
  const disabled = await inspector.disabledWorkflows();
  return [...new Set(steps.map(({ file }) => file))].flatMap(({ path, base }) => {
    const state = disabled.get(path);
    if (state === undefined) return [];
    const how = state === 'disabled_inactivity' ? ', since nothing happened in the repository for 60 days' : '';
    const remedy = `Choose it under Actions and press "Enable workflow", or run \`gh workflow enable ${base}.yml\`.`;
    return [wrong(`workflow.${base}.state`, `${path} is switched off${how}: GitHub does not run it.`, remedy)];
  });
}

/** Nothing breaks without it; but only a job can try what jobs may do. */
function doctors(steps: readonly OurStep[]): Finding[] {
  if (steps.some(({ action }) => action === 'doctor')) return [];
  return [
    note(
      'workflows.doctor',
      'No workflow runs this examination with the rights that the jobs have.',
      'Copy doctor.yml of Debug Approval into .github/workflows, and start it by hand after each change of the set-up.',
    ),
  ];
}

function summed(file: WorkflowFile, found: Finding[], sound: string): Finding[] {
  return found.some(({ health }) => health === 'wrong')
    ? found
    : [ok(`workflow.${file.base}`, `${file.path} ${sound}.`), ...found];
}

/** Something must sweep on a schedule: what a killed job leaves open is ended there. */
function sweeps(files: readonly WorkflowFile[], steps: readonly OurStep[], gone: boolean): Finding[] {
  const sweeping = steps.filter(({ action, file }) => action === 'sweep' && files.includes(file));
  const looks = sweeping.flatMap((step) =>
    summed(step.file, sweep(step), `sweeps by schedule (${listed(step.file.crons)})`),
  );
  if (sweeping.length > 0 || gone) return looks;
  return [
    wrong(
      'workflows.sweep',
      'No workflow sweeps: a request whose job was killed would stay open, and nothing would expire without its job.',
      'Copy sweep.yml of Debug Approval into .github/workflows and list it under `signers.workflows` in the policy.',
    ),
  ];
}

function sweep(step: OurStep): Finding[] {
  const { path, base, crons } = step.file;
  const scheduled =
    crons.length > 0
      ? []
      : [
          wrong(
            `workflow.${base}.schedule`,
            `${path} sweeps only when somebody starts it: what a killed job leaves open would stay so.`,
            `Write \`on: { schedule: [{ cron: '*/15 * * * *' }], workflow_dispatch: }\` into ${path}.`,
          ),
        ];
  return [...scheduled, ...inApproval(step), ...permitted(step, APPROVAL_PERMISSIONS), ...plain(step)];
}
