/** The situations that a policy's rules tell apart: who asks, how urgently, with which inputs and when. */
import type { AskScene } from '../../policy/conditions.ts';
import { type Ask, rulesFor } from '../../policy/evaluate.ts';
import { isAmong } from '../../policy/people.ts';
import { requestersOf } from '../../policy/requesters.ts';
import type { Input, Policy, Rule, Runbook } from '../../policy/schema.ts';
import { isWithin, timesText } from '../../policy/times.ts';

/** Something that may be asked, and what of it the rules look at, for people: ` at the urgency high`; empty: nothing. */
export interface Situation {
  ask: Omit<Ask, 'excluded'>;
  words: string;
  /** The rules that apply. */
  rules: readonly Rule[];
  /** The same for all situations to which the same rules apply. */
  key: string;
}

type Varied<T> = { value: T; words: string }[];

/** A policy that tells more apart than this for one runbook is looked at input by input. */
const MOST_COMBINATIONS = 200;
const QUARTER_MS = 15 * 60_000;
/** A whole week: rules know days and times of day, and no dates. */
const WEEK_MS = 7 * 86_400_000;
const MONDAY_MS = Date.UTC(2026, 0, 5);

/**
 * Everything that the policy lets somebody ask for, each of the same rules once for whoever asks. Rules are those of the policy
 * as it is given, with the members that its groups have there; who may ask is `asking`'s to say.
 */
export function situations(policy: Policy, asking: Policy = policy): Situation[] {
  const instants = remembered(instantsOf);
  return Object.entries(policy.runbooks).flatMap(([runbook, { inputs: known, targets }]) =>
    targets.flatMap((target) => {
      const near = nearRules(policy, runbook, target);
      const [urgencies, inputs, times] = [urgenciesOf(near), inputsOf(near, known), instants(near)];
      return alike(policy, near, requestersOf(asking, runbook, target)).flatMap((requesters) => {
        const [first = ''] = requesters;
        const varied = urgencies.flatMap((urgency) =>
          inputs.flatMap((given) =>
            times.map((instant) => ({
              ask: {
                ...{ runbook, target, requester: first },
                ...{ urgency: urgency.value, inputs: given.value, askedAt: instant.value },
              },
              words: `${urgency.words}${given.words}${instant.words}`,
            })),
          ),
        );
        const told = distinct(policy, near, varied);
        return requesters.flatMap((requester) => told.map((one) => ({ ...one, ask: { ...one.ask, requester } })));
      });
    }),
  );
}

/** The rules that apply to a runbook on a target in some situation: a policy of many has few for each. */
function nearRules(policy: Policy, runbook: string, target: string): Rule[] {
  const any = { requester: '', urgency: 'normal', inputs: {}, askedAt: new Date(MONDAY_MS).toISOString() } as const;
  const rules = policy.rules.map((rule) => {
    const { targets, runbooks, tiers, risks } = rule.when ?? {};
    const when = Object.fromEntries(
      Object.entries({ targets, runbooks, tiers, risks }).filter(([, wanted]) => wanted !== undefined),
    );
    return { ...rule, when };
  });
  const found = rulesFor({ ...policy, rules }, { runbook, target, ...any });
  return policy.rules.filter((_, at) => found.some((rule) => rule === rules[at]));
}

/** Calculated once for the same time windows. */
function remembered(calculate: (rules: readonly Rule[]) => Varied<string>): (rules: readonly Rule[]) => Varied<string> {
  const known = new Map<string, Varied<string>>();
  return (rules) => {
    const key = JSON.stringify(rules.flatMap(({ when }) => when?.times ?? []));
    const found = known.get(key) ?? calculate(rules);
    known.set(key, found);
    return found;
  };
}

/** One of those to which the same rules apply. */
function distinct(policy: Policy, near: Rule[], all: readonly Omit<Situation, 'rules' | 'key'>[]): Situation[] {
  const numbers = near.map((rule) => policy.rules.indexOf(rule));
  const seen = new Set<string>();
  return all.flatMap((one) => {
    const rules = rulesFor({ ...policy, rules: near }, one.ask);
    const key = rules.map((rule) => numbers[near.indexOf(rule)]).join();
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...one, rules, key }];
  });
}

