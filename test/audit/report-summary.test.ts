/** What a report tells of one request: times by GitHub's clock, decisions that count, refusals, reviews, and how its log was judged. */
import { describe, expect, test } from 'vitest';
import { renderReportMarkdown } from '../../src/audit/report/markdown.ts';
import { statisticsOf } from '../../src/audit/report/statistics.ts';
import { type Asked, type AuditedLog, summaryOf } from '../../src/audit/report/summary.ts';
import { tableCell } from '../../src/github/markdown.ts';
import type { EventOf } from '../../src/request/events.ts';
import { bySlack, decided, ended, started } from '../request/given.ts';
import { BREAK_GLASS, type Happening, logOf, MADE_AT, refusal } from './report-world.ts';

const OPENED = Date.parse('2026-02-02T10:00:00Z');
const withdrawn: EventOf<'withdrawn'> = { type: 'withdrawn', person: 'bo', comment: 'Wrong shard' };

const log = (
  happened: readonly Happening[],
  ...more: [...Parameters<typeof logOf>] extends [unknown, unknown, unknown, ...infer R] ? R : never
): AuditedLog => logOf(7, OPENED, happened, ...more);
const asked = (of: AuditedLog): Asked => {
  const { asked } = summaryOf(of);
  if (asked === null) throw new Error('Nothing was asked.');
  return asked;
};

describe('the times of a request', () => {
  test('are those of the comments: to the first decision that counts, and to the record by which the policy was met', () => {
    const { at, status, firstDecisionMs, quorumMs } = asked(
      log([
        [30, decided('ana'), bySlack('ana')],
        [60, decided('bo'), bySlack('bo')],
        [240, decided('cy'), bySlack('cy')],
        [250, started()],
        [260, ended()],
      ]),
    );
    expect({ at, status, firstDecisionMs, quorumMs }).toEqual({
      at: '2026-02-02T10:00:00Z',
      status: 'finished',
      firstDecisionMs: 60_000,
      quorumMs: 240_000,
    });
  });

  test('lack what did not happen: a denial is a decision and no quorum, and who need not approve is not waited for', () => {
    const denied = asked(log([[90, decided('bo', 'deny'), bySlack('bo')]]));
    expect(denied).toMatchObject({ status: 'denied', firstDecisionMs: 90_000, quorumMs: null });
    expect(asked(log([]))).toMatchObject({ status: 'pending', firstDecisionMs: null, quorumMs: null });
    expect(asked(log([[5, started()]], BREAK_GLASS))).toMatchObject({ status: 'running', quorumMs: null });
  });
});

test('decisions stand with name, way, time and the groups that a rule which applies counts, what was withdrawn too', () => {
  const { decisions } = asked(
    log([
      [60, decided('bo'), bySlack('bo')],
      [90, withdrawn, bySlack('bo')],
      [120, { ...decided('di'), left: ['security'] }, { ...bySlack('di'), via: 'issue-comment' }],
    ]),
  );
  const bo = { person: 'bo', name: 'Bo', via: 'slack-button', groups: ['sre'] };
  expect(decisions).toEqual([
    { ...bo, decision: 'approve', afterMs: 60_000 },
    { ...bo, decision: 'withdraw', afterMs: 90_000 },
    { person: 'di', name: 'Di', via: 'issue-comment', groups: ['sre'], decision: 'approve', afterMs: 120_000 },
  ]);
});

test('refused attempts are told by account, the first with its reason and the further ones by number', () => {
  const stranger = { ...bySlack('ed'), person: null, name: 'Ed\u202e' };
  const { refusals } = asked(
    log([
      [10, refusal('unknown-person', 'slack:T9/UX'), stranger],
      [20, refusal('own-request', 'slack:T1/UANA'), bySlack('ana')],
      [30, { type: 'refusals-counted', counts: { 'slack:T9/UX': 4 } }],
    ]),
  );
  expect(refusals).toEqual([
    { code: 'unknown-person', deed: 'approve', name: 'Ed⟨U+202E⟩', further: 4 },
    { code: 'own-request', deed: 'approve', name: 'Ana', further: 0 },
  ]);
});

