/** The page in a real Chromium, on a phone: part by part, dark, with reduced motion, and while the sandbox is away. */
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from '../../../scripts/chromium.ts';
import { openPage } from '../../../src/sandbox/page/server.ts';
import { barriers } from '../../barriers.ts';
import {
  actAs,
  button,
  card,
  expectSound,
  job,
  lesson,
  openTheatre,
  PHONE,
  region,
  type Seat,
  type Theatre,
  takeSeat,
} from './chromium.ts';

// Whole jobs, beside a browser: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const chromium = chromiumPath();
const PARTS = ['Run', 'Slack', 'Issue', 'Jobs', 'Lessons'];

describe.skipIf(chromium === null)('on a phone, in Chromium (needs chromium)', () => {
  let theatre: Theatre;
  let seat: Seat;
  beforeAll(async () => {
    theatre = await openTheatre(chromium ?? '');
    seat = await takeSeat(theatre, PHONE);
  });
  afterAll(async () => {
    expect(theatre.problems).toEqual([]);
    expect(theatre.town.github.violations).toEqual([]);
    await theatre.page.close();
    await theatre.close();
  });

  test('each part is one press away, and nothing is wider than the smallest phone', async () => {
    const { page } = seat;
    await page.setViewportSize({ width: 360, height: 740 });
    for (const part of PARTS) {
      await tab(page, part).tap();
      expect(await tab(page, part).getAttribute('aria-current')).toBe('page');
      expect((await tab(page, part).boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await expectSound(seat);
    }
    await page.setViewportSize({ width: 390, height: 844 });
  });

  test('the whole story is played by thumb; the parts where something happened say so', async () => {
    const { page } = seat;
    await tab(page, 'Run').tap();
    await button(page.getByRole('main'), 'Run workflow as Ana').tap();
    // It goes on in Slack by itself.
    await button(card(page), /^Approve: /).waitFor();
    await page.getByRole('button', { name: 'Issue has news' }).waitFor();
    await actAs(page, 'Bo');
    await expectSound(seat);
    await button(card(page), /^Approve: /).tap();
    await page.getByRole('button', { name: 'Jobs has news' }).tap();
    await job(page, 'close', 'succeeded').waitFor();
    await page.getByRole('log', { name: 'Log of debug' }).getByText('Connecting to ‹secret#1›').waitFor();
    await expectSound(seat);
    await tab(page, 'Issue').tap();
    await page.getByText('Log whole: 4 records signed and chained; request finished.').waitFor();
    await expectSound(seat);
    await tab(page, 'Lessons').tap();
    await lesson(page, 'Issue #1 is closed as finished').waitFor();
    await expectSound(seat);
    expect(await page.content()).not.toContain('postgres://');
  });

  test('light or dark is what the system says, until one chooses; the choice is kept', async () => {
    const context = await theatre.browser.newContext({ ...PHONE, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(theatre.page.url);
    await page.getByRole('button', { name: 'Light colours' }).waitFor();
    expect(await isDark(page)).toBe(true);
    await page.getByRole('button', { name: 'Light colours' }).tap();
    expect(await isDark(page)).toBe(false);
    await page.reload();
    await page.getByRole('button', { name: 'Dark colours' }).waitFor();
    expect(await isDark(page)).toBe(false);
    await context.close();
  });

  test('who wants no motion sees none, while a job runs and a lesson comes', async () => {
    const calm = seat.page;
    const lively = await (await theatre.browser.newContext({ ...PHONE, reducedMotion: 'no-preference' })).newPage();
    await lively.goto(theatre.page.url);
    await tab(lively, 'Jobs').tap();
    await tab(calm, 'Run').tap();
    await calm.getByLabel('Where to run it').selectOption('staging');
    await button(calm.getByRole('main'), /^Run workflow as/).tap();
    // It goes on in Slack by itself, once the run stands.
    await region(calm, 'Messages').waitFor();
    await tab(calm, 'Jobs').tap();
    for (const page of [calm, lively]) await job(page, 'ask', 'running').waitFor();
    expect(await motions(lively)).toBeGreaterThan(0);
    expect(await motions(calm)).toBe(0);
    await button(region(calm, /^Debug hello on staging/), 'Cancel workflow').tap();
    await job(calm, 'ask', 'cancelled').waitFor();
    await expectSound(seat);
    await lively.context().close();
  });

  test('a sandbox that went away is missed, what one wrote stays, and all goes on once it is back', async () => {
    const { page } = seat;
    await tab(page, 'Slack').tap();
    const line = page.getByRole('textbox', { name: /^Message #/ });
    await line.fill('Are you there?');
    const { url } = theatre.page;
    await theatre.page.close();
    const status = page.getByRole('banner').getByRole('status');
    await status.getByText('The sandbox does not answer').waitFor();
    expect(await barriers(page)).toEqual([]);
    await button(page.getByRole('main'), 'Send').tap();
    await page.getByRole('alert').getByText('The sandbox did not answer').waitFor();
    const { assets } = theatre;
    const onProblem = (error: unknown): void => void theatre.problems.push(error);
    theatre.page = await openPage({ town: theatre.town, assets, port: Number(new URL(url).port), onProblem });
    await status.getByText('The sandbox does not answer').waitFor({ state: 'hidden' });
    expect(await line.inputValue()).toBe('Are you there?');
    await button(page.getByRole('main'), 'Send').tap();
    await region(page, 'Messages').getByText('Are you there?').waitFor();
    // The browser itself reports what it could not load; nothing else may have gone wrong.
    expect(seat.troubles.filter((trouble) => !/^error: Failed to load resource: net::/.test(trouble))).toEqual([]);
  });
});

const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of the page' }).getByRole('button', { name: new RegExp(`^${name}\\b`) });

async function isDark(page: Page): Promise<boolean> {
  const colour = v.parse(v.string(), await page.evaluate('getComputedStyle(document.body).backgroundColor'));
  const [red = 255] = colour.match(/\d+/g)?.map(Number) ?? [];
  return red < 128;
}

async function motions(page: Page): Promise<number> {
  return v.parse(v.number(), await page.evaluate('document.getAnimations().length'));
}
