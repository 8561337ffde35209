/** What the fold makes of each event, judged anew by every reader: given these records, then exactly this. */
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/policy/schema.ts';
import type { Event, EventOf } from '../../src/request/events.ts';
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
const people = ({ decisions }: OpenedState) => decisions.map(({ person, decision }) => `${person} ${decision}`);

test('an opening is the beginning: what stands before it is nothing', () => {
  expect(fold(f.FULL, [f.approval(0, 'bo')])).toEqual({ status: 'none' });
  expect(stateOf([f.approval(0, 'bo'), mend])).toEqual({
    status: 'pending',
    opening: f.mend(),
    decisions: [],
    withdrawals: [],
    reminders: [],
    review: null,
    overdue: false,
    mirrored: [],
    discussed: { records: 0, characters: 0 },
    sharing: { announced: null, done: [], failed: [] },
    verdict: {
      status: 'waiting',
      sentence: '2 of sre, oncall, leads: nobody approved yet; 2 more of Bo, Cy, Di, Ed.',
      children: [],
    },
    refused: [],
    gone: [],
    answeredComments: [],
  });
  expect(stateOf([mend, g.record(2, f.turn())]).opening.request.runbook).toBe('mend');
});

test('what the policy pre-approves is approved at once, and may start', () => {
  const state = stateOf([g.record(1, f.peek())]);
  expect(state).toMatchObject({ status: 'approved', verdict: { status: 'met' } });
  expect(stateOf([g.record(1, f.peek()), g.record(2, f.startOf(f.peek()))]).status).toBe('running');
});

describe('an approval counts', () => {
  const decided = (change: Partial<EventOf<'decided'>>): EventOf<'decided'> => ({ ...f.inDialog('bo'), ...change });
  test.each<[string, boolean, LoggedRecord]>([
    ['from the dialog that showed it', true, said(2, decided({}), 'bo', 'slack-dialog')],
    ['not from a dialog without a hash', false, said(2, decided({ shown: null }), 'bo', 'slack-dialog')],
    [
      'not from a dialog of another request',
      false,
      said(2, { ...f.inDialog('bo', f.turn()), checklist: f.CHECKLIST }, 'bo', 'slack-dialog'),
    ],
    ['not with an item unticked', false, said(2, decided({ checklist: f.CHECKLIST.slice(1) }), 'bo', 'slack-dialog')],
    ['not by one click', false, said(2, decided({}), 'bo', 'slack-button')],
    ['not by a reply', false, said(2, decided({}), 'bo', 'slack-thread')],
    ['not by a slash command', false, said(2, decided({}), 'bo', 'slash-command')],
    ['on the issue with every item', true, said(2, decided({ shown: null }), 'bo')],
    ['not on the issue without', false, said(2, decided({ checklist: [] }), 'bo')],
    ['not by who left the groups', false, said(2, decided({ left: ['sre', 'oncall'] }), 'bo', 'slack-dialog')],
    [
      'by who left one of two',
      true,
      said(2, decided({ left: ['oncall', 'no-such-group', 'constructor'] }), 'bo', 'slack-dialog'),
    ],
    ['not by another than its author', false, said(2, decided({}), 'cy', 'slack-dialog')],
    ['in time', true, { ...f.approval(2, 'bo'), createdAt: g.at(14_399) }],
    ['not too late', false, { ...f.approval(2, 'bo'), createdAt: g.at(14_400) }],
    ['not by the requester', false, f.approval(2, 'ana')],
  ])('%s: %s', (_, counts, record) => {
    expect(people(stateOf([mend, record]))).toEqual(counts ? ['bo approve'] : []);
  });

  test('for the groups alone that its author had not left', () => {
    const policy = f.fullWith(
      'count: 2, of: [sre, oncall, leads]',
      'all: [{ count: 1, of: sre }, { count: 1, of: oncall }]',
    );
    const one = said(2, { ...f.inDialog('bo'), left: ['sre'] }, 'bo', 'slack-dialog');
    const state = stateOf([mend, one], policy);
    expect(state.verdict.children.map(({ sentence }) => sentence)).toEqual([
      '1 of sre: nobody approved yet; 1 more of Cy.',
      '1 of oncall: Bo approved.',
    ]);
    expect(stateOf([mend, one, f.approval(3, 'cy')], policy).status).toBe('approved');
  });

  test('with an item ticked as it reads, though the policy has white space around it', () => {
    const policy = f.fullWith('[The replica is in sync,', '[" The replica is in sync ",');
    const ticked = said(2, { ...g.decided('bo'), checklist: f.CHECKLIST }, 'bo');
    expect(people(stateOf([mend, ticked], policy))).toEqual(['bo approve']);
  });

  test('where one click is enough, from anywhere; from a dialog still only if it showed the request', () => {
    const policy = f.fullWith('denials: 2 }', 'approve: one-click }');
    const records = [g.record(1, f.turn())];
    for (const via of ['slack-button', 'slack-thread', 'slash-command', 'issue-comment', 'gateway'] as const) {
      expect(people(stateOf([...records, said(2, g.decided('bo'), 'bo', via)], policy))).toEqual(['bo approve']);
    }
    expect(people(stateOf([...records, said(2, g.decided('bo'), 'bo', 'slack-dialog')], policy))).toEqual([]);
    expect(people(stateOf([...records, f.approval(2, 'bo', f.turn())], policy))).toEqual(['bo approve']);
  });

  test('of what is in the policy no longer by a dialog: what nobody knows is never one click', () => {
    const gone = g.record(1, f.mend({ runbook: 'gone' }));
    expect(people(stateOf([gone, said(2, g.decided('bo'), 'bo', 'slack-button')]))).toEqual([]);
  });
});

