/** The page in a real Chromium: each attack that it offers is tried there, and what one then sees is what happened. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from '../../../scripts/chromium.ts';
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

// Whole jobs, beside a browser: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const chromium = chromiumPath();

describe.skipIf(chromium === null)('attacks, in Chromium (needs chromium)', () => {
  let theatre: Theatre;
  let seat: Seat;
  beforeAll(async () => {
    theatre = await openTheatre(chromium ?? '');
    seat = await takeSeat(theatre);
  });
  afterAll(async () => {
    expect(theatre.problems).toEqual([]);
    expect(theatre.town.github.violations).toEqual([]);
    await theatre.close();
  });

  const tried: string[] = [];
  async function tryIt(name: string): Promise<void> {
    tried.push(name);
    await attack(seat.page, name);
  }

  test('what has nothing to attack yet says what it waits for, and does nothing', async () => {
    const { page } = seat;
    await page.getByText('8 more: No request waits for a decision. Run the workflow first.').click();
    const early = button(region(page, 'Try to break it'), 'Press a forged button');
    expect(await early.getAttribute('aria-disabled')).toBe('true');
    await early.click({ force: true });
    expect(await region(page, 'What just happened').getByText('An attack').count()).toBe(0);
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
    await expectSound(seat);
  });

  test('an edited record shows as broken, names itself, and stops the request', async () => {
    const { page } = seat;
    await lesson(page, 'with a comment on the issue').waitFor({ state: 'attached' });
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
    await expectSound(seat);
  });

  test('a deleted record shows by what is missing', async () => {
    const { page } = seat;
    await tryIt('Delete a record');
    await region(page, 'Issue #4').getByText('Log broken:').waitFor();
    await expectQuiet(seat);
  });

  test('a request that nobody answered has expired meanwhile', async () => {
    const { page } = seat;
    await lesson(page, 'Nobody answered in time').waitFor({ state: 'attached' });
    await page.getByLabel('Show issue').selectOption({ label: '#1 · expired' });
    await page.getByText('Log whole: 2 records signed and chained; request expired.').waitFor();
    await expectSound(seat);
  });

  test('no attack was left out', async () => {
    const offered = region(seat.page, 'Try to break it').getByRole('button', { includeHidden: true });
    expect((await offered.allTextContents()).map((text) => text.trim()).sort()).toEqual(tried.sort());
  });
});
