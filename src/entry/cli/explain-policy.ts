/** `policy explain`: what the policy says of an ask, and what it would say once some had approved or denied. */
import * as v from 'valibot';
import { Fault } from '../../app/fault.ts';
import { type ExplainedAsk, explainAsk, explainText } from '../../policy/explain-ask.ts';
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import { namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyAsOf } from '../../policy/snapshot.ts';
import { askOfWhatIf, leftOpen } from '../../policy/what-if.ts';
import { InputValue, Urgency } from '../../request/request.ts';
import { apiFromShell } from './api.ts';
import type { ExplainOptions } from './policy.ts';
import { readOrTell, tell } from './tell.ts';

const Inputs = v.pipe(
  v.string(),
  v.parseJson(),
  v.check((given) => !Array.isArray(given), 'a list is no JSON object'),
  v.record(v.string(), InputValue),
);

/** Explains. Throws Faults. */
export async function explainCommand(file: string, options: ExplainOptions): Promise<void> {
  const { json } = options;
  const text = await readOrTell(file, json);
  if (text === null) return;
  const loaded = loadPolicy(text, { apiIsLoopback: apiFromShell().loopback });
  if (!loaded.ok) return tell(2, formatProblems(file, loaded.problems), json, { problems: loaded.problems });
  const policy = policyAsOf(loaded.policy, { members: membersOf(loaded.policy, options.member ?? []), links: {} });
  const urgency = parsed(Urgency, options.urgency, '--urgency', 'Write low, normal or high.');
  const inputs = parsed(Inputs, options.inputs, '--inputs', 'Write a JSON object such as {"service":"web"}.');
  const { runbook, target, as } = options;
  const asked = askOfWhatIf(policy, {
    runbook,
    target,
    as,
    inputs,
    urgency,
    at: options.at ?? new Date().toISOString(),
  });
  if (!asked.ok) return tell(2, asked.problems.join('\n'), json, { problems: asked.problems });
  const open = leftOpen(policy, asked.ask, false);
  if (open.length > 0) return tell(2, open.join('\n'), json, { problems: open });
  const approvals = known(policy, options.approvedBy ?? [], '--approved-by');
  const denials = known(policy, options.deniedBy ?? [], '--denied-by');
  const all = explainAsk(
    policy,
    asked.ask,
    approvals.filter((person) => !denials.includes(person)),
  );
  const answer = judged(all, denials, options.breakGlass === true);
  const words = [explainText(policy, all), ...answer.why(policy)].join('\n');
  tell(answer.yes ? 0 : 1, words, json, { ...all, denials, status: answer.status });
}

interface Answer {
  yes: boolean;
  status: ExplainedAsk['verdict']['status'] | 'denied';
  why: (policy: Policy) => string[];
}

/** Whether it may be asked and is not refused; a denial counts only by those who may decide. */
function judged(all: ExplainedAsk, denials: readonly string[], breakGlass: boolean): Answer {
  const counted = denials.filter((person) => all.eligible.includes(person));
  if (counted.length >= all.denialsNeeded) {
    return { yes: false, status: 'denied', why: (policy) => [`Denied by ${namesOf(policy, counted)}.`] };
  }
  if (breakGlass) {
    const yes = all.mayRequest.ok && all.mayBreakGlass.ok;
    return { yes, status: yes ? 'met' : 'blocked', why: () => [] };
  }
  return { yes: all.mayRequest.ok && all.verdict.status !== 'blocked', status: all.verdict.status, why: () => [] };
}

/** `group=person`, several times: who is in the groups that come from a directory. */
function membersOf(policy: Policy, pairs: readonly string[]): Record<string, string[]> {
  const outside = Object.entries(policy.groups).flatMap(([key, { source }]) => (source.kind === 'listed' ? [] : [key]));
  const members = new Map<string, string[]>(outside.map((group) => [group, []]));
  for (const pair of pairs) {
    const [group = '', person = ''] = pair.split('=', 2);
    const list = members.get(group);
    if (list === undefined) {
      throw new Fault(
        'input',
        `--member ${pair}: the policy has no group "${group}" that comes from a directory; allowed: ${outside.join(', ') || 'none'}.`,
        'Write --member group=person for a group with github-team or slack-group.',
      );
    }
    list.push(...known(policy, [person], '--member'));
  }
  return Object.fromEntries(members);
}

function known(policy: Policy, people: readonly string[], option: string): string[] {
  const stranger = people.find((person) => !Object.hasOwn(policy.people, person));
  if (stranger === undefined) return [...people];
  throw new Fault(
    'input',
    `${option} ${stranger}: the policy has no such person.`,
    `Name one of ${Object.keys(policy.people).join(', ')}.`,
  );
}

function parsed<const S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  option: string,
  remedy: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new Fault('input', `${option} cannot be used: ${result.issues[0].message}.`, remedy);
}
