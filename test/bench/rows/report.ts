/** Row: how long the report of a large repository takes to build, how soon it can be used in a browser, and how much it weighs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { chromiumPath, startChromium } from '../../../scripts/chromium.ts';
import { buildReportPage } from '../../../scripts/report-page.ts';
import { renderReport } from '../../../src/audit/report/html.ts';
import { summaryOf } from '../../../src/audit/report/summary.ts';
import { MADE_AT, reportedLogs } from '../../audit/report-world.ts';
import { type Figure, quantile, type Row, rounded } from '../row.ts';

const REQUESTS = 10_000;
const BUILDS = 3;
const VISITS = 5;

export const report: Row = {
  name: 'report',
  about: `${REQUESTS} verified logs → the HTML file, the worst of ${BUILDS}; that file opened in Chromium → charts, table and search usable, the median of ${VISITS}`,
  async measure(say) {
    const page = await buildReportPage();
    const logs = [...reportedLogs(REQUESTS)];
    const seconds: number[] = [];
    let html = '';
    for (let n = 0; n < BUILDS; n += 1) {
      const from = performance.now();
      html = renderReport(logs.map(summaryOf), { page, repository: 'acme/shop', madeAt: MADE_AT, alarms: [] });
      seconds.push((performance.now() - from) / 1000);
    }
    const built: Figure[] = [
      { name: 'report', value: rounded(quantile(seconds, 1)), unit: 's to build', bar: 10 },
      { name: 'report-size', value: rounded(Buffer.byteLength(html) / 1_000_000), unit: 'MB', bar: 10 },
    ];
    const chromium = chromiumPath();
    if (chromium === null) {
      say('report-open: skipped, there is no Chromium here; install one, or name it in $CHROMIUM');
      return built;
    }
    return [...built, await opening(chromium, html)];
  },
};

async function opening(chromium: string, html: string): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'debug-approval-report-'));
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  const browser = await startChromium(chromium);
  try {
    const seconds: number[] = [];
    for (let n = 0; n < VISITS; n += 1) seconds.push(await visit(browser, pathToFileURL(file).href));
    return { name: 'report-open', value: rounded(quantile(seconds, 0.5)), unit: 's to usable', bar: 2 };
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** How long somebody waits from opening the file until all of the first page is there and answers, in seconds. */
async function visit(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const from = performance.now();
  await page.goto(address, { waitUntil: 'commit' });
  await page
    .getByRole('img', { name: /^Requests over time/ })
    .locator('rect')
    .first()
    .waitFor();
  await page.getByRole('link', { name: `#${REQUESTS}`, exact: true }).waitFor();
  await page.getByLabel('Search').fill('OPS-1007');
  await page
    .getByRole('status')
    .getByText(`of ${REQUESTS.toLocaleString('en')} requests`)
    .waitFor();
  const waited = (performance.now() - from) / 1000;
  await context.close();
  return waited;
}
