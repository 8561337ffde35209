/** Row: how long it takes from a click until its record stands in the issue, with no added latency. */
import type { AskedCard } from '../ask-process.ts';
import { closeTown, killAsks, startAsk } from '../ask-process.ts';
import { approversOf, openCrowdedTown } from '../crowd-policy.ts';
import { pressApprove, recordOf } from '../press.ts';
import { pause, quantile, type Row, rounded } from '../row.ts';
import { watchTraffic } from '../traffic.ts';

const BATCHES = 5;
const AT_ONCE = 4;
const CLICKS = 10;
/** Between two clicks, so that one is not measured with the redrawing that another caused. In ms. */
const APART = 250;

export const click: Row = {
  name: 'click',
  about: `click → record stands, no added latency; ${BATCHES * AT_ONCE} requests, ${CLICKS} people each, over ${AT_ONCE} sockets in turn`,
  async measure(say) {
    const people = approversOf(CLICKS + 1);
    const town = await openCrowdedTown(people.length, people.length, { limits: false });
    const traffic = watchTraffic(town);
    const times: number[] = [];
    try {
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const asks = Array.from({ length: AT_ONCE }, () => startAsk(town));
        const cards = await Promise.all(asks.map((ask) => ask.asked()));
        await pause(1_000);
        for (const { slack } of people.slice(0, CLICKS)) {
          for (const card of cards) times.push(await timed(card, slack));
        }
        await killAsks();
        say(`${times.length} clicks recorded`);
      }
    } finally {
      traffic.stop();
      await closeTown(town);
    }
    return [
      { name: 'click-p50', value: rounded(quantile(times, 0.5)), unit: 'ms', bar: 50 },
      { name: 'click-p99', value: rounded(quantile(times, 0.99)), unit: 'ms', bar: 250 },
    ];

    async function timed(card: AskedCard, member: string): Promise<number> {
      const pressed = await pressApprove(town, member, card);
      if (!pressed.acknowledged) throw new Error(`A click for issue #${card.issue} was not acknowledged.`);
      const ms = recordOf(traffic, card.issue, pressed).answeredAt - pressed.sentAt;
      await pause(APART);
      return ms;
    }
  },
};
