/** The attacks that the page offers: each really happens in the town, by what an attacker has. */
import type { Evidence } from '../evidence.ts';
import type { Town } from '../town.ts';
import { byForgedButton, byOwnComment, byOwnPress, byStranger, byWordsOfOthers } from './attack-decisions.ts';
import { onRecord, withForgedRecord } from './attack-log.ts';
import { byBreakingGlass, byReason, byRerun, bySilence } from './attack-runs.ts';
import { byForgedCard, byOtherWords } from './attack-slack.ts';
import { type Telling, tried } from './lesson.ts';
import type { RunBoard } from './runs.ts';
import type { SceneAttack, SceneMessage } from './scene.ts';

/** What there is to attack. */
export interface Situation {
  town: Town;
  board: RunBoard;
  evidence: ReadonlyMap<number, Evidence>;
  messages: readonly SceneMessage[];
}

/** Tells what nothing else shows. */
export type Say = (telling: Telling) => void;

/** An attack that can be tried now, or what it waits for. */
export type Plan = { kind: 'ready'; words: string; act: (say: Say) => Promise<void> } | { kind: 'waits'; why: string };

export interface Attack {
  id: string;
  label: string;
  explains: string;
  plan: (at: Situation) => Plan;
}

const ATTACKS: readonly Attack[] = [
  byOwnPress,
  byOwnComment,
  byStranger,
  byForgedButton,
  byForgedCard,
  byOtherWords,
  byWordsOfOthers,
  withForgedRecord,
  onRecord('edit'),
  onRecord('delete'),
  byRerun('debug'),
  byRerun('all'),
  byReason,
  byBreakingGlass,
  bySilence,
];

/** The attacks as the page shows them. */
export function attacksIn(at: Situation): SceneAttack[] {
  return ATTACKS.map(({ id, label, explains, plan }) => {
    const planned = plan(at);
    return { id, label, explains, unavailable: planned.kind === 'ready' ? null : planned.why };
  });
}

/** Tries an attack; `say` is told what is tried before it happens. Throws an `Error` where it cannot be tried now. */
export async function attack(id: string, at: Situation, say: Say): Promise<void> {
  const chosen = ATTACKS.find((one) => one.id === id);
  if (chosen === undefined)
    throw new Error(`There is no attack ${id}; choose one of ${ATTACKS.map((one) => one.id).join(', ')}.`);
  const planned = chosen.plan(at);
  if (planned.kind === 'waits') throw new Error(planned.why);
  say(tried(chosen.label, planned.words));
  await planned.act(say);
}
