/** The page in a real Chromium, on a desk: the whole story as a person and a screen reader have it, by mouse and by keyboard alone. */
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from '../../../scripts/chromium.ts';
import {
  actAs,
  button,
  card,
  DESKTOP,
  expectSound,
  job,
  lesson,
  openTheatre,
  personButton,
  region,
  type Theatre,
  takeSeat,
} from './chromium.ts';

// Whole jobs, beside a browser: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const chromium = chromiumPath();

describe.skipIf(chromium === null)('on a desk, in Chromium (needs chromium)', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre(chromium ?? '');
  });
  afterAll(async () => {
    expect(theatre.problems).toEqual([]);
    expect(theatre.town.github.violations).toEqual([]);
    await theatre.close();
  });

  test('the first view says what this is, and what to do', async () => {
    const seat = await takeSeat(theatre);
    const { page } = seat;
    await page.getByRole('heading', { level: 1, name: 'Debug Approval sandbox' }).waitFor();
    expect(await page.getByRole('complementary').innerText()).toMatch(/Start here: run the workflow as Ana\./);
    expect(await personButton(page, 'Ana').isChecked()).toBe(true);
    expect(await button(page.getByRole('main'), 'Run workflow as Ana').isVisible()).toBe(true);
    expect(await shift(page)).toBeLessThan(0.1);
    await expectSound(seat);
    await page.context().close();
  });

  test('asked by Ana, approved by Bo, run and closed with a log that holds; two tabs are in step, no secret shows, and nothing jumps', async () => {
    const seat = await takeSeat(theatre, { ...DESKTOP, reducedMotion: 'no-preference' });
    const { page } = seat;
    const other = await page.context().newPage();
    await other.goto(theatre.page.url);
    await button(page.getByRole('main'), 'Run workflow as Ana').click();
    const [here, there] = [card(page), card(other)];
    await Promise.all([button(here, /^Approve: /).waitFor(), button(there, /^Approve: /).waitFor()]);
    expect(await here.getByText('@Bo', { exact: true }).isVisible()).toBe(true);
    expect(await here.getByText('You were mentioned').count()).toBe(0);
    await actAs(page, 'Bo');
    await here.getByText('You were mentioned').waitFor();
    expect(await there.getByText('You were mentioned').count()).toBe(0);
    expect(await here.getByText('.github/runbooks/hello.sh').isVisible()).toBe(true);
    await expectSound(seat);

    const before = await furniture(page);
    await button(here, /^Approve: /).click();
    await job(page, 'debug', 'running').waitFor();
    const log = page.getByRole('log', { name: 'Log of debug' });
    await log.getByText('Connecting to ‹secret#1›').waitFor();
    for (const one of [page, other]) {
      for (const name of ['ask', 'debug', 'close']) await job(one, name, 'succeeded').waitFor();
      await one.getByText('Log whole: 4 records signed and chained; request finished.').waitFor();
      await region(one, 'Issue 1').getByText('Closed', { exact: true }).waitFor();
      expect(await one.content()).not.toContain('postgres://');
    }
    expect(
      await region(page, 'Issue 1')
        .getByText(/verified #\d/)
        .allInnerTexts(),
    ).toEqual([1, 2, 3, 4].map((seq) => `verified #${seq}`));
    await lesson(page, 'Issue #1 is closed as finished').waitFor();
    expect(await button(card(page), /^(Approve|Deny)/).count()).toBe(0);
    await expectSound(seat);
    expect(await furniture(page)).toEqual(before);
    await page.context().close();
  });

  test('a request that cannot be made is explained where one looks, and the form keeps what was written', async () => {
    const seat = await takeSeat(theatre);
    const { page } = seat;
    await page.getByRole('heading', { level: 2, name: 'Run workflow' }).click();
    const inputs = page.getByLabel("The runbook's inputs");
    await inputs.fill('{"orders":');
    await button(page.getByRole('main'), 'Run workflow as Ana').click();
    await lesson(page, 'Nobody was asked').waitFor({ state: 'attached' });
    await job(page, 'close', 'succeeded').waitFor();
    await job(page, 'ask', 'failed').waitFor();
    await page.getByRole('log', { name: 'Log of ask' }).getByText('this is no JSON').waitFor();
    await page.getByText('Nobody was asked: the log of the ask job says why.').waitFor();
    await expectSound(seat);
    await page.getByRole('button', { name: 'See the form' }).click();
    await inputs.waitFor();
    expect(await inputs.inputValue()).toBe('{"orders":');
    await expectSound(seat);
    await page.context().close();
  });

  test('the keyboard alone is enough, and always shows where it is', async () => {
    const seat = await takeSeat(theatre);
    const { page } = seat;
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('link "Skip to the page’s content":');
    await expectVisibleFocus(page);
    await tabTo(page, /^radio "Ana /);
    await expectVisibleFocus(page);
    await tabTo(page, /^heading "Run workflow"/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^button "Run workflow as Ana"$/);
    await expectVisibleFocus(page);
    await page.keyboard.press('Enter');
    await button(card(page), /^Deny: /).waitFor();
    await tabTo(page, /^radio "Ana /, 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    expect(await personButton(page, 'Bo').isChecked()).toBe(true);
    await tabTo(page, /^button "Deny: /);
    await expectVisibleFocus(page);
    await page.keyboard.press('Enter');
    await job(page, 'close', 'succeeded').waitFor();
    await job(page, 'debug', 'skipped').waitFor();
    await lesson(page, 'Bo denied it').waitFor();
    await tabTo(page, /^button "debug skipped"/);
    await page.keyboard.press('Enter');
    await page.getByText('Skipped: the request was not approved, so nothing ran.').waitFor();
    await tabTo(page, /^log "Log of debug"/);
    await expectVisibleFocus(page);
    await expectSound(seat);
    await page.context().close();
  });
});

/** How far what is seen moved while the page came, as browsers measure it ("cumulative layout shift", a share of the window). */
async function shift(page: Page): Promise<number> {
  const shifts = await page.evaluate(`new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().map(({ value }) => value)))
      .observe({ type: 'layout-shift', buffered: true });
    // Where nothing moved, nothing is told.
    requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
  })`);
  return v.parse(v.array(v.number()), shifts).reduce((sum, value) => sum + value, 0);
}

/** Where the parts of the page stand. */
async function furniture(page: Page): Promise<Record<string, unknown>> {
  const parts = {
    lessons: region(page, 'What just happened'),
    attacks: region(page, 'Try to break it'),
    messages: region(page, 'Messages'),
    write: page.getByRole('textbox', { name: /^Message #/ }),
    jobs: page.getByRole('list', { name: 'Jobs' }),
    log: page.getByRole('log'),
    issue: region(page, 'Issue 1'),
  };
  const boxes = Object.entries(parts).map(async ([name, part]) => [name, await part.boundingBox()]);
  return Object.fromEntries(await Promise.all(boxes));
}

/** What a screen reader calls the element that has the focus, such as `button "Send"`. */
async function focused(page: Page): Promise<string> {
  const at = page.locator(':focus');
  if ((await at.count()) === 0) return 'nothing';
  const [first = ''] = (await at.ariaSnapshot()).split('\n', 1);
  return first.replace(/^- '?/, '');
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (name.test(at)) return;
    passed.push(at);
  }
  throw new Error(`${key} never came to ${name}, only to: ${passed.join(' | ')}`);
}

/** The element that has the focus looks otherwise than without it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const Box = v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number() });
  const around = await page.evaluate(`(() => {
    globalThis.kept = document.activeElement;
    const { x, y, width, height } = (kept.labels?.[0] ?? kept).getBoundingClientRect();
    return { x: Math.max(0, x - 6), y: Math.max(0, y - 6), width: width + 12, height: height + 12 };
  })()`);
  const clip = v.parse(Box, around);
  const having = await page.screenshot({ clip });
  await page.evaluate('kept.blur()');
  const lacking = await page.screenshot({ clip });
  await page.evaluate('kept.focus()');
  expect(having.equals(lacking), `${await focused(page)} looks the same with the focus and without`).toBe(false);
}