test('a break-glass has its after-review: until when, and by whom it was signed', () => {
  const reviewed: EventOf<'reviewed'> = { type: 'reviewed', person: 'cy', comment: 'Sound.' };
  const ran: Happening[] = [
    [5, started()],
    [65, ended()],
  ];
  const dueAt = '2026-02-03T10:00:05Z';
  expect(asked(log(ran, BREAK_GLASS)).review).toEqual({ dueAt, signed: null, overdue: false });
  expect(asked(log([...ran, [600, reviewed, bySlack('cy')]], BREAK_GLASS)).review).toEqual({
    dueAt,
    signed: { name: 'Cy', at: '2026-02-02T10:10:00Z' },
    overdue: false,
  });
  expect(asked(log([])).review).toBeNull();
});

describe('a log that does not hold', () => {
  const why = 'comment 701, which holds record 2, was edited';
  const broken = { status: 'broken' as const, why, graded: null, broken: [{ commentId: 701, why }] };

  test('is told as broken, and the record that breaks it is marked in the timeline', () => {
    const { verification, detail } = summaryOf(log([[60, decided('bo'), bySlack('bo')]], {}, broken));
    expect(verification).toEqual({ status: 'broken', grade: null, why });
    expect(detail.outcome).toBe('The records that are left say: “It waits for decisions.”');
    expect(detail.timeline.map(({ seq, fault }) => [seq, fault])).toEqual([
      [1, null],
      [2, why],
    ]);
  });

  test('is told without a state where no record opens a request, or where its policy is gone; what was asked stands', () => {
    const opened = log([[60, decided('bo'), bySlack('bo')]], {}, { ...broken, status: 'unknown' });
    const { asked, detail, verification } = summaryOf({ ...opened, policy: null });
    expect({ asked, reason: detail.facts[0], status: verification.status }).toMatchObject({
      asked: {
        status: 'unknown',
        reason: 'Orders hang',
        requester: 'ana',
        breakGlass: false,
        decisions: [],
        review: null,
      },
      reason: ['Reason', 'Orders hang'],
      status: 'unknown',
    });
    expect(detail.timeline).toHaveLength(2);
    expect(summaryOf({ ...opened, entries: [] }).asked).toBeNull();
  });

  test('of a break-glass says so also where its policy is gone, in facts, figures and tables', () => {
    const one = summaryOf({
      ...log(
        [
          [5, started()],
          [65, ended()],
        ],
        BREAK_GLASS,
      ),
      policy: null,
    });
    expect(one.detail.facts).toContainEqual(['Break-glass', 'yes: it waited for nobody’s approval']);
    const found = statisticsOf([one], MADE_AT);
    expect(found.breakGlass).toEqual({ requests: 1, signed: 0, due: 0, overdue: 0, unknown: 1 });
    expect(found.statuses).toEqual([{ status: 'unknown', count: 1 }]);
    const of = { repository: 'acme/shop', madeAt: MADE_AT, alarms: [], cell: tableCell };
    const told = renderReportMarkdown([one], of);
    expect(told).toContain('## Break-glass');
    expect(told).toMatch(/\| #\d+ \| .* \| unknown \| unknown \|/);
  });
});

test("a request's page has what was asked, exactly: reason, argv, inputs, digest, window; and shows what hides in it", () => {
  const { detail, asked } = summaryOf(log([], { reason: 'Orders\u200b hang\nnow', ticket: '' }));
  const facts = Object.fromEntries(detail.facts);
  expect(facts).toMatchObject({
    Reason: 'Orders⟨U+200B⟩ hang\nnow',
    Runs: 'runbooks/status.sh --service web --note=none',
    Inputs: 'service = "web"\nnote = "none"',
    Window: '10 min',
    Digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(facts).not.toHaveProperty('Ticket');
  expect(asked?.reason).toBe('Orders⟨U+200B⟩ hang now');
});

test('an address that is no web address is not kept', () => {
  expect(summaryOf({ ...log([]), url: 'javascript:alert(1)' }).url).toBe('');
  expect(summaryOf(log([])).url).toBe('https://github.com/acme/shop/issues/7');
});
