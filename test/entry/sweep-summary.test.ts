/** What a sweep's job summary says: of each request, of what was deleted, and of what is left. */
import { expect, test } from 'vitest';
import type { PurgeReport } from '../../src/app/purge.ts';
import { sweepSummary } from '../../src/entry/sweep-summary.ts';

const url = (issue: number): string => `https://github.com/acme/shop/issues/${issue}`;
const swept = { status: 'expired', note: 'Nobody decided in time.', reading: null, overdue: false } as const;
const PURGED: PurgeReport = {
  requests: [
    { issue: 12, url: url(12), done: true, note: 'deleted: slack, transcript' },
    { issue: 13, url: url(13), done: false, note: 'kept, since its after-review is not signed yet' },
    { issue: 14, url: url(14), done: false, note: 'could not all be deleted: file F1: `missing_scope`' },
  ],
  ...{ left: 3, more: false, held: 2, brokenOff: false },
};
const NOTHING: PurgeReport = { requests: [], left: 0, more: false, held: 0, brokenOff: false };

test.each<[string, Parameters<typeof sweepSummary>]>([
  [
    'much happened',
    [{ swept: [{ ...swept, issue: 7, url: url(7) }], undone: ['The sweep could not X: GitHub answered 503.'] }, PURGED],
  ],
  ['there was nothing to do', [{ swept: [], undone: [] }, NOTHING]],
  [
    'one is left',
    [
      { swept: [], undone: [] },
      { ...NOTHING, left: 1 },
    ],
  ],
  [
    'nobody counted all',
    [
      { swept: [], undone: [] },
      { ...NOTHING, left: 1_500, more: true },
    ],
  ],
  [
    'it broke off',
    [
      { swept: [], undone: ['The sweep could not Y.'] },
      { ...NOTHING, brokenOff: true },
    ],
  ],
  ['the policy keeps everything', [{ swept: [], undone: [] }, null]],
])('the summary where %s', async (title, given) => {
  await expect(sweepSummary(...given)).toMatchFileSnapshot(`golden/sweep-summary-${title.replaceAll(' ', '-')}.md`);
});
