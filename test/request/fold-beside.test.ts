/** What the fold makes of what decides nothing: reminders, talk, and which comments are answered. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/policy/schema.ts';
import type { Event } from '../../src/request/events.ts';
import { fold, type LoggedRecord, type OpenedState } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const stateOf = (records: LoggedRecord[], policy: Policy = f.FULL): OpenedState => {
  const state = fold(policy, records);
  if (state.status === 'none') throw new Error('There is no opening.');
  return state;
};
const mend = g.record(1, f.mend());
const said = (id: number, event: Event, person: string, via: Parameters<typeof f.by>[1] = 'issue-comment') =>
  g.record(id, event, via === 'issue-comment' ? g.byGithub(person, `c${id}`) : f.by(person, via));

describe('reminders', () => {
  const reminded = (id: number, step: number, escalatedTo: string[] = []) =>
    g.record(id, { type: 'reminded', step, people: ['bo'], escalatedTo });

  test('count once each, though two jobs wrote the same', () => {
    const state = stateOf([
      mend,
      reminded(2, 1),
      reminded(3, 1),
      reminded(4, 2),
      reminded(5, 1),
      reminded(6, 2, ['leads']),
      reminded(7, 2, ['leads']),
      reminded(8, 3),
    ]);
    expect(state.reminders).toEqual([
      { step: 1, at: g.at(2), escalatedTo: [] },
      { step: 2, at: g.at(4), escalatedTo: [] },
      { step: 2, at: g.at(6), escalatedTo: ['leads'] },
      { step: 3, at: g.at(8), escalatedTo: [] },
    ]);
  });

  test('may be an escalation alone, before any step', () => {
    expect(stateOf([mend, reminded(2, 0, ['leads'])]).reminders).toEqual([
      { step: 0, at: g.at(2), escalatedTo: ['leads'] },
    ]);
  });
});

test('messages of the thread are known by their timestamps, each once, whatever the state', () => {
  const message = (ts: string) => ({ name: 'Bo', slack: { team: 'T1', user: 'UBO' }, ts, text: 'Hm' });
  const discussed = (id: number, ...all: string[]) => g.record(id, { type: 'discussed', messages: all.map(message) });
  expect(
    stateOf([
      mend,
      discussed(2, '1.1', '1.2'),
      discussed(3, '1.2', '1.3'),
      g.record(4, { type: 'expired' }),
      discussed(5, '1.4'),
    ]).mirrored,
  ).toEqual(['1.1', '1.2', '1.3', '1.4']);
});

test('comments are answered once by whatever deed is on record for them, counted or not, open or not', () => {
  const refused: Event = { type: 'refused', code: 'not-eligible', decision: 'withdraw', account: 'github:101' };
  const state = stateOf([
    mend,
    said(2, f.inDialog('bo'), 'bo'),
    said(3, { type: 'withdrawn', person: 'bo', comment: '' }, 'bo'),
    said(4, refused, 'ana'),
    said(5, g.decided('eve'), 'eve'),
    said(6, { type: 'cancelled', reason: '' }, 'ana'),
    said(7, g.decided('cy', 'deny'), 'cy'),
    said(8, { type: 'withdrawn', person: 'bo', comment: '' }, 'bo'),
    { ...said(9, refused, 'ana') },
  ]);
  expect(state.answeredComments).toEqual(['c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9']);
  expect(state.refused).toEqual(['github:101']);
});

test('who had left when they tried is known from then on, each account once', () => {
  const refused = (id: number, code: 'left-group' | 'not-eligible', account: string) =>
    g.record(id, { type: 'refused', code, decision: 'deny', account });
  const state = stateOf([
    mend,
    refused(2, 'not-eligible', 'github:105'),
    refused(3, 'left-group', 'github:103'),
    refused(4, 'left-group', 'slack:T1/UCY'),
    refused(5, 'left-group', 'github:103'),
  ]);
  expect(state.gone).toEqual(['github:103', 'slack:T1/UCY']);
});

test('what the debug job signs answers no comment: it could hide a denial so', () => {
  const start = g.record(2, f.startOf(f.peek()), g.byGithub('bo', 'c7'));
  const end = g.record(3, g.ended(), g.byGithub('bo', 'c8'));
  expect(stateOf([g.record(1, f.peek()), start, end]).answeredComments).toEqual([]);
});
