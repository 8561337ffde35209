/** Reads what `policy explain` is asked: its options against the policy, with every mistake named at once. */
import * as v from 'valibot';
import type { Ask } from '../../policy/evaluate.ts';
import { shown } from '../../policy/inputs.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyAsOf } from '../../policy/snapshot.ts';
import { askOfWhatIf, leftOpen } from '../../policy/what-if.ts';
import { InputValue, Urgency } from '../../request/request.ts';
import type { ExplainOptions } from './policy.ts';

const Inputs = v.pipe(
  v.string(),
  v.parseJson(),
  v.check((given) => !Array.isArray(given)),
  v.record(v.string(), InputValue),
);

export type ReadOptions =
  | {
      ok: true;
      /** With the groups of directories filled as `--member` says. */
      policy: Policy;
      ask: Ask;
      /** Keys of people. */
      approvals: string[];
      denials: string[];
    }
  | { ok: false; problems: string[] };

/** The options as what is asked, at `now` (RFC 3339) unless they say a time, or everything that is wrong with them. */
export function readExplainOptions(before: Policy, options: ExplainOptions, now: string): ReadOptions {
  const { runbook, target, as, at = now, member = [], approvedBy: approvals = [], deniedBy: denials = [] } = options;
  const filled = membersOf(before, member);
  const policy = policyAsOf(before, { members: filled.members, links: {} });
  const urgency = v.safeParse(Urgency, options.urgency);
  const inputs = v.safeParse(Inputs, options.inputs);
  const asked = askOfWhatIf(policy, {
    ...{ runbook, target, as, at },
    // What is wrong itself makes nothing else wrong.
    inputs: inputs.success ? inputs.output : {},
    urgency: urgency.success ? urgency.output : 'normal',
  });
  const problems = [
    ...filled.problems,
    ...(urgency.success ? [] : [`--urgency: must be low, normal or high, not ${shown(options.urgency)}.`]),
    ...(inputs.success ? [] : [inputsProblem(options.inputs)]),
    ...(asked.ok ? [] : asked.problems),
    ...approvals.flatMap((person) => strangerProblem(policy, person, `--approved-by ${person}`)),
    ...denials.flatMap((person) => strangerProblem(policy, person, `--denied-by ${person}`)),
  ];
  if (!asked.ok || problems.length > 0) return { ok: false, problems };
  const open = leftOpen(policy, asked.ask, false);
  return open.length > 0 ? { ok: false, problems: open } : { ok: true, policy, ask: asked.ask, approvals, denials };
}

function inputsProblem(given: string): string {
  return `--inputs: must be a JSON object of texts, numbers, true or false, such as {"service":"web"}, not ${shown(given)}.`;
}

/** `group=person`, several times: who is in the groups that come from a directory. */
function membersOf(
  policy: Policy,
  pairs: readonly string[],
): { members: Record<string, string[]>; problems: string[] } {
  const outside = Object.entries(policy.groups).flatMap(([key, { source }]) => (source.kind === 'listed' ? [] : [key]));
  const split = pairs.map((pair) => pair.split('=', 2));
  return {
    members: Object.fromEntries(
      outside.map((key) => [key, split.flatMap(([group, person = '']) => (group === key ? [person] : []))]),
    ),
    problems: pairs.flatMap((pair, index) => memberProblem(policy, outside, pair, split[index] ?? [])),
  };
}

function memberProblem(
  policy: Policy,
  outside: readonly string[],
  pair: string,
  [group = '', person]: readonly string[],
): string[] {
  const option = `--member ${pair}`;
  if (person === undefined) return [`${option}: must be group=person, such as ${outside[0] ?? 'sre'}=ana.`];
  if (outside.includes(group)) return strangerProblem(policy, person, option);
  const allowed = outside.join(', ') || 'none';
  return [`${option}: the policy has no group ${shown(group)} that comes from a directory; allowed: ${allowed}.`];
}

function strangerProblem({ people }: Policy, person: string, option: string): string[] {
  if (Object.hasOwn(people, person)) return [];
  return [
    `${option}: the policy has no person ${shown(person)}; allowed: ${Object.keys(people).join(', ') || 'none'}.`,
  ];
}
