/** The page in a real Chromium: each attack that it offers is tried there, and what one then sees is what happened, and which rule held. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from '../../../scripts/chromium.ts';
import { evidenceOf } from '../../../src/sandbox/evidence.ts';
import {
  actAs,
  attack,
  button,
  card,
  expectQuiet,
  expectSound,
  job,
  lesson,
  openTheatre,
  region,
  type Seat,
  type Theatre,
  takeSeat,
} from './chromium.ts';
import { cardOf, lessonAfter, send, type Visitor, visit } from './visitor.ts';

// Whole jobs, beside a browser: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const chromium = chromiumPath();

describe.skipIf(chromium === null)('attacks, in Chromium (needs chromium)', () => {
  let theatre: Theatre;
  let seat: Seat;
  /** Sees the same as the browser, as the page's own data. */
  let visitor: Visitor;
  beforeAll(async () => {
    theatre = await openTheatre(chromium ?? '');
    [seat, visitor] = await Promise.all([takeSeat(theatre), visit(theatre.page)]);
  });
  afterAll(async () => {
    expect(theatre.problems).toEqual([]);
    expect(theatre.town.github.violations).toEqual([]);
    await theatre.close();
  });

  const tried: string[] = [];
  async function tryIt(name: string): Promise<void> {
    tried.push(name);
    const before = visitor.scene.lessons.at(-1)?.id ?? 0;
    await attack(seat.page, name);
    // Whatever else goes on teaches meanwhile, too.
    const told = await visitor.until(({ lessons }) => lessons.find(({ id, tone }) => id > before && tone === 'attack'));
    expect(told).toMatchObject({ rule: null });
  }

  /** The newest lesson of this title, which says that the rule held. */
  async function held(title: string, rule: number): Promise<string> {
    const told = await visitor.until(({ lessons }) => lessons.findLast((one) => one.title === title));
    expect(told).toMatchObject({ tone: 'held', rule: { number: rule } });
    return told.text;
  }

  const ids = (available: boolean): string[] =>
    visitor.scene.attacks.filter(({ unavailable }) => (unavailable === null) === available).map(({ id }) => id);
  const issue = (number: number) => visitor.scene.issues.find((one) => one.number === number);

  test('what has nothing to attack yet says what it waits for, and does nothing', async () => {
    const { page } = seat;
    await page.getByText('8 more: No request waits for a decision. Run the workflow first.').click();
    const early = button(region(page, 'Try to break it'), 'Press a forged button');
    expect(await early.getAttribute('aria-disabled')).toBe('true');
    await early.click({ force: true });
    expect(await region(page, 'What just happened').getByText('An attack').count()).toBe(0);
    expect(ids(true)).toEqual(['loud-reason', 'break-glass', 'silence']);
    const why = 'No request waits for a decision. Run the workflow first.';
    expect(await send(theatre.page, { do: 'attack', id: 'own-press' })).toEqual({ ok: false, why });
    expect(await send(theatre.page, { do: 'attack', id: 'bribe' })).toMatchObject({ ok: false });
    await expectSound(seat);
  });

  test('a ping smuggled into the reason stands on the card as mere text', async () => {
    const { page } = seat;
    // Its request expires while the others are attacked.
    await tryIt('Wait until nobody looks');
    await page.getByRole('heading', { name: 'Issue #1' }).waitFor();
    await tryIt('Smuggle a ping into the reason');
    await lesson(page, 'A mention in the reason pings nobody').waitFor();
    const why = card(page).getByRole('blockquote');
    expect(await why.innerText()).toContain('<!channel> Please approve now: <https://example.com|the dashboard>');
    expect(await why.getByRole('link').count()).toBe(0);
    await button(card(page), /^Approve: /).waitFor();
    await expectQuiet(seat);
    expect(await held('A mention in the reason pings nobody', 9)).toContain('<!channel>');
    expect((await visitor.until((scene) => cardOf(scene, 2))).pings).toEqual(['UBO', 'UCY']);
    await expect.poll(() => ids(false)).toEqual(['forged-card', 'rerun-debug', 'rerun-all']);
    // Found by the ask job's next look at its issue; the others are tried meanwhile.
    await tryIt('Approve your own request by a comment');
  });

  test('whoever presses on their own request is answered privately, and only they can read it', async () => {
    const { page } = seat;
    await tryIt('Approve your own request');
    await lesson(page, 'Only Ana sees the answer').waitFor();
    const answer = region(page, 'Messages').getByText('you asked for it. Ask one of Bo');
    await answer.waitFor();
    await page.getByText('Only visible to you').waitFor();
    await expectQuiet(seat);
    await actAs(page, 'Bo');
    await page.getByText('Slack told Ana something that only Ana sees.').waitFor();
    expect(await answer.count()).toBe(0);
    await expectQuiet(seat);
    await button(region(page, 'Messages'), 'See it as Ana').click();
    await answer.waitFor();
    await held('Ana cannot decide on their own request', 4);
  });

  test.each([
    ['Let a stranger approve', 'Ed is nobody to the policy', 6],
    ['Press a forged button', 'The button was not this request’s', 1],
    ['Take words for a yes', 'Other words, in other places, decide nothing', 6],
    ['Break the glass without the right', 'Nobody was asked', 6],
    ['Forge a record', 'It looks like a record, and is none', 8],
    ['Put words into an approver’s mouth', 'Edited words decide nothing', 4],
  ])('%s: a rule holds and is named, and the log stays whole', async (name, title, rule) => {
    const { page } = seat;
    await tryIt(name);
    const told = lesson(page, title);
    await told.getByText(`Rule ${rule}`).waitFor({ state: 'attached' });
    expect(await told.innerText()).toMatch(/A rule held/i);
    await region(page, 'Issue #2').getByText('Log whole:').waitFor();
    await held(title, rule);
    expect(issue(2)).toMatchObject({ status: 'pending', broken: [] });
    await expectSound(seat);
  });

  test('a comment is held by the same rule as the press', async () => {
    await lesson(seat.page, 'with a comment on the issue').waitFor({ state: 'attached' });
    const told = await visitor.until(({ lessons }) =>
      lessons.find(({ text }) => / with a comment on the issue\./.test(text)),
    );
    expect(told).toMatchObject({ tone: 'held', title: 'Ana cannot decide on their own request', rule: { number: 4 } });
  });

  test('a stranger alone reads who they are to the policy, and comments that are none of the log’s are told apart from it', async () => {
    const told = await visitor.until(({ messages }) => messages.find(({ onlyFor }) => onlyFor === 'UED'));
    expect(told.text).toMatch(/links your Slack account \(T1\/UED\) with nobody/);
    const comments = issue(2)?.comments ?? [];
    expect(comments.filter(({ mark }) => mark.kind === 'plain' && mark.why !== null)).toHaveLength(2);
  });

  test('an edited record shows as broken, names itself, and stops the request', async () => {
    const { page } = seat;
    await tryIt('Edit a record');
    await lesson(page, 'The change shows').waitFor();
    const issue = region(page, 'Issue #2');
    await issue.getByText('Log broken:').waitFor();
    const broken = issue.getByRole('article').filter({ has: page.getByText('broken', { exact: true }) });
    await broken.getByText('edited', { exact: true }).waitFor();
    await broken.getByText(/github-actions\[bot\] was edited at/).waitFor();
    expect(await issue.getByText('Log broken:').locator('..').innerText()).toMatch(/ was edited at /);
    await expectQuiet(seat);
  });

  test('a card that was rewritten deceives nobody: the dialog shows what the log says, and wants its checklist ticked', async () => {
    const { page } = seat;
    await page.getByRole('heading', { level: 2, name: 'Run workflow' }).click();
    await page.getByLabel('What to run').selectOption('find-order');
    await page.getByLabel('Where to run it').selectOption('production');
    await button(page.getByRole('main'), /^Run workflow as/).click();
    await page.getByRole('heading', { name: 'Issue #3' }).waitFor();
    await button(card(page), /^Approve: /).waitFor();
    await tryIt('Rewrite the card');
    await lesson(page, 'The dialog shows what the log says').waitFor();
    await card(page).getByText('only-look.sh').waitFor();
    await actAs(page, 'Bo');
    const dialog = page.getByRole('dialog', { name: 'Approve debug request' });
    await dialog.getByText('.github/runbooks/find-order.sh -- AB-1234').waitFor();
    expect(await dialog.innerText()).not.toContain('only-look.sh');
    const list = dialog.getByRole('group', { name: /^Tick each item/ });
    await button(dialog, 'Approve').click();
    await list.getByRole('alert').getByText('Please complete this required field.').waitFor();
    await list.getByLabel('The ticket names this order').check();
    await button(dialog, 'Approve').click();
    await list.getByRole('alert').getByText('"Nothing of it leaves the job"').waitFor();
    await expectSound(seat);
    await dialog.getByLabel('Nothing of it leaves the job').check();
    await dialog.getByLabel('Comment').fill('As the ticket says.');
    await button(dialog, 'Approve').click();
    await dialog.waitFor({ state: 'detached' });
    await card(page).getByText('Bo approved: “As the ticket says.”').waitFor();
    expect(await card(page).innerText()).not.toContain('only-look.sh');
    await expectQuiet(seat);
  });

  test('an approval cannot be used again, and a re-run asks anew', async () => {
    const { page } = seat;
    await actAs(page, 'Di');
    await button(page.getByRole('main'), 'Begin with /approve and its checklist').click();
    const line = page.getByLabel('Comment as Di');
    await line.fill((await line.inputValue()).replaceAll('[ ]', '[x]'));
    await button(page.getByRole('main'), /^Comment$/).click();
    await page.getByText('request finished.').waitFor();
    await actAs(page, 'Ana');
    await page.getByText(/^Your request #3 .* Approved by Bo and Di;/).waitFor();
    await expectSound(seat);
    await tryIt('Re-run the debug job alone');
    await lesson(page, 'The debug job refused').waitFor();
    await job(page, 'debug', 'failed').waitFor();
    await page.getByRole('log', { name: 'Log of debug' }).getByText('An approval counts for one attempt').waitFor();
    await expectQuiet(seat);
    await tryIt('Re-run everything');
    await page.getByRole('heading', { name: 'Issue #4' }).waitFor();
    await button(card(page), /^Approve: /).waitFor();
    // That the run asked is read from its log, which may come after the card.
    const again = await visitor.until(({ runs }) => runs.find((run) => run.issue === 4));
    expect(again).toMatchObject({ attempt: 3, status: 'in_progress' });
    await expectSound(seat);
  });

  test('a deleted record shows by what is missing, and its request cannot be approved any more', async () => {
    const { page } = seat;
    const ts = cardOf(visitor.scene, 4)?.ts ?? '';
    const before = visitor.scene.lessons.at(-1)?.id ?? 0;
    await tryIt('Delete a record');
    await region(page, 'Issue #4').getByText('Log broken:').waitFor();
    const shown = await visitor.until((scene) => lessonAfter(scene, before, /^The change shows$/));
    expect(shown.rule?.number).toBe(8);
    await send(theatre.page, { do: 'press', as: 'bo', ts, actionId: 'debug-approval:approve' });
    // Whichever is first: the press meets the broken log, or the ask job has met it already.
    const over = ({ runs }: Visitor['scene']) => runs.find((run) => run.issue === 4 && run.status === 'completed');
    await visitor.until((scene) => lessonAfter(scene, before, /^Slack shows Bo a warning sign$/) ?? over(scene));
    const run = visitor.scene.runs.find((one) => one.issue === 4);
    expect(run?.jobs.find(({ key }) => key === 'debug')?.log).toEqual([]);
    expect(issue(4)?.status).toBe('error');
    await expectQuiet(seat);
  });

  test('a request that nobody answered has expired meanwhile', async () => {
    const { page } = seat;
    await lesson(page, 'Nobody answered in time').waitFor({ state: 'attached' });
    await page.getByLabel('Show issue').selectOption({ label: '#1 · expired' });
    await page.getByText('Log whole: 2 records signed and chained; request expired.').waitFor();
    await held('Nobody answered in time', 12);
    const run = await visitor.until(({ runs }) => runs.find((one) => one.issue === 1 && one.status === 'completed'));
    expect(run.conclusion).toBe('failure');
    await expectSound(seat);
  });

  test('no attack was left out', async () => {
    const offered = region(seat.page, 'Try to break it').getByRole('button', { includeHidden: true });
    expect((await offered.allTextContents()).map((text) => text.trim()).sort()).toEqual(tried.sort());
  });

  test('whoever closes the page ends what still runs', async () => {
    const inputs = { runbook: 'hello', target: 'production', reason: 'To be left behind by whoever closes the page.' };
    expect(await send(theatre.page, { do: 'run', as: 'ana', inputs })).toEqual({ ok: true });
    await visitor.until((scene) => cardOf(scene, 5));
    await theatre.page.close();
    await visitor.gone;
    expect(await evidenceOf(theatre.town, 5)).toMatchObject({ issue: { open: false }, state: { status: 'cancelled' } });
  });
});
