/** Jobs that are none of ours and stand in an environment of ours: whatever runs there has its tokens, and may sign. */
import { APPROVAL_ENVIRONMENT, sameName } from '../../log/names.ts';
import { expressionOf } from './expressions.ts';
import type { Finding } from './finding.ts';
import { maySign } from './jobs.ts';
import { judgeOf } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Job, WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

/** Findings about a file's jobs without a step of ours; `signs`: the policy believes the records of this file. */
export function otherJobs(file: WorkflowFile, steps: readonly OurStep[], signs: boolean): Finding[] {
  const own = steps.filter((step) => step.file === file);
  const jobs = own.map(({ job }) => job);
  // In a workflow that asks or runs, the environment that ask gives is looked at along with the debug job's.
  const asks = own.some(({ action }) => action === 'ask' || action === 'run');
  return Object.entries(file.jobs)
    .filter(([, job]) => !jobs.includes(job))
    .filter(([, { environment }]) => !(asks && expressionOf(environment)?.includes('.outputs.environment')))
    .flatMap(([key, job]) => other(file, key, job, signs));
}

function other(file: WorkflowFile, key: string, job: Job, signs: boolean): Finding[] {
  const { environment } = job;
  if (environment == null) return signs ? inherited(file, key, job) : [];
  const id = `workflow.${file.base}.${key}.environment`;
  const place = `The job ${key} of ${file.path}`;
  const remedy = `Remove \`environment\` from the job ${key}, or give it an environment of its own${signs ? ' in another workflow' : ''}.`;
  const open = environment.includes('${{');
  if (signs && maySign(file, job) && (open || sameName(environment, APPROVAL_ENVIRONMENT))) {
    const where = open ? `in whatever environment \`${environment}\` is` : `in ${APPROVAL_ENVIRONMENT}`;
    const what = `${place} uses no action of Debug Approval, and with id-token: write ${where} it can sign records that the policy believes, decisions too.`;
    return [wrong(id, what, remedy)];
  }
  if (signs && open) {
    const what = `${place} is in whatever environment \`${environment}\` is: if a target's, it has its secrets without an approval.`;
    // Then whoever asks chooses.
    return [(/(?<![\w.-])inputs\b|github\.event\b/.test(environment) ? wrong : note)(id, what, remedy)];
  }
  if (!sameName(environment, APPROVAL_ENVIRONMENT)) return [];
  const what = `${place} is in ${APPROVAL_ENVIRONMENT} without an action of Debug Approval: it can read the Slack tokens.`;
  return [note(id, what, remedy)];
}

/** What another repository's workflow does with secrets cannot be seen from here. */
function inherited({ path, base }: WorkflowFile, key: string, { uses, secrets }: Job): Finding[] {
  if (uses === undefined || uses.startsWith('./') || secrets !== 'inherit') return [];
  const what = `The job ${key} of ${path} hands all secrets to ${uses}, which doctor does not look at.`;
  return [note(`workflow.${base}.${key}.secrets`, what, 'Name the secrets that it needs in place of `inherit`.')];
}
