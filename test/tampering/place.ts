/** Two requests in the sandbox's GitHub, over HTTP, by the product's own jobs and adapters: what the tampering is tried on. */
import { ask } from '../../src/app/ask.ts';
import type { AuditedIssue, Clock, Runner, TrustSource } from '../../src/app/ports.ts';
import { type RunDeps, type RunInput, run } from '../../src/app/run.ts';
import { parseApiAddress } from '../../src/github/api-address.ts';
import { createAuditSource } from '../../src/github/audit.ts';
import { createClient } from '../../src/github/client.ts';
import { issueContent } from '../../src/github/issue.ts';
import { trustFor } from '../../src/github/keys.ts';
import { ownIdentity, signer } from '../../src/github/oidc.ts';
import { createRepository } from '../../src/github/repository.ts';
import { signatureAudience } from '../../src/log/record.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { git } from '../../src/sandbox/git.ts';
import { githubAs } from '../../src/sandbox/people.ts';
import { OWNER, openTown, PEOPLE, type PersonKey, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { handedOver, VERSION } from '../app/world.ts';

export const POLICY_PATH = '.github/debug-approval.yml';
const REPO = `${OWNER}/${REPOSITORY}`;
const INPUT = {
  ...{ runbook: 'hello', target: 'production', inputs: {}, reason: 'Orders are slow since 14:00', ticket: 'OPS-42' },
  ...{ urgency: 'normal' as const, windowSeconds: null, timeoutSeconds: 3_600, breakGlass: false },
  policyPath: POLICY_PATH,
  envelope: '',
  wait: 'runner' as const,
};

/** What makes a request's first eight records: the opening, two refusals, four approvals, and one of them withdrawn between. */
const SAID: readonly [PersonKey, string][] = [
  ['ed', '/approve'],
  ['bo', '/approve'],
  ['bo', '/withdraw'],
  ['ana', '/approve'],
  ['cy', '/approve'],
  ['di', '/approve'],
  ['bo', '/approve'],
];

/** What makes another request approved. */
const ENOUGH: typeof SAID = [
  ['bo', '/approve'],
  ['cy', '/approve'],
  ['di', '/approve'],
];

/** The machine's time, with sleeps that are over at once. */
export const hasty: Clock = {
  now: () => Date.now(),
  sleep: (_, signal) => new Promise((done) => void (signal?.aborted === true ? done() : setImmediate(done))),
};

const trust: TrustSource = {
  trust: (facts, signers) => trustFor(facts, signers, { apiIsLoopback: true }),
};

export const COMMON = { clock: hasty, progress: { info() {}, warn() {} } };

/**
 * Opens the sandbox and plays both requests. `stale` is the hash of what a key signs for the first request's run, which the
 * issuer published before there was any request, and retired.
 */
export async function openPlace(stale: (run: number) => string) {
  const town = await openTown({
    ...{ limits: false, withSlack: false },
    policy: [
      { path: ['groups', 'deciders'], value: { members: ['bo', 'cy', 'di'] } },
      { path: ['rules'], value: [{ name: 'Three of us', require: { count: 3, of: 'deciders' } }] },
    ],
  });
  const run = await startRun(town, DEBUG);
  const staleToken = await town.github.mintOidc(askClaims(run), signatureAudience(stale(run)));
  await town.github.rotateOidcKey();
  town.github.retireOidcKeys();
  const { job, input } = await asked(town, run, SAID);
  const read = issueReader(town);
  const approved = await read(1);
  await debugged(job, input, job.repository);
  const other = await startRun(town, DEBUG);
  await asked(town, other, ENOUGH);
  const scheduled = await startRun(town, SWEEP);
  const [facts, first, second, ...runs] = await Promise.all([
    job.repository.facts({ policyPath: POLICY_PATH }),
    ...([read(1), read(2)] as const),
    ...[run, other].map((id) => job.repository.run(id)),
  ]);
  const loaded = loadPolicy(facts.policy?.text ?? '', { apiIsLoopback: true });
  if (!loaded.ok) throw new Error('The sandbox has no sound policy.');
  return {
    ...{ town, facts, run, runs, input, staleToken, believed: await trust.trust(facts, loaded.policy.signers) },
    /** The debug job of the first request. */
    job: await known(job),
    sweep: await known(jobOf(town, scheduled, 'sweep', 'debug-approval')),
    /** The first request, approved with eight records, as its debug job begins. */
    approved,
    /** Both requests, the first with ten records; the second's opening names its head. */
    later: [first, second],
  };
}

/** What was read of the sandbox; nothing of it changes any more. */
export type Place = Awaited<ReturnType<typeof openPlace>>;

/** A job that asks only once who it is. */
async function known(job: ReturnType<typeof jobOf>): Promise<Pick<RunDeps, 'signer' | 'identity'>> {
  // Without the name of its key: what is archived of keys is another matter.
  const identity = { ...(await job.identity()), kid: null };
  return { signer: job.signer, identity: async () => identity };
}

function clientOf({ github }: Town, token: string, job: string | null) {
  return createClient({ api: parseApiAddress(github.apiUrl), token, version: VERSION, job });
}

/** The repository as a person's own token shows and changes it. */
export function repositoryOf(town: Town, person: PersonKey) {
  return createRepository(clientOf(town, town.github.userToken(PEOPLE[person].login), null), REPO);
}

/** Reads issues of the sandbox as an auditor does. */
export function issueReader(town: Town): (number: number) => Promise<AuditedIssue> {
  const source = createAuditSource(clientOf(town, town.github.userToken(PEOPLE.di.login), null), REPO);
  return async (number) => {
    const issue = await source.issue(number);
    if (issue === null) throw new Error(`There is no issue #${number}.`);
    return issue;
  };
}

/** What GitHub says of the ask job of this run. */
export const askClaims = (run: number) => ({ run_id: String(run), run_attempt: '1', environment: 'debug-approval' });

const DEBUG = { workflowPath: '.github/workflows/debug.yml', event: 'workflow_dispatch' } as const;
const SWEEP = { workflowPath: '.github/workflows/sweep.yml', event: 'schedule' } as const;

async function startRun({ github, checkout }: Town, what: typeof DEBUG | typeof SWEEP): Promise<number> {
  const sha = (await git(checkout, ['rev-parse', 'HEAD'])).toString().trim();
  return github.startRun({ ...what, ref: 'refs/heads/main', sha, actor: PEOPLE.ana, triggeringActor: PEOPLE.ana }).id;
}

/** A job of this run with its own token and identity, as the runner would give it. */
function jobOf(town: Town, runId: number, key: string, environment: string) {
  const permissions = { contents: 'read', actions: 'read', issues: 'write', 'id-token': 'write' } as const;
  const job = town.github.startJob({ runId, attempt: 1, key, environment, permissions });
  if (job.kind !== 'ready' || job.oidc === null) throw new Error(`The job ${key} does not start.`);
  const oidc = { url: job.oidc.requestUrl, token: job.oidc.requestToken };
  return {
    repository: createRepository(clientOf(town, job.token, key), REPO),
    ...{ signer: signer(oidc), identity: () => ownIdentity(oidc) },
    ...{ ...COMMON, trust },
  };
}

async function asked(town: Town, runId: number, said: typeof SAID) {
  const context = {
    serverUrl: town.github.serverUrl,
    version: VERSION,
    apiIsLoopback: true,
    runId,
    job: 'ask',
    secrets: [],
  };
  const { promise: issue, resolve } = Promise.withResolvers<number>();
  const deps = {
    ...jobOf(town, runId, 'ask', 'debug-approval'),
    ...{ slack: null, slackPeople: null, teams: null, webhook: null, draw: async () => issueContent },
    onIssue: (made: { number: number }) => resolve(made.number),
    ...{ onDelivered() {}, signal: new AbortController().signal },
  };
  const [result] = await Promise.all([
    ask(deps, INPUT, context),
    issue.then(async (number) => {
      for (const [who, words] of said) await githubAs(town, who).comment(number, words);
    }),
  ]);
  const input = { ...handedOver(result), policyPath: POLICY_PATH };
  return { input, job: jobOf(town, runId, 'debug', 'production') };
}

/** Runs the debug job on what this repository shows; gives how often its command ran. Throws as `run`. */
export async function debugged(
  job: Pick<RunDeps, 'signer' | 'identity' | 'trust'>,
  input: RunInput,
  repository: RunDeps['repository'],
  onRun: () => void = () => {},
): Promise<void> {
  const facts = { exitCode: 0, signal: null, durationMs: 1_000, bytes: 5, transcript: null, redactions: {} };
  const runner: Runner = {
    async run() {
      onRun();
      return { outcome: 'finished', reason: 'exit', ...facts, transcriptPath: '/tmp/transcript.log', lastLines: '' };
    },
  };
  const { commit } = await job.identity();
  await run(
    {
      ...{
        signer: job.signer,
        identity: job.identity,
        trust: job.trust,
        repository,
        runner,
        ...COMMON,
        draw: issueContent,
      },
      workingCopy: { state: async () => ({ commit, changed: [] }) },
      ...{ onProven() {}, onRan() {}, signal: new AbortController().signal },
    },
    input,
    {
      ...{ serverUrl: 'https://github.com', version: VERSION, apiIsLoopback: true, job: 'debug', cwd: '/work' },
      environment: () => ({ env: {}, secrets: [] }),
    },
  );
}