/** People of whom the rules' `when.requesters` say the same. */
function alike(policy: Policy, rules: readonly Rule[], people: readonly string[]): string[][] {
  const lists = rules.flatMap(({ when }) => (when?.requesters === undefined ? [] : [when.requesters]));
  const groups = new Map<string, string[]>();
  for (const person of people) {
    const key = lists.map((list) => isAmong(policy, list, person)).join();
    groups.set(key, [...(groups.get(key) ?? []), person]);
  }
  return [...groups.values()];
}

function urgenciesOf(rules: readonly Rule[]): Varied<Ask['urgency']> {
  if (!rules.some(({ when }) => when?.urgencies !== undefined)) return [{ value: 'normal', words: '' }];
  return (['normal', 'low', 'high'] as const).map((value) => ({ value, words: ` at the urgency ${value}` }));
}

/** One instant for each set of time windows that it can be in. */
function instantsOf(rules: readonly Rule[]): Varied<string> {
  const all = new Map(
    rules.flatMap(({ when }) => (when?.times === undefined ? [] : [[timesText(when.times), when.times]])),
  );
  const windows = [...all.values()];
  const found = new Map<string, { value: string; words: string }>();
  for (let at = MONDAY_MS; at < MONDAY_MS + WEEK_MS; at += QUARTER_MS) {
    const value = new Date(at).toISOString();
    const key = windows.map((times) => isWithin(times, value)).join();
    if (!found.has(key))
      found.set(key, { value, words: ` on ${value.replace(/^.{11}(.{5}).*$/, `${dayOf(at)} at $1 UTC`)}` });
    if (windows.length === 0) return [{ value, words: '' }];
  }
  return [...found.values()];
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const dayOf = (at: number): string => `a ${DAYS[new Date(at).getUTCDay()]}`;

type Value = string | number | boolean;

/** What the rules tell apart of a runbook's inputs. */
function inputsOf(rules: readonly Rule[], known: Runbook['inputs']): Varied<AskScene['ask']['inputs']> {
  const wanted = Object.entries(known).flatMap(([name, input]) => {
    const values = rules.flatMap(({ when }) => when?.inputs?.[name] ?? []);
    return values.length === 0 ? [] : [valuesOf(input, values).map((value) => given(name, value))];
  });
  const usual = wanted.flatMap(([first]) => first ?? []);
  const combinations = wanted.reduce((count, values) => count * values.length, 1);
  const sets =
    combinations > MOST_COMBINATIONS
      ? wanted.flatMap((values) => values.map((one) => [...usual.filter(({ name }) => name !== one.name), one]))
      : wanted.reduce<Given[][]>((all, values) => all.flatMap((set) => values.map((one) => [...set, one])), [[]]);
  return sets.map((set) => ({
    value: Object.fromEntries(set.map(({ name, value }) => [name, value])),
    words: set.map(({ words }) => words).join(''),
  }));
}

interface Given {
  name: string;
  value: Value;
  words: string;
}

/** null: any text that no rule names. */
const given = (name: string, value: Value | null): Given =>
  value === null
    ? { name, value: '', words: ` with another ${name}` }
    : { name, value, words: ` with ${name} ${JSON.stringify(value)}` };

/** The values that an input can have as far as it says so itself; else those that rules name, and one that none names. */
function valuesOf(input: Input, named: readonly Value[]): (Value | null)[] {
  switch (input.type) {
    case 'enum':
      return input.values;
    case 'boolean':
      return [true, false];
    case 'number':
      return numbersOf(input, named);
    case 'string':
      return [...new Set(named), null];
  }
}

function numbersOf(
  { min = -Infinity, max = Infinity }: { min?: number; max?: number },
  named: readonly Value[],
): Value[] {
  const numbers = named.filter((one) => typeof one === 'number' && min <= one && one <= max).map(Number);
  const neighbours = numbers.flatMap((one) => [one + 1, one - 1]);
  const other = neighbours.find((one) => min <= one && one <= max && !numbers.includes(one));
  return [...new Set(numbers), ...(other === undefined ? [] : [other])];
}
