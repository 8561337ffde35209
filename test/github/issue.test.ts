/** What people read in the issue and in the job summary, in every state, as golden files. */
import { describe, expect, test } from 'vitest';
import { BODY_LIMIT, issueContent } from '../../src/github/issue.ts';
import { jobSummary, runSummary } from '../../src/github/summary.ts';
import type { EventOf } from '../../src/request/events.ts';
import type { RequestView } from '../../src/request/view.ts';
import { STORY_NAMES, viewOf } from '../request/stories.ts';

const PENDING = viewOf('pending');

/** Texts that mean something in Markdown, wherever others may write. */
const HOSTILE = 'Checkout hangs | see @bo, #12 <b>and</b>\nhttps://a.example `x` **y**';
const MARKUP: RequestView = {
  ...viewOf('error-log'),
  outcome: HOSTILE,
  detail: HOSTILE,
  runbook: { title: HOSTILE, url: null },
  notices: ['An administrator may bypass the rules of the environment production.', HOSTILE],
  request: { ...PENDING.request, reason: HOSTILE, ticket: HOSTILE, argv: ['a b', HOSTILE], window: 90 },
};
/** A value may hold anything that its pattern allows. */
const MANUAL_INPUTS = { table: 'orders', note: 'a "b"\n```\n@everybody \u202egpj.exe', lines: 5, deep: true };
/** Its after-review is due. */
const OVER = viewOf('finished-break-glass');

const VIEWS: [string, RequestView][] = [
  ...STORY_NAMES.map((story): [string, RequestView] => [story, viewOf(story)]),
  ['markup', MARKUP],
  ['running-manual', { ...viewOf('running'), request: { ...PENDING.request, argv: [], inputs: {} } }],
  ['pending-manual', { ...PENDING, request: { ...PENDING.request, argv: [], inputs: MANUAL_INPUTS } }],
  ['finished-break-glass-nobody', { ...OVER, review: OVER.review && { ...OVER.review, by: [] } }],
];

describe('the issue of a request', () => {
  test.each(VIEWS)('that is %s', async (name, view) => {
    const { title, body, labels } = issueContent(view);
    await expect(`${title}\n[${labels.join('] [')}]\n\n${body}\n`).toMatchFileSnapshot(`golden/issue-${name}.md`);
  });

  test.each(STORY_NAMES.filter((story) => !story.startsWith('pending')))('that is %s waits for nobody', (story) => {
    expect(issueContent(viewOf(story)).body).not.toMatch(/⏳|more of|nobody approved yet/);
  });

  test.each([
    ['arguments', { argv: Array.from({ length: 50 }, (_, i) => `${i}${'x'.repeat(10_000)}`) }],
    ['a reason', { reason: '`|'.repeat(60_000) }],
    ['arguments of what must be escaped', { argv: ['\u202e'.repeat(60_000)] }],
  ])('never exceeds what GitHub accepts, whatever the length of %s', (_, over) => {
    const { body } = issueContent({ ...PENDING, request: { ...PENDING.request, ...over } });
    expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body).toContain('Waiting for approval');
    expect(body).toContain(PENDING.digest);
  });

  test('never exceeds it with many decisions either', () => {
    const one = { name: 'Bo', decision: 'approve' as const, comment: 'y'.repeat(2_000), at: '2026-11-23T12:01:00Z' };
    const { body } = issueContent({ ...PENDING, decisions: Array.from({ length: 200 }, () => one) });
    expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body).toContain(PENDING.digest);
  });

  test('has a title on one line that GitHub accepts', () => {
    const { title } = issueContent({ ...PENDING, runbook: { title: `a\nb${'c'.repeat(400)}`, url: null } });
    expect(title).not.toContain('\n');
    expect(title.length).toBeLessThanOrEqual(256);
  });
});

describe('the labels of a request', () => {
  test.each([
    ['pending', []],
    ['approved-break-glass', ['debug:break-glass']],
    ['running-break-glass', ['debug:break-glass', 'debug:review-due']],
    ['finished-break-glass', ['debug:break-glass', 'debug:review-due']],
    ['finished-break-glass-overdue', ['debug:break-glass', 'debug:review-due']],
    ['finished-break-glass-reviewed', ['debug:break-glass']],
  ] as const)('that is %s', (story, more) => {
    const view = viewOf(story);
    expect(issueContent(view).labels).toEqual(['debug-request', `debug:${view.status}`, ...more]);
  });
});

test('nobody is told to press a button that no longer stands', () => {
  const standing = STORY_NAMES.filter((story) => /Press \*\*/.test(issueContent(viewOf(story)).body));
  expect(standing.filter((story) => !story.startsWith('pending'))).toEqual([]);
});

test('an after-review that one person alone may sign names them alone', () => {
  const { body } = issueContent({ ...OVER, review: OVER.review && { ...OVER.review, by: ['Di'] } });
  expect(body).toMatch(/This broke the glass\. Until \S+ Di looks at what was done/);
});

test('what stands on the issue of a break-glass fits, however many may sign and whatever they say', () => {
  const view = viewOf('finished-break-glass');
  const by = Array.from({ length: 200 }, (_, n) => `Person ${n} ${'`'.repeat(50)}`);
  const review = { dueAt: '2026-03-03T10:00:04Z', by, signed: null, overdue: true };
  const { body } = issueContent({ ...view, review, request: { ...view.request, reason: '`|'.repeat(60_000) } });
  expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
  expect(body).toContain('This issue stays open until then');
});

test.each(['denied-with-reason', 'pending-withdrawn', 'finished-break-glass-reviewed'] as const)(
  'the job summary of what is %s tells status, request and decisions',
  async (story) => {
    await expect(`${jobSummary(viewOf(story))}\n`).toMatchFileSnapshot(`golden/summary-${story}.md`);
  },
);

test('the job summary of a run tells outcome, exit code, duration, bytes and what was masked, by detector and count', async () => {
  const ended: EventOf<'ended'> = {
    type: 'ended',
    outcome: 'failed',
    reason: 'window',
    exitCode: null,
    signal: 'SIGTERM',
    durationMs: 90_400,
    bytes: 1_234,
    transcript: `sha256:${'0'.repeat(64)}`,
    redactions: { registered: 2, email: 31 },
  };
  const finished: EventOf<'ended'> = { ...ended, outcome: 'finished', reason: 'exit', exitCode: 0, signal: null };
  const quick = { ...finished, durationMs: 85, redactions: {} };
  await expect(runSummary(ended) + runSummary(quick)).toMatchFileSnapshot('golden/summary-run.md');
});
