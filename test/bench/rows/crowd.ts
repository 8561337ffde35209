/** Row: many requests at once over all ten sockets that Slack allows, and hundreds of clicks among one another. */
import type { Town } from '../../../src/sandbox/town.ts';
import { type AskedCard, type AskProcess, closeTown, startAsk } from '../ask-process.ts';
import { chooser, clickSomewhere, troubles } from '../clicks.ts';
import { type Approver, approversOf, openCrowdedTown } from '../crowd-policy.ts';
import { pause, type Row, type Say } from '../row.ts';
import { type Click, judge } from '../truth.ts';

const REQUESTS = 50;
const CLICKS = 500;
const PEOPLE = 15;
/** With ten clicks for each request some requests get there while the others go on. */
const QUORUM = 8;
const STARTED_AT_ONCE = 3;
const HANDS = 6;

export const crowd: Row = {
  name: 'crowd',
  about: `${REQUESTS} requests at once over 10 sockets, ${CLICKS} interleaved clicks of ${PEOPLE} people, ${QUORUM} must approve; all rate limits OFF`,
  async measure(say) {
    const people = approversOf(PEOPLE);
    const town = await openCrowdedTown(PEOPLE, QUORUM, { limits: false });
    const asks: AskProcess[] = [];
    try {
      const cards = await openAll(town, asks, say);
      const clicks = await clickAll(town, { cards, people }, say);
      // Every job that was approved gets the time to notice it.
      await pause(8_000);
      const truth = await judge(town, cards, clicks);
      const ended = asks.filter(({ over }) => over()?.code === 0).length;
      say(
        `${troubles(clicks)}; ${truth.standing} decisions stand, ${truth.approved.size} requests approved, ${ended} jobs ended with 0`,
      );
      const wrongEnds = asks.filter((ask, index) => {
        const approved = truth.approved.has(cards[index]?.issue ?? 0);
        return (ask.over()?.code === 0) !== approved;
      }).length;
      return [
        { name: 'crowd-crossed', value: truth.crossed, unit: 'decisions (rate limits off)', bar: 0 },
        { name: 'crowd-lost', value: truth.lost, unit: 'clicks (rate limits off)', bar: 0 },
        { name: 'crowd-counted-twice', value: truth.twice, unit: 'decisions (rate limits off)', bar: 0 },
        { name: 'crowd-wrong-ends', value: wrongEnds, unit: 'jobs (rate limits off)', bar: 0 },
      ];
    } finally {
      await closeTown(town);
    }
  },
};

async function openAll(town: Town, asks: AskProcess[], say: Say): Promise<AskedCard[]> {
  const cards: AskedCard[] = [];
  while (cards.length < REQUESTS) {
    const some = Array.from({ length: Math.min(STARTED_AT_ONCE, REQUESTS - cards.length) }, () => startAsk(town));
    asks.push(...some);
    cards.push(...(await Promise.all(some.map((ask) => ask.asked()))));
  }
  say(`${cards.length} requests wait, ${town.slack.connections()} sockets are open`);
  return cards;
}

/** Several hands press at the same time, each as soon as its last click is answered. */
async function clickAll(
  town: Town,
  { cards, people }: { cards: AskedCard[]; people: Approver[] },
  say: Say,
): Promise<Click[]> {
  const choose = chooser('crowd');
  const among = { open: new Set(cards), people };
  const clicks: Click[] = [];
  let left = CLICKS;
  const hand = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const click = await clickSomewhere(town, among, choose);
      if (click === null) throw new Error('No card has buttons any more.');
      clicks.push(click);
      if (clicks.length % 100 === 0) say(`${clicks.length} clicks`);
    }
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
  return clicks;
}
