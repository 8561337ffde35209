/** The root action: asks for approval and waits. Exit code 0 only when approved. */
import * as core from '@actions/core';
import { type Asked, ask } from '../app/ask.ts';
import { issueContent } from '../github/issue.ts';
import { jobSummary } from '../github/summary.ts';
import { outcomeText } from '../request/present.ts';
import { readAskInputs } from './ask-inputs.ts';
import type { AskOutputName } from './contract.ts';
import { cancellation, githubJob, input, leave, maskTokens, say, tellFailure } from './job.ts';
import { slackForAsk } from './slack.ts';

const output = (name: AskOutputName, value: string | number | boolean): void => core.setOutput(name, value);

async function main(): Promise<void> {
  const secrets = maskTokens(
    input('github-token'),
    input('slack-bot-token'),
    input('slack-app-token'),
    input('directory-token'),
  );
  output('status', 'error');
  output('approved', false);
  const given = readAskInputs(input);
  const { place, ...job } = githubJob(input('github-token'));
  const asked = await ask(
    {
      ...job,
      slack: slackForAsk({ bot: input('slack-bot-token'), app: input('slack-app-token') }),
      draw: issueContent,
      onIssue(issue) {
        output('issue-number', issue.number);
        output('issue-url', issue.url);
      },
      signal: cancellation(),
    },
    given,
    { ...place, secrets },
  );
  tell(asked);
  await core.summary.addRaw(jobSummary(asked.view)).write();
}

function tell({ reading, view, approved }: Asked): void {
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
  if (approved) say(`Approved by ${approvers.join(', ')}. ${reading.state.verdict.sentence}`);
  else core.error(outcomeText(view) ?? `The request is ${view.status}.`, { title: 'Debug Approval' });
  process.exitCode = approved ? 0 : 1;
}

try {
  await main();
} catch (error) {
  tellFailure(error);
}
// Nothing that is still open (a socket that closes slowly) may hold the job once the outcome stands.
await leave();
