/** Builds honest logs, signed with keys made here, and what attackers make of them. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Log, type LogComment, type LogIssue, nextRecord, readLog } from '../../src/log/chain.ts';
import { renderComment } from '../../src/log/comment.ts';
import { type Draft, type Record as LogRecord, signatureAudience, signedRecord } from '../../src/log/record.ts';
import type { Trust } from '../../src/log/trust.ts';
import type { Event, EventOf } from '../../src/request/events.ts';
import { type Request, requestDigest, requestId } from '../../src/request/request.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const ISSUE = 17;
export const RUN = { id: 9001, attempt: 1 };
export const BOT = { id: 41898282, login: 'github-actions', bot: true };
export const DI = { id: 4, login: 'di', bot: false };
export const POLICY = 'version: 1\n';
const T0 = Date.parse('2026-03-02T10:00:00Z');

export const keys = await generateKeyPair('RS256', { extractable: true });
export const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };

export const trust: Trust = {
  repositoryId: 70,
  ownerId: 7,
  repositoryName: 'acme/shop',
  defaultBranch: 'main',
  issuers: [{ issuer: ISSUER, keys: [jwk] }],
  workflows: ['.github/workflows/debug.yml', '.github/workflows/sweep.yml', 'acme/ops/.github/workflows/ask.yml'],
  approvalEnvironment: 'debug-approval',
  unsigned: 'refuse',
};

export const instant = (seconds: number) => new Date(T0 + seconds * 1000).toISOString().replace('.000Z', 'Z');

export function request(run = RUN, change: Partial<Request> = {}): Request {
  return {
    type: 'debug-approval/request',
    v: 1,
    id: requestId(trust.repositoryId, run),
    repositoryId: trust.repositoryId,
    run,
    commit: 'c'.repeat(40),
    workflow: '.github/workflows/debug.yml',
    policy: {
      path: '.github/debug-approval.yml',
      commit: 'c'.repeat(40),
      blob: 'b82551848c644f63b8517a7bdf8be9a992e6f4da',
    },
    runbook: 'restart',
    argv: ['./restart.sh', 'web'],
    inputs: { service: 'web' },
    target: 'shop',
    environment: 'production',
    requester: { id: 1, login: 'ana-dev', person: 'ana' },
    actor: { id: 1, login: 'ana-dev', person: 'ana' },
    reason: 'Orders hang',
    ticket: 'OPS-1',
    urgency: 'high',
    breakGlass: false,
    window: 1800,
    askedAt: instant(0),
    expiresAt: instant(3600),
    version: '0.1.0',
    ...change,
  };
}

export function opening(asked: Request = request()): EventOf<'requested'> {
  return {
    type: 'requested',
    digest: requestDigest(asked),
    request: asked,
    approvers: ['bo', 'cy'],
    members: {},
    links: {},
    card: null,
    earlier: [],
    notices: [],
  };
}
export const decided = (person: string, decision: 'approve' | 'deny' = 'approve'): Event => ({
  type: 'decided',
  decision,
  person,
  comment: 'Fine by me',
  shown: null,
  checklist: [],
  left: [],
});
export const started = (run = RUN): Event => ({
  type: 'started',
  digest: requestDigest(request()),
  run,
  checkRun: '55',
  environment: 'production',
});
export const ended = (reason: 'exit' | 'interrupted' = 'exit'): Event => ({
  type: 'ended',
  outcome: reason === 'exit' ? 'finished' : 'failed',
  reason,
  exitCode: reason === 'exit' ? 0 : null,
  signal: null,
  durationMs: 10,
  bytes: 5,
  transcript: null,
  redactions: {},
});

/** The job that writes: where it runs and what GitHub says of it. */
export interface Job {
  run: { id: number; attempt: number };
  environment: string | null;
  event: string;
}
export const ASK: Job = { run: RUN, environment: 'debug-approval', event: 'workflow_dispatch' };
export const OTHER_ASK: Job = { ...ASK, run: { id: 9002, attempt: 1 } };
export const DEBUG: Job = { ...ASK, environment: 'production' };
export const SWEEP: Job = { run: { id: 9500, attempt: 1 }, environment: 'debug-approval', event: 'schedule' };

