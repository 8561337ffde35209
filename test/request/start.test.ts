/** Whether the debug job may start, with what stands on the issue and in no record. */
import { expect, test } from 'vitest';
import { type CommandOf, decide, type Outcome } from '../../src/request/decide.ts';
import { fold, type LoggedRecord } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

type Said = Pick<CommandOf<'start'>, 'unrecordedDenials' | 'unrecordedWithdrawals' | 'unrecordedCancels'>;
const NOTHING: Said = { unrecordedDenials: [], unrecordedWithdrawals: [], unrecordedCancels: [] };
const NOW = { now: g.T0 + 60_000 };
const LATE = { now: g.T0 + 14_400_000 };
const start = (records: LoggedRecord[], said: Partial<Said> = {}, facts = NOW): Outcome =>
  decide(f.FULL, fold(f.FULL, records), { type: 'start', started: g.started(), ...NOTHING, ...said }, facts);

const APPROVED = [g.record(1, f.mend()), f.approval(2, 'bo'), f.approval(3, 'di')];
const DENIED_ONCE = [...APPROVED, f.denial(4, 'ed')];
const PEEK = [g.record(1, f.peek())];
const BROKEN = [g.record(1, f.broken())];
const STARTED: Outcome = {
  kind: 'append',
  events: [g.started()],
  sentence: 'The approved debug job started.',
  person: null,
  name: 'Debug Approval',
};
const refused = (code: string, message: string) => ({
  kind: 'refuse',
  code,
  message,
  name: 'The debug job',
  record: null,
});
const BACK = 'took their approval back on the issue before the job started.';
const LEFT = '2 of sre, oncall, leads:';

test.each<[string, LoggedRecord[], Partial<Said>]>([
  ['what is approved', APPROVED, {}],
  ['what is pre-approved', PEEK, {}],
  ['what one person denied where two are needed', DENIED_ONCE, {}],
  ['what somebody denies who may not', APPROVED, { unrecordedDenials: ['ana', 'eve'] }],
  ['what one denies who did not approve, where two are needed', APPROVED, { unrecordedDenials: ['ed'] }],
  ['what the one who denied denies again', DENIED_ONCE, { unrecordedDenials: ['ed', 'ed'] }],
  ['what somebody withdraws who approved nothing', APPROVED, { unrecordedWithdrawals: ['cy', 'ana'] }],
  [
    'what is still approved without the withdrawn one',
    [...APPROVED, f.approval(4, 'cy')],
    { unrecordedWithdrawals: ['bo'] },
  ],
  ['what somebody cancels whose request it is not', APPROVED, { unrecordedCancels: ['bo', 'eve'] }],
])('%s may start', (_, records, said) => {
  expect(start(records, said)).toEqual(STARTED);
});

test.each<[string, Partial<Said>]>([
  ['a break-glass', {}],
  ['a break-glass that one denies where two must', { unrecordedDenials: ['bo'] }],
])('%s may start, and its record says that nobody approved it', (_, said) => {
  expect(start(BROKEN, said)).toEqual({
    ...STARTED,
    sentence: 'BREAK-GLASS: the debug job started without approval.',
  });
});

test.each<[string, LoggedRecord[], Partial<Said>, string, string]>([
  [
    'that the requester cancelled',
    APPROVED,
    { unrecordedCancels: ['bo', 'ana'] },
    'cancelled',
    'Ana cancelled this request on the issue before the job started.',
  ],
  [
    'that two denied',
    APPROVED,
    { unrecordedDenials: ['ed', 'cy', 'ed'] },
    'denied',
    'Ed and Cy denied this request on the issue before the job started.',
  ],
  [
    'that one denied on record and one on the issue',
    DENIED_ONCE,
    { unrecordedDenials: ['cy'] },
    'denied',
    'Cy denied this request on the issue before the job started.',
  ],
  [
    'whose approver withdrew',
    APPROVED,
    { unrecordedWithdrawals: ['bo'] },
    'withdrawn',
    `Bo ${BACK} ${LEFT} Di approved; 1 more of Bo, Cy, Ed.`,
  ],
  [
    'whose approvers withdrew',
    APPROVED,
    { unrecordedWithdrawals: ['bo', 'di'] },
    'withdrawn',
    `Bo and Di ${BACK} ${LEFT} nobody approved yet; 2 more of Bo, Cy, Di, Ed.`,
  ],
  [
    'whose approver denied, though two are needed',
    APPROVED,
    { unrecordedDenials: ['bo'] },
    'withdrawn',
    `Bo ${BACK} ${LEFT} Di approved; 1 more of Bo, Cy, Ed.`,
  ],
  [
    'that is withdrawn, while who denied it denies it again',
    DENIED_ONCE,
    { unrecordedWithdrawals: ['bo'], unrecordedDenials: ['ed'] },
    'withdrawn',
    `Bo ${BACK} ${LEFT} Di approved; 1 more of Bo, Cy.`,
  ],
  [
    'that is cancelled, denied and withdrawn',
    APPROVED,
    { unrecordedCancels: ['ana'], unrecordedDenials: ['bo', 'ed'], unrecordedWithdrawals: ['di'] },
    'cancelled',
    'Ana cancelled this request on the issue before the job started.',
  ],
  [
    'a break-glass that two denied',
    BROKEN,
    { unrecordedDenials: ['bo', 'cy'] },
    'denied',
    'Bo and Cy denied this request on the issue before the job started.',
  ],
])('a request %s starts nothing, and says so even after expiry', (_, records, said, code, message) => {
  for (const facts of [NOW, LATE]) expect(start(records, said, facts)).toEqual(refused(code, message));
});

test('a request that waits, or whose time is over, starts nothing', () => {
  expect(start(APPROVED.slice(0, 2))).toEqual(
    refused('not-approved', `This request is not approved: it is pending. ${LEFT} Bo approved; 1 more of Cy, Di, Ed.`),
  );
  expect(start(APPROVED, {}, LATE)).toEqual(
    refused('expired', 'This request expired at 2026-03-02T14:00:00Z. Ask anew by running the workflow again.'),
  );
});
