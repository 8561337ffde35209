/** How the ask job ended, for the next jobs and for people. */
import * as core from '@actions/core';
import type { Asked } from '../app/ask.ts';
import { jobSummary } from '../github/summary.ts';
import { outcomeText } from '../request/present.ts';
import type { AskOutputName } from './contract.ts';
import { say } from './job.ts';

type Output = (name: AskOutputName, value: string | number | boolean) => void;

/** Sets the outputs and the exit code, says how it ended, and writes the job's summary. */
export async function tellOutcome({ reading, view, approved, handedOver }: Asked, output: Output): Promise<void> {
  const { request, digest } = view;
  output('status', view.status);
  output('approved', approved);
  output('request-digest', digest);
  output('log-head', reading.log.head ?? '');
  output('log-length', reading.log.length);
  output('environment', request.environment);
  output('expires-at', request.expiresAt);
  const approvers = view.decisions.filter(({ decision }) => decision === 'approve').map(({ name }) => name);
  output('approved-by', JSON.stringify(approvers));
  const by = approvers.length === 0 ? '' : `Approved by ${approvers.join(', ')}. `;
  if (approved) say(`${by}${reading.state.verdict.sentence}`);
  else if (handedOver) say('GitHub holds the debug job back until the request is approved; this job waits no longer.');
  else core.error(outcomeText(view) ?? `The request is ${view.status}.`, { title: 'Debug Approval' });
  process.exitCode = approved || handedOver ? 0 : 1;
  await core.summary.addRaw(jobSummary(view)).write();
}
