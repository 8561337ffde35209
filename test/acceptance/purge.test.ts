/** The sweep's purge with the product's own adapters against GitHub and Slack: on time, with receipts, and of nobody else's. */
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHANNEL, OWNER, openTown, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { makeClosed } from '../bench/closed-requests.ts';
import { headOf, sweepOnce } from '../bench/sweep-once.ts';

const HOUR_MS = 3_600_000;
const R = { owner: OWNER, repo: REPOSITORY };
const BOT = 'UBOT';

let town: Town;
beforeAll(async () => {
  const retention = { slack: '1h', transcript: '2h', 'run-logs': '3h' };
  // Uploads of the app need a right that the manifest does not ask for: nothing of it uploads any.
  const bot = { scopes: ['chat:write', 'groups:history', 'files:write'] };
  town = await openTown({ limits: true, bot, policy: [{ path: ['retention'], value: retention }] });
  await makeClosed(town, 2, headOf(town));
});
afterAll(async () => {
  expect(town.github.violations).toEqual([]);
  await town.close();
});

/** What stands of both requests: texts and files in Slack by whom, artifacts, and runs with logs. */
async function left() {
  const { rest } = new Octokit({ auth: town.github.userToken(PEOPLE.ana.login), baseUrl: town.github.apiUrl });
  const cards = await town.slack.messages(CHANNEL);
  const threads = await Promise.all(cards.map(({ ts }) => town.slack.thread(CHANNEL, ts)));
  const { artifacts } = (await rest.actions.listArtifactsForRepo(R)).data;
  const runs = (await rest.actions.listWorkflowRunsForRepo({ ...R, event: 'workflow_dispatch' })).data.workflow_runs;
  const logs = await Promise.all(
    runs.map(({ id }) =>
      rest.actions.downloadWorkflowRunAttemptLogs({ ...R, run_id: id, attempt_number: 1 }).then(
        () => true,
        () => false,
      ),
    ),
  );
  return {
    slack: threads.flat().map(({ text }) => text?.replace(/https?:\S+/, 'URL')),
    transcripts: artifacts.length,
    logs: logs.filter(Boolean).length,
  };
}

test('card, thread, files, artifact and logs are gone one interval after their time, and no sooner', async () => {
  const [first] = await town.slack.messages(CHANNEL);
  const ts = first?.ts ?? '';
  const theirs = await town.slack.say({ member: PEOPLE.bo.slack, channel: CHANNEL, text: 'Looks good', threadTs: ts });
  const own = town.slack.attach({ user: BOT, channel: CHANNEL, ts, name: 'lines.txt' });
  town.slack.attach({ user: PEOPLE.bo.slack, channel: CHANNEL, ts: theirs.ts, name: 'graph.png' });
  const before = { slack: ['The card', 'A reminder', 'Looks good', 'The card', 'A reminder'], transcripts: 2, logs: 2 };
  expect(await left()).toEqual(before);

  await sweepOnce(town, HOUR_MS - 120_000);
  expect(await left()).toEqual(before);

  const buried =
    "This debug request is over (finished). What stood here was deleted, as the policy's retention says. Its log: URL";
  const slack = [buried, 'Looks good', buried];
  const told: string[] = [];
  const report = await sweepOnce(town, HOUR_MS + HOUR_MS / 4, told);
  expect(await left()).toEqual({ slack, transcripts: 2, logs: 2 });
  expect(report).toMatchObject({ left: 0, requests: [{ done: true }, { done: true }] });
  expect(told.filter((line) => line.startsWith('! '))).toEqual([]);

  await sweepOnce(town, 2 * HOUR_MS + HOUR_MS / 4);
  expect(await left()).toEqual({ slack, transcripts: 0, logs: 2 });
  await sweepOnce(town, 3 * HOUR_MS + HOUR_MS / 4);
  expect(await left()).toEqual({ slack, transcripts: 0, logs: 0 });

  const deleted = town.slack.requests.filter(({ method }) => method === 'files.delete');
  expect(deleted.map(({ args }) => args['file'])).toEqual([own]);
});
