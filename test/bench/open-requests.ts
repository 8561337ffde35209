/** Open requests that wait in the gateway, opened in bulk by the product's own opening and the sandbox's signer, without the jobs. */
import { policyOf } from '../../src/app/allowed.ts';
import { openDesk } from '../../src/app/desk.ts';
import { openRequest } from '../../src/app/open.ts';
import type { RepositoryFacts, TrustSource } from '../../src/app/ports.ts';
import { clock } from '../../src/entry/clock.ts';
import { VERSION } from '../../src/entry/version.ts';
import { issueContent } from '../../src/github/issue.ts';
import { trustFor } from '../../src/github/keys.ts';
import type { Policy } from '../../src/policy/schema.ts';
import { instant } from '../../src/request/instant.ts';
import type { Request } from '../../src/request/request.ts';
import { git } from '../../src/sandbox/git.ts';
import type { GateEnd } from '../../src/sandbox/host.ts';
import { CHANNEL, PEOPLE, type Town } from '../../src/sandbox/town.ts';
import { slackApiAddress } from '../../src/slack/api-address.ts';
import { slackChat } from '../../src/slack/chat.ts';
import type { AskedCard } from './ask-process.ts';
import { jobOf, runOf } from './closed-requests.ts';

const WORKFLOW = '.github/workflows/debug.yml';
const POLICY = '.github/debug-approval.yml';
const ENVIRONMENT = 'production';
const HOUR_MS = 3_600_000;
const AT_ONCE = 8;

/** What all of them have in common. */
interface Opening {
  town: Town;
  sha: string;
  facts: RepositoryFacts;
  policy: Policy;
  file: Parameters<typeof openDesk>[0]['file'];
  trust: TrustSource;
  approvers: string[];
}

export interface OpenedCard extends AskedCard {
  run: number;
  /** How GitHub lets go of the debug job. */
  ends: Promise<GateEnd>;
}

/** Opens so many for Ana, for all of these to decide; each one's debug job is held by GitHub. Limits and latency must be off. */
export async function openRequests(town: Town, count: number, approvers: string[]): Promise<OpenedCard[]> {
  const opening = await prepare(town, approvers);
  const cards: OpenedCard[] = [];
  let begun = 0;
  const open = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      cards.push(await openOne(opening));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, open));
  return cards;
}

async function prepare(town: Town, approvers: string[]): Promise<Opening> {
  const sha = (await git(town.checkout, ['rev-parse', 'main'])).toString().trim();
  const reader = askJob(town, sha);
  const facts = await reader.repository.facts({ policyPath: POLICY });
  const { policy, file } = policyOf(facts, POLICY, true);
  // Of one issuer, its keys are fetched once.
  const trust = await trustFor(facts, policy.signers, { apiIsLoopback: true });
  return { town, sha, facts, policy, file, trust: { trust: async () => trust }, approvers };
}

function askJob(town: Town, sha: string) {
  const run = runOf(town, sha, WORKFLOW, 'workflow_dispatch');
  return jobOf(town, { run, key: 'ask', environment: 'debug-approval' });
}

async function openOne({ town, sha, facts, policy, file, trust, approvers }: Opening): Promise<OpenedCard> {
  const { id: job, repository, signer, run, key, environment } = askJob(town, sha);
  const chat = slackChat({
    token: town.slackToken,
    apiUrl: slackApiAddress(town.slack.url),
    channel: CHANNEL,
    clock,
  });
  const progress = { info: () => {}, warn: (text: string) => console.error(text) };
  const desk = await openDesk({
    deps: { repository, signer, clock, progress, draw: issueContent, trust },
    ...{ facts, policy, file, chat, writer: { run, attempt: 1, job: key, environment } },
    context: { serverUrl: town.github.serverUrl, version: VERSION, apiIsLoopback: true },
  });
  const checked = {
    ...{ policy, approvers, request: requestOf(facts, file.blob, { run, sha }), notices: [], masked: null },
    directory: { members: {}, links: {}, unresolved: [] },
    ...{ waits: true, wait: 'gateway' as const, inSlack: null },
  };
  const { snapshot, state } = await openRequest(desk, issueContent, checked, [], () => {});
  const { card } = state.opening;
  if (card === null) throw new Error(`Issue #${snapshot.number} has no card.`);
  town.github.endJob(job, 'success');
  const gate = town.github.reachGate({ runId: run, attempt: 1, key: 'debug', environment: ENVIRONMENT });
  if (gate === null) throw new Error(`Nothing holds the debug job of run ${run}.`);
  return { issue: snapshot.number, ts: card.ts, run, ends: gate.ends };
}

function requestOf(facts: RepositoryFacts, blob: string, { run, sha }: { run: number; sha: string }): Request {
  const who = { id: PEOPLE.ana.id, login: PEOPLE.ana.login, person: 'ana' };
  const now = Date.now();
  return {
    ...{ type: 'debug-approval/request', v: 1, id: `${facts.id}/${run}/1`, repositoryId: facts.id },
    ...{ run: { id: run, attempt: 1 }, commit: sha, workflow: WORKFLOW, policy: { path: POLICY, commit: sha, blob } },
    ...{ runbook: 'hello', argv: ['.github/runbooks/hello.sh'], inputs: {}, target: 'production' },
    ...{ environment: ENVIRONMENT, requester: who, actor: who, reason: 'Orders are slow; look at the service.' },
    ...{ ticket: 'OPS-42', urgency: 'normal', breakGlass: false, window: 300 },
    ...{ askedAt: instant(now), expiresAt: instant(now + 2 * HOUR_MS), version: VERSION },
  };
}
