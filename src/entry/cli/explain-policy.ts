/** `policy explain`: what the policy says of an ask, and what it would say once some had approved or denied. */
import { type ExplainedAsk, explainAsk, explainText } from '../../policy/explain-ask.ts';
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import { namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { apiFromShell } from './api.ts';
import { readExplainOptions } from './explain-options.ts';
import type { ExplainOptions } from './policy.ts';
import { readOrTell, tell } from './tell.ts';

/** Explains. */
export async function explainCommand(file: string, options: ExplainOptions): Promise<void> {
  const { json } = options;
  const text = await readOrTell(file, json);
  if (text === null) return;
  const loaded = loadPolicy(text, { apiIsLoopback: apiFromShell().loopback });
  if (!loaded.ok) return tell(2, formatProblems(file, loaded.problems), json, { problems: loaded.problems });
  const read = readExplainOptions(loaded.policy, options, new Date().toISOString());
  if (!read.ok) return tell(2, read.problems.join('\n'), json, { problems: read.problems });
  const { policy, ask, approvals, denials } = read;
  const counted = approvals.filter((person) => !denials.includes(person));
  const all = explainAsk(policy, ask, counted, options.breakGlass === true);
  const answer = judged(all, denials);
  const words = [explainText(policy, all), ...answer.why(policy)].join('\n');
  tell(answer.yes ? 0 : 1, words, json, { ...all, denials, status: answer.status });
}

interface Answer {
  yes: boolean;
  status: ExplainedAsk['verdict']['status'] | 'denied';
  why: (policy: Policy) => string[];
}

/** Whether it may be asked and is not refused; a denial counts only by those who may decide. */
function judged(all: ExplainedAsk, denials: readonly string[]): Answer {
  const counted = denials.filter((person) => all.eligible.includes(person));
  if (counted.length >= all.denialsNeeded) {
    return { yes: false, status: 'denied', why: (policy) => [`Denied by ${namesOf(policy, counted)}.`] };
  }
  return { yes: all.mayRequest.ok && all.verdict.status !== 'blocked', status: all.verdict.status, why: () => [] };
}
