/** An event of a record holds exactly its fields: one less, one more or one of another kind and it is none. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Event } from '../../src/request/events.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const MESSAGE = { name: 'Bo', slack: { team: 'T1', user: 'UBO' }, ts: '1740909600.000200', text: 'Hm' };
const EVENTS: { readonly [type in Event['type']]: Event } = {
  requested: { ...f.mend(), earlier: [{ issue: 11, head: null, length: 0 }], notices: ['Mind the gap.'] },
  decided: f.inDialog('bo'),
  withdrawn: { type: 'withdrawn', person: 'bo', comment: 'Too quick' },
  reminded: { type: 'reminded', step: 1, people: ['bo'], escalatedTo: ['leads'] },
  discussed: { type: 'discussed', messages: [MESSAGE] },
  reviewed: { type: 'reviewed', person: 'di', comment: 'A stuck lock' },
  'review-overdue': { type: 'review-overdue' },
  refused: { type: 'refused', code: 'own-request', decision: 'approve', account: 'github:101' },
  'refusals-counted': { type: 'refusals-counted', counts: { 'github:101': 2 } },
  started: f.startOf(f.mend()),
  ended: g.ended({ transcript: g.opening().digest, redactions: { token: 1 } }),
  expired: { type: 'expired' },
  cancelled: { type: 'cancelled', reason: 'Stopped.' },
  errored: { type: 'errored', code: 'slack', message: 'No card.' },
  purge: { type: 'purge', parts: ['slack'], items: [{ kind: 'card', id: 'C1/1.1', sha256: g.opening().digest }] },
  purged: { type: 'purged', parts: [], items: [{ kind: 'card', id: 'C1/1.1', gone: false, why: 'It is not in C1.' }] },
};
const taken = (event: unknown) => v.safeParse(Event, event).success;

describe.each(Object.entries(EVENTS))('an event "%s"', (_, event) => {
  test('is taken as it is', () => {
    expect(v.parse(Event, event)).toEqual(event);
  });

  test('with a further field is refused', () => {
    expect(taken({ ...event, more: 1 })).toBe(false);
  });

  test('with a field less, or another kind of value in it, is refused', () => {
    for (const name of Object.keys(event)) {
      const others = Object.entries(event).filter(([key]) => key !== name);
      expect(taken(Object.fromEntries(others)), `without ${name}`).toBe(false);
      expect(taken({ ...event, [name]: false }), `false as ${name}`).toBe(false);
    }
  });
});

test.each<[string, unknown]>([
  ['a kind that does not exist', { type: 'approved' }],
  ['a decision that is neither', { ...g.decided('bo'), decision: 'withdraw' }],
  ['a hash of another length', { ...g.decided('bo'), shown: 'sha256:abc' }],
  ['a refusal for no known reason', { ...EVENTS.refused, code: 'mood' }],
  ['a reminder before the first', { ...EVENTS.reminded, step: -1 }],
  ['half a reminder', { ...EVENTS.reminded, step: 1.5 }],
  ['an end that is neither', { ...g.ended(), outcome: 'running' }],
  ['an end by nothing known', { ...g.ended(), reason: 'mood' }],
  ['a message with a further field', { type: 'discussed', messages: [{ ...MESSAGE, more: 1 }] }],
])('%s is no event', (_, event) => {
  expect(taken(event)).toBe(false);
});
