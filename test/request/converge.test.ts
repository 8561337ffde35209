/** What no order, repetition, lag or interleaving of deeds from any channel may ever come to. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event, EventOf } from '../../src/request/events.ts';
import type { LoggedRecord } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';
import { deedlet, type Happened, live, stateOf } from './town.ts';

const OPENING = f.mend();
const FIRST = g.record(1, OPENING);
const deeds = fc.array(deedlet, { maxLength: 16 });
const state = (records: readonly LoggedRecord[]) => stateOf(f.FULL, [FIRST, ...records]);
const recordsOf = (happened: readonly Happened[]) => happened.map(({ record }) => record);

test('§4.7 all readers fold to the same state, whoever wrote what by how stale a reading, in whatever order it arrives', () => {
  const story = deeds.chain((all) => {
    const records = recordsOf(live(f.FULL, OPENING, all));
    return fc.tuple(
      fc.constant(records),
      fc.shuffledSubarray([FIRST, ...records], { minLength: records.length + 1 }),
      fc.subarray(records),
    );
  });
  fc.assert(
    fc.property(story, ([records, shuffled, again]) => {
      const whole = state(records);
      const { decisions, ...rest } = stateOf(f.FULL, [...shuffled, ...again]);
      expect({ decisions, ...rest }).toEqual(whole);
    }),
  );
});

/** The humans whose last word is a proper approval, by the deeds alone: an oracle that knows nothing of the fold. */
function standing(happened: readonly Happened[]): { approvers: Set<string>; deniers: Set<string> } {
  const approvers = new Set<string>();
  const deniers = new Set<string>();
  for (const { record, deed } of happened) {
    const [event] = record.record.events;
    if (event?.type === 'withdrawn') approvers.delete(deed.who);
    if (event?.type !== 'decided' || Date.parse(record.createdAt) >= Date.parse(OPENING.request.expiresAt)) continue;
    if (!mayStill(deed.who, deed.left) || deed.bot || deniers.has(deed.who)) continue;
    if (event.decision === 'approve' && deed.proper && ['slack-dialog', 'issue-comment'].includes(deed.via)) {
      approvers.add(deed.who);
    }
    if (event.decision === 'deny') {
      approvers.delete(deed.who);
      deniers.add(deed.who);
    }
  }
  return { approvers, deniers };
}

/** Bo is in two groups, Cy in one; Di and Ed are listed. */
function mayStill(who: string, left: readonly string[]): boolean {
  if (who === 'bo') return left.length < 2;
  if (who === 'cy') return !left.includes('sre');
  return who === 'di' || who === 'ed';
}

test('§4.3 §4.4 no sequence lets a requester, one human twice, a bot or a removed member reach a quorum', () => {
  let approved = 0;
  fc.assert(
    fc.property(deeds, (all) => {
      const happened = live(f.FULL, OPENING, all);
      for (let length = 0; length <= happened.length; length += 1) {
        const so = happened.slice(0, length);
        const { status, decisions } = state(recordsOf(so));
        const people = decisions.map(({ person }) => person);
        expect(new Set(people).size).toBe(people.length);
        if (status !== 'approved' && status !== 'pending') break;
        const { approvers, deniers } = standing(so);
        const counted = decisions.filter(({ decision }) => decision === 'approve').map(({ person }) => person);
        expect(new Set(counted)).toEqual(approvers);
        expect(decisions.filter(({ decision }) => decision === 'deny')).toHaveLength(deniers.size);
        expect(status).toBe(approvers.size >= 2 ? 'approved' : 'pending');
        approved += status === 'approved' ? 1 : 0;
      }
    }),
    { numRuns: 200 },
  );
  expect(approved).toBeGreaterThan(0);
});

test('§4.7 what reached its quorum of denials before the start never starts, and what started is denied no more', () => {
  const denials = fc.shuffledSubarray(['bo', 'cy', 'di', 'ed'], { minLength: 2 });
  fc.assert(
    fc.property(deeds, denials, fc.nat({ max: 20 }), (all, deniers, place) => {
      const happened = recordsOf(live(f.FULL, OPENING, all)).filter(({ createdAt }) => createdAt < g.at(14_000));
      const before = happened.slice(0, place);
      const no = deniers.map((person, index) => ({
        ...f.denial(before.length + 2 + index, person),
        createdAt: g.at(14_000),
      }));
      const start = { ...g.record(90, f.startOf(OPENING)), createdAt: g.at(14_001) };
      const open = ['pending', 'approved'].includes(state(before).status);
      const after = state([...before, ...no, start]);
      if (open) expect(after.status).toBe('denied');
      else expect(after.status).toBe(state(before).status);
    }),
  );
});

