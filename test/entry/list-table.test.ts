/** How the list of open requests looks on a terminal and elsewhere. */
import { expect, test } from 'vitest';
import type { ListedRequest, ProvenRequest } from '../../src/app/list.ts';
import { table } from '../../src/entry/cli/list-requests.ts';

const WAITING: ProvenRequest = {
  ...{ kind: 'proven', issue: 7, url: 'https://github.com/acme/shop/issues/7', status: 'pending', outcome: null },
  ...{ requester: 'Ana', runbook: 'service-status', target: 'staging' },
  verdict: { status: 'waiting', sentence: '1 of sre: nobody approved yet; 1 more of Bo, Cy.', children: [] },
  ...{ ends: '2026-03-02T11:00:00Z', secondsLeft: 5_459, breakGlass: false, review: null },
};
const ENDED = 'The debug job finished with exit code 0. BREAK-GLASS: the after-review is to be signed.';
/** What broke the glass and was not looked at since. */
const UNREVIEWED: ProvenRequest = {
  ...{ ...WAITING, issue: 15, status: 'finished', breakGlass: true, ends: '2026-03-03T11:00:00Z', secondsLeft: 0 },
  outcome: ENDED,
  review: { dueAt: '2026-03-03T11:00:00Z', by: ['Bo', 'Cy'], overdue: true },
};
const REQUESTS: ListedRequest[] = [
  WAITING,
  { ...WAITING, issue: 12, status: 'cancelled', outcome: 'Cancelled; nothing runs.', ends: null, secondsLeft: null },
  { ...WAITING, issue: 13, secondsLeft: 0 },
  { kind: 'broken', issue: 14, why: 'The log of issue #14 is broken:\tlook\u001b[2K\nhere.' },
];

test('on a terminal it is a table with a head', () => {
  expect(table(REQUESTS, true).split('\n')).toEqual([
    'ISSUE  STATUS     LEFT   REQUESTER  RUNBOOK         TARGET   VERDICT',
    '#7     pending    1h30m  Ana        service-status  staging  1 of sre: nobody approved yet; 1 more of Bo, Cy.',
    '#12    cancelled  -      Ana        service-status  staging  Cancelled; nothing runs.',
    '#13    pending    over   Ana        service-status  staging  1 of sre: nobody approved yet; 1 more of Bo, Cy.',
    '#14    broken     -      -          -               -        The log of issue #14 is broken:\\u0009look\\u001b[2K\\u000ahere.',
  ]);
});

test('elsewhere it is a line for each request with tabs between, which no text of others can break', () => {
  const rows = table(REQUESTS, false).split('\n');
  expect(rows).toHaveLength(REQUESTS.length);
  expect(rows.map((row) => row.split('\t').length)).toEqual(REQUESTS.map(() => 7));
  expect(rows[0]?.split('\t').slice(0, 3)).toEqual(['#7', 'pending', '1h30m']);
});

test.each([
  [true, ['Bo', 'Cy'], 'over', 'Was due by 2026-03-03T11:00:00Z, from one of: Bo, Cy.'],
  [false, ['Bo', 'Cy'], '1h30m', 'Due by 2026-03-03T11:00:00Z, from one of: Bo, Cy.'],
  [false, ['Cy'], '1h30m', 'Due by 2026-03-03T11:00:00Z, from Cy.'],
])('a job that has ended is listed with its after-review, which is overdue: %s', (overdue, by, left, due) => {
  const review = { dueAt: '2026-03-03T11:00:00Z', by, overdue };
  const row = table([{ ...UNREVIEWED, review, secondsLeft: overdue ? 0 : 5_459 }], false).split('\t');
  expect(row.slice(0, 3)).toEqual(['#15', 'finished', left]);
  expect(row.at(-1)).toBe(`${ENDED} ${due}`);
});
