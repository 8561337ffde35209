/** How much of a discussion a request's log holds: whoever decides waits until all of it is read. */
import { expect, test } from 'vitest';
import { decide } from '../../src/request/decide.ts';
import type { EventOf } from '../../src/request/events.ts';
import { fold } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const said = (n: number, length = 1): EventOf<'discussed'> => ({
  type: 'discussed',
  messages: [{ name: 'Bo', slack: { team: 'T1', user: 'UBO' }, ts: `${n}.1`, text: 'x'.repeat(length) }],
});
const BEFORE = (lengths: number[]) => [
  g.record(1, f.mend()),
  ...lengths.map((length, n) => g.record(n + 2, said(n, length))),
];
const oneMore = (lengths: number[], length: number) => {
  const { messages } = said(1_000, length);
  const outcome = decide(f.FULL, fold(f.FULL, BEFORE(lengths)), { type: 'discuss', messages }, { now: g.T0 });
  if (outcome.kind === 'nothing') return outcome.why;
  return outcome.kind === 'append' ? outcome.sentence : outcome.kind;
};
const ONE = '1 message of the thread in Slack put on record.';
const LAST = `${ONE} That is as much as a request holds; read the rest in Slack.`;
const FULL_UP = 'So much of the discussion is on record that the rest stays in Slack.';

test.each<[string, number[], number, string]>([
  ['of fifty records: the last but one', Array(48).fill(1), 1, ONE],
  ['of fifty records: the last', Array(49).fill(1), 1, LAST],
  ['of fifty records: no other', Array(50).fill(1), 1, FULL_UP],
  ['of 100,000 characters: one less', [60_000], 39_999, ONE],
  ['of 100,000 characters: the last', [60_000], 40_000, LAST],
  ['of 100,000 characters: no other', [60_000, 40_000], 1, FULL_UP],
])('the log holds so much %s', (_, lengths, length, told) => {
  expect(oneMore(lengths, length)).toBe(told);
});
