/** A gateway's town under load: opened in bulk, then pressed at an even rate, then judged by the signed logs alone. */
import type { Town } from '../../src/sandbox/town.ts';
import type { AskedCard } from './ask-process.ts';
import { chooser } from './clicks.ts';
import { type Approver, approversOf, openCrowdedTown } from './crowd-policy.ts';
import { openRequests } from './open-requests.ts';
import { pressApprove } from './press.ts';
import { pause, quantile, rounded, type Say } from './row.ts';
import { type Click, judge, type Truth } from './truth.ts';

/** All latency of the outside, as the sandbox adds it to each call. In ms. */
export const LATENCY_MS = 100;

export interface LoadedTown {
  town: Town;
  cards: AskedCard[];
  people: Approver[];
}

/** Opens a town with so many requests, which `quorum` of so many people must approve; then latency and, if wanted, limits. */
export async function openLoadedTown(
  { requests, people: size, quorum, limits }: { requests: number; people: number; quorum: number; limits: boolean },
  say: Say,
): Promise<LoadedTown> {
  const people = approversOf(size);
  const town = await openCrowdedTown(size, quorum, { gateway: true, limits: false });
  try {
    const from = performance.now();
    const cards = await openRequests(
      town,
      requests,
      people.map(({ key }) => key),
    );
    say(`${cards.length} requests opened in ${rounded((performance.now() - from) / 1000)} s`);
    under(town, { delayMs: LATENCY_MS, limits });
    return { town, cards, people };
  } catch (error) {
    await town.close();
    throw error;
  }
}

function under({ github, slack }: Town, { delayMs, limits }: { delayMs: number; limits: boolean }): void {
  for (const one of [github, slack]) {
    one.setDelay(delayMs);
    one.setLimits(limits);
  }
}

/** A click that was made once, and what became of it. */
export interface Once extends Click {
  /** From when it was due to what Slack heard, in ms. */
  afterMs: number;
  /** When it was due, by `performance.now()`. */
  at: number;
}

/** Presses so often a second for so long, each on a card and by a person that have not met; each press as long as it takes. */
export async function pressEvenly(
  { town, cards, people }: LoadedTown,
  { perSecond, seconds, seed }: { perSecond: number; seconds: number; seed: string },
): Promise<Once[]> {
  const choose = chooser(seed);
  const met = new Set<string>();
  const clicks: Once[] = [];
  const from = performance.now();
  const pressing: Promise<void>[] = [];
  const one = async (at: number): Promise<void> => {
    for (;;) {
      const click: Once = {
        ...{ card: choose(cards), person: choose(people), acknowledged: false, presses: 1 },
        ...{ afterMs: 0, at },
      };
      const key = `${click.card.issue} ${click.person.key}`;
      if (met.has(key)) continue;
      met.add(key);
      try {
        const { acknowledged } = await pressApprove(town, click.person.slack, click.card);
        clicks.push(Object.assign(click, { acknowledged, afterMs: performance.now() - at }));
        return;
      } catch (error) {
        // It was approved meanwhile, and its buttons are gone: another one is chosen.
        if (!(error instanceof Error && error.message.startsWith('No button'))) throw error;
      }
    }
  };
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = from + (n * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    // Counted from when it was due: where this process comes late, whoever presses waits as well.
    pressing.push(one(due));
  }
  await Promise.all(pressing);
  return clicks;
}

/** Reads all logs, without latency and limits. */
export function judged({ town, cards }: LoadedTown, clicks: readonly Click[]): Promise<Truth> {
  under(town, { delayMs: 0, limits: false });
  const pressed = new Set(clicks.map(({ card }) => card.issue));
  return judge(
    town,
    cards.filter(({ issue }) => pressed.has(issue)),
    clicks,
  );
}

/** How long the acknowledged ones took, in ms. */
export function acknowledgedAfter(clicks: readonly Once[], share: number): number {
  const times = clicks.filter(({ acknowledged }) => acknowledged).map(({ afterMs }) => afterMs);
  return rounded(quantile(times, share), 0);
}