describe('denials', () => {
  const ONE = [mend, f.approval(2, 'bo'), f.denial(3, 'bo')];

  test('take their author’s own approval away; one short of the quorum ends nothing', () => {
    expect(stateOf(ONE)).toMatchObject({ status: 'pending', verdict: { status: 'waiting' } });
    expect(people(stateOf(ONE))).toEqual(['bo deny']);
    expect(stateOf([mend, f.approval(2, 'bo'), f.approval(3, 'cy'), f.denial(4, 'bo')]).status).toBe('pending');
  });

  test('short of the quorum leave others free to approve', () => {
    const state = stateOf([...ONE, f.approval(4, 'cy'), f.approval(5, 'di')]);
    expect(state.status).toBe('approved');
    expect(people(state)).toEqual(['bo deny', 'cy approve', 'di approve']);
  });

  test('take their author out of those who could still approve: too few others, and nobody can', () => {
    expect(stateOf(ONE).verdict.sentence).toContain('2 more of Cy, Di, Ed.');
    const patient = f.fullWith('denials: 2', 'denials: 4');
    const three = [mend, ...['bo', 'cy', 'di'].map((person, index) => f.denial(index + 2, person))];
    expect(stateOf(three, patient)).toMatchObject({
      status: 'pending',
      verdict: {
        status: 'blocked',
        sentence: expect.stringMatching(/^Bo, Cy, Di denied\. 2 of sre, oncall, leads: only Ed is eligible\./),
      },
    });
  });

  test('count once for each human, who decides nothing more after it', () => {
    expect(stateOf([...ONE, f.denial(4, 'bo')]).decisions.map(({ commentId }) => commentId)).toEqual([3]);
    expect(
      people(stateOf([...ONE, f.denial(4, 'bo'), said(5, g.decided('bo', 'deny'), 'bo'), f.approval(6, 'bo')])),
    ).toEqual(['bo deny']);
    expect(people(stateOf([...ONE, f.withdrawal(4, 'bo')]))).toEqual(['bo deny']);
  });

  test('end it at the quorum, also after it was approved, and the last one is named', () => {
    const state = stateOf([...ONE, f.approval(4, 'cy'), f.approval(5, 'di'), f.denial(6, 'ed')]);
    expect(state).toMatchObject({ status: 'denied', denial: { person: 'ed', commentId: 6 } });
    expect(stateOf([...ONE, f.denial(4, 'cy'), f.approval(5, 'di')]).status).toBe('denied');
  });

  test('count neither after a start nor by who left nor too late', () => {
    expect(stateOf([g.record(1, f.peek()), g.record(2, f.startOf(f.peek())), f.denial(3, 'bo')]).status).toBe(
      'running',
    );
    const gone = said(4, { ...g.decided('cy', 'deny'), left: ['sre'] }, 'cy', 'slack-button');
    expect(stateOf([...ONE, gone]).status).toBe('pending');
    expect(stateOf([...ONE, { ...f.denial(4, 'cy'), createdAt: g.at(14_400) }]).status).toBe('pending');
  });

  test('of a break-glass before its start win', () => {
    const records = [
      g.record(1, f.broken()),
      f.denial(2, 'bo'),
      f.denial(3, 'cy'),
      g.record(10, f.startOf(f.broken())),
    ];
    expect(stateOf(records).status).toBe('denied');
    expect(stateOf(records.toSpliced(1, 1)).status).toBe('running');
  });
});