const approvals = fc.array(fc.constantFrom('bo', 'cy', 'di', 'ed', 'ana'), { maxLength: 6 });
const approve = (people: readonly string[], from: number) =>
  people.map((person, index) => f.approval(from + index, person));

test('one more approval never takes an approval back, in whatever manner and by whomever it is given', () => {
  fc.assert(
    fc.property(deeds, deedlet, (all, more) => {
      const happened = recordsOf(live(f.FULL, OPENING, all));
      if (state(happened).status !== 'approved') return;
      const event: Event = { ...g.decided(more.who), left: more.left };
      const one = g.record(happened.length + 2, event, f.by(more.who, more.via), g.at(14_399));
      const proper = f.approval(happened.length + 3, more.who);
      expect(state([...happened, one]).status).toBe('approved');
      expect(state([...happened, proper]).status).toBe('approved');
    }),
  );
});

test('an approval that was withdrawn never counts, until its author approves anew', () => {
  fc.assert(
    fc.property(approvals, fc.constantFrom('bo', 'cy', 'di', 'ed'), (people, person) => {
      const before = approve(people, 2);
      const after = state([...before, f.withdrawal(20, person)]);
      const without = state(
        approve(
          people.filter((one) => one !== person),
          2,
        ),
      );
      expect(after.verdict).toEqual(without.verdict);
      expect(after.status).toBe(without.status);
      expect(after.decisions.map((one) => one.person)).not.toContain(person);
      const anew = state([...before, f.withdrawal(20, person), f.approval(21, person)]);
      expect(anew.verdict).toEqual(state(approve([...people.filter((one) => one !== person), person], 2)).verdict);
    }),
  );
});

test('a break-glass that the policy does not allow is never approved, whatever anybody does', () => {
  const forbidden: EventOf<'requested'>[] = [
    f.broken({ reason: 'too short' }),
    f.broken({ target: 'staging', environment: 'staging' }),
    f.broken({ requester: { id: 104, login: 'di-dev', person: 'di' } }),
  ];
  fc.assert(
    fc.property(deeds, fc.constantFrom(...forbidden), (all, opening) => {
      const happened = recordsOf(live(f.FULL, opening, all));
      const proper = ['bo', 'cy', 'di', 'ed'].map((person, index) => f.approval(60 + index, person, opening));
      const start = g.record(90, f.startOf(opening), undefined, g.at(14_399));
      const { status } = stateOf(f.FULL, [g.record(1, opening), ...happened, ...proper, start]);
      expect(['approved', 'running', 'finished', 'failed']).not.toContain(status);
    }),
  );
});

test('where a dialog is wanted no approval counts without the hash of what it showed and every item ticked', () => {
  const hash = f.inDialog('bo').shown;
  const wrong = fc.record({
    person: fc.constantFrom('bo', 'cy', 'di', 'ed'),
    via: fc.constantFrom(
      'slack-button' as const,
      'slack-dialog' as const,
      'slack-thread' as const,
      'slash-command' as const,
      'issue-comment' as const,
      'gateway' as const,
      'workflow' as const,
    ),
    shown: fc.constantFrom(null, hash, f.inDialog('bo', f.turn()).shown, `sha256:${'0'.repeat(64)}`),
    checklist: fc.subarray([...f.CHECKLIST, 'Something else']),
  });
  const isProper = ({ via, shown, checklist }: { via: string; shown: string | null; checklist: string[] }) =>
    f.CHECKLIST.every((item) => checklist.includes(item)) &&
    (via === 'issue-comment' || (via === 'slack-dialog' && shown === hash));
  fc.assert(
    fc.property(fc.array(wrong, { maxLength: 8 }), (tries) => {
      const records = tries.map(({ person, via, shown, checklist }, index) =>
        g.record(index + 2, { ...g.decided(person), shown, checklist }, f.by(person, via)),
      );
      const expected = new Set(tries.filter(isProper).map(({ person }) => person));
      expect(new Set(state(records).decisions.map(({ person }) => person))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
