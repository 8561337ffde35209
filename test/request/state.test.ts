/** What the fold of a log may never come to, whatever the order of arrival and whoever writes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/request/decide.ts';
import type { Actor, Event } from '../../src/request/events.ts';
import { fold, type LoggedRecord, type State } from '../../src/request/state.ts';
import * as g from './given.ts';

const PEOPLE = ['ana', 'bo', 'cy', 'di', 'ed', 'nobody'];
const person = fc.constantFrom(...PEOPLE);
const actor: fc.Arbitrary<Actor> = fc
  .tuple(person, fc.boolean(), fc.integer({ min: 1, max: 6 }))
  .map(([who, slack, comment]) => (slack ? g.bySlack(who) : g.byGithub(who, String(comment), who.toUpperCase())));
const decision = fc.tuple(actor, fc.constantFrom('approve' as const, 'deny' as const));
const event: fc.Arbitrary<[Event, Actor]> = fc.oneof(
  { weight: 5, arbitrary: decision.map(([by, what]): [Event, Actor] => [g.decided(by.person ?? '', what), by]) },
  fc.tuple(person, actor).map(([who, by]): [Event, Actor] => [g.decided(who), by]),
  fc
    .constantFrom<Event>(
      g.opening(),
      g.opening({ runbook: 'repair' }),
      g.started(),
      g.started({ environment: 'staging' }),
      g.ended(),
      { type: 'expired' },
      { type: 'cancelled', reason: 'Stopped.' },
      { type: 'errored', code: 'slack', message: 'No card.' },
      { type: 'refusals-counted', counts: { 'github:999': 2 } },
      { type: 'refused', code: 'own-request', decision: 'approve', account: 'github:101' },
    )
    .map((one): [Event, Actor] => [one, g.bySlack('bo')]),
);
const seconds = fc.integer({ min: 2, max: g.EXPIRY_S + 100 });

/** Records after an opening, with ids in the order of their times, as GitHub gives them. */
const log = fc
  .array(fc.tuple(event, seconds), { maxLength: 10 })
  .map((events) => events.sort((a, b) => a[1] - b[1]).map(([[one, by], s], i) => g.record(i + 2, one, by, g.at(s))))
  .map((records) => [g.opened(), ...records]);

const stateOf = (records: readonly LoggedRecord[]): State => fold(g.POLICY, records);

test('§4.7 all readers come to the same state, in whatever order and however often the records arrive', () => {
  const arrival = log.chain((records) =>
    fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length }), fc.subarray(records)),
  );
  fc.assert(
    fc.property(arrival, ([records, shuffled, again]) => {
      expect(stateOf([...shuffled, ...again])).toEqual(stateOf(records));
    }),
  );
});

test('§4.3 §4.4 no forged or repeated decision of people who do not count reaches a quorum with one eligible human', () => {
  const one = fc.constantFrom('bo', 'cy', 'di');
  fc.assert(
    fc.property(
      one,
      fc.array(fc.tuple(fc.constantFrom('ana', 'ed', 'nobody', 'self'), actor), { maxLength: 12 }),
      (honest, tries) => {
        const records = tries.map(([who, by], i) => {
          // Only the honest one's own accounts may carry the honest name; all else is somebody who does not count.
          const writer =
            who === 'self' ? (i % 2 === 0 ? g.bySlack(honest) : g.byGithub(honest, '9', honest.toUpperCase())) : by;
          const claimed = who === 'self' ? honest : who;
          return g.record(i + 2, g.decided(claimed), writer);
        });
        expect(stateOf([g.opened(), ...records]).status).toBe('pending');
      },
    ),
  );
});

test('§4.3 §4.4 no sequence of presses and comments lets requester, actor, one human twice, bots or strangers approve', () => {
  const tryOf = fc.record({
    who: fc.constantFrom('ana', 'cy', 'bo', 'ed', 'nobody', 'bot'),
    slack: fc.boolean(),
    login: fc.constantFrom('bo-dev', 'BO-DEV', 'Bo-Dev', 'di-dev'),
  });
  // Cy owns the run, Ana asked: of all who try, Bo alone may approve, and two are needed.
  const first = g.opened({ actor: { id: 103, login: 'cy-dev', person: 'cy' } });
  const { digest, request } = g.opening({ actor: { id: 103, login: 'cy-dev', person: 'cy' } });
  fc.assert(
    fc.property(fc.array(tryOf, { maxLength: 12 }), (tries) => {
      const records = [first];
      for (const { who, slack, login } of tries) {
        const bot = who === 'bot';
        const name = bot ? 'di' : who;
        const by = slack && !bot ? g.bySlack(name) : g.byGithub(name, '1', login);
        const command = {
          ...(slack ? g.press(name) : g.written(name)),
          ...{ by: { github: by.github, slack: by.slack, via: by.via, evidence: by.evidence }, bot },
          claim: slack ? { request: request.id, digest, policyBlob: request.policy.blob } : null,
        };
        const outcome = decide(g.POLICY, stateOf(records), command, { now: g.T0 + 10_000 });
        const events = outcome.kind === 'append' ? outcome.events : outcome.kind === 'refuse' ? [outcome.record] : [];
        const signer = outcome.kind === 'append' ? outcome.person : null;
        for (const one of events)
          if (one !== null) records.push(g.record(records.length + 1, one, { ...by, person: signer }));
      }
      expect(stateOf(records).status).toBe('pending');
    }),
  );
});

