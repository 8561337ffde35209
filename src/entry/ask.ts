/** The root action: asks for approval and waits. Exit code 0 only when approved. */
import * as core from '@actions/core';
import { ask } from '../app/ask.ts';
import { deliveredText } from '../app/delivered.ts';
import { readAskInputs } from './ask-inputs.ts';
import type { AskOutputName } from './contract.ts';
import { cancellation, githubJob, input, leave, maskTokens, tellFailure } from './job.ts';
import { slackForAsk, slackPeopleFor } from './slack.ts';
import { teamsFor } from './teams.ts';
import { maskedOf, receiverWith } from './webhook.ts';

const output = (name: AskOutputName, value: string | number | boolean): void => core.setOutput(name, value);

async function main(): Promise<void> {
  const secrets = maskTokens(
    input('github-token'),
    input('slack-bot-token'),
    input('slack-app-token'),
    input('directory-token'),
    ...maskedOf(input('webhook-secret')),
  );
  output('status', 'error');
  output('approved', false);
  const given = readAskInputs(input);
  const { place, ...job } = githubJob(input('github-token'));
  const asked = await ask(
    {
      ...job,
      slack: slackForAsk({ bot: input('slack-bot-token'), app: input('slack-app-token') }, given.wait),
      slackPeople: slackPeopleFor(input('slack-bot-token')),
      teams: teamsFor(input('directory-token')),
      // Loaded while GitHub answers, as all that the first requests do not need.
      draw: async () => (await import('../github/issue.ts')).issueContent,
      onIssue(issue) {
        output('issue-number', issue.number);
        output('issue-url', issue.url);
      },
      webhook: receiverWith(input('webhook-secret')),
      onDelivered: (delivered) => output('delivered', deliveredText(delivered)),
      signal: cancellation(),
    },
    given,
    { ...place, secrets },
  );
  const { tellOutcome } = await import('./ask-outcome.ts');
  await tellOutcome(asked, output);
}

try {
  await main();
} catch (error) {
  tellFailure(error);
}
// Nothing that is still open (a socket that closes slowly) may hold the job once the outcome stands.
await leave();
