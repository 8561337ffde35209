/** Break-glass: approved at once where the policy allows it, and reviewed afterwards by somebody else. */
import { describe, expect, test } from 'vitest';
import { mayBreakGlass } from '../../src/policy/requesters.ts';
import type { Policy } from '../../src/policy/schema.ts';
import type { Event, EventOf } from '../../src/request/events.ts';
import { fold, type LoggedRecord, type OpenedState, reviewOf } from '../../src/request/state.ts';
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
const START = (opening = f.broken()) => g.record(10, f.startOf(opening));
const BROKEN = g.record(1, f.broken());
const OVER = [BROKEN, START(), g.record(11, g.ended())];
const reviewed = (person: string, comment = 'A stuck lock'): Event => ({ type: 'reviewed', person, comment });
const DAY_S = 86_400;

const WITHOUT: Policy = { ...f.FULL, breakGlass: null };
function refusedFor(person: string, runbook: string, target: string): string {
  const permission = mayBreakGlass(f.FULL, person, runbook, target);
  if (permission.ok) throw new Error(`${person} may break the glass.`);
  return permission.message;
}

describe('a break-glass', () => {
  const verdict = (opening: EventOf<'requested'>, policy = f.FULL) => stateOf([g.record(1, opening)], policy).verdict;
  const allowed =
    'Break-glass: nobody approved beforehand; one of Bo, Cy, Di, Ed must sign the after-review within 1d of the start.';

  test('is approved at once where the policy allows it', () => {
    const { status, verdict } = stateOf([BROKEN]);
    expect({ status, verdict }).toEqual({
      status: 'approved',
      verdict: { status: 'met', sentence: allowed, children: [] },
    });
  });

  test.each<[string, EventOf<'requested'>, Policy, string]>([
    ['the policy has none', f.broken(), WITHOUT, 'The policy has no `break-glass`.'],
    [
      'the requester may not',
      f.broken({ requester: { id: 103, login: 'cy-dev', person: 'cy' } }),
      f.FULL,
      refusedFor('cy', 'turn', 'production'),
    ],
    [
      'it is another target',
      f.broken({ runbook: 'peek', target: 'staging' }),
      f.FULL,
      refusedFor('ana', 'peek', 'staging'),
    ],
    [
      'the reason is too short',
      f.broken({ reason: '  Orders hang, I say  ' }),
      f.FULL,
      'Its reason must have at least 20 characters.',
    ],
  ])('is blocked where %s, however many approve', (_, opening, policy, why) => {
    const blocked = { status: 'blocked', sentence: `Break-glass is not allowed here. ${why}`, children: [] };
    expect(verdict(opening, policy)).toEqual(blocked);
    const records = [g.record(1, opening), f.approval(2, 'bo', opening), f.approval(3, 'di', opening), START(opening)];
    expect(stateOf(records, policy)).toMatchObject({ status: 'pending', verdict: blocked });
  });

  test('may have a reason of exactly the length that the policy wants, counted in characters', () => {
    expect(verdict(f.broken({ reason: ' Orders hang, I say 🔥 ' })).status).toBe('met');
    expect(verdict(f.broken({ reason: ' Orders hang, I say🔥 ' })).status).toBe('blocked');
  });

  test('says who approves it all the same; that changes nothing else', () => {
    const records = [BROKEN, f.approval(2, 'bo', f.broken()), f.approval(3, 'di', f.broken())];
    const sentence = allowed.replace('nobody approved', 'only Bo, Di approved');
    expect(stateOf(records)).toMatchObject({ status: 'approved', verdict: { status: 'met', sentence } });
  });

  test('that nobody else could review says so', () => {
    const policy = f.fullWith('review: { by: [leads, sre, ana]', 'review: { by: [sre, ana]');
    expect(verdict({ ...f.broken(), members: {} }, policy).sentence).toBe(
      'Break-glass: nobody approved beforehand; nobody else is left to sign the after-review within 1d of the start.',
    );
  });
});