describe('a withdrawal', () => {
  const APPROVED = [mend, f.approval(2, 'bo'), f.approval(3, 'di')];

  test('takes the approval out of the count and keeps it for showing, with when and why', () => {
    const state = stateOf([...APPROVED, f.withdrawal(4, 'bo', 'Too quick')]);
    expect(state.status).toBe('pending');
    expect(people(state)).toEqual(['di approve']);
    const { shown: _, checklist: __, type: ___, ...event } = f.inDialog('bo');
    expect(state.withdrawals).toEqual([
      {
        ...event,
        commentId: 2,
        at: g.at(2),
        by: f.by('bo', 'slack-dialog'),
        withdrawn: { commentId: 4, at: g.at(4), by: f.by('bo', 'slack-thread'), comment: 'Too quick' },
      },
    ]);
  });

  test('lets its author approve again', () => {
    const state = stateOf([...APPROVED, f.withdrawal(4, 'bo'), f.approval(5, 'bo')]);
    expect(state.status).toBe('approved');
    expect(people(state)).toEqual(['di approve', 'bo approve']);
    expect(state.withdrawals).toHaveLength(1);
  });

  test.each<[string, LoggedRecord]>([
    ['by another', g.record(4, { type: 'withdrawn', person: 'bo', comment: '' }, f.by('cy', 'slack-thread'))],
    ['of somebody who approved nothing', f.withdrawal(4, 'cy')],
    ['too late', { ...f.withdrawal(4, 'bo'), createdAt: g.at(14_400) }],
  ])('%s changes nothing', (_, record) => {
    expect(stateOf([...APPROVED, record])).toEqual(stateOf(APPROVED));
  });

  test('after the start changes nothing', () => {
    const running = [...APPROVED, g.record(10, f.startOf(f.mend()))];
    expect(stateOf([...running, f.withdrawal(11, 'bo')])).toEqual(stateOf(running));
  });

  test('by its author counts though they have left every group', () => {
    const gone = g.record(1, { ...f.mend(), members: { sre: ['bo'], oncall: [] } });
    expect(people(stateOf([gone, f.approval(2, 'bo'), f.withdrawal(3, 'bo')]))).toEqual([]);
  });
});

describe('a cancellation', () => {
  const cancelled = (reason: string): Event => ({ type: 'cancelled', reason });
  test.each([
    ['by the product', null, null],
    ['by the requester', 'ana', 'Ana'],
  ])('%s counts', (_, person, by) => {
    const record = person === null ? g.record(2, cancelled('Stopped.')) : said(2, cancelled('Stopped.'), person);
    expect(stateOf([mend, record])).toMatchObject({ status: 'cancelled', reason: 'Stopped.', by });
  });

  test('by anybody else does not, nor of what is over', () => {
    expect(stateOf([mend, said(2, cancelled('Stopped.'), 'bo')]).status).toBe('pending');
    expect(stateOf([mend, g.record(2, { type: 'expired' }), said(3, cancelled('x'), 'ana')]).status).toBe('expired');
  });
});
