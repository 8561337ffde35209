/** What the log says of a purge: its two records in words, what the fold keeps of them, and which parts are still to go. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/request/decide.ts';
import type { EventOf } from '../../src/request/events.ts';
import { MOST_FAILURES, partsLeft } from '../../src/request/sharing.ts';
import { fold, type LoggedRecord, type OpenedState } from '../../src/request/state.ts';
import * as g from './given.ts';

type Item = EventOf<'purged'>['items'][number];
type Parts = EventOf<'purge'>['parts'];

const went = (kind: Item['kind'], id = '1'): Item => ({ kind, id, gone: true, why: '' });
const stayed = (kind: Item['kind'], id = '1'): Item => ({ kind, id, gone: false, why: 'Slack refused it.' });
const purge = (...items: Item[]): EventOf<'purge'> => ({
  ...{ type: 'purge', parts: ['slack'] },
  items: items.map(({ kind, id }) => ({ kind, id, sha256: null })),
});
const purged = (parts: Parts, ...items: Item[]): EventOf<'purged'> => ({ type: 'purged', parts, items });

const RUNNING = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy'), g.record(4, g.started())];
const FINISHED = [...RUNNING, g.record(5, g.ended())];
const DENIED = [g.opened(), g.denial(2, 'bo')];
const stateOf = (records: LoggedRecord[]): OpenedState => {
  const state = fold(g.POLICY, records);
  if (state.status === 'none') throw new Error('There is no opening.');
  return state;
};
const outcome = (records: LoggedRecord[], event: EventOf<'purge'> | EventOf<'purged'>) =>
  decide(g.POLICY, stateOf(records), { type: 'purge', purge: event }, { now: g.T0 + 100_000 });

describe('the record of a purge', () => {
  test.each([
    [[went('card')], 'the card in Slack'],
    [[went('message'), went('card')], 'the card in Slack and 1 message in its thread'],
    [
      [went('message', '1'), went('message', '2'), went('file', '3'), went('run-logs')],
      "2 messages in its thread, 1 file in its thread, and the run's logs",
    ],
    [[went('file', '1'), went('file', '2'), went('transcript')], '2 files in its thread and the transcript'],
  ])('says before what is about to go, and after that it went: %#', (items, words) => {
    expect(outcome(FINISHED, purge(...items))).toMatchObject({
      kind: 'append',
      events: [purge(...items)],
      sentence: `What this request shared is about to be deleted: ${words}. This record holds a hash of each.`,
    });
    expect(outcome(DENIED, purged(['slack'], ...items))).toMatchObject({
      kind: 'append',
      events: [purged(['slack'], ...items)],
      sentence: `Deleted what this request shared: ${words}.`,
    });
  });

  test('says what could not go, alone or beside what went, and where nothing was left', () => {
    const sentence = (...items: Item[]) => outcome(FINISHED, purged(['slack'], ...items));
    expect(sentence(stayed('card'))).toMatchObject({ sentence: 'Could not be deleted: the card in Slack.' });
    expect(sentence(went('card'), stayed('transcript'))).toMatchObject({
      sentence: 'Deleted what this request shared: the card in Slack. Could not be deleted: the transcript.',
    });
    expect(sentence()).toMatchObject({ sentence: 'Nothing of what this request shared was left to be deleted.' });
  });

  test.each([
    ['pending', [g.opened()]],
    ['approved', RUNNING.slice(0, 3)],
    ['running', RUNNING],
  ])('is not written of a request that goes on: %s', (status, records) => {
    expect(outcome(records, purge(went('card')))).toEqual({ kind: 'nothing', why: `The request is ${status}.` });
  });
});

describe('what is left to go', () => {
  const ALL = { slack: 60, transcript: 60, 'run-logs': 60 };
  const left = (records: LoggedRecord[], retention: Parameters<typeof partsLeft>[1] = ALL) =>
    partsLeft(stateOf(records), retention);
  const finished = (...events: (EventOf<'purge'> | EventOf<'purged'>)[]) => [
    ...FINISHED,
    ...events.map((event, index) => g.record(10 + index, event)),
  ];

  test('is what the policy lets go and no receipt says is done', () => {
    expect(left(FINISHED)).toEqual(['slack', 'transcript', 'run-logs']);
    expect(left(FINISHED, { ...ALL, transcript: null })).toEqual(['slack', 'run-logs']);
    expect(left(finished(purged(['slack', 'run-logs'], went('card'), went('run-logs'))))).toEqual(['transcript']);
    expect(left(finished(purged(['slack']), purged(['transcript'])))).toEqual(['run-logs']);
  });

  test('a transcript is none of it where no job ran, and may be where one still may', () => {
    expect(left(DENIED)).toEqual(['slack', 'run-logs']);
    expect(left([g.opened()])).toEqual(['slack', 'transcript', 'run-logs']);
  });

  test('what was announced stays announced until its receipt', () => {
    const { sharing } = stateOf(finished(purge(went('card'))));
    expect(sharing).toEqual({ announced: purge(went('card')), done: [], failed: [] });
    const again = finished(purge(went('card')), purged(['slack'], went('card')), purged(['slack']));
    expect(stateOf(again).sharing).toEqual({ announced: null, done: ['slack'], failed: [] });
  });

  test('a part that five receipts say could not go is given up, and no other part is', () => {
    const refused = purged([], stayed('card'), stayed('message'), went('run-logs'));
    const tried = (times: number) => finished(...Array.from({ length: times }, () => refused));
    expect(left(tried(MOST_FAILURES - 1))).toEqual(['slack', 'transcript', 'run-logs']);
    expect(left(tried(MOST_FAILURES))).toEqual(['transcript', 'run-logs']);
    expect(left(finished(...Array.from({ length: MOST_FAILURES }, () => purged([], stayed('transcript')))))).toEqual([
      'slack',
      'run-logs',
    ]);
    const mixed = [stayed('run-logs'), stayed('run-logs'), stayed('file'), stayed('file'), stayed('run-logs')];
    expect(left(finished(...mixed.map((item) => purged([], item))))).toEqual(['slack', 'transcript', 'run-logs']);
  });

  test('a receipt counts only of what is over', () => {
    const early = g.record(3, purged(['slack'], went('card')));
    expect(stateOf([g.opened(), g.approval(2, 'bo'), early]).sharing.done).toEqual([]);
    expect(stateOf([...RUNNING, g.record(5, purged(['slack']))]).sharing.done).toEqual([]);
  });
});
