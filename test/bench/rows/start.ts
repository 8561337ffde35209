/** Row: from the start of the ask bundle to its first call to GitHub's API, against an empty Node process. */
import { spawn } from 'node:child_process';
import { openTown, type Town } from '../../../src/sandbox/town.ts';
import { closeTown, startAsk } from '../ask-process.ts';
import { quantile, type Row, rounded, until } from '../row.ts';
import { watchTraffic } from '../traffic.ts';

const PAIRS = 25;

export const start: Row = {
  name: 'start',
  about: `start of the ask bundle → first API request, as a multiple of \`node -e 0\`; the median of ${PAIRS} pairs, each side by side in time`,
  async measure(say) {
    const town = await openTown({ limits: false });
    try {
      const pairs: { empty: number; ask: number }[] = [];
      // The first start reads everything from the disk; runners do that too, but for both of a pair.
      await firstRequest(town);
      for (let n = 0; n < PAIRS; n += 1) {
        const empty = await emptyNode();
        pairs.push({ empty, ask: await firstRequest(town) });
      }
      const middle = (values: number[]): number => rounded(quantile(values, 0.5));
      say(`medians: node ${middle(pairs.map(({ empty }) => empty))} ms, ask ${middle(pairs.map(({ ask }) => ask))} ms`);
      const ratios = pairs.map(({ empty, ask }) => ask / empty);
      return [{ name: 'start', value: rounded(quantile(ratios, 0.5), 2), unit: '× node -e 0', bar: 4 }];
    } finally {
      await closeTown(town);
    }
  },
};

async function emptyNode(): Promise<number> {
  const from = performance.now();
  await new Promise((done, fail) => {
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('error', fail).once('exit', done);
  });
  return performance.now() - from;
}

async function firstRequest(town: Town): Promise<number> {
  const traffic = watchTraffic(town);
  const ask = startAsk(town);
  try {
    const first = await until('The first API request', 30, () => {
      return traffic.calls.find(({ path }) => !path.startsWith('/_services/token/')) ?? null;
    });
    return first.receivedAt - ask.startedAt;
  } finally {
    traffic.stop();
    await ask.kill();
  }
}
