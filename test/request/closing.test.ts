/** What the product itself says when a request expires, is cancelled, ends in an error or its job ends, and when it may not. */
import { expect, test } from 'vitest';
import { type Command, decide, type Outcome } from '../../src/request/decide.ts';
import type { Event } from '../../src/request/events.ts';
import { fold, type LoggedRecord } from '../../src/request/state.ts';
import * as g from './given.ts';

const OVER = g.T0 + g.EXPIRY_S * 1000;
const when = (records: LoggedRecord[], command: Command, now = OVER): Outcome =>
  decide(g.POLICY, fold(g.POLICY, records), command, { now });

const PENDING = [g.opened()];
const RUNNING = [...PENDING, g.approval(2, 'bo'), g.approval(3, 'cy'), g.record(4, g.started())];
const DENIED = [...PENDING, g.denial(2, 'bo')];
const EXPIRE: Command = { type: 'expire' };
const CANCEL: Command = { type: 'cancel', reason: 'The workflow run was cancelled.' };
const FAIL: Command = { type: 'fail', code: 'slack', message: 'Slack does not answer.' };
const END: Command = { type: 'end', ended: g.ended() };

test.each<[string, LoggedRecord[], Command, Event, string]>([
  ['expires', PENDING, EXPIRE, { type: 'expired' }, 'This request expired; silence is never consent.'],
  [
    'is cancelled',
    PENDING,
    CANCEL,
    { type: 'cancelled', reason: 'The workflow run was cancelled.' },
    'This request was cancelled.',
  ],
  [
    'ends in an error',
    PENDING,
    FAIL,
    { type: 'errored', code: 'slack', message: 'Slack does not answer.' },
    'This request ended in an error; nothing runs.',
  ],
  ['has run', RUNNING, END, g.ended(), 'The debug job finished with exit code 0.'],
])(
  'a request that %s gets one record of it, with one sentence in the product’s name',
  (_, records, command, event, sentence) => {
    expect(when(records, command)).toEqual({
      kind: 'append',
      events: [event],
      sentence,
      person: null,
      name: 'Debug Approval',
    });
  },
);

test.each<[string, LoggedRecord[], Command, number, string]>([
  ['a second opening', PENDING, { type: 'open', opening: g.opening() }, g.T0, 'This issue already holds a request.'],
  ['an end of what never ran', PENDING, END, g.T0, 'The request is pending, not running.'],
  ['an expiry before its time', PENDING, EXPIRE, OVER - 1, `The request is open until ${g.at(g.EXPIRY_S)}.`],
  ['an expiry of what is denied', DENIED, EXPIRE, OVER, 'The request is denied.'],
  ['a cancellation of what runs', RUNNING, CANCEL, OVER, 'The request is running.'],
  ['an error of what is denied', DENIED, FAIL, OVER, 'The request is denied.'],
])('%s gets no record, and the log of the job says why', (_, records, command, now, why) => {
  expect(when(records, command, now)).toEqual({ kind: 'nothing', why });
});
