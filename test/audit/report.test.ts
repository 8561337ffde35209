/** What the requests of a report come to, and how that is written: as figures, as Markdown and as one HTML file. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { headlineOf } from '../../src/audit/report/headline.ts';
import { type ReportRow, ROOM, renderReport } from '../../src/audit/report/html.ts';
import { renderReportMarkdown } from '../../src/audit/report/markdown.ts';
import { nearestRank, reviewStanding, type Statistics, statisticsOf } from '../../src/audit/report/statistics.ts';
import { type AuditedLog, summaryOf } from '../../src/audit/report/summary.ts';
import { moment, span } from '../../src/audit/report/words.ts';
import { tableCell } from '../../src/github/markdown.ts';
import type { Grade } from '../../src/log/grade.ts';
import { bySlack, decided, ended, started } from '../request/given.ts';
import { BREAK_GLASS, logOf, MADE_AT, refusal, reportedLogs } from './report-world.ts';

const OPENED = Date.parse('2026-02-02T10:00:00Z');
const DAY = 86_400_000;
const statistics = (...logs: AuditedLog[]): Statistics => statisticsOf(logs.map(summaryOf), MADE_AT);
const approvedAfter = (issue: number, first: number, second: number): AuditedLog =>
  logOf(issue, OPENED, [
    [first, decided('bo'), bySlack('bo')],
    [second, decided('cy'), bySlack('cy')],
  ]);
const openedAt = (issue: number, at: number): AuditedLog => logOf(issue, at, []);

describe('the first sentence', () => {
  const row = (status: 'whole' | 'broken' | 'unknown', grade: Grade | null): ReportRow => {
    const { detail: _, ...rest } = summaryOf(logOf(1, OPENED, []));
    return { ...rest, verification: { status, grade, why: '' } };
  };
  const [proven, archived, unproven] = [row('whole', 'live'), row('whole', 'archived'), row('whole', 'unproven')];
  const [unsigned, broken, unknown] = [row('whole', 'unsigned'), row('broken', null), row('unknown', null)];

  test.each<[string, ReportRow[], number]>([
    ['There are no requests.', [], 0],
    ['The log holds.', [proven], 0],
    ['All 2 logs hold.', [proven, archived], 0],
    ['The log holds, unproven.', [unsigned], 0],
    ['All 2 logs hold, unproven.', [unproven, unsigned], 0],
    ['All 3 logs hold, 1 of them unproven.', [proven, archived, unproven], 0],
    ['The only log is broken.', [broken], 0],
    ['2 of 3 logs are broken.', [broken, proven, broken], 1],
    ['Something does not hold.', [proven, unknown], 1],
    ['2 things do not hold.', [], 2],
    ['1 of 2 logs could not be determined.', [proven, unknown], 0],
  ])('says what is wrong first, and calls nothing proven that is not: %s', (sentence, rows, alarms) => {
    expect(headlineOf(rows, alarms)).toBe(sentence);
  });
});

describe('the statistics', () => {
  test('give as median and 95 % values that occurred, by nearest rank', () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([nearestRank(ten, 0.5), nearestRank(ten, 0.95), nearestRank([3], 0.95), nearestRank([], 0.5)]).toEqual([
      5,
      10,
      3,
      null,
    ]);
    const { firstDecision, quorum } = statistics(
      approvedAfter(1, 10, 40),
      approvedAfter(2, 20, 50),
      approvedAfter(3, 90, 300),
    );
    expect(firstDecision).toEqual({ count: 3, median: 20_000, p95: 90_000 });
    expect(quorum).toEqual({ count: 3, median: 50_000, p95: 300_000 });
  });

  test('tell for each approver and group their own first decision, and the quorum of what they decided on', () => {
    const { approvers, groups } = statistics(
      approvedAfter(1, 10, 40),
      logOf(2, OPENED, [[70, decided('cy', 'deny'), bySlack('cy')]]),
    );
    expect(approvers).toEqual([
      {
        name: 'Cy',
        requests: 2,
        approvals: 1,
        denials: 1,
        firstDecision: { count: 2, median: 40_000, p95: 70_000 },
        quorum: { count: 1, median: 40_000, p95: 40_000 },
      },
      {
        name: 'Bo',
        requests: 1,
        approvals: 1,
        denials: 0,
        firstDecision: { count: 1, median: 10_000, p95: 10_000 },
        quorum: { count: 1, median: 40_000, p95: 40_000 },
      },
    ]);
    const sre = groups.find(({ name }) => name === 'sre');
    expect(sre?.firstDecision).toEqual({ count: 2, median: 10_000, p95: 70_000 });
  });

  test('count by days, weeks from Monday or months, whichever the range fits into, the empty ones too', () => {
    const starts = (days: number) => {
      const { unit, periods } = statistics(openedAt(1, OPENED), openedAt(2, OPENED + days * DAY)).time;
      return { unit, first: periods[0]?.start, periods: periods.length };
    };
    expect(starts(3)).toEqual({ unit: 'day', first: '2026-02-02', periods: 4 });
    expect(starts(100)).toEqual({ unit: 'week', first: '2026-02-02', periods: 15 });
    expect(starts(700)).toEqual({ unit: 'month', first: '2026-02-01', periods: 24 });
    const sunday = openedAt(1, Date.parse('2026-02-01T23:00:00Z'));
    expect(statistics(sunday, openedAt(2, OPENED + 90 * DAY)).time.periods[0]).toEqual({
      start: '2026-01-26',
      counts: { pending: 1 },
    });
    expect(statistics().time.periods).toEqual([]);
  });

  test('count every refused attempt, further ones of an account too', () => {
    const { refusals } = statistics(
      logOf(1, OPENED, [
        [10, refusal('own-request', 'slack:T1/UANA'), bySlack('ana')],
        [20, { type: 'refusals-counted', counts: { 'slack:T1/UANA': 3 } }],
      ]),
    );
    expect(refusals).toEqual({
      attempts: 4,
      byReason: [
        { name: 'own request', count: 1 },
        { name: 'again, after the first refusal', count: 3 },
      ],
      byPerson: [{ name: 'Ana', count: 4 }],
    });
  });

  test('call an after-review overdue once its time is over, recorded or not', () => {
    const { asked } = summaryOf(
      logOf(
        1,
        OPENED,
        [
          [5, started()],
          [65, ended()],
        ],
        BREAK_GLASS,
      ),
    );
    if (asked === null) throw new Error('Nothing was asked.');
    expect(reviewStanding(asked, '2026-02-03T10:00:05Z')).toBe('due');
    expect(reviewStanding(asked, '2026-02-03T10:00:06Z')).toBe('overdue');
    const signed = { name: 'Cy', at: '2026-02-03T12:00:00Z' };
    const review = { dueAt: '2026-02-03T10:00:05Z', signed, overdue: false };
    expect(reviewStanding({ ...asked, review }, MADE_AT)).toBe('signed late');
  });
});

test('time spans and instants are told as people read them', () => {
  expect([0, 38_400, 250_000, 1_480_000, 3_900_000, 183_600_000].map(span)).toEqual([
    '0 s',
    '38 s',
    '4 min 10 s',
    '24 min',
    '1 h 5 min',
    '2 d 3 h',
  ]);
  expect(moment('2026-02-03T10:00:05Z')).toBe('2026-02-03 10:00 UTC');
});

describe('as Markdown', () => {
  const of = { repository: 'acme/shop', madeAt: MADE_AT, alarms: [], cell: tableCell };

  test('a report has the figures as tables, what is broken first', async () => {
    const written = renderReportMarkdown([...reportedLogs(60)].map(summaryOf), of);
    await expect(written).toMatchFileSnapshot('golden/report.md');
  });

  test("people's words change nothing of it", () => {
    const words = '| x |\n# @here <!-- ![](https://evil.example) `';
    const hostile = logOf(1, OPENED, [[9, refusal('bot', 'slack:T1/UX'), { ...bySlack('ed'), name: words }]], {
      target: words,
    });
    const written = renderReportMarkdown([summaryOf(hostile)], { ...of, repository: words, alarms: [words] });
    const plain = renderReportMarkdown([summaryOf(hostile)], {
      ...of,
      repository: 'x',
      alarms: ['x'],
      cell: () => 'x',
    });
    expect(written.split('\n')).toHaveLength(plain.split('\n').length);
    expect(written.match(/^# .*$/gm)).toEqual(['# Audit report']);
  });
});

describe('as one HTML file', () => {
  const options = {
    page: `<body>${ROOM}</body>`,
    repository: 'acme/shop',
    madeAt: MADE_AT,
    alarms: ['#3 is gone'],
    only: '#12',
  };

  test('a report holds every request, and nothing that people wrote stands in it but packed', () => {
    const hostile = logOf(1, OPENED, [], { reason: '</script><script>alert(1)</script>' });
    const requests = [hostile, ...reportedLogs(230)].map(summaryOf);
    const html = renderReport(requests, options);
    const parts = [...html.matchAll(/<script type="application\/gzip" id="([^"]+)">([A-Za-z0-9+/=]+)<\/script>/g)];
    expect(html.match(/<script/g)).toHaveLength(parts.length);
    const [head, ...blocks] = parts.map(([, , packed = '']) =>
      JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')),
    );
    expect(head.of).toEqual({ repository: 'acme/shop', madeAt: MADE_AT, alarms: ['#3 is gone'], only: '#12' });
    const details = blocks.flat();
    expect(head.rows.map((row: object, index: number) => ({ ...row, detail: details[index] }))).toEqual(requests);
  });

  test('a page without room for the data is refused', () => {
    expect(() => renderReport([], { ...options, page: '<html></html>' })).toThrow(/no room for the data/);
  });
});
