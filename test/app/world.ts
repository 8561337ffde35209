/** A whole world in memory: a repository, Slack, a clock, people, and the three jobs with tokens signed as GitHub signs them. */
// Loaded lazily by ask(); loading it takes real time, which the virtual clock knows nothing of.
import '../../src/app/ask-job.ts';
import { type AskDeps, type Asked, ask } from '../../src/app/ask.ts';
import type { AskInput } from '../../src/app/ask-check.ts';
import { Fault } from '../../src/app/fault.ts';
import { finishManual, type JobStatus } from '../../src/app/finish.ts';
import { listRequests } from '../../src/app/list.ts';
import type { JobIdentity, KeyArchive, Runner, Signer, TrustSource } from '../../src/app/ports.ts';
import { type Ran, type RunInput, run } from '../../src/app/run.ts';
import { type SweepDeps, type SweepInput, sweep } from '../../src/app/sweep.ts';
import type { Swept } from '../../src/app/sweep-request.ts';
import { issueContent } from '../../src/github/issue.ts';
import { archiveContent } from '../../src/github/key-archive.ts';
import { gatewayIssuer } from '../../src/github/keys.ts';
import { ARCHIVE_LABEL } from '../../src/log/archive-record.ts';
import { parseComment } from '../../src/log/comment.ts';
import { type Record as LogRecord, signatureAudience } from '../../src/log/record.ts';
import type { RedactionChoice } from '../../src/redact/redactor.ts';
import { BLOB, POLICY_TEXT, T0 } from '../request/given.ts';
import { account, COMMIT, INPUT, identity } from './asked.ts';
import { fakeGithub } from './fake-github.ts';
import { fakeIssuer, ISSUER } from './fake-issuer.ts';
import { fakeShares } from './fake-shares.ts';
import { fakeSlack } from './fake-slack.ts';
import { fakeTeams } from './fake-teams.ts';
import { slackPeople } from './slack-people.ts';
import { virtualClock } from './virtual-time.ts';

export { account, COMMIT, INPUT, identity };
export const VERSION = '0.1.0';
/** What no variable of the runner tells a job that has no ID token. */
const UNKNOWN = { environment: null, checkRun: null, kid: null };
const PLACE = { serverUrl: 'https://github.com', version: VERSION, apiIsLoopback: false };

export type World = Awaited<ReturnType<typeof createWorld>>;

export interface Asking {
  result: Promise<Asked>;
  cancel(): void;
  /** What the job's log shows, warnings included. */
  told: string[];
}

