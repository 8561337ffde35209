/** Explains what the policy says of an ask that breaks the glass: whether it may, and on which terms. */
import type { Ask, Verdict } from './evaluate.ts';
import { expandMembers, nameOf } from './people.ts';
import { mayBreakGlass, mayRequest } from './requesters.ts';
import type { Policy } from './schema.ts';

/** People are keys of the policy. */
export interface BreakGlassTerms {
  /** Who may break the glass for this runbook on this target. */
  who: string[];
  /** The fewest characters of the reason. */
  reasonLength: number;
  /** Who of them one must sign the after-review, and how soon after the start. */
  review: { by: string[]; withinSeconds: number };
}

/** Whether whoever asks may start without approval. */
export function breakGlassVerdict(policy: Policy, { requester, runbook, target }: Ask): Verdict {
  const asks = [policy, requester, runbook, target] as const;
  const refusals = [mayRequest(...asks), mayBreakGlass(...asks)].flatMap((may) => (may.ok ? [] : [may.message]));
  if (refusals.length > 0) return { status: 'blocked', sentence: refusals.join(' '), children: [] };
  const sentence = `${nameOf(policy, requester)} may start at once: nobody has to approve beforehand.`;
  return { status: 'met', sentence, children: [] };
}

/** On which terms; null: the policy has no break-glass. */
export function breakGlassTerms(policy: Policy, { requester, runbook, target }: Ask): BreakGlassTerms | null {
  const { breakGlass, people, reason } = policy;
  if (breakGlass === null) return null;
  const { by, withinSeconds } = breakGlass.review;
  return {
    who: Object.keys(people).filter((person) => {
      const asks = [policy, person, runbook, target] as const;
      return mayRequest(...asks).ok && mayBreakGlass(...asks).ok;
    }),
    reasonLength: Math.max(reason.minLength, breakGlass.minLength),
    review: { by: expandMembers(policy, by).filter((person) => person !== requester), withinSeconds },
  };
}
