/** The report in a real Chromium, opened as a file: for eyes, keyboard, screen readers and paper, and with no way out of it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, startChromium } from '../../scripts/chromium.ts';
import { buildReportPage } from '../../scripts/report-page.ts';
import { renderReport } from '../../src/audit/report/html.ts';
import { summaryOf } from '../../src/audit/report/summary.ts';
import { barriers } from '../barriers.ts';
import { bySlack, decided } from '../request/given.ts';
import { logOf, MADE_AT, reportedLogs } from './report-world.ts';

const chromium = chromiumPath();
/** What a hostile reason would do wherever it came alive, in HTML, in a script, in an attribute. */
const HOSTILE =
  '</script><img src=x onerror="document.title=`owned`"><b>bold</b> \u202egnp.exe {{7*7}} https://evil.example/';
const HOSTILE_ISSUE = 999;
const BROKEN_ISSUE = 25;

describe.skipIf(chromium === null)('a report in Chromium (needs chromium)', () => {
  let browser: Browser;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    const [page, started] = await Promise.all([buildReportPage(), startChromium(chromium ?? '')]);
    browser = started;
    folder = await mkdtemp(join(tmpdir(), 'debug-approval-report-'));
    file = join(folder, 'report.html');
    const said = { ...decided('bo', 'deny'), comment: HOSTILE };
    const hostile = logOf(HOSTILE_ISSUE, Date.parse('2026-02-20T10:00:00Z'), [[60, said, bySlack('bo')]], {
      reason: HOSTILE,
      ticket: '"><script>alert(1)</script>',
    });
    const requests = [...reportedLogs(60), { ...hostile, url: 'javascript:alert(1)' }].map(summaryOf);
    await writeFile(file, renderReport(requests, { page, repository: 'acme/shop', madeAt: MADE_AT, alarms: [] }));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
  const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

  /** Opens it, and holds that it stays by itself, quiet and within the window, whatever `visit` does. */
  async function visit(
    options: BrowserContextOptions,
    hash: string,
    deed: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
    page.on('dialog', (dialog) => dialog.dismiss().then(() => troubles.push('a dialog')));
    const address = pathToFileURL(file).href;
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== address) troubles.push(`request to ${request.url()}`);
    });
    await page.goto(`${address}${hash}`);
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
    await deed(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()?.width);
    expect(troubles).toEqual([]);
    await context.close();
  }

  test('holds the licenses of what is bundled in it, as these want', async () => {
    const licenses = (await readFile(file, 'utf8')).split('</html>')[1] ?? '';
    expect(licenses).toMatch(/## preact - \S+ \(MIT\)\n\nThe MIT License/);
    expect(licenses).toMatch(/## @observablehq\/plot - \S+ \(ISC\)\n\nCopyright/);
  });

  const shown = (page: Page): Promise<string> => page.getByRole('status').innerText();

  test('opens by itself, says first which log is broken, and keeps nobody out in light and dark', async () => {
    await visit(DESK, '', async (page) => {
      const [first] = await page.getByRole('main').getByRole('heading', { level: 2 }).allInnerTexts();
      expect(first).toBe('1 of 61 logs is broken.');
      expect(
        await page
          .getByRole('img', { name: /^Requests over time/ })
          .locator('rect')
          .count(),
      ).toBeGreaterThan(20);
      for (const details of await page.locator('details').all()) await details.locator('summary').click();
      // As many as there are kinds of rows: looking for barriers takes its time with each element.
      await page.getByRole('textbox', { name: 'From' }).fill('2025-11-15');
      expect(await page.getByRole('region', { name: 'Requests over time, as a table' }).isVisible()).toBe(true);
      expect(await barriers(page)).toEqual([]);
    });
  });

  test('filters, sorts (broken ones always first) and pages by keyboard and address, and comes back from a request to where one was', async () => {
    await visit(DESK, '#/?state=denied', async (page) => {
      const all = Number((await shown(page)).split(' ')[0]);
      expect(all).toBeGreaterThan(3);
      await page.getByLabel('Search').fill('#999');
      expect(await shown(page)).toBe('1 of 61 requests');
      await page.getByLabel('Search').fill('nowhere');
      expect(await page.getByRole('main').innerText()).toMatch(/No request fits the filter/);
      await page.getByRole('button', { name: 'Clear' }).press('Enter');
      expect(await shown(page)).toBe('61 requests');
      const table = page.getByRole('region', { name: 'Table of requests' });
      await table.getByRole('button', { name: 'Request', exact: true }).press('Enter');
      const order = await table.getByRole('rowheader').allInnerTexts();
      expect(order.slice(0, 3)).toEqual(['#25', '#1', '#2']);
      await page.getByRole('button', { name: 'Next' }).press('Enter');
      expect(await table.getByRole('rowheader').first().innerText()).toBe('#51');
      await table.getByRole('link', { name: '#51' }).press('Enter');
      await page.getByRole('heading', { level: 1, name: /^Request #51/ }).waitFor();
      await page.getByRole('link', { name: 'All requests' }).press('Enter');
      expect(await table.getByRole('rowheader').first().innerText()).toBe('#51');
    });
  });

  test('shows a broken request record by record, the broken one as such, on a phone too', async () => {
    await visit(PHONE, `#/request/${BROKEN_ISSUE}`, async (page) => {
      await page.getByRole('heading', { level: 2, name: 'The log is broken.' }).waitFor();
      const records = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
      expect(await records.nth(1).innerText()).toMatch(/comment 2501, which holds record 2, was edited at 2026-01-20/);
      expect(await records.first().innerText()).not.toMatch(/edited/);
      await records.first().locator('summary').click();
      expect(await records.first().innerText()).toMatch(/sha256:[0-9a-f]{64}/);
      expect(await barriers(page)).toEqual([]);
    });
    await visit(PHONE, '', (page) => page.getByRole('img', { name: /^Time to quorum/ }).waitFor());
  });

  test("other people's words are text, whatever they would do elsewhere, and lead nowhere", async () => {
    await visit(DESK, `#/request/${HOSTILE_ISSUE}`, async (page) => {
      const words = HOSTILE.replace('\u202e', '⟨U+202E⟩');
      await page.getByRole('region', { name: 'What was asked' }).getByText(words).waitFor();
      expect(await page.getByRole('region', { name: 'Timeline' }).getByRole('blockquote').innerText()).toBe(words);
      expect(await page.locator('main').locator('img, script, b, iframe').count()).toBe(0);
      expect(await page.title()).toBe('Request #999: acme/shop');
      expect(await page.getByRole('link', { name: 'Open the issue' }).count()).toBe(0);
    });
  });

  test('prints charts and tables in full, without what one presses', async () => {
    await visit(DESK, '', async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.getByRole('region', { name: 'Table of requests' }).getByRole('row').count()).toBe(62);
      expect(await page.getByRole('button', { name: 'Print' }).count()).toBe(0);
      expect(await page.getByRole('img', { name: /^Requests over time/ }).isVisible()).toBe(true);
      expect(await page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor")).toBe(
        'rgb(255, 255, 255)',
      );
    });
  });
});
