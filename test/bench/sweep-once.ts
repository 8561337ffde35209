/** One sweep of the sandbox's repository by the product's own adapters, as its job would do it, at whatever time. */
import { execFileSync } from 'node:child_process';
import type { PurgeReport } from '../../src/app/purge.ts';
import { sweep } from '../../src/app/sweep.ts';
import { issueContent } from '../../src/github/issue.ts';
import { createKeyArchive } from '../../src/github/key-archive.ts';
import { trustFor } from '../../src/github/keys.ts';
import { ownIdentity } from '../../src/github/oidc.ts';
import { createShared } from '../../src/github/shared.ts';
import { OWNER, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { slackShared } from '../../src/slack/shared.ts';
import { jobOf, runOf } from './closed-requests.ts';

/** The commit of the checkout. */
export const headOf = (town: Town): string =>
  execFileSync('git', ['rev-parse', 'HEAD'], { cwd: town.checkout, encoding: 'utf8' }).trim();

/** Sweeps `ahead` ms from now. Pauses are over at once. `told` takes what the job's log would show. */
export async function sweepOnce(town: Town, ahead = 0, told?: string[]): Promise<PurgeReport | null> {
  let later = ahead;
  const run = runOf(town, headOf(town), '.github/workflows/sweep.yml', 'schedule');
  const { client, oidc, repository, signer } = jobOf(town, { run, key: 'sweep', environment: 'debug-approval' });
  const clock = {
    now: () => Date.now() + later,
    sleep: async (ms: number) => {
      later += ms;
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
  await sweep(
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
      progress: {
        info: (text) => void told?.push(text),
        warn: (text) => void (told?.push(`! ${text}`) ?? console.error(text)),
      },
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
