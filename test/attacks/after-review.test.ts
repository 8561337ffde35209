/** Ways around the after-review of a break-glass: signed before there was anything to see, or its issue out of the sweep's sight. */
import { expect, test } from 'vitest';
import { key, policyWith } from '../app/policies.ts';
import { account, createWorld, eventsOf, faultOf, type World } from '../app/world.ts';

/** Ana and Bo may break the glass; Bo or Di signs within the hour. */
const POLICY = policyWith(
  key('break-glass: { who: [developers], reason: { min-length: 5 }, review: { by: [security, ana], within: 1h } }'),
);
const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
const ISSUE_1 = { what: { kind: 'issue' as const, number: 1 } };

/** Ana broke the glass, her command ran, and the close job looked after it. */
async function broken(): Promise<World> {
  const w = await createWorld(POLICY);
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  await w.debug(asked);
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  expect(w.github.issue().open).toBe(true);
  return w;
}

test('a review that was written before the job had started signs nothing', async () => {
  const w = await createWorld(POLICY);
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  w.comment('di', '/review I trust Ana, all fine');
  await w.after(60, () => w.debug(asked));
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  expect(eventsOf(w)).not.toContain('reviewed');
});

const SIGHT: [string, (w: World) => void][] = [
  [
    'closed its issue',
    (w) => {
      w.github.issue().open = false;
    },
  ],
  [
    'took its label away',
    (w) => {
      w.github.issue().labels = ['debug:break-glass'];
    },
  ],
];
test.each(SIGHT)('an after-review is overdue also where somebody %s', async (_, hide) => {
  const w = await broken();
  hide(w);
  expect(await w.after(7_200, () => w.sweep())).toMatchObject([{ issue: 1, overdue: true }]);
  expect(w.github.issue()).toMatchObject({ open: true, labels: expect.arrayContaining(['debug-request']) });
});

test('the close job opens the issue again that somebody closed while the command ran', async () => {
  const w = await createWorld(POLICY);
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  w.during.run = async () => {
    w.github.issue().open = false;
  };
  await w.debug(asked);
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  expect(w.github.issue().open).toBe(true);
});

test('what is signed and closed is left alone, however often the sweep looks back', async () => {
  const w = await broken();
  w.comment('di', '/review A stuck lock');
  await w.sweep();
  w.github.done.length = 0;
  expect(await w.sweep()).toEqual([]);
  expect(w.github.done).toEqual(['facts', 'openRequests', 'brokenGlass', 'issue']);
});

const OPENING: [string, (w: World, id: number) => void][] = [
  ['deletes', (w, id) => w.github.remove(id, account('ana').id)],
  ['edits', (w, id) => w.github.edit(id, 'gone', account('ana').id)],
];
test.each(OPENING)('whoever %s the opening record of a break-glass does not get its issue closed', async (_, harm) => {
  const w = await broken();
  harm(w, w.github.issue().comments[0]?.id ?? 0);
  expect(await w.sweep()).toMatchObject([{ status: 'unproven' }]);
  expect(w.github.issue().open).toBe(true);
});

test('whoever deletes the opening record and takes label and title away is betrayed by the record of the start', async () => {
  const w = await broken();
  w.github.remove(w.github.issue().comments[0]?.id ?? 0, account('ana').id);
  Object.assign(w.github.issue(), { labels: ['debug-request'], title: 'Nothing' });
  const told: string[] = [];
  expect(await w.sweep({}, {}, told)).toMatchObject([{ status: 'unproven' }]);
  expect(w.github.issue()).toMatchObject({ open: true, labels: expect.arrayContaining(['debug:review-due']) });
  expect(told.join()).toContain('takes the label debug:break-glass off');
  w.github.issue().open = false;
  await w.sweep();
  expect(w.github.issue().open).toBe(true);
});

test('an issue that only calls itself a break-glass is closed as an error', async () => {
  const w = await createWorld(POLICY);
  await w.github
    .client()
    .createIssue({ title: 'BREAK-GLASS', body: '', labels: ['debug-request', 'debug:break-glass'] });
  expect(await w.sweep()).toMatchObject([{ status: 'unproven' }]);
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('a break-glass that nobody could ever review is refused', async () => {
  const w = await createWorld(
    policyWith(
      ['  security: { members: [bo, di] }', '  security: { members: [bo, di] }\n  reviewers: { slack-group: S0REV }'],
      key('break-glass: { who: [developers], reason: { min-length: 5 }, review: { by: [reviewers], within: 1h } }'),
    ),
  );
  // Whoever asks may have emptied it: in Slack every member may edit user groups by default.
  w.slack.groups.set('S0REV', []);
  expect((await faultOf(w.ask({ input: { breakGlass: true } }).result)).message).toContain('Nobody could sign');
  expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
});
