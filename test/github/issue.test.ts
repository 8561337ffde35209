/** What people read in the issue and in the job summary, in every state, as golden files. */
import { describe, expect, test } from 'vitest';
import { BODY_LIMIT, issueContent } from '../../src/github/issue.ts';
import { jobSummary } from '../../src/github/summary.ts';
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
const VIEWS: [string, RequestView][] = [
  ...STORY_NAMES.map((story): [string, RequestView] => [story, viewOf(story)]),
  ['markup', MARKUP],
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

test('the job summary tells status, request and decisions', async () => {
  await expect(`${jobSummary(viewOf('denied-with-reason'))}\n`).toMatchFileSnapshot('golden/summary.md');
});
