/** Row: a busy minute under all of GitHub's and Slack's rate limits, while GitHub's lists lag behind. */
import type { Town } from '../../../src/sandbox/town.ts';
import { type AskedCard, type AskProcess, closeTown, startAsk } from '../ask-process.ts';
import { chooser, clickSomewhere, troubles } from '../clicks.ts';
import { approversOf, openCrowdedTown } from '../crowd-policy.ts';
import { pause, type Row, type Say } from '../row.ts';
import { judge } from '../truth.ts';

const REQUESTS = 30;
const OPENING_MS = 120_000;
const CLICKS = 40;
const CLICKING_MS = 60_000;
const LAG_MS = 5_000;
const PEOPLE = 6;
const QUORUM = 2;

export const storm: Row = {
  name: 'storm',
  about: `${REQUESTS} requests opened over two minutes, then ${CLICKS} clicks in a minute; all rate limits on from the beginning, lists lag ${LAG_MS / 1000} s`,
  async measure(say) {
    const people = approversOf(PEOPLE);
    const town = await openCrowdedTown(PEOPLE, QUORUM, { limits: true });
    const asks: AskProcess[] = [];
    try {
      const cards = await openSlowly(town, asks, say);
      town.github.setLag(LAG_MS);
      const choose = chooser('storm');
      const among = { open: new Set(cards), people };
      const answered = await evenly(CLICKS, CLICKING_MS, () => clickSomewhere(town, among, choose));
      const clicks = answered.filter((click) => click !== null);
      if (clicks.length < CLICKS) throw new Error('Too few cards kept their buttons.');
      // The lists catch up, and every job that was approved has polled and read them whole.
      await pause(LAG_MS + 20_000);
      const truth = await judge(town, cards, clicks);
      const ended = new Set(cards.filter((_, index) => asks[index]?.over()?.code === 0).map(({ issue }) => issue));
      const early = [...ended].filter((issue) => !truth.approved.has(issue)).length;
      say(
        `${troubles(clicks)}; ${truth.standing} decisions stand, ${truth.approved.size} requests approved, ${ended.size} jobs ended with 0`,
      );
      say(`GitHub: ${JSON.stringify(town.github.counts())}; Slack: ${JSON.stringify(town.slack.counts())}`);
      return [
        { name: 'storm-lost', value: truth.lost, unit: 'clicks', bar: 0 },
        { name: 'storm-crossed', value: truth.crossed, unit: 'decisions', bar: 0 },
        { name: 'storm-untrue', value: truth.untrue, unit: 'acknowledged, not recorded', bar: 0 },
        { name: 'storm-unapproved-ends', value: early, unit: 'jobs ended with 0', bar: 0 },
      ];
    } finally {
      await closeTown(town);
    }
  },
};

async function openSlowly(town: Town, asks: AskProcess[], say: Say): Promise<AskedCard[]> {
  const cards = await evenly(REQUESTS, OPENING_MS, () => {
    const ask = startAsk(town);
    asks.push(ask);
    return ask.asked();
  });
  say(`${cards.length} requests wait, ${town.slack.connections()} sockets are open`);
  return cards;
}

/** Does something so often, the beginnings spread over `ms`; each takes as long as it takes. */
function evenly<T>(times: number, ms: number, work: () => Promise<T>): Promise<T[]> {
  const one = async (_: unknown, index: number): Promise<T> => {
    await pause((index * ms) / times);
    return work();
  };
  return Promise.all(Array.from({ length: times }, one));
}
