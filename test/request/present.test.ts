/** What people are shown of a request in each of its states: the sentences of its outcome, and the view as a whole. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/request/events.ts';
import { outcomeOf, outcomeText, present } from '../../src/request/present.ts';
import { fold, type LoggedRecord, type OpenedState } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const stateOf = (records: LoggedRecord[]): OpenedState => {
  const state = fold(f.FULL, records);
  if (state.status === 'none') throw new Error('There is no opening.');
  return state;
};
const PLACE = {
  repository: 'example/shop',
  serverUrl: 'https://github.com',
  issue: { number: 12, url: 'https://github.com/example/shop/issues/12' },
};
const view = (records: LoggedRecord[], button: string | null = null) =>
  present(f.FULL, stateOf(records), PLACE, button);

const said = (id: number, event: Event, person: string) => g.record(id, event, g.byGithub(person));
const cancelled = (id: number, reason: string, person: string | null = null) =>
  person === null ? g.record(id, { type: 'cancelled', reason }) : said(id, { type: 'cancelled', reason }, person);
const EXPIRED: Event = { type: 'expired' };
const errored = (code: string): Event => ({ type: 'errored', code, message: 'Slack does not answer.' });

const MEND = [g.record(1, f.mend())];
const ONE = [...MEND, f.approval(2, 'bo')];
const APPROVED = [...ONE, f.approval(3, 'di')];
const PEEK = [g.record(1, f.peek())];
const BROKEN = [g.record(1, f.broken())];
const start = (opening = f.broken()) => g.record(10, f.startOf(opening));
const OVER = [...BROKEN, start(), g.record(11, g.ended())];
const OVERDUE = { ...g.record(12, { type: 'review-overdue' }), createdAt: g.at(90_000) };
const SIGNED = {
  ...said(13, { type: 'reviewed', person: 'cy', comment: 'A stuck lock' }, 'cy'),
  createdAt: g.at(90_001),
};
const deny = (id: number, person: string, comment: string) =>
  g.record(id, { ...g.decided(person, 'deny'), comment }, f.by(person, 'slack-button'));

const OUTCOMES: Record<string, LoggedRecord[]> = {
  pending: MEND,
  approved: APPROVED,
  'approved by three': [...APPROVED, f.approval(4, 'cy')],
  'approved by two, denied by one': [...APPROVED, deny(4, 'cy', 'No')],
  'pre-approved': PEEK,
  'a break-glass': BROKEN,
  'a break-glass that somebody approves too': [...BROKEN, said(2, g.decided('bo'), 'bo')],
  'a break-glass that is not allowed': [g.record(1, f.broken({ reason: 'short' }))],
  running: [...APPROVED, start(f.mend())],
  'a break-glass that runs': [...BROKEN, start()],
  finished: [...APPROVED, start(f.mend()), g.record(11, g.ended())],
  'a break-glass that finished': OVER,
  'a break-glass that failed': [...BROKEN, start(), g.record(11, g.ended({ outcome: 'failed', exitCode: 3 }))],
  'a break-glass whose review is overdue': [...OVER, OVERDUE],
  'a break-glass that was reviewed': [...OVER, SIGNED],
  'a break-glass that was reviewed late': [...OVER, OVERDUE, SIGNED],
  'denied by two': [...ONE, deny(3, 'bo', 'No'), deny(4, 'ed', 'Use the *replica* <!here>')],
  'denied by two, approved by one': [...ONE, deny(3, 'cy', ''), deny(4, 'ed', 'Not today')],
  'denied without a word': [...MEND, deny(2, 'cy', ''), deny(3, 'ed', '  ')],
  'a break-glass denied': [...BROKEN, deny(2, 'cy', ''), deny(3, 'ed', 'Not now')],
  expired: [...ONE, g.record(5, EXPIRED)],
  'expired though approved': [...APPROVED, g.record(5, EXPIRED)],
  'expired though pre-approved': [...PEEK, g.record(5, EXPIRED)],
  'a break-glass that expired': [...BROKEN, g.record(5, EXPIRED)],
  'withdrawn and expired': [...APPROVED, f.withdrawal(4, 'bo'), g.record(5, EXPIRED)],
  'cancelled with the run': [...ONE, cancelled(3, 'The workflow run was cancelled.')],
  superseded: [...ONE, cancelled(3, 'Superseded by #13.')],
  'cancelled by the requester': [...ONE, cancelled(3, '', 'ana')],
  'cancelled by the requester, who says why': [...ONE, cancelled(3, 'Solved <!here>', 'ana')],
  'an error': [...ONE, g.record(3, errored('slack'))],
  'a broken log': [...ONE, g.record(3, errored('log'))],
};

test('how it stands or ended is said in one sentence of ours, with the words of others apart', async () => {
  const lines = Object.entries(OUTCOMES).map(([name, records]) => {
    const { outcome, detail } = outcomeOf(stateOf(records));
    return `# ${name}\n${outcome}\n${detail === null ? '' : `> ${detail}\n`}`;
  });
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/outcomes.txt');
});

test('the outcome as plain text has its detail behind it', () => {
  expect(outcomeText({ outcome: 'Denied.', detail: 'Why' })).toBe('Denied. Why');
  expect(outcomeText({ outcome: 'Denied.', detail: null })).toBe('Denied.');
  expect(outcomeText({ outcome: null, detail: null })).toBeNull();
  expect(outcomeText({ outcome: null, detail: 'Why' })).toBeNull();
});

describe('the view', () => {
  test('says all that is shown of a request that waits', () => {
    const opening = { ...f.mend(), notices: ['Mind the gap.'] };
    const { request, digest } = opening;
    expect(view([g.record(1, opening), f.approval(2, 'bo', opening)], 'BUTTON')).toEqual({
      status: 'pending',
      request,
      digest,
      repository: 'example/shop',
      issue: PLACE.issue,
      runUrl: 'https://github.com/example/shop/actions/runs/9001/attempts/1',
      runbook: {
        title: 'Mend a service',
        url: `https://github.com/example/shop/blob/${'c'.repeat(40)}/runbooks/mend.sh`,
      },
      requester: { name: 'Ana', slack: { team: 'T1', user: 'UANA' } },
      askedInSlack: false,
      verdict: {
        status: 'waiting',
        sentence: '2 of sre, oncall, leads: Bo approved; 1 more of Cy, Di, Ed.',
        children: [],
      },
      mode: 'dialog',
      checklist: f.CHECKLIST,
      denialsNeeded: 2,
      decisions: [{ name: 'Bo', decision: 'approve', comment: '', at: g.at(2) }],
      approvers: [
        { name: 'Bo', slack: { team: 'T1', user: 'UBO' }, decided: true, pinged: true },
        { name: 'Cy', slack: { team: 'T1', user: 'UCY' }, decided: false, pinged: false },
        { name: 'Di', slack: { team: 'T1', user: 'UDI' }, decided: false, pinged: false },
        { name: 'Ed', slack: { team: 'T1', user: 'UED' }, decided: false, pinged: false },
      ],
      review: null,
      notices: ['Mind the gap.'],
      outcome: null,
      detail: null,
      button: 'BUTTON',
    });
  });

  test('shows what was taken back where it was said', () => {
    const records = [...APPROVED, f.withdrawal(4, 'bo', 'Too quick'), f.denial(5, 'cy'), f.approval(6, 'bo')];
    expect(view(records).decisions).toEqual([
      { name: 'Di', decision: 'approve', comment: '', at: g.at(3) },
      { name: 'Bo', decision: 'withdraw', comment: 'Too quick', at: g.at(4) },
      { name: 'Cy', decision: 'deny', comment: '', at: g.at(5) },
      { name: 'Bo', decision: 'approve', comment: '', at: g.at(6) },
    ]);
  });

  test('names nobody who denied among those who may still decide', () => {
    expect(view([...ONE, f.denial(3, 'cy')]).approvers.map(({ name }) => name)).toEqual(['Bo', 'Di', 'Ed']);
  });

  test('has buttons only while it is open', () => {
    expect(view(APPROVED, 'B').button).toBe('B');
    for (const name of ['running', 'finished', 'denied by two', 'expired', 'superseded', 'an error']) {
      expect(view(OUTCOMES[name] ?? [], 'B').button).toBeNull();
    }
  });

  test('of one click and one denial says so', () => {
    expect(view(PEEK)).toMatchObject({ mode: 'one-click', checklist: [], denialsNeeded: 1, approvers: [] });
  });

  test('of a break-glass names whom it passes over, all of them pinged, and who reviews by when', () => {
    const due = { dueAt: '2026-03-03T10:00:10Z', by: ['Bo', 'Cy', 'Di', 'Ed'], signed: null, overdue: false };
    expect(view(BROKEN)).toMatchObject({
      review: null,
      approvers: [{ pinged: true }, { pinged: true }, { pinged: true }, { pinged: true }],
    });
    expect(view([...BROKEN, start()]).review).toEqual(due);
    expect(view([...OVER, OVERDUE]).review).toEqual({ ...due, overdue: true });
    expect(view([...OVER, OVERDUE, SIGNED]).review).toEqual({
      ...due,
      signed: { name: 'Cy', at: g.at(90_001), comment: 'A stuck lock' },
      overdue: true,
    });
  });

  test('shows of the policy what was met, once nobody is asked any more', () => {
    const policy = f.fullWith(
      'count: 2, of: [sre, oncall, leads]',
      'any: [{ count: 1, of: oncall }, { count: 2, of: leads }]',
    );
    const shown = (records: LoggedRecord[]) => {
      const state = fold(policy, records);
      if (state.status === 'none') throw new Error('There is no opening.');
      return present(policy, state, PLACE, null).verdict;
    };
    expect(shown(MEND)?.children).toHaveLength(2);
    expect(shown(ONE)).toMatchObject({
      status: 'met',
      children: [{ sentence: '1 of oncall: Bo approved.', children: [] }],
    });
    expect(shown([...MEND, g.record(3, EXPIRED)])).toBeNull();
  });

  test.each<[string, string[], string | null]>([
    ['a file of the repository', ['a b/c.sh'], 'a%20b/c.sh'],
    ['a bare name', ['grep'], null],
    ['an absolute path', ['/bin/sh'], null],
    ['a path that leaves the repository', ['a/../../b'], null],
    ['steps of the job’s own', [], null],
  ])('links the runbook where it is a file of the repository: %s', (_, argv, path) => {
    const { url } = view([g.record(1, f.mend({ argv }))]).runbook;
    expect(url).toBe(path === null ? null : `https://github.com/example/shop/blob/${'c'.repeat(40)}/${path}`);
  });

  test('of what the policy no longer knows has the bare names', () => {
    const shown = view([
      g.record(1, f.mend({ runbook: 'gone', requester: { id: 1, login: 'x', person: 'constructor' } })),
    ]);
    expect(shown).toMatchObject({
      runbook: { title: 'gone' },
      checklist: [],
      requester: { name: 'constructor', slack: null },
    });
  });
});
