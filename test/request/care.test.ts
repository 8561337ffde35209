/** What the product does of itself: puts the discussion on record, and says that an after-review is overdue. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/policy/schema.ts';
import { type Command, decide } from '../../src/request/decide.ts';
import { fold, type LoggedRecord } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const when = (records: LoggedRecord[], command: Command, now = g.T0 + 60_000, policy: Policy = f.FULL) =>
  decide(policy, fold(policy, records), command, { now });
const nothing = (why: string) => ({ kind: 'nothing', why });
const byProduct = { person: null, name: 'Debug Approval' };

describe('the discussion', () => {
  const message = (ts: string) => ({
    name: 'Bo',
    slack: { team: 'T1', user: 'UBO' },
    ts,
    text: `said at ${ts} <!here>`,
  });
  const discuss = (...all: string[]): Command => ({ type: 'discuss', messages: all.map(message) });
  const MEND = [g.record(1, f.mend())];
  const RUNNING = [g.record(1, f.peek()), g.record(2, f.startOf(f.peek()))];

  test.each([
    ['one message', MEND, ['1.1'], '1 message of the thread in Slack put on record.'],
    ['several, while it runs', RUNNING, ['1.1', '1.2'], '2 messages of the thread in Slack put on record.'],
  ])('is put on record: %s', (_, records, all, sentence) => {
    const events = [{ type: 'discussed', messages: all.map(message) }];
    expect(when(records, discuss(...all))).toEqual({ kind: 'append', events, sentence, ...byProduct });
  });

  test('is put on record once', () => {
    const records = [...MEND, g.record(2, { type: 'discussed', messages: [message('1.1')] })];
    expect(when(records, discuss('1.1', '1.2'))).toMatchObject({ events: [{ messages: [message('1.2')] }] });
    expect(when(records, discuss('1.1'))).toEqual(nothing('These messages are on record already.'));
    expect(when(records, discuss())).toEqual(nothing('These messages are on record already.'));
  });

  test('stays in Slack unless the policy mirrors it', () => {
    const why = nothing('The policy does not mirror the discussion.');
    expect(when(MEND, discuss('1.1'), g.T0, f.fullWith(', mirror: true', ''))).toEqual(why);
    const { slack: _, ...without } = f.FULL;
    expect(when(MEND, discuss('1.1'), g.T0, without)).toEqual(why);
  });

  test('of what is over stays in Slack', () => {
    const why = nothing('The request is finished; its discussion is no longer mirrored.');
    expect(when([...RUNNING, g.record(3, g.ended())], discuss('1.1'))).toEqual(why);
  });
});

describe('an after-review that nobody signed', () => {
  const DUE = g.T0 + 10_000 + 86_400_000;
  const RUNNING = [g.record(1, f.broken()), g.record(10, f.startOf(f.broken()))];
  const OVER = [...RUNNING, g.record(11, g.ended())];
  const opening = { ...f.broken({ actor: { id: 104, login: 'di-dev', person: 'di' } }), members: {} };
  const ONE_LEFT = [g.record(1, opening), g.record(10, f.startOf(opening))];
  const OVERDUE = { ...g.record(12, { type: 'review-overdue' }), createdAt: g.at(90_000) };
  const SIGNED = g.record(12, { type: 'reviewed', person: 'di', comment: 'A lock' }, f.by('di', 'issue-comment'));

  test.each([
    ['of a job that ended', OVER, 'Bo, Cy, Di, Ed'],
    ['of a job that still runs', RUNNING, 'Bo, Cy, Di, Ed'],
    ['with one person left', ONE_LEFT, 'Ed'],
  ])('is said to be overdue once its time is over, %s', (_, records, names) => {
    expect(when(records, { type: 'overdue' }, DUE + 1)).toEqual({
      kind: 'append',
      events: [{ type: 'review-overdue' }],
      sentence: `The after-review of this break-glass is overdue; to be signed by one of: ${names}.`,
      ...byProduct,
    });
  });

  test('is said to be overdue though nobody could sign it', () => {
    const policy = f.fullWith('by: [leads, sre, ana]', 'by: [sre, ana]');
    const records = [g.record(1, { ...f.broken(), members: {} }), ...OVER.slice(1)];
    expect(when(records, { type: 'overdue' }, DUE + 1, policy)).toMatchObject({
      sentence: 'The after-review of this break-glass is overdue; to be signed by one of: nobody.',
    });
  });

  test.each<[string, LoggedRecord[], number, string]>([
    ['before its time is over', OVER, DUE, 'There is still time for the after-review.'],
    ['twice', [...OVER, OVERDUE], DUE + 1, 'That it is overdue is on record already.'],
    ['once it is signed', [...OVER, SIGNED], DUE + 1, 'The after-review is signed.'],
    ['where none is due', [g.record(1, f.mend())], DUE + 1, 'No after-review is due.'],
  ])('is not said to be overdue %s', (_, records, now, why) => {
    expect(when(records, { type: 'overdue' }, now)).toEqual(nothing(why));
  });
});
