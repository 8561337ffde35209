/** Makes docs/sandbox.png, the README's picture: the sandbox's page after a request that was asked, approved and run. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildPage } from '../src/sandbox/page/assets.ts';
import { openPage } from '../src/sandbox/page/server.ts';
import { pageTown } from '../src/sandbox/page/town.ts';
import { openTown } from '../src/sandbox/town.ts';
import { chromiumPath, startChromium } from './chromium.ts';

const PICTURE = fileURLToPath(new URL('../docs/sandbox.png', import.meta.url));

/** Crisp where a README shows it, on screens of twice the usual density too. */
const VIEW = { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5, reducedMotion: 'reduce' } as const;

/** Plays the story as Ana and Bo would, to its end. */
async function play(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run workflow as Ana' }).click();
  const approve = page.getByRole('button', { name: /^Approve: / });
  await approve.waitFor();
  await page.getByRole('radio', { name: /^Bo\b/ }).check();
  await approve.click();
  await page.getByRole('heading', { name: 'Issue #1 is closed as finished' }).waitFor();
  await page.getByText(/^Log whole:/).waitFor();
}

/** Shows what it is all about: the card from its headline on, beside the masked secret and the last records. */
async function compose(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Messages' }).hover();
  await page.mouse.wheel(0, -10_000);
  await page.getByRole('heading', { name: /^Ana asks: / }).hover();
  await page.mouse.move(0, 0);
}

async function main(): Promise<void> {
  const program = chromiumPath();
  if (program === null) throw new Error('There is no Chromium here. Install one, or name it in $CHROMIUM.');
  const [town, assets] = await Promise.all([openTown(pageTown()), buildPage()]);
  const page = await openPage({ town, assets, onProblem: console.error });
  const browser = await startChromium(program);
  try {
    const tab = await browser.newPage(VIEW);
    await tab.goto(page.url);
    await play(tab);
    await compose(tab);
    await tab.screenshot({ path: PICTURE });
    console.log(PICTURE);
  } finally {
    await browser.close();
    await page.close();
    await town.close();
  }
}

await main();
