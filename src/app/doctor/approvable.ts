/** Whether every request that the policy allows would be approved if everybody else agreed. */
import { type Ask, evaluate, type Verdict } from '../../policy/evaluate.ts';
import { nameOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { atBest, type Filled } from './filled.ts';
import type { Finding } from './finding.ts';
import { judgeOf, listed } from './judge.ts';
import { type Situation, situations } from './situations.ts';

const { ok, wrong, unknown } = judgeOf('Policy');
const ID = 'policy.rules';

interface Hopeless {
  runbook: string;
  target: string;
  /** What of the request the rules look at, for people; mostly empty. */
  words: string;
  /** The name of who asks. */
  who: string;
  /** null: no rule covers it at all. */
  why: string | null;
}

/** The finding on the rules. What hangs on people who could not be looked up is unknown, and nothing else is. */
export function examineRules(filled: Filled, path: string): Finding[] {
  const best = atBest(filled);
  // Who surely may ask, and could not even be approved if everybody were in the groups that nobody could look up.
  const certain = hopelessRequests(best, filled.policy);
  const uncertain = filled.unseen.filter((group) => judgesRequesters(filled.policy, group));
  if (certain.length > 0 && uncertain.length === 0) return [hopelessFinding(certain, path)];
  if (filled.unseen.length === 0) return [ok(ID, 'Every request that the policy allows can be approved by others.')];
  if (hopelessRequests(filled.policy, best).length === 0 && uncertain.length === 0) {
    const what = `Every request that the policy allows can be approved by others, whoever is in ${listed(filled.unseen)}.`;
    return [ok(ID, what)];
  }
  const what = `Whether every request can be approved is not known: who is in ${listed(filled.unseen)} could not be looked up.`;
  return [unknown(ID, what, 'Let doctor look these groups up; see what it says of them under People.')];
}

/** A rule that applies to some requesters alone may or may not apply then. */
const judgesRequesters = ({ rules }: Policy, group: string): boolean =>
  rules.some(({ when }) => when?.requesters?.includes(group) === true);

function hopelessFinding(all: readonly Hopeless[], path: string): Finding {
  const [first, ...more] = all;
  if (first === undefined) throw new Error('Nothing is hopeless.');
  const { runbook, target, words, who, why } = first;
  const likewise = why === null ? uncovered(more, first) : shortened(more);
  const rest = likewise === '' ? '' : ` Likewise ${likewise}.`;
  const asked = `${runbook} on ${target}${words}`;
  if (why === null) {
    const what = `No rule covers ${asked}, so nobody could approve it.${rest}`;
    return wrong(
      ID,
      what,
      `Add a rule to ${path} that covers ${runbook} on ${target}; one without \`when\` covers everything.`,
    );
  }
  const what = `${who} may ask for ${asked}, but nobody could approve it: ${why}${rest}`;
  const remedy = `In ${path} put another person into the group that the rule counts, lower its \`count\`, or take ${who} out of \`requesters\`.`;
  return wrong(ID, what, remedy);
}

/** What somebody may ask for by one policy and nobody could approve by the other, which differ in the members of groups. */
function hopelessRequests(policy: Policy, asking: Policy): Hopeless[] {
  // What the same rules say of the same requester is the same: with many people and runbooks that is nearly all.
  const known = new Map<string, string | null>();
  return situations(policy, asking).flatMap(({ ask, words, rules, key: same }): Hopeless[] => {
    const { runbook, target, requester } = ask;
    const found = { runbook, target, words, who: nameOf(policy, requester) };
    if (rules.length === 0) return [{ ...found, why: null }];
    const key = `${requester} ${same}`;
    const why = known.has(key) ? (known.get(key) ?? null) : objection(policy, ask);
    known.set(key, why);
    return why === null ? [] : [{ ...found, why }];
  });
}

/** Why the others together could not approve it; null: they could. */
function objection(policy: Policy, ask: Situation['ask']): string | null {
  const others = Object.keys(policy.people).filter((person) => person !== ask.requester);
  const whole: Ask = { ...ask, excluded: [ask.requester] };
  const verdict = evaluate(policy, whole, others);
  return verdict.status === 'met' ? null : unmet(verdict);
}

/** The first sentence of the part that cannot be met, as deep down as it is. */
function unmet(verdict: Verdict): string {
  const child = verdict.children.find(({ status }) => status !== 'met');
  return child === undefined ? verdict.sentence.replace(/(?<=\.) .*$/s, '') : unmet(child);
}

/** What no rule covers besides the first. */
function uncovered(more: readonly Hopeless[], first: Hopeless): string {
  const what = more.filter(({ why }) => why === null).map(({ runbook, target }) => `${runbook} on ${target}`);
  return listed([...new Set(what)].filter((one) => one !== `${first.runbook} on ${first.target}`));
}

/** `hello on production asked by Bo or Cy`, so many of them. */
function shortened(hopeless: readonly Hopeless[]): string {
  const what = new Map<string, Set<string>>();
  for (const { runbook, target, who } of hopeless) {
    const key = `${runbook} on ${target}`;
    what.set(key, (what.get(key) ?? new Set()).add(who));
  }
  const shown = [...what].slice(0, 5).map(([key, who]) => `${key} asked by ${listed([...who])}`);
  return listed(what.size > shown.length ? [...shown, `${what.size - shown.length} more`] : shown);
}
