/** action/sweep: gives requests whose run is over their true end. Exit code 1 when one of them could not be proven or read. */
import * as core from '@actions/core';
import * as v from 'valibot';
import { overdueWords } from '../app/after-review.ts';
import { deliveredOf } from '../app/delivered.ts';
import { Fault } from '../app/fault.ts';
import type { PurgeReport } from '../app/purge.ts';
import { type Sweep, type SweepInput, sweep } from '../app/sweep.ts';
import type { Swept } from '../app/sweep-request.ts';
import { issueContent } from '../github/issue.ts';
import { createKeyArchive } from '../github/key-archive.ts';
import { createShared } from '../github/shared.ts';
import { githubJob, input, leave, maskTokens, say, tellFailure } from './job.ts';
import { slackForSweep, slackPeopleFor, slackSharedFor } from './slack.ts';
import { sweepSummary } from './sweep-summary.ts';
import { teamsFor } from './teams.ts';
import { maskedOf, receiverWith } from './webhook.ts';

const Result = v.picklist(['success', 'failure', 'cancelled', 'skipped']);

async function main(): Promise<void> {
  const webhookSecret = input('webhook-secret');
  maskTokens(input('github-token'), input('slack-bot-token'), input('directory-token'), ...maskedOf(webhookSecret));
  const given = readInputs();
  const { place, client, name, ...job } = githubJob(input('github-token'));
  const teams = teamsFor(input('directory-token'));
  const bot = input('slack-bot-token');
  const slack = { slack: slackForSweep(bot), slackPeople: slackPeopleFor(bot) };
  const keyArchive = createKeyArchive(client, name);
  const webhook = receiverWith(webhookSecret);
  let purged: PurgeReport | null = null;
  const onPurged = (report: PurgeReport): void => {
    purged = report;
  };
  const shared = { github: createShared(client, name), slack: slackSharedFor(bot), onPurged };
  const deps = { ...job, ...slack, teams, keyArchive, webhook, shared, draw: issueContent };
  await tell(await sweep(deps, given, place), purged);
}

function readInputs(): SweepInput {
  const issue = input('issue-number');
  const result = input('debug-result');
  const debugResult = result === '' ? null : v.safeParse(Result, result);
  if (debugResult !== null && !debugResult.success) {
    throw new Fault('input', `\`debug-result\` is "${result}".`, 'Write `debug-result: ${{ needs.debug.result }}`.');
  }
  if (issue !== '' && !/^[1-9]\d{0,14}$/.test(issue)) {
    throw new Fault(
      'input',
      `\`issue-number\` is "${issue.slice(0, 40)}", no issue.`,
      'Leave it empty or give a number.',
    );
  }
  const handedOver = deliveredOf(input('delivered'));
  if (handedOver === undefined) {
    const remedy = 'Write `delivered: ${{ needs.ask.outputs.delivered }}`.';
    const what = `\`delivered\` is "${input('delivered').slice(0, 40)}", no number of records with the hash of the last.`;
    throw new Fault('input', what, remedy);
  }
  const own = debugResult === null ? ({ kind: 'all' } as const) : ({ kind: 'own-run' } as const);
  return {
    what: issue === '' ? own : { kind: 'issue', number: Number(issue) },
    debugResult: debugResult?.output ?? null,
    // null where the ask job ended before it could tell: then everything is delivered anew.
    delivered: handedOver.delivered,
    lastLines: input('last-lines'),
    policyPath: input('policy'),
  };
}

/** What each kind of trouble means for the whole sweep; what exactly it was stands in the line of its request. */
const TROUBLE: { readonly [status in Swept['status']]?: string } = {
  unproven: 'At least one request has a log that cannot be believed; see above.',
  unreadable: 'At least one request could not be read or settled this time; see above why, and sweep again.',
};

async function tell({ swept, undone }: Sweep, purged: PurgeReport | null): Promise<void> {
  if (swept.length === 0) say('No open request.');
  for (const { issue, status, note } of swept) say(`#${issue} ${status}: ${note}`);
  await core.summary.addRaw(sweepSummary({ swept, undone }, purged)).write();
  for (const { overdue, reading } of swept) {
    const late = overdue && reading !== null ? overdueWords(reading) : null;
    if (late !== null) core.warning(late, { title: 'Debug Approval' });
  }
  const troubles = Object.entries(TROUBLE).flatMap(([trouble, words]) =>
    swept.some(({ status }) => status === trouble) ? [words] : [],
  );
  if (troubles.length + undone.length === 0) return;
  process.exitCode = 1;
  for (const words of [...troubles, ...undone]) core.error(words, { title: 'Debug Approval' });
}

try {
  await main();
} catch (error) {
  tellFailure(error);
}
await leave();