/** `policy` is the text of the policy on the default branch. */
export async function createWorld(policy = POLICY_TEXT) {
  const clock = virtualClock(T0);
  const file = { path: INPUT.policyPath, commit: COMMIT, blob: BLOB, text: policy };
  const github = fakeGithub(clock, file);
  const slack = fakeSlack(clock);
  const shares = fakeShares(clock, github);
  const teams = fakeTeams();
  const issuer = fakeIssuer();
  const commands: { argv: string[]; env: Record<string, string> }[] = [];
  const choices: RedactionChoice[] = [];
  /** What happens while the command runs. */
  const during = { run: async (): Promise<void> => {} };

  for (const name of ['debug-approval', 'production', 'staging']) {
    const branches = { kind: 'named' as const, patterns: [{ name: 'main', type: 'branch' as const }] };
    github.environments.set(name, { name, branches, adminBypass: false, reviewers: [], waitMinutes: 0 });
  }

  const signerOf = (job: JobIdentity): Signer => ({
    async sign(hash) {
      if (!job.signed) return null;
      const ref = `acme/shop/${job.workflow.path}@${job.workflow.ref}`;
      const iat = Math.floor(clock.now() / 1000);
      const claims = {
        ...{ iss: ISSUER, aud: signatureAudience(hash), iat, nbf: iat - 600, exp: iat + 300 },
        ...{ repository: 'acme/shop', repository_id: '70', repository_owner_id: '7', sha: job.commit },
        ...{ workflow_ref: ref, job_workflow_ref: ref, event_name: job.event },
        ...{ run_id: String(job.run.id), run_attempt: String(job.run.attempt) },
        ...(job.environment === null ? {} : { environment: job.environment }),
      };
      return issuer.sign(claims);
    },
  });
  const trust: TrustSource = {
    trust: async (facts, signers) => ({
      repositoryId: facts.id,
      ownerId: facts.ownerId,
      repositoryName: facts.name,
      defaultBranch: facts.defaultBranch,
      issuers: [{ issuer: ISSUER, keys: issuer.keys() }, ...gatewayIssuer(signers.gateway ?? [])],
      workflows: [...signers.workflows],
      unsigned: signers.unsigned,
      approvalEnvironment: 'debug-approval',
    }),
  };
  const keyArchive: KeyArchive = {
    async issues() {
      const own = [...github.issues.values()].filter(({ labels }) => labels.includes(ARCHIVE_LABEL));
      return own.map(({ number }) => github.snapshot(number));
    },
    open: () => github.client().createIssue(archiveContent('acme/shop')),
  };
  const job = (who: JobIdentity, told: string[]) => ({
    ...{ repository: github.client(), trust, clock, draw: issueContent, signer: signerOf(who) },
    identity: async () => ({ ...who, ...(who.signed ? { kid: issuer.kid() } : UNKNOWN) }),
    progress: { info: (text: string) => void told.push(text), warn: (text: string) => void told.push(`! ${text}`) },
  });
  const runOf = (id: number, change: { attempt?: number; actor?: string; triggering?: string } = {}) => {
    const [actor, triggeringActor] = [account(change.actor ?? 'ana'), account(change.triggering ?? 'ana')];
    github.runs.set(id, {
      ...{ id, attempt: change.attempt ?? 1, event: 'workflow_dispatch', status: 'in_progress', conclusion: null },
      ...{ workflow: '.github/workflows/debug.yml', commit: COMMIT, branch: 'main', actor, triggeringActor },
      url: `https://github.com/acme/shop/actions/runs/${id}`,
      createdAt: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
    });
  };
  runOf(9001);

  return {
    ...{ clock, github, slack, shares, teams, trust, issuer, keyArchive, commands, choices, during, runOf },
    ...slackPeople(slack, clock),

    /** Starts an ask job. */
    ask(
      change: { job?: Partial<JobIdentity>; input?: Partial<AskInput>; secrets?: string[] } & Partial<
        Pick<AskDeps, 'slack' | 'teams' | 'webhook' | 'onDelivered'>
      > = {},
    ): Asking {
      const who = identity(change.job);
      const told: string[] = [];
      const cancelled = new AbortController();
      const deps: AskDeps = {
        ...job(who, told),
        draw: async () => issueContent,
        slack: change.slack === undefined ? async (channel) => slack.open(channel) : change.slack,
        slackPeople: change.slack === null ? null : slack.people(),
        teams: change.teams === undefined ? teams : change.teams,
        onIssue: () => {},
        ...{ webhook: change.webhook ?? null, onDelivered: change.onDelivered ?? (() => {}) },
        signal: cancelled.signal,
      };
      const context = { ...PLACE, runId: who.run.id, job: 'ask', secrets: change.secrets ?? [] };
      const result = ask(deps, { ...INPUT, ...change.input }, context);
      // A test looks at the outcome when it likes; until then it is not unhandled.
      result.catch(() => null);
      return { result, told, cancel: () => cancelled.abort() };
    },

    /** Runs the debug job with what an ask job handed over. */
    debug(
      asked: Asked,
      change: {
        job?: Partial<JobIdentity>;
        input?: Partial<RunInput>;
        version?: string;
        checkout?: { commit: string; changed: string[]; lineEnds?: string[] } | null;
        /** The step's variables; by default each that the runbook names is there. */
        env?: Record<string, string>;
        signal?: AbortSignal;
        onProven?: (inputs: Record<string, string | number | boolean>) => void;
        onRan?: (ran: Ran) => void;
        told?: string[];
      } = {},
    ): Promise<Ran | null> {
      const who = identity({ environment: 'production', ...change.job });
      const runner: Runner = {
        async run({ argv, env, choice }) {
          commands.push({ argv, env });
          choices.push(choice);
          await during.run();
          const facts = { exitCode: 0, signal: null, durationMs: 1_000, bytes: 5, transcript: null, redactions: {} };
          return {
            outcome: 'finished',
            reason: 'exit',
            ...facts,
            transcriptPath: '/tmp/transcript.log',
            lastLines: 'one\ntwo',
          };
        },
      };
      const { checkout = { commit: COMMIT, changed: [] } } = change;
      return run(
        {
          ...job(who, change.told ?? []),
          runner,
          workingCopy: { state: async () => checkout },
          onProven: change.onProven ?? (() => {}),
          onRan: change.onRan ?? (() => {}),
          signal: change.signal ?? new AbortController().signal,
        },
        { ...handedOver(asked), ...change.input },
        {
          ...{ ...PLACE, version: change.version ?? VERSION, job: 'debug', cwd: '/work' },
          environment: (allowed) => {
            const env = change.env ?? Object.fromEntries(allowed.map((name) => [name, 'x']));
            return { env, secrets: [] };
          },
        },
      );
    },

    /** Runs the debug job's post step, once the steps of a manual runbook ended so. */
    finish: (status: JobStatus, who: Partial<JobIdentity> = {}, told: string[] = []) =>
      finishManual(
        job(identity({ environment: 'production', ...who }), told),
        { issue: 1, policyPath: INPUT.policyPath, status },
        { ...PLACE, job: 'debug' },
      ),

    /** Runs a sweep: by schedule, or as the close job of a run. */
    async sweep(
      input: Partial<SweepInput> = {},
      who: Partial<JobIdentity> = {},
      told: string[] = [],
      without: Partial<Pick<SweepDeps, 'teams' | 'slackPeople' | 'webhook' | 'shared'>> = {},
      undoneOf?: string[],
    ): Promise<Swept[]> {
      const workflow = { path: '.github/workflows/sweep.yml', ref: 'refs/heads/main' };
      const scheduled = { run: { id: 9500, attempt: 1 }, event: 'schedule', workflow };
      const { swept, undone } = await sweep(
        {
          ...job(identity({ ...scheduled, ...who }), told),
          ...{ slack: async () => slack.open(), slackPeople: slack.people(), teams },
          ...{ keyArchive, webhook: null, shared: shares.deps(), ...without },
        },
        {
          what: { kind: 'all' },
          debugResult: null,
          delivered: null,
          lastLines: '',
          policyPath: INPUT.policyPath,
          ...input,
        },
        { ...PLACE, job: 'sweep' },
      );
      undoneOf?.push(...undone);
      return swept;
    },

    /** What somebody with a read token is told of the open requests. */
    list: () =>
      listRequests(
        { repository: github.client(), trust, clock, draw: issueContent },
        { policyPath: INPUT.policyPath, apiIsLoopback: PLACE.apiIsLoopback, version: VERSION },
      ),

    /** A comment on the issue, by a person's own hand. */
    comment: (person: string, body: string, issue = 1) => github.write(account(person), body, { issue }),

    /** Does something so many seconds from now, while others wait; gives its result. */
    after: async <T>(seconds: number, deed: () => T | Promise<T>): Promise<T> => {
      await clock.sleep(seconds * 1000);
      return deed();
    },

    /** The records in an issue's comments, whether they count or not. */
    records: (issue = 1): LogRecord[] =>
      github.issue(issue).comments.flatMap(({ body }) => {
        const parsed = parseComment(body);
        return parsed.kind === 'record' ? [parsed.record] : [];
      }),
  };
}

/** What ask's outputs hand to the debug job. */
export function handedOver({ reading, view }: Asked): RunInput {
  return {
    issue: view.issue.number,
    digest: view.digest,
    head: reading.log.head ?? '',
    length: reading.log.length,
    policyPath: INPUT.policyPath,
  };
}

/** The types of all events in an issue's records, in order. */
export const eventsOf = (world: World, issue = 1): string[] =>
  world.records(issue).flatMap(({ events }) => events.map(({ type }) => type));

/** The Fault that a job ended with. Any other outcome is an error of the test. */
export async function faultOf(job: Promise<unknown>): Promise<Fault> {
  try {
    await job;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('The job succeeded.');
}
