/** action/run after the job's own steps: records how those of a manual runbook ended. Does nothing after any other. */
import * as core from '@actions/core';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import { finishManual, type JobStatus } from '../app/finish.ts';
import { issueContent } from '../github/issue.ts';
import { endSentence } from '../request/ending.ts';
import { githubJob, input, leave, maskTokens, say, tellFailure } from './job.ts';
import { STARTED_ISSUE } from './manual-state.ts';

const Status = v.picklist(['success', 'failure', 'cancelled']);

async function main(): Promise<void> {
  const issue = core.getState(STARTED_ISSUE);
  if (issue === '') return;
  maskTokens(input('github-token'));
  const { place, ...job } = githubJob(input('github-token'));
  const status = readStatus();
  const ended = await finishManual(
    { ...job, draw: issueContent },
    { issue: Number(issue), policyPath: input('policy'), status },
    place,
  );
  say(endSentence(ended));
}

function readStatus(): JobStatus {
  const given = v.safeParse(Status, input('job-status'));
  if (given.success) return given.output;
  throw new Fault(
    'input',
    `The input \`job-status\` is "${input('job-status').slice(0, 40)}", no status of a job.`,
    "Leave it out of the step that uses action/run: its default is the job's own status.",
  );
}

try {
  await main();
} catch (error) {
  tellFailure(error);
}
await leave();
