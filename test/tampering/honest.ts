/** Plays a plan of an honest history: the jobs read, decide and write as the product does, and GitHub signs. */
import { createSign, generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { BodyEdit, IssueComment, IssueSnapshot } from '../../src/app/ports.ts';
import { issueContent } from '../../src/github/issue.ts';
import { type Log, nextRecord, readLog, type SignatureCache } from '../../src/log/chain.ts';
import { renderComment } from '../../src/log/comment.ts';
import { type Draft, signedRecord } from '../../src/log/record.ts';
import type { Trust } from '../../src/log/trust.ts';
import { type Command, decide } from '../../src/request/decide.ts';
import type { Actor, Event } from '../../src/request/events.ts';
import { present } from '../../src/request/present.ts';
import { fold } from '../../src/request/state.ts';
import * as b from '../log/build.ts';
import { policyOf } from '../policy/sample.ts';
import * as g from '../request/given.ts';
import type { JobName, Look, Step, Write } from './plans.ts';

const ISSUE = 17;
export const POLICY_TEXT = g.POLICY_TEXT.replace('channel: C0APPROVE', 'channel: C0APPROVE, mirror: true');
export const POLICY = policyOf(POLICY_TEXT);
/** Opened under the policy's text as git names it. */
const OPENING = g.opening({
  policy: { ...g.request().policy, blob: hash('sha1', `blob ${Buffer.byteLength(POLICY_TEXT)}\0${POLICY_TEXT}`) },
});
const JOBS: Readonly<Record<JobName, b.Job>> = {
  ask: b.ASK,
  other: b.OTHER_ASK,
  debug: b.DEBUG,
  close: { ...b.SWEEP, ...b.ASK },
  sweep: b.SWEEP,
};
const account = (person: string) => g.byGithub(person).github ?? { id: 999, login: person };

const KEYS = ['k1', 'k2'].map((kid) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, jwk: { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' } satisfies JWK };
});

/** The repository's names, before and after it was renamed. */
export const NAMES = ['acme/shop', 'acme/store'];

/** Both keys are published while the one takes over from the other. */
export const trustIn = (name: string): Trust => ({
  ...{ ...b.trust, repositoryName: name },
  issuers: [{ issuer: b.ISSUER, keys: KEYS.map(({ jwk }) => jwk) }],
});

/** What one token signs is the same in many histories, and RS256 signs it the same. */
const tokens = new Map<string, string>();

function signed(claims: object, { kid, privateKey }: { kid: string; privateKey: KeyObject }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'RS256', kid })}.${part(claims)}`;
  const known = tokens.get(content);
  if (known !== undefined) return known;
  const token = `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`;
  tokens.set(content, token);
  return token;
}

/** A repository while a history goes on. */
interface History {
  now: number;
  name: string;
  key: (typeof KEYS)[number] | undefined;
  comments: IssueComment[];
  deletions: IssueSnapshot['deletions'];
  bodyEdits: BodyEdit[];
  body: string;
  lastId: number;
  cache: SignatureCache;
}

/** What a history left behind. */
export interface Told {
  /** What the repository is called now. */
  name: string;
  /** The issue as it stands in the end. */
  whole: IssueSnapshot;
  /** The same by a list that lags. */
  lagging(look: Look): IssueSnapshot;
}

/** Plays a history: an ask job opens the request, then all else happens. */
export async function told(plan: readonly Step[]): Promise<Told> {
  const h: History = {
    ...{ now: 0, name: 'acme/shop', key: KEYS[0], comments: [], deletions: [], bodyEdits: [], body: '', lastId: 0 },
    cache: new Map(),
  };
  const opening = { events: [OPENING], sentence: 'Ana asks to run status on production.' };
  append(h, b.EMPTY, { job: 'ask', skew: 0, takes: 0, by: g.byGithub('ana') }, opening);
  h.body = drawnOf(h, await read(h, 0));
  for (const step of plan) {
    h.now += step.after;
    await happen(h, step);
  }
  return { name: h.name, whole: snapshotOf(h, WHOLE), lagging: (how) => snapshotOf(h, how) };
}

async function happen(h: History, step: Step): Promise<void> {
  switch (step.kind) {
    case 'write':
      return jobWrites(h, step);
    case 'redraw': {
      const body = drawnOf(h, await read(h, step.lag));
      // Another of our jobs draws it as the bot; another app may do no more than what changes nothing.
      if (step.byApp) edited(h, { id: 777, login: 'helper[bot]', bot: true }, h.body);
      else edited(h, b.BOT, body);
      return;
    }
    case 'comment': {
      const pasted = step.pasted === null ? undefined : h.comments[step.pasted];
      return add(h, { ...account(step.who), bot: false }, pasted?.body ?? 'Is anybody looking?');
    }
    case 'edit': {
      const own = oneOf(strangers(h), step.which);
      if (own !== undefined)
        Object.assign(own, { editedAt: b.instant(h.now), body: `${own.body}\nNever mind.`, editorId: own.author?.id });
      return;
    }
    case 'delete': {
      const own = oneOf(strangers(h), step.which);
      if (own === undefined) return;
      h.comments = h.comments.filter((one) => one !== own);
      h.deletions.push({ at: b.instant(h.now), authorId: own.author?.id ?? null, actorId: own.author?.id ?? 1 });
      return;
    }
    case 'rotate':
      h.key = KEYS[1];
      return;
    case 'rename':
      h.name = 'acme/store';
      return;
    case 'plain':
      return add(h, b.BOT, 'The debug job refused to run.');
  }
}

/** One of these, by a number of any size. */
const oneOf = <T>(some: readonly T[], which: number): T | undefined => some[which % some.length];

const strangers = ({ comments }: History) => comments.filter(({ author }) => author?.bot === false);

function add(h: History, author: IssueComment['author'], body: string): void {
  h.lastId += 1;
  h.comments.push({ id: h.lastId, author, createdAt: b.instant(h.now), editedAt: null, body });
}

function edited(h: History, by: { id: number; login: string; bot: boolean }, body: string): void {
  h.body = body;
  const editor = { editorId: by.id, editorLogin: by.login, editorIsBot: by.bot };
  h.bodyEdits.push({ at: b.instant(h.now), ...editor, text: body, erased: null });
}

/** The comments as a list shows them that lacks the newest; the opening everybody has. */
function seen({ comments }: History, missing: number): IssueComment[] {
  return comments.slice(0, Math.max(1, comments.length - missing));
}

const read = (h: History, missing: number): Promise<Log> =>
  readLog({ number: ISSUE, comments: seen(h, missing), deletions: h.deletions }, trustIn('acme/shop'), h.cache);

const PRODUCT: Actor = {
  ...{ person: null, name: 'Debug Approval', github: null, slack: null, via: 'workflow', evidence: {} },
};

/** A job reads, decides by what it sees, and appends what follows. */
async function jobWrites(h: History, step: Write): Promise<void> {
  const log = await read(h, step.lag);
  const now = g.T0 + (h.now + step.skew) * 1000;
  const outcome = decide(POLICY, fold(POLICY, log.entries), commandOf(step, h.lastId), { now });
  const by = step.does === 'decide' ? g.byGithub(step.who) : PRODUCT;
  if (outcome.kind === 'append') append(h, log, { ...step, by }, outcome);
  if (outcome.kind === 'refuse' && outcome.record !== null)
    append(h, log, { ...step, by }, { events: [outcome.record], sentence: `${outcome.name} was refused.` });
}

function commandOf({ does, who, decision }: Write, before: number): Command {
  const none = { unrecordedDenials: [], unrecordedWithdrawals: [], unrecordedCancels: [] };
  const { slack } = g.bySlack('bo');
  switch (does) {
    case 'decide':
      return g.written(who, { decision });
    case 'talk':
      return {
        type: 'discuss',
        messages: [{ name: 'Bo', slack: slack ?? { team: 'T1', user: 'UBO' }, ts: `${before}.1`, text: 'Why <now>?' }],
      };
    case 'start':
      return { type: 'start', started: g.started({ digest: OPENING.digest }), ...none };
    case 'end':
      return { type: 'end', ended: g.ended() };
    case 'cancel':
      return { type: 'cancel', reason: 'The workflow run was cancelled.' };
    case 'fail':
      return { type: 'fail', code: 'slack', message: 'Slack was away.' };
    case 'expire':
      return { type: 'expire' };
  }
}

function append(
  h: History,
  log: Log,
  { job: name, skew, takes, by }: Pick<Write, 'job' | 'skew' | 'takes'> & { by: Actor },
  { events, sentence }: { events: Event[]; sentence: string },
): void {
  const job = JOBS[name];
  const writer: Draft['writer'] = {
    run: job.run.id,
    attempt: job.run.attempt,
    job: name,
    environment: job.environment,
  };
  const content = { issue: ISSUE, request: '70/9001/1', at: b.instant(h.now + skew), by, events, sentence, writer };
  const record = nextRecord(log, content);
  const claims = b.claimsFor(job, record.hash, h.now);
  const ref = claims.workflow_ref.replace('acme/shop', h.name);
  const own = { repository: h.name, workflow_ref: ref, job_workflow_ref: ref };
  if (h.key === undefined) throw new Error('Nobody can sign.');
  const rendered = renderComment(signedRecord(record, signed({ ...claims, ...own }, h.key)));
  if (!rendered.ok) throw new Error(rendered.message);
  h.now += takes;
  add(h, b.BOT, rendered.body);
}

/** The issue's text as a job draws it by what it sees. */
function drawnOf({ name }: History, log: Log): string {
  const state = fold(POLICY, log.entries);
  if (state.status === 'none') throw new Error('Nothing was opened.');
  const issue = { number: ISSUE, url: `https://github.com/${name}/issues/${ISSUE}` };
  return issueContent(present(POLICY, state, { repository: name, serverUrl: 'https://github.com', issue }, null)).body;
}

const WHOLE: Look = { by: 0, lacks: null, counted: true };

function snapshotOf(h: History, { by, lacks, counted }: Look): IssueSnapshot {
  const comments = seen(h, by).filter((_, index) => index !== lacks);
  return structuredClone({
    ...{
      number: ISSUE,
      author: b.BOT,
      url: `https://github.com/${h.name}/issues/${ISSUE}`,
      open: true,
      labels: ['debug-request'],
    },
    ...{ title: 'Debug: Show a service', body: h.body, bodyEdits: h.bodyEdits, renames: [] },
    ...{ comments, commentCount: (counted ? h : { comments }).comments.length, deletions: h.deletions },
  });
}