describe('the after-review', () => {
  const due = (records: LoggedRecord[], policy = f.FULL) => reviewOf(policy, stateOf(records, policy));
  const by = ['bo', 'cy', 'di', 'ed'];
  const dueAt = g.T0 + 10_000 + DAY_S * 1000;

  test('is due from the start of a break-glass, counted from the time of its record', () => {
    expect(due([BROKEN])).toBeNull();
    expect(due([BROKEN, START()])).toEqual({ by, dueAt, signed: null, overdue: false });
    expect(reviewOf(WITHOUT, stateOf([BROKEN, START()]))).toBeNull();
    expect(due(OVER)).toEqual({ by, dueAt, signed: null, overdue: false });
    expect(due([mend, f.approval(2, 'bo'), f.approval(3, 'cy'), START(f.mend())])).toBeNull();
  });

  test('is due also where the debug job says that it ran nothing: that is its own word', () => {
    const refused = { ...g.ended(), outcome: 'failed' as const, reason: 'refused' as const };
    expect(due([BROKEN, START(), g.record(11, refused)])).toEqual({ by, dueAt, signed: null, overdue: false });
  });

  test('is never the requester’s, nor of whoever the run belongs to', () => {
    const opening = f.broken({ actor: { id: 104, login: 'di-dev', person: 'di' } });
    expect(due([g.record(1, opening), START(opening)])?.by).toEqual(['bo', 'cy', 'ed']);
  });

  test('is signed once, with who, when and what was found', () => {
    const first = said(12, reviewed('cy'), 'cy');
    const state = stateOf([...OVER, first, said(13, reviewed('di', 'Something else'), 'di')]);
    expect(state).toMatchObject({ status: 'finished', answeredComments: ['c12', 'c13'] });
    const signed = { person: 'cy', name: 'Cy', at: g.at(12), comment: 'A stuck lock' };
    expect(state.review).toEqual(signed);
    expect(reviewOf(f.FULL, state)).toEqual({ by, dueAt, signed, overdue: false });
  });

  test.each<[string, LoggedRecord[]]>([
    ['by the requester', [...OVER, said(12, reviewed('ana'), 'ana')]],
    ['by nobody of the policy', [...OVER, said(12, reviewed('eve'), 'eve')]],
    ['in another’s name', [...OVER, said(12, reviewed('cy'), 'di')]],
    ['without a word', [...OVER, said(12, reviewed('cy', '1 . a'), 'cy')]],
    ['while the job runs', [BROKEN, START(), said(12, reviewed('cy'), 'cy')]],
    ['before it started', [BROKEN, said(2, reviewed('cy'), 'cy'), START(), g.record(11, g.ended())]],
    [
      'of no break-glass',
      [g.record(1, f.peek()), START(f.peek()), g.record(11, g.ended()), said(12, reviewed('di'), 'di')],
    ],
  ])('%s is none', (_, records) => {
    expect(stateOf(records).review).toBeNull();
  });

  test('of a failed job is signed as of a finished one', () => {
    const failed = [BROKEN, START(), g.record(11, g.ended({ outcome: 'failed', reason: 'interrupted' }))];
    expect(stateOf([...failed, said(12, reviewed('cy'), 'cy')])).toMatchObject({
      status: 'failed',
      review: { person: 'cy' },
    });
  });

  test('is overdue once a record says so after its time, unless it was signed before', () => {
    const late = (seconds: number, id = 20) => ({
      ...g.record(id, { type: 'review-overdue' }),
      createdAt: g.at(seconds),
    });
    expect(stateOf([...OVER, late(DAY_S + 10)]).overdue).toBe(false);
    expect(stateOf([...OVER, late(DAY_S + 11)]).overdue).toBe(true);
    expect(stateOf([...OVER, said(12, reviewed('cy'), 'cy'), late(DAY_S + 11)]).overdue).toBe(false);
    expect(stateOf([mend, late(DAY_S + 11)]).overdue).toBe(false);
    const after = said(21, reviewed('cy'), 'cy');
    expect(due([...OVER, late(DAY_S + 11), { ...after, createdAt: g.at(DAY_S + 20) }])).toMatchObject({
      overdue: true,
      signed: { person: 'cy' },
    });
  });
});