test('§4.3 "one of Bo and one of security" needs two humans although Bo is in security', () => {
  const vault = g.opened({ target: 'vault', environment: 'vault' });
  expect(stateOf([vault, g.approval(2, 'bo'), g.record(3, g.decided('bo'), g.byGithub('bo'))]).status).toBe('pending');
  expect(stateOf([vault, g.approval(2, 'di'), g.approval(3, 'bo')]).status).toBe('approved');
});

test('one more approval never takes an approval back', () => {
  const approvals = fc.array(actor, { maxLength: 8 });
  fc.assert(
    fc.property(approvals, fc.array(actor, { maxLength: 4 }), (before, after) => {
      const records = [g.opened(), ...before.map((by, i) => g.record(i + 2, g.decided(by.person ?? ''), by))];
      const more = after.map((by, i) => g.record(i + 20, g.decided(by.person ?? ''), by));
      if (stateOf(records).status === 'approved') expect(stateOf([...records, ...more]).status).toBe('approved');
    }),
  );
});

test('§4.7 a denial in time before the start always wins, wherever it stands', () => {
  const approvals = fc.array(actor, { maxLength: 6 });
  fc.assert(
    fc.property(approvals, fc.constantFrom('bo', 'cy', 'di'), fc.nat(), (before, denier, place) => {
      const records = before.map((by, i) => g.record(10 * i + 10, g.decided(by.person ?? ''), by));
      const no = g.denial((place % (10 * before.length + 10)) + 1.5, denier);
      const state = stateOf([g.opened(), ...records, { ...no, createdAt: g.at(1) }, g.record(900, g.started())]);
      expect(state).toMatchObject({ status: 'denied', denial: { person: denier } });
    }),
  );
});

test('no decision and no start counts from the instant of expiry on', () => {
  const late = fc.integer({ min: g.EXPIRY_S, max: 10 * g.EXPIRY_S });
  const deed = fc.oneof(
    decision.map(([by, what]): [Event, Actor] => [g.decided(by.person ?? '', what), by]),
    fc.constant<[Event, Actor]>([g.started(), g.bySlack('bo')]),
  );
  fc.assert(
    fc.property(log, fc.array(fc.tuple(deed, late), { maxLength: 6 }), (records, after) => {
      const before = records.filter(({ createdAt }) => Date.parse(createdAt) < g.T0 + g.EXPIRY_S * 1000);
      const tail = after.map(([[one, by], s], i) => g.record(100 + i, one, by, g.at(s)));
      const [left, right] = [stateOf(before), stateOf([...before, ...tail])];
      expect(right.status).toBe(left.status);
      if (left.status !== 'none' && right.status !== 'none') expect(right.decisions).toEqual(left.decisions);
    }),
  );
});

test('§4.2 the start with the lowest comment id counts, a second never does', () => {
  const more = fc.array(fc.constantFrom<Event>(g.started(), g.started({ checkRun: '56' }), g.ended()), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(more, (events) => {
      const approved = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy'), g.record(4, g.started())];
      const state = stateOf([...approved, ...events.map((one, i) => g.record(i + 5, one))]);
      expect(state).toMatchObject({ start: { commentId: 4 } });
      expect(['running', 'finished']).toContain(state.status);
    }),
  );
});

test.each([
  ['another digest', { digest: `sha256:${'0'.repeat(64)}` }],
  ['another run', { run: { id: 9002, attempt: 1 } }],
  ['another attempt', { run: { id: 9001, attempt: 2 } }],
  ['another environment', { environment: 'staging' }],
])('§4.1 a start for %s starts nothing', (_, change) => {
  const records = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy'), g.record(4, g.started(change))];
  expect(stateOf(records).status).toBe('approved');
});

test('§4.1 GitHub tells no difference between Production and production, so a start in either counts', () => {
  const start = g.record(4, g.started({ environment: 'PRODUCTION' }));
  expect(stateOf([g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy'), start]).status).toBe('running');
});

test('a start before the approval starts nothing later either', () => {
  const records = [g.opened(), g.record(2, g.started()), g.approval(3, 'bo'), g.approval(4, 'cy')];
  expect(stateOf(records).status).toBe('approved');
});

test('an end without a start ends nothing', () => {
  const approved = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy')];
  expect(stateOf([...approved, g.record(4, g.ended())])).toEqual(stateOf(approved));
  expect(stateOf([g.opened(), g.record(2, { type: 'expired' }), g.record(3, g.ended())]).status).toBe('expired');
});

test('only what came as an issue comment answers one: else a press could hide a denial', () => {
  const press = { ...g.bySlack('bo'), evidence: { action: '1.1', comment: '7' } };
  const records = [g.opened(), g.record(2, g.decided('bo'), press), g.approval(3, 'cy')];
  expect(stateOf(records)).toMatchObject({ status: 'approved', answeredComments: [] });
});

test('a decision signed as another person than the account that made it counts for nobody', () => {
  const records = [g.opened(), g.approval(2, 'bo'), g.record(3, g.decided('cy'), g.bySlack('bo'))];
  expect(stateOf(records).status).toBe('pending');
});

test('whoever was not asked when the request was opened does not count later', () => {
  const narrow = g.record(1, { ...g.opening(), approvers: ['bo', 'cy'] });
  expect(stateOf([narrow, g.approval(2, 'bo'), g.approval(3, 'di')]).status).toBe('pending');
});

test('silence is never consent: without any decision a request is pending until it expires', () => {
  expect(stateOf([g.opened()]).status).toBe('pending');
  expect(stateOf([g.opened(), g.record(2, { type: 'expired' })]).status).toBe('expired');
});
