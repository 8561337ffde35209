/** What other systems are told of a log: every record, in order, with what it did to the request. */
import { expect, test } from 'vitest';
import { auditedRecords, mainEvent } from '../../src/audit/record.ts';
import type { Event } from '../../src/request/events.ts';
import { fold } from '../../src/request/state.ts';
import * as f from '../request/full.ts';
import * as g from '../request/given.ts';
import { STORIES } from '../request/stories.ts';
import { lastOf, PLACE, toldOf } from './given.ts';

const log = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy'), g.record(4, g.started()), g.record(5, g.ended())];

test('each record says how the request stood before and after it', () => {
  expect(toldOf(log).map(({ before, status }) => [before, status])).toEqual([
    [null, 'pending'],
    ['pending', 'pending'],
    ['pending', 'approved'],
    ['approved', 'running'],
    ['running', 'finished'],
  ]);
});

test.each(Object.entries(STORIES))(
  '%s: the status after the last record is the one that every reader folds',
  (_, records) => {
    for (const policy of [g.POLICY, f.FULL]) {
      const sorted = [...records].sort((one, other) => one.commentId - other.commentId);
      expect(lastOf(sorted, policy).status).toBe(fold(policy, records).status);
    }
  },
);

test('records are told in the order of their comments, whatever the order in which they are given', () => {
  const entries = toldOf(log).map(({ entry }) => entry);
  expect(auditedRecords(PLACE, [...entries].reverse(), g.POLICY)).toEqual(toldOf(log));
});

test('an empty log tells nothing', () => {
  expect(auditedRecords(PLACE, [], g.POLICY)).toEqual([]);
});

test('a log that opens no request is refused by the comment that should have opened it', () => {
  const [, ...rest] = toldOf(log).map(({ entry }) => entry);
  expect(() => auditedRecords(PLACE, rest, g.POLICY)).toThrow(
    'The oldest record of issue 17 (comment 2) opens no request.',
  );
});

test('a record with several events is named by what changed the request most, not by what accompanies it', () => {
  const counted: Event = { type: 'refusals-counted', counts: { 'slack:T1/UANA': 2 } };
  const { entry } = lastOf(log.slice(0, 2));
  const named = (...events: Event[]) => mainEvent({ ...entry.record, events }).type;
  expect(named(counted, g.decided('bo'))).toBe('decided');
  expect(named(g.decided('bo'), counted)).toBe('decided');
  expect(named(counted, { type: 'expired' }, g.ended())).toBe('ended');
});
