/** Many people's clicks on many cards, chosen at random from a seed. */
import { createHash } from 'node:crypto';
import type { Town } from '../../src/sandbox/town.ts';
import type { AskedCard } from './ask-process.ts';
import type { Approver } from './crowd-policy.ts';
import { pressApprove } from './press.ts';
import { pause } from './row.ts';
import type { Click } from './truth.ts';

/** How often a person presses until they give up. */
const PATIENCE = 4;

export type Choose = <T>(from: readonly T[]) => T;

/** Chooses as by chance, but the same with the same seed. */
export function chooser(seed: string): Choose {
  let turn = 0;
  return (from) => {
    turn += 1;
    const number = createHash('sha256').update(`${seed} ${turn}`).digest().readUInt32BE(0);
    const chosen = from[number % from.length];
    if (chosen === undefined) throw new RangeError('There is nothing to choose from.');
    return chosen;
  };
}

/** Clicks once, on a card whose button still stands; null where none of the cards has buttons any more. */
export async function clickSomewhere(
  town: Town,
  among: { open: Set<AskedCard>; people: readonly Approver[] },
  choose: Choose,
): Promise<Click | null> {
  while (among.open.size > 0) {
    const card = choose([...among.open]);
    const click: Click = { card, person: choose(among.people), acknowledged: false, presses: 0 };
    if (await pressed(town, click)) return click;
    among.open.delete(card);
  }
  return null;
}

/** False where no button stood at the first press. */
async function pressed(town: Town, click: Click): Promise<boolean> {
  for (; click.presses < PATIENCE && !click.acknowledged; click.presses += 1) {
    if (click.presses > 0) await pause(1_000);
    try {
      click.acknowledged = (await pressApprove(town, click.person.slack, click.card)).acknowledged;
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('No button'))) throw error;
      return click.presses > 0;
    }
  }
  return true;
}

/** How many clicks took more than one press, and how many were never acknowledged. */
export function troubles(clicks: readonly Click[]): string {
  const again = clicks.filter(({ presses }) => presses > 1).length;
  const never = clicks.filter(({ acknowledged }) => !acknowledged).length;
  return `${clicks.length} clicks, ${again} pressed more than once, ${never} never acknowledged`;
}
