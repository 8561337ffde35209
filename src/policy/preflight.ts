/** Says before anybody is asked whether the others could approve a request, or exactly what is missing. */
import { type Ask, eligibleApprovers, evaluate, type Verdict } from './evaluate.ts';
import { namesOf } from './people.ts';
import type { Policy } from './schema.ts';

export interface Preflight {
  possible: boolean;
  /** To whoever asks. */
  sentence: string;
}

/** Whether this ask could be approved by others. */
export function preflight(policy: Policy, ask: Ask): Preflight {
  const verdict = evaluate(policy, ask, []);
  if (verdict.status === 'blocked') {
    return { possible: false, sentence: `This request cannot be approved: ${blockedReasons(verdict).join(' ')}` };
  }
  if (verdict.status === 'met') return { possible: true, sentence: verdict.sentence };
  const eligible = eligibleApprovers(policy, ask);
  const people = eligible.length === 1 ? '1 eligible person' : `${eligible.length} distinct eligible people`;
  const sentence = `This request can be approved by ${people} other than you: ${namesOf(policy, eligible)}.`;
  return { possible: true, sentence };
}

/** The sentences of all that cannot be met, from the whole to its parts; the last ones say what to do. */
export function blockedReasons({ sentence, children }: Verdict): string[] {
  return [sentence, ...children.filter(({ status }) => status === 'blocked').flatMap(blockedReasons)];
}
