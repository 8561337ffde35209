/** The shape of the workflow that asks, runs and closes: what makes an approval hold until the command has run. */
import type { Policy } from '../../policy/schema.ts';
import { asking } from './ask-job.ts';
import { choices } from './choices.ts';
import { closing } from './close-job.ts';
import { examineConcurrency } from './concurrency.ts';
import { running } from './debug-job.ts';
import { expressionOf } from './expressions.ts';
import type { Finding } from './finding.ts';
import { strangeSteps } from './injection.ts';
import { placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

/** A workflow with an ask or run step. */
export interface DebugWorkflow {
  file: WorkflowFile;
  /** Our steps in it. */
  steps: readonly OurStep[];
  /** Whether a workflow that is looked at itself calls it. */
  called: boolean;
}

/** All that is wrong with it, or worth knowing. */
export function examineDebugWorkflow(
  { file, steps, called }: DebugWorkflow,
  policy: Policy,
  policyPath: string,
): Finding[] {
  const of = (action: OurStep['action']): OurStep[] => steps.filter((step) => step.action === action);
  const [asks, runs, closes] = [of('ask'), of('run'), of('sweep')];
  const offered = file.events.includes('workflow_dispatch') ? asks : [];
  return [
    ...(called && !file.events.includes('workflow_dispatch') ? [] : events(file)),
    ...offered.flatMap((ask) => choices(ask, policy)),
    ...asks.flatMap((ask) => asking(ask, policy, policyPath)),
    ...[...asks, ...closes].flatMap((one) => strangeSteps(one, steps)),
    ...examineConcurrency(file),
    ...(runs.length === 0
      ? missing(file, 'debug', 'action/run', 'no job runs what was approved')
      : runs.filter(isFirst).flatMap((run) => running(run, needed(run, asks), policy))),
    ...twice(runs),
    ...(closes.length === 0
      ? missing(file, 'close', 'action/sweep', 'no job ends what a killed or denied run leaves open')
      : closes.flatMap((close) => closing(close, { ask: needed(close, asks), run: needed(close, runs), policy }))),
    ...onlyOne(file, { asks, runs, closes }, policy),
  ];
}

/** The first step in its job. */
const isFirst = (run: OurStep, at: number, all: readonly OurStep[]): boolean =>
  all.findIndex(({ job }) => job === run.job) === at;

/** An approval is used once. */
function twice(runs: readonly OurStep[]): Finding[] {
  return runs.filter(isFirst).flatMap((run) => {
    const count = runs.filter(({ job }) => job === run.job).length;
    if (count === 1) return [];
    const what = `has ${count} steps with action/run: what was approved runs once, and the job fails at the second.`;
    return [wrongJob(run, 'twice', what, `Leave one step with action/run in ${placeOf(run)}.`)];
  });
}

/** The job that another one needs; the first where it needs none of them, for the messages. */
function needed(step: OurStep, candidates: readonly OurStep[]): OurStep | undefined {
  return candidates.find(({ jobKey }) => step.job.needs.includes(jobKey)) ?? candidates[0];
}

/** What may start a workflow that asks, or that calls one which does. */
export function events({ path, base, events: all }: WorkflowFile): Finding[] {
  const id = `workflow.${base}.on`;
  const remedy = `Write \`on: workflow_dispatch\` with its inputs into ${path}, and nothing else.`;
  if (all.includes('workflow_call') && !all.includes('workflow_dispatch')) {
    const what = `${path} is called by another workflow: doctor looks at it as it stands, not at its caller.`;
    return [
      note(id, what, 'See that the caller starts by workflow_dispatch alone and hands its inputs over unchanged.'),
    ];
  }
  if (!all.includes('workflow_dispatch')) {
    return [wrong(id, `${path} does not start by workflow_dispatch, and no other event may ask.`, remedy)];
  }
  const others = all.filter((name) => name !== 'workflow_dispatch');
  if (others.length === 0) return [];
  return [note(id, `${path} starts by ${listed(others)} too; such a run is refused.`, remedy)];
}

function missing({ path, base }: WorkflowFile, job: string, action: string, what: string): Finding[] {
  const remedy = `Copy the job ${job} of Debug Approval's own debug.yml, which uses ${action}, into ${path}.`;
  return [wrong(`workflow.${base}.${job}`, `In ${path} ${what}: no step uses ${action}.`, remedy)];
}

/** No other job may be in the environment that was approved, or in one of the policy's targets. */
function onlyOne(
  file: WorkflowFile,
  { asks, runs, closes }: { asks: readonly OurStep[]; runs: readonly OurStep[]; closes: readonly OurStep[] },
  policy: Policy,
): Finding[] {
  const targets = Object.values(policy.targets).map(({ environment }) => environment.toLowerCase());
  const grants = runs.map(({ job }) => expressionOf(job.environment));
  const first = runs.filter((_, at) => grants.indexOf(grants[at] ?? null) === at);
  const known = [...asks, ...closes, ...first].map(({ jobKey }) => jobKey);
  const others = Object.entries(file.jobs).filter(([key, { environment }]) => {
    if (known.includes(key) || environment == null) return false;
    return targets.includes(environment.toLowerCase()) || expressionOf(environment)?.includes('.outputs.environment');
  });
  return others.map(([key]) =>
    wrong(
      `workflow.${file.base}.${key}.environment`,
      `The job ${key} of ${file.path} is in a target's environment too: GitHub opens it for the job that was approved, and this one slips through.`,
      `Remove \`environment\` from the job ${key}, or move the job into another workflow.`,
    ),
  );
}
