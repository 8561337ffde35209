/** The workflows: that those whose records count are there and shaped as they must be, and that no other uses our actions. */
import type { Policy } from '../../policy/schema.ts';
import { examineOwnCode } from './checkout.ts';
import { examineConcurrency } from './concurrency.ts';
import { events, examineDebugWorkflow } from './debug-workflow.ts';
import { directoryLeaks, examineDirectorySecrets } from './directory-token.ts';
import type { Finding } from './finding.ts';
import { examineMachine, injections } from './injection.ts';
import type { Inspector } from './inspector.ts';
import { judgeOf, listed } from './judge.ts';
import { otherJobs } from './other-jobs.ts';
import { type OurStep, ourSteps } from './our-steps.ts';
import { examinePins, type Pinned } from './pins.ts';
import type { FoundPolicy } from './policy.ts';
import { examinePolicies } from './same-policy.ts';
import { type Call, callsOf, examineCalls, examineSigners, examineStrangers, FOLDER, type Known } from './signers.ts';
import { sweeping } from './sweep-job.ts';
import { examineNames, leaks, shared, swapped, written } from './tokens.ts';
import { examineWebhookSecrets } from './webhook-secret.ts';
import { MOST_KB, readWorkflow, tooLarge, type WorkflowFile } from './workflow-file.ts';

const { ok, wrong, note, unknown, look } = judgeOf('Workflows');

export interface ExaminedWorkflows {
  findings: Finding[];
  /** The paths of the workflows that ask. */
  asking: string[];
}

/** What the workflows are held against. */
export interface Compared extends Pick<Pinned, 'version' | 'origin'> {
  defaultBranch: string;
}

/** Reads every workflow of the policy's commit. `version` and `origin` are this doctor's. */
export async function examineWorkflows(
  inspector: Inspector,
  found: FoundPolicy,
  { version, origin, defaultBranch }: Compared,
): Promise<ExaminedWorkflows> {
  const asking: string[] = [];
  const findings = await look('workflows', async () => {
    const { commit } = found.file;
    const folder = (await inspector.folders(commit, [FOLDER])).get(FOLDER) ?? [];
    const paths = folder
      .filter(({ kind, name }) => kind === 'file' && /\.ya?ml$/.test(name))
      .map(({ name }) => `${FOLDER}/${name}`);
    const texts = await inspector.files(commit, paths);
    const read = paths.map((path) => {
      const text = texts.get(path) ?? '';
      const size = tooLarge(text);
      return { path, size, file: size === null ? readWorkflow(path, text) : null };
    });
    const files = read.flatMap(({ file }) => (file === null || typeof file === 'string' ? [] : [file]));
    const steps = ourSteps(files);
    asking.push(...new Set(steps.filter(({ action }) => action === 'ask').map(({ file }) => file.path)));
    const known: Known = new Map(read.map(({ path, file }) => [path, file]));
    const calls = callsOf(files, steps, found.policy);
    return consistent([
      ...read.flatMap(unread),
      ...examineSigners(found.policy, known, steps, calls),
      ...examineStrangers(found.policy, steps, calls),
      ...examineCalls(calls, found.policy),
      ...callersOf(calls, steps).flatMap((caller) => [...events(caller), ...examineConcurrency(caller)]),
      ...shapes(found, known, steps, calls),
      ...examinePolicies(steps),
      ...files.flatMap((file) => surroundings(file, steps, signs(found.policy, file, steps, calls))),
      ...leaks(files, steps),
      ...directoryLeaks(steps),
      ...(await examineDirectorySecrets(inspector, found.policy, steps)),
      ...(await examineWebhookSecrets(inspector, found.policy, steps)),
      ...shared(files, steps),
      ...swapped(steps),
      ...firstOfJobs(steps.filter(({ action }) => action !== 'run')).flatMap((step) =>
        examineOwnCode(step, defaultBranch),
      ),
      ...firstOfJobs(steps).flatMap(examineMachine),
      ...doctors(steps),
      ...(await examineNames(
        inspector,
        steps.filter(({ action }) => action === 'ask'),
      )),
      ...(await look('workflows.states', () => states(inspector, steps))),
      ...(await look('workflows.pins', () => examinePins(inspector, { commit, version, origin, files, steps }))),
    ]);
  });
  return { findings, asking };
}

