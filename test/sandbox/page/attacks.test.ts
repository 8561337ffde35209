/** Each attack that the page offers really happens, and the page says which rule held. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { evidenceOf } from '../../../src/sandbox/evidence.ts';
import { cardOf, lessonAfter, type Opened, openSandbox, send, type Visitor, visit } from './visitor.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let sandbox: Opened;
let page: Visitor;
beforeAll(async () => {
  sandbox = await openSandbox();
  page = await visit(sandbox.page);
});
afterAll(() => sandbox.town.close());

const ids = (available: boolean): string[] =>
  page.scene.attacks.filter(({ unavailable }) => (unavailable === null) === available).map(({ id }) => id);

/** Tries an attack, and waits for the lesson that says how it went. */
async function lesson(id: string, title: RegExp) {
  const before = page.scene.lessons.at(-1)?.id ?? 0;
  expect(await send(sandbox.page, { do: 'attack', id })).toEqual({ ok: true });
  const told = await page.until((scene) => lessonAfter(scene, before, title));
  // Whatever else goes on teaches meanwhile, too.
  const tried = page.scene.lessons.find((one) => one.id > before && one.tone === 'attack');
  expect(tried).toMatchObject({ rule: null });
  return told;
}

test('what has nothing to attack yet says what it waits for', async () => {
  expect(ids(true)).toEqual(['loud-reason', 'break-glass', 'silence']);
  const answer = await send(sandbox.page, { do: 'attack', id: 'own-press' });
  expect(answer).toEqual({ ok: false, why: 'No request waits for a decision. Run the workflow first.' });
  expect(await send(sandbox.page, { do: 'attack', id: 'bribe' })).toMatchObject({ ok: false });
});

test('a mention in the reason pings nobody', async () => {
  // Its request expires while the others are attacked.
  expect(await send(sandbox.page, { do: 'attack', id: 'silence' })).toEqual({ ok: true });
  const held = await lesson('loud-reason', /^A mention in the reason pings nobody$/);
  expect(held).toMatchObject({ tone: 'held', rule: { number: 9 } });
  expect(held.text).toContain('<!channel>');
  const card = await page.until((scene) => cardOf(scene, 2));
  expect(card.pings).toEqual(['UBO', 'UCY']);
  await expect.poll(() => ids(false)).toEqual(['forged-card', 'rerun-debug', 'rerun-all']);
  // Found by the ask job's next look at its issue; the others are tried meanwhile.
  expect(await send(sandbox.page, { do: 'attack', id: 'own-comment' })).toEqual({ ok: true });
});

test.each([
  ['own-press', /^Ana cannot decide on their own request$/, 4],
  ['stranger', /^Ed is nobody to the policy$/, 6],
  ['forged-button', /^The button was not this request’s$/, 1],
  ['other-words', /^Other words, in other places, decide nothing$/, 6],
  ['break-glass', /^Nobody was asked$/, 6],
  ['forge-record', /^It looks like a record, and is none$/, 8],
  ['others-words', /^Edited words decide nothing$/, 4],
])('%s is held by its rule, and the request stays pending', async (id, title, rule) => {
  const held = await lesson(id, title);
  expect(held).toMatchObject({ tone: 'held', rule: { number: rule } });
  expect(page.scene.issues.find(({ number }) => number === 2)).toMatchObject({ status: 'pending', broken: [] });
});

test('own-comment is held by the same rule as the press', async () => {
  const held = await page.until(({ lessons }) =>
    lessons.find(({ text }) => / with a comment on the issue\./.test(text)),
  );
  expect(held).toMatchObject({ tone: 'held', title: 'Ana cannot decide on their own request', rule: { number: 4 } });
});

test('what is answered privately is shown to that one person', async () => {
  const told = await page.until(({ messages }) => messages.find(({ onlyFor }) => onlyFor === 'UED'));
  expect(told.text).toMatch(/links your Slack account \(T1\/UED\) with nobody/);
  const comments = page.scene.issues.find(({ number }) => number === 2)?.comments ?? [];
  expect(comments.filter(({ mark }) => mark.kind === 'plain' && mark.why !== null)).toHaveLength(2);
});

test('a deleted record shows, and stops the request', async () => {
  const shown = await lesson('delete-record', /^The change shows$/);
  expect(shown.rule?.number).toBe(8);
  expect(page.scene.issues.find(({ number }) => number === 2)?.status).toBe('error');
});

test('a request that nobody answers expires', async () => {
  const expired = await page.until((scene) => lessonAfter(scene, 0, /^Nobody answered in time$/));
  expect(expired).toMatchObject({ tone: 'held', rule: { number: 12 } });
  const run = await page.until(({ runs }) => runs.find(({ issue, status }) => issue === 1 && status === 'completed'));
  expect(run.conclusion).toBe('failure');
});

test('a re-run of everything asks anew, under the usual policy', async () => {
  expect(await send(sandbox.page, { do: 'attack', id: 'rerun-all' })).toEqual({ ok: true });
  await page.until((scene) => cardOf(scene, 3));
  // That the run asked is read from its log, which may come after the card.
  const again = await page.until(({ runs }) => runs.find(({ issue }) => issue === 3));
  expect(again).toMatchObject({ attempt: 2, issue: 3, status: 'in_progress' });
});

test('a request whose record was deleted cannot be approved any more', async () => {
  const card = page.scene.messages.find(({ text }) => text.includes('&lt;!channel&gt;'));
  await send(sandbox.page, { do: 'press', as: 'bo', ts: card?.ts ?? '', actionId: 'debug-approval:approve' });
  // Whichever is first: the press meets the broken log, or the ask job has met it already.
  const over = ({ runs }: typeof page.scene) => runs.find(({ issue, status }) => issue === 2 && status === 'completed');
  await page.until((scene) => lessonAfter(scene, 0, /^Slack shows Bo a warning sign$/) ?? over(scene));
  const run = page.scene.runs.find(({ issue }) => issue === 2);
  expect(run?.jobs.find(({ key }) => key === 'debug')?.log).toEqual([]);
  expect(page.scene.issues.find(({ number }) => number === 2)?.status).toBe('error');
});

test('whoever closes the page ends what still runs', async () => {
  await sandbox.page.close();
  await page.gone;
  expect(await evidenceOf(sandbox.town, 3)).toMatchObject({ issue: { open: false }, state: { status: 'cancelled' } });
  expect(sandbox.problems).toEqual([]);
});
