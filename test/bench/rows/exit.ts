/** Row: from the approving click to the end of the ask job with exit code 0. */

import type { Town } from '../../../src/sandbox/town.ts';
import { type AskProcess, closeTown, startAsk } from '../ask-process.ts';
import { approversOf, openCrowdedTown } from '../crowd-policy.ts';
import { pressApprove } from '../press.ts';
import { pause, type Row, rounded } from '../row.ts';

const OWN = 8;
const OTHERS = 6;
/** Between two clicks over another run's socket, so that they fall anywhere between two polls. In ms. */
const APART = 1_700;

export const exit: Row = {
  name: 'exit',
  about: `approving click → ask job exits 0; over its own socket (worst of ${OWN}) and over another run's (worst of ${OTHERS}, ${APART / 1000} s apart)`,
  async measure(say) {
    const town = await openCrowdedTown(2, 1, { limits: false });
    try {
      const own: number[] = [];
      for (let n = 0; n < OWN; n += 1) own.push(await ownSocket(town));
      say(`own socket: ${own.map(Math.round).join(', ')} ms`);
      const others = await anothersSocket(town);
      say(`another run's socket: ${others.map(Math.round).join(', ')} ms`);
      return [
        { name: 'exit-own-socket', value: rounded(Math.max(...own)), unit: 'ms', bar: 500 },
        { name: 'exit-other-socket', value: rounded(Math.max(...others)), unit: 'ms', bar: 6_000 },
      ];
    } finally {
      await closeTown(town);
    }
  },
};

async function ownSocket(town: Town): Promise<number> {
  const ask = startAsk(town);
  const card = await ask.asked();
  await pause(1_000);
  const { sentAt } = await pressApprove(town, memberOf(0), card);
  return (await exitOf(ask)) - sentAt;
}

/** One run that waits on and on, and whose socket, the first, gets every press. */
async function anothersSocket(town: Town): Promise<number[]> {
  const listener = startAsk(town);
  await listener.asked();
  const before = town.slack.pickConnection;
  town.slack.pickConnection = () => 0;
  try {
    const asks = Array.from({ length: OTHERS }, () => startAsk(town));
    const cards = await Promise.all(asks.map((ask) => ask.asked()));
    const waits = cards.map(async (card, index) => {
      await pause(index * APART);
      const { sentAt } = await pressApprove(town, memberOf(1), card);
      const ask = asks[index];
      if (ask === undefined) throw new Error('There are more cards than asks.');
      return (await exitOf(ask)) - sentAt;
    });
    return await Promise.all(waits);
  } finally {
    town.slack.pickConnection = before;
    await listener.kill();
  }
}

async function exitOf(ask: AskProcess): Promise<number> {
  const { code, at } = await ask.ended;
  if (code !== 0) throw new Error(`An approved ask job ended with ${code}:\n${ask.words.slice(-5).join('\n')}`);
  return at;
}

function memberOf(index: number): string {
  const person = approversOf(2)[index];
  if (person === undefined) throw new Error('The crowd is too small.');
  return person.slack;
}