export const EMPTY: Log = {
  request: null,
  entries: [],
  head: null,
  length: 0,
  tips: [],
  seq: 0,
  findings: [],
  broken: [],
};

/** The claims that GitHub would put into this job's token. */
export function claimsFor(job: Job, hash: string, seconds: number) {
  const ref = 'acme/shop/.github/workflows/debug.yml@refs/heads/main';
  const iat = T0 / 1000 + seconds;
  return {
    iss: ISSUER,
    aud: signatureAudience(hash),
    iat,
    nbf: iat - 600,
    exp: iat + 300,
    repository: 'acme/shop',
    repository_id: '70',
    repository_owner_id: '7',
    workflow_ref: ref,
    job_workflow_ref: ref,
    run_id: String(job.run.id),
    run_attempt: String(job.run.attempt),
    event_name: job.event,
    sha: 'c'.repeat(40),
    ...(job.environment === null ? {} : { environment: job.environment }),
  };
}

export const sign = (claims: Record<string, unknown>, key = keys.privateKey, header: object = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);

export function draft(log: Log, job: Job, events: Event[], change: Partial<Draft> = {}): LogRecord {
  const { issue, request, at, by, sentence, writer } = {
    issue: ISSUE,
    request: requestId(trust.repositoryId, RUN),
    at: instant(0),
    by: {
      person: 'bo',
      name: 'Bo',
      github: { id: 2, login: 'bo' },
      slack: { team: 'T1', user: 'U2' },
      via: 'slack-button' as const,
      evidence: { message: '1.2' },
    },
    sentence: `Bo wrote ${events.map(({ type }) => type).join(' and ')}.`,
    writer: { run: job.run.id, attempt: job.run.attempt, job: 'ask', environment: job.environment },
    ...change,
  };
  return nextRecord(log, { issue, request, at, by, events, sentence, writer });
}

/** A comment of the bot with this record, signed by the job as GitHub would, with changes an attacker makes to the claims. */
export async function comment(
  record: LogRecord,
  job: Job,
  id: number,
  claims: Record<string, unknown> = {},
): Promise<LogComment> {
  const token = await sign({ ...claimsFor(job, record.hash, id), ...claims });
  return asComment(signedRecord(record, token), id);
}

export function asComment(record: LogRecord, id: number, change: Partial<LogComment> = {}): LogComment {
  const rendered = renderComment(record);
  if (!rendered.ok) throw new Error(rendered.message);
  return { id, author: BOT, createdAt: instant(id), editedAt: null, body: rendered.body, ...change };
}

export const issueOf = (comments: LogComment[], change: Partial<LogIssue> = {}): LogIssue => ({
  number: ISSUE,
  comments,
  deletions: [],
  ...change,
});

export const read = (comments: LogComment[], change: Partial<LogIssue> = {}) =>
  readLog(issueOf(comments, change), trust);

/** The comments of an honest log: each step a job and its events, each written after reading those before. */
export async function history(steps: readonly (readonly [Job, Event[]])[]): Promise<LogComment[]> {
  const comments: LogComment[] = [];
  for (const [job, events] of steps) {
    const log = comments.length === 0 ? EMPTY : await read(comments);
    comments.push(await comment(draft(log, job, events), job, 10 * (comments.length + 1)));
  }
  return comments;
}

/** Eight records: opened, a refusal, two approvals, a count of refusals, start, end, an error. */
export const eight = () =>
  history([
    [ASK, [opening()]],
    [ASK, [{ type: 'refused', code: 'own-request', decision: 'approve', account: 'slack:T1/U1' }]],
    [ASK, [decided('bo')]],
    [OTHER_ASK, [decided('cy')]],
    [ASK, [{ type: 'refusals-counted', counts: { 'slack:T1/U1': 3 } }]],
    [DEBUG, [started()]],
    [DEBUG, [ended()]],
    [SWEEP, [{ type: 'errored', code: 'slack', message: 'The card could not be updated.' }]],
  ]);
