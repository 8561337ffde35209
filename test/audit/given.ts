/** Logs as other systems are told of them: sealed records in a chain, each with what it did to the request. */
import { type AuditedRecord, auditedRecords } from '../../src/audit/record.ts';
import { type Record as LogRecord, sealRecord } from '../../src/log/record.ts';
import type { Policy } from '../../src/policy/schema.ts';
import type { Event } from '../../src/request/events.ts';
import type { LoggedRecord } from '../../src/request/state.ts';
import * as f from '../request/full.ts';
import * as g from '../request/given.ts';

export const PLACE = {
  repository: { id: 70, name: 'acme/shop' },
  serverUrl: 'https://github.com',
  issue: 17,
};
const BOT = { id: 41898282, login: 'github-actions[bot]', bot: true };
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl';

/** What is told of these records, each chained to the one before. */
export function toldOf(records: readonly LoggedRecord[], policy: Policy = g.POLICY): AuditedRecord[] {
  let prev: string[] = [];
  const entries = records.map(({ commentId, createdAt, record: { by, events, sentence } }, index) => {
    const sealed: LogRecord = sealRecord({
      v: 1,
      seq: index + 1,
      issue: PLACE.issue,
      request: g.request().id,
      at: createdAt,
      by,
      events,
      sentence,
      writer: { run: 9001, attempt: 1, job: 'ask', environment: 'debug-approval' },
      prev,
    });
    prev = [sealed.hash];
    return { commentId, createdAt, author: BOT, record: { ...sealed, sig: { type: 'oidc' as const, token: TOKEN } } };
  });
  return auditedRecords(PLACE, entries, policy);
}

/** The last of these records. */
export function lastOf(records: readonly LoggedRecord[], policy?: Policy): AuditedRecord {
  const last = toldOf(records, policy).at(-1);
  if (last === undefined) throw new Error('There is no record.');
  return last;
}

const APPROVED = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy')];
const RUNNING = [...APPROVED, g.record(4, g.started())];
const FINISHED = [...RUNNING, g.record(5, g.ended())];
const OLD_CARD = { kind: 'card' as const, id: 'C0APPROVE/1740909600.000100' };
const HASH = `sha256:${'a'.repeat(64)}`;
const BROKEN = [g.record(1, f.broken()), g.record(2, f.startOf(f.broken())), g.record(3, g.ended())];
const OVERDUE = { ...g.record(6, { type: 'review-overdue' }), createdAt: g.at(90_000) };
const TALK = {
  name: 'Cy',
  slack: { team: 'T1', user: 'UCY' },
  ts: '1740909660.000200',
  text: 'Is the replica in sync?',
};
const DENIAL = { ...g.decided('cy', 'deny'), comment: 'Use the replica' };
const NO_CARD: Event = { type: 'errored', code: 'slack', message: 'The card could not be posted.' };
const FAILED_AT_ONCE = {
  ...g.opened(),
  record: { by: g.byGithub('ana'), events: [g.opening(), NO_CARD], sentence: 'It happened.' },
};

const plain = (...records: LoggedRecord[]): AuditedRecord => lastOf(records);
const full = (...records: LoggedRecord[]): AuditedRecord => lastOf(records, f.FULL);

/** One record of each type of event, and the variants of one that are told differently. */
export const SAMPLES: Record<Event['type'], AuditedRecord> & Record<string, AuditedRecord> = {
  requested: plain(g.record(1, g.opening(), g.byGithub('ana'))),
  'requested-break-glass': full(g.record(1, f.broken(), g.byGithub('ana'))),
  'requested-and-errored': plain(FAILED_AT_ONCE),
  decided: plain(...APPROVED),
  'decided-one-of-two': plain(...APPROVED.slice(0, 2)),
  'decided-deny': plain(g.opened(), g.record(2, DENIAL, g.bySlack('cy'))),
  withdrawn: plain(
    ...APPROVED,
    g.record(4, { type: 'withdrawn', person: 'bo', comment: 'Too quick' }, g.bySlack('bo')),
  ),
  reminded: plain(g.opened(), g.record(2, { type: 'reminded', step: 1, people: ['bo', 'cy'], escalatedTo: [] })),
  discussed: plain(g.opened(), g.record(2, { type: 'discussed', messages: [TALK] })),
  reviewed: full(...BROKEN, g.record(7, { type: 'reviewed', person: 'cy', comment: 'A stuck lock' }, g.byGithub('cy'))),
  'review-overdue': full(...BROKEN, OVERDUE),
  refused: plain(
    g.opened(),
    g.record(
      2,
      { type: 'refused', code: 'own-request', decision: 'approve', account: 'slack:T1/UANA' },
      g.bySlack('ana'),
    ),
  ),
  'refusals-counted': plain(g.opened(), g.record(2, { type: 'refusals-counted', counts: { 'slack:T1/UANA': 3 } })),
  started: plain(...RUNNING),
  ended: plain(...RUNNING, g.record(5, g.ended())),
  'ended-failed': plain(...RUNNING, g.record(5, g.ended({ outcome: 'failed', exitCode: 3 }))),
  expired: plain(g.opened(), g.record(g.EXPIRY_S, { type: 'expired' })),
  cancelled: plain(g.opened(), g.record(2, { type: 'cancelled', reason: 'Solved itself' }, g.byGithub('ana'))),
  purge: plain(...FINISHED, g.record(6, { type: 'purge', parts: ['slack'], items: [{ ...OLD_CARD, sha256: HASH }] })),
  purged: plain(
    ...FINISHED,
    g.record(6, { type: 'purged', parts: ['slack'], items: [{ ...OLD_CARD, gone: true, why: '' }] }),
  ),
  'purged-in-part': plain(
    ...FINISHED,
    g.record(6, { type: 'purged', parts: [], items: [{ ...OLD_CARD, gone: false, why: 'The app is not in C1.' }] }),
  ),
  errored: plain(g.opened(), g.record(2, NO_CARD)),
};
