/** The workflow that sweeps: on a schedule, often enough, and started by nothing that nobody believes. */
import type { Policy } from '../../policy/schema.ts';
import { reviewTokens } from './directory-token.ts';
import type { Finding } from './finding.ts';
import { strangeSteps } from './injection.ts';
import { APPROVAL_PERMISSIONS, enough, inApproval, permitted, plain, unconditional } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import { webhookSecret } from './webhook-secret.ts';
import type { WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

/** Writing deletes transcripts and logs once the policy says so; until then nobody need take it away again. */
function actionsOf({ job, file }: OurStep, { retention }: Policy): 'read' | 'write' {
  if (retention.transcript !== null || retention['run-logs'] !== null) return 'write';
  const has = job.permissions ?? file.permissions ?? null;
  return has !== null && typeof has !== 'string' && enough(has, 'actions', 'write') ? 'write' : 'read';
}

/** Findings about a job with a sweep step in a workflow that does not ask; `ours` are all steps of ours. */
export function sweeping(step: OurStep, ours: readonly OurStep[], policy: Policy): Finding[] {
  return [
    ...schedule(step.file),
    ...starts(step.file),
    ...inApproval(step),
    ...permitted(step, { ...APPROVAL_PERMISSIONS, actions: actionsOf(step, policy) }, policy),
    ...unconditional(step, ['job', 'step']),
    ...plain(step),
    ...strangeSteps(step, ours),
    ...reviewTokens(step, policy),
    ...webhookSecret(step, policy),
  ];
}

function schedule({ path, base, crons }: WorkflowFile): Finding[] {
  const id = `workflow.${base}.schedule`;
  const remedy = `Write \`on: { schedule: [{ cron: '*/15 * * * *' }], workflow_dispatch: }\` into ${path}.`;
  if (crons.length === 0) {
    const what = `${path} sweeps only when somebody starts it: what a killed job leaves open would stay so.`;
    return [wrong(id, what, remedy)];
  }
  if (crons.some(isDaily)) return [];
  const what = `${path} does not sweep every day (${listed(crons)}): what a killed job leaves open stays so until then.`;
  return [note(id, what, remedy)];
}

/** Day of the month, month and day of the week leave none out. */
const isDaily = (cron: string): boolean =>
  cron
    .trim()
    .split(/\s+/)
    .slice(2)
    .every((field) => /^(?:\*|\?)(?:\/1)?$|^(?:0-6|1-7|1-31|1-12)$/.test(field));

const BELIEVED = ['schedule', 'workflow_dispatch', 'workflow_call'];

function starts({ path, base, events }: WorkflowFile): Finding[] {
  const others = events.filter((name) => !BELIEVED.includes(name));
  if (others.length === 0) return [];
  const what = `${path} starts by ${listed(others)} too: nobody believes what such a run signs, and people who may not start workflows can start it.`;
  return [wrong(`workflow.${base}.on`, what, `Start ${path} by schedule and workflow_dispatch alone.`)];
}
