/** When those who may still decide are reminded, and when the others are asked too. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eligibleApprovers } from '../../src/policy/evaluate.ts';
import type { Requirement } from '../../src/policy/requirement.ts';
import type { Policy } from '../../src/policy/schema.ts';
import { verdictOver } from '../../src/request/counting.ts';
import { dueReminder, nextReminderAt, pingedBy } from '../../src/request/deadlines.ts';
import { decide } from '../../src/request/decide.ts';
import { askOf, fold, type LoggedRecord, type OpenedState } from '../../src/request/state.ts';
import { policyOf } from '../policy/sample.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const stateOf = (records: LoggedRecord[], policy: Policy = f.FULL): OpenedState => {
  const state = fold(policy, records);
  if (state.status === 'none') throw new Error('There is no opening.');
  return state;
};
const minutes = (count: number) => g.T0 + count * 60_000;
const due = (records: LoggedRecord[], atMinute: number, policy = f.FULL) =>
  dueReminder(policy, stateOf(records, policy), minutes(atMinute));
const next = (records: LoggedRecord[], policy = f.FULL) => {
  const time = nextReminderAt(policy, stateOf(records, policy));
  return time === null ? null : (time - g.T0) / 60_000;
};
const reminded = (id: number, step: number, escalatedTo: string[] = []) =>
  g.record(id, { type: 'reminded', step, people: ['bo'], escalatedTo });

const MEND = [g.record(1, f.mend())];
const ESCALATED = [...MEND, reminded(2, 2, ['leads'])];
const ONLY_REMINDERS: Policy = { ...f.FULL, escalation: null };
const ONLY_ESCALATION: Policy = { ...f.FULL, reminders: null };
const NEITHER: Policy = { ...f.FULL, reminders: null, escalation: null };

describe('a reminder', () => {
  test('is due after the first pause, and each pause is twice as long', () => {
    const step = (minute: number) => due(MEND, minute, ONLY_REMINDERS)?.step ?? null;
    expect([0, 9.99, 10, 29.99, 30, 69.99, 70, 200].map(step)).toEqual([null, null, 1, 1, 2, 2, 3, 3]);
  });

  test('goes to those who are pinged: nobody quiet, nobody of the escalation before it', () => {
    expect(due(MEND, 10)).toEqual({ step: 1, people: ['bo'], escalatedTo: [] });
  });

  test('that was sent is due no more; of several that nobody sent only the last is', () => {
    expect(due([...MEND, reminded(2, 1)], 29, ONLY_REMINDERS)).toBeNull();
    expect(due([...MEND, reminded(2, 1)], 30, ONLY_REMINDERS)).toMatchObject({ step: 2 });
    expect(due(MEND, 70, ONLY_REMINDERS)).toMatchObject({ step: 3 });
    expect(due([...MEND, reminded(2, 3), reminded(3, 2)], 200, ONLY_REMINDERS)).toBeNull();
  });

  test('is for nobody who decided, and for nobody whose approval would change nothing', () => {
    const all: Policy = { ...ONLY_REMINDERS, ...f.fullWith(', quiet: [cy]', ''), escalation: null };
    expect(due(MEND, 10, all)?.people).toEqual(['bo', 'cy', 'di', 'ed']);
    expect(due([...MEND, f.approval(2, 'bo')], 10, all)?.people).toEqual(['cy', 'di', 'ed']);
    expect(due([...MEND, f.denial(2, 'di')], 10, all)?.people).toEqual(['bo', 'cy', 'ed']);
    const both = {
      ...f.fullWith('count: 2, of: [sre, oncall, leads]', 'all: [{ count: 1, of: sre }, { count: 1, of: leads }]'),
      escalation: null,
    };
    const policy: Policy = { ...both, slack: { channel: 'C0APPROVE', quiet: [], mirror: false, lastLines: 0 } };
    expect(due([...MEND, f.approval(2, 'bo')], 10, policy)?.people).toEqual(['di', 'ed']);
    expect(due([...MEND, f.approval(2, 'ed')], 10, policy)?.people).toEqual(['bo', 'cy']);
    expect(due([...MEND, f.approval(2, 'bo'), f.denial(3, 'di')], 10, policy)?.people).toEqual(['ed']);
  });

  test('counts what somebody left: who could take their place is asked', () => {
    const both: Policy = {
      ...f.fullWith('count: 2, of: [sre, oncall, leads]', 'all: [{ count: 1, of: sre }, { count: 1, of: oncall }]'),
      escalation: null,
    };
    const policy: Policy = { ...both, slack: { channel: 'C0APPROVE', quiet: [], mirror: false, lastLines: 0 } };
    const opening = { ...f.mend(), approvers: ['bo', 'cy'] };
    const left = g.record(2, { ...f.inDialog('bo'), left: ['sre'] }, f.by('bo', 'slack-dialog'));
    expect(due([g.record(1, opening), left], 10, policy)?.people).toEqual(['cy']);
  });

  test('is for those only who were asked at the opening and may decide', () => {
    const opening = { ...f.mend(), approvers: ['di', 'ana', 'ed'] };
    expect(due([g.record(1, opening)], 30)?.people).toEqual(['di', 'ed']);
  });

  test('that would reach nobody is none, neither now nor later', () => {
    const records = [...MEND, f.denial(2, 'bo')];
    expect(due(records, 10)).toBeNull();
    const nobody = [g.record(1, { ...f.mend(), approvers: [] })];
    expect(due(nobody, 30)).toBeNull();
    expect(next(nobody)).toBeNull();
  });
});

describe('of many', () => {
  const crowd = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`);
  const withCrowd = (persons: string[]) => {
    const people = persons.map((key, n) => `  ${key}: { name: ${key}, github: { id: ${1_000 + n}, login: ${key} } }\n`);
    const text = g.POLICY_TEXT.replace('people:\n', `people:\n${people.join('')}`);
    return policyOf(text.replace('expiry: 2h', 'reminders: { after: 10m, times: 3 }\nexpiry: 2h'));
  };

  test('each who can still help is reminded, in a moment', () => {
    const all = crowd(1_000);
    const rule = { name: 'Two', require: { count: 2, of: all } };
    const policy: Policy = { ...withCrowd(all), rules: [rule] };
    const records = [g.record(1, { ...g.opening(), approvers: all }), g.record(2, g.decided('p7'), g.byGithub('p7'))];
    expect(due(records, 10, policy)?.people).toEqual(all.filter((person) => person !== 'p7'));
    expect(next(records, policy)).toBe(10);
  });

  const persons = crowd(7);
  const base = withCrowd(persons);
  const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => {
    const nested = fc.array(tie('requirement'), { minLength: 1, maxLength: 3 });
    const of = fc.uniqueArray(fc.constantFrom(...persons, 'odd', 'low'), { minLength: 1, maxLength: 3 });
    return {
      requirement: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.record({ count: fc.integer({ min: 1, max: 3 }), of }),
        fc.record({ all: nested }),
        fc.record({ any: nested }),
      ),
    };
  });
  const rules = fc
    .array(requirement, { minLength: 1, maxLength: 2 })
    .map((all) => all.map((require, n) => ({ name: `Rule ${n}`, require })));
  const decisions = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...persons), fc.constantFrom('approve', 'approve', 'deny')),
    {
      maxLength: 4,
      selector: ([person]) => person,
    },
  );

  test('those are reminded whose approval would change the verdict, whatever the rules are', () => {
    fc.assert(
      fc.property(rules, decisions, (required, given) => {
        const listed = (members: string[]) => ({ members, source: { kind: 'listed' as const } });
        const policy: Policy = {
          ...base,
          rules: required.map((rule) => ({ ...rule, denials: 9 })),
          groups: { ...base.groups, odd: listed(['p1', 'p3', 'p5']), low: listed(['p0', 'p1', 'p2']) },
        };
        const decided = given.map(([person, decision], n) =>
          g.record(n + 2, g.decided(person, decision), g.byGithub(person)),
        );
        const records = [g.record(1, { ...g.opening(), approvers: persons }), ...decided];
        const { status, verdict, opening, decisions: counted } = stateOf(records, policy);
        const changes = (person: string) => {
          const one = { commentId: 99, at: g.at(99), by: g.byGithub(person), person, comment: '', left: [] };
          const then = verdictOver(policy, opening, [...counted, { ...one, decision: 'approve' }]);
          return JSON.stringify(then) !== JSON.stringify(verdict);
        };
        const may = eligibleApprovers(policy, askOf(opening.request));
        const open = may.filter((person) => !counted.some((one) => one.person === person));
        const helpful = status === 'pending' && verdict.status === 'waiting' ? open.filter(changes) : [];
        expect(due(records, 10, policy)?.people ?? []).toEqual(helpful);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the escalation', () => {
  test('comes with the reminder that is due at the same time, and asks the others too', () => {
    expect(due(MEND, 30)).toEqual({ step: 2, people: ['bo', 'di', 'ed'], escalatedTo: ['leads'] });
  });

  test('alone has the step of the reminder before', () => {
    expect(due([...MEND, reminded(2, 2)], 30)).toEqual({ step: 2, people: ['bo', 'di', 'ed'], escalatedTo: ['leads'] });
    expect(due(MEND, 29, ONLY_ESCALATION)).toBeNull();
    expect(due(MEND, 30, ONLY_ESCALATION)).toEqual({ step: 0, people: ['bo', 'di', 'ed'], escalatedTo: ['leads'] });
  });

  test('comes once; from then on the others are reminded too', () => {
    expect(due(ESCALATED, 69)).toBeNull();
    expect(due(ESCALATED, 70)).toEqual({ step: 3, people: ['bo', 'di', 'ed'], escalatedTo: [] });
    expect(due([...MEND, reminded(2, 0, ['leads'])], 200, ONLY_ESCALATION)).toBeNull();
  });

  test('pings whom it names though they are quiet else', () => {
    const policy = f.fullWith('quiet: [cy]', 'quiet: [cy, ed]');
    expect(due(MEND, 10, policy)?.people).toEqual(['bo']);
    expect(due(MEND, 30, policy)?.people).toEqual(['bo', 'di', 'ed']);
  });
});

describe('nothing is due', () => {
  test.each<[string, LoggedRecord[], Policy]>([
    ['where the policy has neither', MEND, NEITHER],
    ['once it is approved', [...MEND, f.approval(2, 'bo'), f.approval(3, 'cy')], f.FULL],
    ['of a break-glass', [g.record(1, f.broken())], f.FULL],
    ['of what is blocked', [g.record(1, f.broken({ reason: 'short' }))], f.FULL],
    ['of what is over', [...MEND, g.record(2, { type: 'expired' })], f.FULL],
  ])('%s', (_, records, policy) => {
    for (const minute of [10, 30, 70, 239]) expect(due(records, minute, policy)).toBeNull();
    expect(next(records, policy)).toBeNull();
  });

  test('from the expiry on', () => {
    expect(due(MEND, 239.99)).not.toBeNull();
    expect(due(MEND, 240)).toBeNull();
  });
});

describe('the next time', () => {
  test.each<[string, LoggedRecord[], Policy, number | null]>([
    ['is that of the first reminder', MEND, f.FULL, 10],
    ['is that of the second', [...MEND, reminded(2, 1)], f.FULL, 30],
    [
      'is that of the escalation where it comes first',
      MEND,
      { ...f.FULL, escalation: { afterSeconds: 60, to: ['leads'] } },
      1,
    ],
    [
      'is that of the escalation where it comes last',
      [...MEND, reminded(2, 3)],
      { ...f.FULL, escalation: { afterSeconds: 6_000, to: ['leads'] } },
      100,
    ],
    ['after the escalation is that of the next reminder', ESCALATED, f.FULL, 70],
    ['is none after the last', [...ESCALATED, reminded(3, 3)], f.FULL, null],
    ['is that of the escalation alone', MEND, ONLY_ESCALATION, 30],
    ['is none from the expiry on', [g.record(1, f.mend({ expiresAt: g.at(600) }))], ONLY_REMINDERS, null],
    [
      'skips what would reach nobody yet',
      [g.record(1, { ...f.mend(), approvers: ['bo', 'di'] }), f.approval(2, 'bo')],
      f.FULL,
      30,
    ],
  ])('%s', (_, records, policy, minute) => {
    expect(next(records, policy)).toBe(minute);
  });

  test('may be over already, while nobody reminded', () => {
    const first = nextReminderAt(f.FULL, stateOf(MEND)) ?? 0;
    expect(dueReminder(f.FULL, stateOf(MEND), first)).not.toBeNull();
    expect(dueReminder(f.FULL, stateOf(MEND), first - 1)).toBeNull();
  });
});

test('pinged are at first those who are, after the escalation the others too, and of a break-glass everybody passed over', () => {
  expect(pingedBy(f.FULL, stateOf(MEND))).toEqual(['bo']);
  expect(pingedBy(f.FULL, stateOf([...MEND, f.approval(2, 'bo')]))).toEqual(['bo']);
  expect(pingedBy(f.FULL, stateOf(ESCALATED))).toEqual(['bo', 'di', 'ed']);
  expect(pingedBy(f.FULL, stateOf([g.record(1, f.broken())]))).toEqual(['bo', 'cy', 'di', 'ed']);
});

describe('recording', () => {
  const NOW = { now: minutes(30) };
  const remind = (records: LoggedRecord[], change: object = {}, facts = NOW) =>
    decide(
      f.FULL,
      stateOf(records),
      { type: 'remind', due: { step: 2, people: ['cy'], escalatedTo: ['leads'], ...change } },
      facts,
    );
  const NOT_DUE = { kind: 'nothing', why: 'This reminder is not due, or somebody else reminded already.' };
  const by = { person: null, name: 'Debug Approval' };

  test('an escalation names whom it asks, as the log has them', () => {
    expect(remind(MEND)).toEqual({
      kind: 'append',
      events: [{ type: 'reminded', step: 2, people: ['bo', 'di', 'ed'], escalatedTo: ['leads'] }],
      sentence: 'Escalated to leads: Bo, Di, Ed may still decide.',
      ...by,
    });
  });

  test('a reminder says the how manieth it is', () => {
    expect(remind(MEND, { step: 1, escalatedTo: [] }, { now: minutes(10) })).toEqual({
      kind: 'append',
      events: [{ type: 'reminded', step: 1, people: ['bo'], escalatedTo: [] }],
      sentence: 'Reminder 1: Bo may still decide.',
      ...by,
    });
  });

  test.each<[string, LoggedRecord[], object, number]>([
    ['another job recorded it', ESCALATED, {}, 30],
    ['it is another step by now', MEND, { step: 1 }, 30],
    ['the escalation is due with it by now', MEND, { escalatedTo: [] }, 30],
    ['it is not due', MEND, {}, 9],
  ])('nothing where %s', (_, records, change, minute) => {
    expect(remind(records, change, { now: minutes(minute) })).toEqual(NOT_DUE);
  });
});
