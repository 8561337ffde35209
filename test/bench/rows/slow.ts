/** Row: a click while each call to GitHub, its OIDC provider and Slack takes 300 ms. */
import { closeTown, startAsk } from '../ask-process.ts';
import { approversOf, openCrowdedTown } from '../crowd-policy.ts';
import { pressApprove, recordOf } from '../press.ts';
import { pause, type Row, rounded } from '../row.ts';
import { type Call, watchTraffic } from '../traffic.ts';

const DELAY = 300;
const CLICKS = 10;

export const slow: Row = {
  name: 'slow',
  about: `the same with ${DELAY} ms for each call (GitHub, OIDC, Slack); ${2 * CLICKS} clicks, over the own socket and another run's; the worst`,
  async measure(say) {
    const people = approversOf(CLICKS + 1);
    const town = await openCrowdedTown(people.length, people.length, { limits: false, delayMs: DELAY });
    const traffic = watchTraffic(town);
    const acknowledged: number[] = [];
    const trips: number[] = [];
    try {
      const asks = [startAsk(town), startAsk(town)];
      const cards = await Promise.all(asks.map((ask) => ask.asked()));
      // Two clicks for each card and two sockets in turn: each card is decided over each socket.
      for (const [index, { slack }] of people.slice(0, CLICKS).entries()) {
        for (const card of index % 2 === 0 ? cards : cards.toReversed()) {
          const pressed = await pressApprove(town, slack, card);
          if (!pressed.acknowledged) throw new Error(`A click for issue #${card.issue} was not acknowledged.`);
          acknowledged.push(pressed.afterMs);
          const record = recordOf(traffic, card.issue, pressed);
          trips.push(tripsBefore(traffic.calls, pressed.sentAt, record.answeredAt));
          await pause(3 * DELAY);
        }
      }
      say(`${acknowledged.length} clicks: ${acknowledged.map((ms) => Math.round(ms)).join(', ')} ms`);
    } finally {
      traffic.stop();
      await closeTown(town);
    }
    return [
      { name: 'slow-acknowledged', value: rounded(Math.max(...acknowledged)), unit: 'ms', bar: 2_000 },
      { name: 'slow-round-trips', value: Math.max(...trips), unit: 'sequential round trips', bar: 3 },
    ];
  },
};

/** The longest chain of calls, each begun after the one before was answered, that fits between the two times. */
function tripsBefore(calls: readonly Call[], from: number, to: number): number {
  const inside = calls.filter((call) => call.receivedAt >= from - 1 && call.answeredAt <= to + 1);
  let trips = 0;
  let free = Number.NEGATIVE_INFINITY;
  for (const call of inside.toSorted((a, b) => a.answeredAt - b.answeredAt)) {
    if (call.receivedAt < free) continue;
    trips += 1;
    free = call.answeredAt;
  }
  return trips;
}
