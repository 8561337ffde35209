/** Who may sign what: the table of DESIGN §5, and that nobody else's record counts or hurts. */
import { expect, test } from 'vitest';
import type { Event } from '../../src/request/events.ts';
import * as b from './build.ts';

const codes = (findings: { code: string }[]) => findings.map(({ code }) => code);
const honest = await b.eight();
const log = await b.read(honest);
/** Adds one more record by a job to the honest log, with changed claims or content. */
const adding = async (job: b.Job, events: Event[], claims = {}, change = {}) =>
  b.read([...honest, await b.comment(b.draft(log, job, events, change), job, 500, claims)]);

const interrupted = b.ended('interrupted');
const expired: Event = { type: 'expired' };
const cancelled: Event = { type: 'cancelled', reason: 'no longer needed' };
const errored: Event = { type: 'errored', code: 'x', message: 'y' };
const counted: Event = { type: 'refusals-counted', counts: {} };
const refused: Event = { type: 'refused', code: 'bot', decision: 'deny', account: 'github:9' };
const refusedReview: Event = { type: 'refused', code: 'own-request', decision: 'review', account: 'github:9' };
const withdrawn: Event = { type: 'withdrawn', person: 'bo', comment: '' };
const reminded: Event = { type: 'reminded', step: 1, people: ['cy'], escalatedTo: [] };
const discussed: Event = { type: 'discussed', messages: [] };
const reviewed: Event = { type: 'reviewed', person: 'cy', comment: 'A stuck lock' };
const overdue: Event = { type: 'review-overdue' };
const purge: Event = { type: 'purge', parts: [], items: [] };
const purged: Event = { type: 'purged', parts: [], items: [] };
const NEXT_ATTEMPT = { id: 9001, attempt: 2 };

test.each<[string, b.Job, Event[]]>([
  ["another run's ask job, a decision", b.OTHER_ASK, [b.decided('bo', 'deny')]],
  ["another run's ask job, a refusal and a count", b.OTHER_ASK, [refused, counted]],
  ["another run's ask job, a withdrawal, a reminder and the discussion", b.OTHER_ASK, [withdrawn, reminded, discussed]],
  ["another run's close job, an after-review and that it is overdue", b.OTHER_ASK, [reviewed, overdue]],
  ['the sweep, an after-review and that it is overdue', b.SWEEP, [reviewed, overdue]],
  ['the sweep, the refusal of an after-review and a count', b.SWEEP, [refusedReview, counted]],
  ['close, an end as interrupted', b.ASK, [interrupted]],
  ['the sweep, an end as interrupted', b.SWEEP, [interrupted]],
  ['the sweep, expiry, cancellation and error', b.SWEEP, [expired, cancelled, errored]],
  ['the sweep, what is about to be deleted and the receipt', b.SWEEP, [purge, purged]],
  ['the debug job, start and end', b.DEBUG, [b.started(), b.ended()]],
  ['the debug job, its end as interrupted', b.DEBUG, [interrupted]],
])('may sign: %s', async (_, job, events) => {
  const read = await adding(job, events);
  expect(read.findings).toEqual([]);
  expect(read.entries).toHaveLength(9);
});

test.each<[string, b.Job, Event[]]>([
  ['the debug job, a decision', b.DEBUG, [b.decided('bo')]],
  ['the debug job, a refusal', b.DEBUG, [refused]],
  ['the debug job, a count of refusals', b.DEBUG, [counted]],
  ['the debug job, expiry', b.DEBUG, [expired]],
  ['the debug job, cancellation', b.DEBUG, [cancelled]],
  ['the debug job, an error', b.DEBUG, [errored]],
  ['the debug job, what is about to be deleted', b.DEBUG, [purge]],
  ['the debug job, a receipt', b.DEBUG, [purged]],
  ['the debug job, a withdrawal', b.DEBUG, [withdrawn]],
  ['the debug job, a reminder', b.DEBUG, [reminded]],
  ['the debug job, the discussion', b.DEBUG, [discussed]],
  ['the debug job, an after-review', b.DEBUG, [reviewed]],
  ['the debug job, that a review is overdue', b.DEBUG, [overdue]],
  ['the debug job, a decision beside its start', b.DEBUG, [b.started(), b.decided('bo')]],
  ["another run's debug job, a start", { ...b.DEBUG, run: { id: 9002, attempt: 1 } }, [b.started()]],
  ["the next attempt's debug job, a start", { ...b.DEBUG, run: NEXT_ATTEMPT }, [b.started(NEXT_ATTEMPT)]],
  ['the debug job, the start of another run', b.DEBUG, [b.started({ id: 9002, attempt: 1 })]],
  ["another environment's job, a start", { ...b.DEBUG, environment: 'staging' }, [b.started()]],
  ['a job without environment, a decision', { ...b.ASK, environment: null }, [b.decided('bo')]],
  ['a job without environment, a start', { ...b.ASK, environment: null }, [b.started()]],
  ['the ask job, a start', b.ASK, [b.started()]],
  ['the ask job, an end that it did not see', b.ASK, [b.ended()]],
  ['the sweep, a withdrawal', b.SWEEP, [withdrawn]],
  ['the sweep, a reminder', b.SWEEP, [reminded]],
  ['the sweep, the discussion', b.SWEEP, [discussed]],
  ['a push, an after-review', { ...b.ASK, event: 'push' }, [reviewed]],
  ['the sweep, a decision', b.SWEEP, [b.decided('bo')]],
  ['the sweep, the refusal of a decision', b.SWEEP, [refused]],
  ['the debug job, the refusal of an after-review', b.DEBUG, [refusedReview]],
  ['a pull request, a decision', { ...b.ASK, event: 'pull_request_target' }, [b.decided('bo')]],
  ['a push, expiry', { ...b.ASK, event: 'push' }, [expired]],
])('may not sign: %s; it is ignored and breaks nothing', async (_, job, events) => {
  const read = await adding(job, events);
  expect(codes(read.findings)).toEqual(['wrong-role']);
  expect(read.broken).toEqual([]);
  expect(read.head).toBe(log.head);
});

test.each<[string, b.Job]>([
  ["another attempt's ask job", { ...b.ASK, run: NEXT_ATTEMPT }],
  ['the debug job', b.DEBUG],
  ['a scheduled run', { ...b.ASK, event: 'schedule' }],
])('%s may not open the request', async (_, job) => {
  const read = await b.read([await b.comment(b.draft(b.EMPTY, job, [b.opening()]), job, 10)]);
  expect(read.request).toBeNull();
  expect(codes(read.findings)).toEqual(['wrong-role']);
});
