/** The sandbox's page in a real Chromium: what every visit to it must be like, whoever comes and whatever they do. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startChromium } from '../../../scripts/chromium.ts';
import { buildPage } from '../../../src/sandbox/page/assets.ts';
import type { TownOptions } from '../../../src/sandbox/town.ts';
import { barriers } from '../../barriers.ts';
import { type Opened, openSandbox } from './visitor.ts';

export interface Theatre extends Opened {
  browser: Browser;
}

/** The page's files, built once in a process. */
let built: ReturnType<typeof buildPage> | null = null;

/** A town with its built page, and Chromium. */
export async function openTheatre(chromium: string, options: TownOptions = {}): Promise<Theatre> {
  built ??= buildPage();
  const [sandbox, browser] = await Promise.all([openSandbox(options, built), startChromium(chromium)]);
  const close = async (): Promise<void> => {
    await browser.close();
    await sandbox.close();
  };
  return { ...sandbox, browser, close };
}

export interface Seat {
  page: Page;
  /** Whatever no visit may see: console errors and warnings, uncaught errors, requests to elsewhere. */
  troubles: string[];
}

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  reducedMotion: 'reduce',
};

/** Opens the page as somebody who was never here. Resolves once it can be used. */
export async function takeSeat({ browser, page: { url } }: Theatre, options = DESKTOP): Promise<Seat> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) troubles.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  await page.getByRole('main').waitFor();
  return { page, troubles };
}

/** What must hold in every state of the page. */
export async function expectSound(seat: Seat): Promise<void> {
  expect(await barriers(seat.page)).toEqual([]);
  await expectQuiet(seat);
}

/** The same where nothing is drawn that was not looked at in another state: looking for barriers takes longest. */
export async function expectQuiet({ page, troubles }: Seat): Promise<void> {
  // Not innerWidth: a phone would zoom out until all of it fits.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()?.width);
  expect(troubles).toEqual([]);
}

/** Chooses as whom to act. */
export async function actAs(page: Page, name: string): Promise<void> {
  await personButton(page, name).check();
}

export const personButton = (page: Page, name: string): Locator =>
  page.getByRole('radio', { name: new RegExp(`^${name}\\b`) });

export const region = (page: Page, name: string | RegExp): Locator => page.getByRole('region', { name });

/** The newest card, by the one who asks. */
export const card = (page: Page): Locator =>
  region(page, 'Messages')
    .getByRole('article', { name: /^Debug Approval: .* asks: / })
    .last();

export const button = (within: Locator, name: string | RegExp): Locator => within.getByRole('button', { name });

export const job = (page: Page, name: string, state: string): Locator =>
  button(page.getByRole('list', { name: 'Jobs' }), new RegExp(`^${name} ${state}\\b`));

/** The newest lesson with these words; it may be folded away already. */
export const lesson = (page: Page, words: string | RegExp): Locator =>
  region(page, 'What just happened').getByRole('listitem', { includeHidden: true }).filter({ hasText: words }).first();

/** Tries an attack by its name. */
export async function attack(page: Page, name: string): Promise<void> {
  await region(page, 'Try to break it').getByRole('button', { name, exact: true }).click();
}