/** What is not read is told, whatever it is. */
function unread({ path, size }: { path: string; size: number | null }): Finding[] {
  if (size === null) return [];
  const base = path.slice(FOLDER.length + 1).replace(/\.ya?ml$/, '');
  const what = `${path} is larger than ${MOST_KB} KB (${size} KB): doctor does not read it.`;
  return [unknown(`workflow.${base}.size`, what, 'No workflow of Debug Approval is that large; look at it by hand.')];
}

/** One step of ours for each job that has some. */
const firstOfJobs = (steps: readonly OurStep[]): OurStep[] =>
  steps.filter(({ job }, at) => steps.findIndex((other) => other.job === job) === at);

/** No line says that a workflow is as it must be where another says what is wrong in it. */
function consistent(findings: readonly Finding[]): Finding[] {
  const wrongs = findings.filter(({ health }) => health === 'wrong');
  return findings.filter(({ id, health }) => health !== 'ok' || !wrongs.some((one) => one.id.startsWith(`${id}.`)));
}

/** The callers that do not ask themselves, whose start and groups are looked at here. */
function callersOf(calls: readonly Call[], steps: readonly OurStep[]): WorkflowFile[] {
  const callers = [...new Set(calls.map(({ caller }) => caller))];
  return callers.filter((caller) => !steps.some(({ file, action }) => file === caller && action === 'ask'));
}

/** Whether the records of its jobs count. That a listed workflow uses none of our actions is told by itself. */
function signs({ signers }: Policy, file: WorkflowFile, steps: readonly OurStep[], calls: readonly Call[]): boolean {
  const used = steps.some((step) => step.file === file) || calls.some(({ caller }) => caller === file);
  return used && signers.workflows.includes(file.path);
}

/** What else stands in a workflow: other jobs, what people typed, tokens written out. */
function surroundings(file: WorkflowFile, steps: readonly OurStep[], signing: boolean): Finding[] {
  return [...otherJobs(file, steps, signing), ...(signing ? injections(file) : []), ...written(file)];
}

function shapes(
  { policy, file: { path: policyPath } }: FoundPolicy,
  known: Known,
  steps: readonly OurStep[],
  calls: readonly Call[],
): Finding[] {
  const files = [...known.values()].filter((file) => file !== null && typeof file !== 'string');
  // What is missing altogether is told above.
  const gone = policy.signers.workflows.some((path) => !steps.some(({ file }) => file.path === path));
  const debug = files.filter((file) =>
    steps.some((step) => step.file === file && (step.action === 'ask' || step.action === 'run')),
  );
  const looks = debug.flatMap((file) => {
    const own = steps.filter((step) => step.file === file);
    const called = calls.some((call) => call.called === file.path);
    const looked = examineDebugWorkflow({ file, steps: own, called }, policy, policyPath);
    return summed(file, looked, 'asks, runs and closes as it must');
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
      { gone, policy },
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
function sweeps(
  files: readonly WorkflowFile[],
  steps: readonly OurStep[],
  { gone, policy }: { gone: boolean; policy: Policy },
): Finding[] {
  const sweepers = steps.filter(({ action, file }) => action === 'sweep' && files.includes(file));
  const looks = sweepers.flatMap((step) =>
    summed(step.file, sweeping(step, steps, policy), `sweeps by schedule (${listed(step.file.crons)})`),
  );
  if (sweepers.length > 0 || gone) return looks;
  return [
    wrong(
      'workflows.sweep',
      'No workflow sweeps: a request whose job was killed would stay open, and nothing would expire without its job.',
      'Copy sweep.yml of Debug Approval into .github/workflows and list it under `signers.workflows` in the policy.',
    ),
  ];
}
