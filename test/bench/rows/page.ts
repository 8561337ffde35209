/** Row: how soon somebody who has installed the sandbox can use its page, how soon it shows, and how much it weighs. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { chromiumPath, startChromium } from '../../../scripts/chromium.ts';
import { buildPage } from '../../../src/sandbox/page/assets.ts';
import { ROOT } from '../../source.ts';
import { type Figure, quantile, type Row, rounded } from '../row.ts';

const STARTS = 3;
const VISITS = 7;

export const page: Row = {
  name: 'page',
  about: `start of \`npm run demo -- --page\` → usable in Chromium, the worst of ${STARTS}; navigation → usable, the median of ${VISITS} first visits; size as it is sent`,
  async measure(say) {
    const size = await sizeOf();
    const chromium = chromiumPath();
    if (chromium === null) {
      say('page and page-first-view: skipped, there is no Chromium here; install one, or name it in $CHROMIUM');
      return [size];
    }
    // Whoever tries the sandbox has a browser open.
    const browser = await startChromium(chromium);
    try {
      return [...(await times(browser)), size];
    } finally {
      await browser.close();
    }
  },
};

async function times(browser: Browser): Promise<Figure[]> {
  const starts: number[] = [];
  const visits: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const demo = await startDemo();
    try {
      await visit(browser, demo.url);
      starts.push((performance.now() - demo.startedAt) / 1000);
      for (let more = n; more < VISITS; more += STARTS) visits.push(await visit(browser, demo.url));
    } finally {
      await demo.end();
    }
  }
  return [
    { name: 'page', value: rounded(quantile(starts, 1)), unit: 's to usable', bar: 5 },
    { name: 'page-first-view', value: rounded(quantile(visits, 0.5), 0), unit: 'ms to usable', bar: 1000 },
  ];
}

/** How long somebody who was never there waits from the navigation until they can press Run, in ms. */
async function visit(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const from = performance.now();
  await tab.goto(url, { waitUntil: 'commit' });
  await tab.getByRole('button', { name: 'Run workflow as Ana' }).waitFor();
  const waited = performance.now() - from;
  await context.close();
  return waited;
}

/** Starts the demo as a person does; resolves once it has told where its page is. */
async function startDemo(): Promise<{ url: string; startedAt: number; end(): Promise<void> }> {
  const startedAt = performance.now();
  // A group of its own: npm starts a shell, which starts the demo.
  const child = spawn('npm', ['run', 'demo', '--', '--page'], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('npm does not start.');
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout })
      .on('line', (line) => /^Page: (\S+)$/.exec(line)?.slice(1).map(resolve))
      .on('close', () => reject(new Error('The demo ended without a page.')));
  });
  const end = async (): Promise<void> => {
    process.kill(-pid, 'SIGTERM');
    await over;
  };
  return { url, startedAt, end };
}

async function sizeOf(): Promise<Figure> {
  const assets = [...(await buildPage()).values()];
  const bytes = assets.reduce((sum, { body, packed }) => sum + (packed?.br ?? body).length, 0);
  return { name: 'page-size', value: rounded(bytes / 1000), unit: 'KB, compressed', bar: 300 };
}
