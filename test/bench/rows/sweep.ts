/** Row: the calls of a sweep among ten thousand closed requests, fifty of which shared what is now to go. */
import { execFileSync } from 'node:child_process';
import type { PurgeReport } from '../../../src/app/purge.ts';
import { sweep as sweepAll } from '../../../src/app/sweep.ts';
import { issueContent } from '../../../src/github/issue.ts';
import { createKeyArchive } from '../../../src/github/key-archive.ts';
import { trustFor } from '../../../src/github/keys.ts';
import { ownIdentity } from '../../../src/github/oidc.ts';
import { createShared } from '../../../src/github/shared.ts';
import { OWNER, openTown, REPOSITORY, type Town } from '../../../src/sandbox/town.ts';
import { slackShared } from '../../../src/slack/shared.ts';
import { jobOf, makeClosed, runOf } from '../closed-requests.ts';
import { pause, type Row, type Say } from '../row.ts';

const CLOSED = 10_000;
const DUE = 50;
const RETENTION = { slack: '1s', transcript: '1s', 'run-logs': '1s' };

export const sweep: Row = {
  name: 'sweep',
  about: `${CLOSED} closed requests, of which ${DUE} have a card with a reply, a transcript and run logs to be deleted; half as many beside it`,
  async measure(say) {
    const half = await swept(DUE / 2, say);
    const all = await swept(DUE, say);
    return [
      { name: 'sweep-counted', value: all, unit: 'counted GitHub calls', bar: 200 },
      // What a sweep costs beside any request stands in both: a straight line through both meets it at none.
      { name: 'sweep-linear', value: all - 2 * half, unit: 'more calls than twice the half', bar: 0 },
    ];
  },
};

/** Counted calls of GitHub. Throws where anything is left. */
async function swept(due: number, say: Say): Promise<number> {
  const town = await openTown({ limits: false, policy: [{ path: ['retention'], value: RETENTION }] });
  try {
    const sha = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: town.checkout, encoding: 'utf8' }).trim();
    await makeClosed(town, due, sha);
    town.github.plantClosed(CLOSED - due, ['debug-request', 'debug:finished']);
    await pause(2_500);
    town.github.resetCounts();
    town.slack.resetCounts();
    const report = await sweepOnce(town, sha);
    const { counted, creating, byRoute } = town.github.counts();
    const done = report?.requests.filter((one) => one.done).length ?? 0;
    say(
      `${due} due: ${counted} counted, ${creating} comments; ${JSON.stringify(byRoute)}; Slack ${town.slack.counts().calls}`,
    );
    if (done !== due) throw new Error(`${done} of ${due} were purged: ${JSON.stringify(report?.requests.slice(0, 3))}`);
    if (town.github.violations.length > 0) throw new Error(JSON.stringify(town.github.violations[0]));
    return counted;
  } finally {
    await town.close();
  }
}

async function sweepOnce(town: Town, sha: string): Promise<PurgeReport | null> {
  const run = runOf(town, sha, '.github/workflows/sweep.yml', 'schedule');
  const { client, oidc, repository, signer } = jobOf(town, { run, key: 'sweep', environment: 'debug-approval' });
  // Waiting for GitHub's pace costs no calls: here it is done at once.
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    sleep: async (ms: number) => {
      ahead += ms;
    },
  };
  const name = `${OWNER}/${REPOSITORY}`;
  const slack = slackShared({ token: town.slackToken, apiUrl: town.slack.url, clock });
  const reports: PurgeReport[] = [];
  const shared = {
    github: createShared(client, name),
    slack,
    onPurged: (told: PurgeReport) => void reports.push(told),
  };
  await sweepAll(
    {
      ...{
        repository,
        signer,
        clock,
        shared,
        draw: issueContent,
        slack: null,
        slackPeople: null,
        teams: null,
        webhook: null,
      },
      trust: { trust: (facts, signers) => trustFor(facts, signers, { apiIsLoopback: true }) },
      identity: () => ownIdentity(oidc),
      keyArchive: createKeyArchive(client, name),
      progress: { info: () => {}, warn: (message) => console.error(message) },
    },
    {
      what: { kind: 'all' },
      debugResult: null,
      delivered: null,
      lastLines: '',
      policyPath: '.github/debug-approval.yml',
    },
    { job: 'sweep', serverUrl: town.github.serverUrl, version: '0.1.0', apiIsLoopback: true },
  );
  return reports[0] ?? null;
}
