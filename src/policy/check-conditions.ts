/** Checks that what a rule says can have an effect: values that inputs have, windows that end, settings that are used. */
import type { Draft } from './draft.ts';
import { type InputValue, shown, valueProblem } from './inputs.ts';
import { atKey, atValue, type Finding, type Path } from './problems.ts';

type Rule = Draft['rules'][number]['rule'];

/** Findings for conditions that never hold, and for what a rule says to no effect. */
export function checkConditions(draft: Draft, lineOf: (path: Path) => number): Finding[] {
  return draft.rules.flatMap(({ index, rule }) => {
    const path = ['rules', index];
    return [
      ...inputFindings(draft, [...path, 'when', 'inputs'], rule),
      ...endlessTimes([...path, 'when', 'times'], rule),
      ...idleChannel(draft, [...path, 'channel'], rule),
      ...idleClick(draft, [...path, 'approve'], rule),
      ...idleNone(draft, [...path, 'require'], rule, lineOf),
    ];
  });
}

function inputFindings(draft: Draft, path: Path, { when }: Rule): Finding[] {
  const named = (when?.runbooks ?? Object.keys(draft.runbooks)).filter((key) => Object.hasOwn(draft.runbooks, key));
  const runbooks = named.flatMap((key) => draft.runbooks[key] ?? []);
  // Of unknown runbooks nothing can be said; they are named already.
  if (named.length === 0 || (when?.runbooks ?? named).length > named.length) return [];
  const whose = when?.runbooks === undefined ? 'no runbook has' : `${named.join(', ')} has no`;
  return Object.entries(when?.inputs ?? {}).flatMap(([name, values]): Finding[] => {
    const having = runbooks.filter(({ inputNames }) => inputNames.includes(name));
    if (having.length > 0) return valueFindings(having, [...path, name], name, values);
    const all = [...new Set(runbooks.flatMap(({ inputNames }) => inputNames))];
    const message = `${whose}${when?.runbooks === undefined ? ' an' : ''} input "${name}"; allowed: ${all.join(', ') || 'none'}.`;
    return [atKey([...path, name], message)];
  });
}

function valueFindings(
  having: readonly Draft['runbooks'][string][],
  path: Path,
  name: string,
  values: readonly InputValue[],
): Finding[] {
  const inputs = having.flatMap(({ inputs: sound }) => sound[name] ?? []);
  if (inputs.length < having.length) return [];
  return values.flatMap((value, index): Finding[] => {
    const refusals = inputs.flatMap((input) => valueProblem(input, value) ?? []);
    const [first] = refusals;
    if (first === undefined || refusals.length < inputs.length) return [];
    return [atValue([...path, index], `never holds: ${first}.`)];
  });
}

function endlessTimes(path: Path, { when }: Rule): Finding[] {
  const times = when?.times;
  if (times === undefined || times.from !== times.to) return [];
  const message = `must differ from "from" (${shown(times.from)}): leave "times" out for the whole day, or name whole days as 00:00 to 24:00.`;
  return [atValue([...path, 'to'], message)];
}

function idleChannel({ slack }: Draft, path: Path, { channel }: Rule): Finding[] {
  if (channel === undefined || slack !== null) return [];
  const message =
    'is never used, since the policy has no `slack`; write `slack: { channel: … }` for where everything else is asked, or remove this one.';
  return [atValue(path, message)];
}

function idleClick({ runbooks }: Draft, path: Path, { approve, when }: Rule): Finding[] {
  const named = when?.runbooks ?? [];
  if (approve !== 'one-click' || named.length === 0) return [];
  if (!named.every((key) => (runbooks[key]?.fields.checklist?.length ?? 0) > 0)) return [];
  const message = `has no effect: ${named.join(', ')} has a checklist, which only the dialog shows; write dialog, or remove the checklist.`;
  return [atValue(path, message)];
}

function idleNone(draft: Draft, path: Path, rule: Rule, lineOf: (path: Path) => number): Finding[] {
  // One that names a channel or how to approve has its effect by that.
  if (rule.require !== 'none' || [rule.channel, rule.approve, rule.denials].some((one) => one !== undefined)) return [];
  const strict = draft.rules.find(({ rule: { name, when, require } }) => {
    return name !== undefined && when === undefined && require !== undefined && require !== 'none';
  });
  if (strict === undefined) return [];
  const line = lineOf(['rules', strict.index]);
  const message = `has no effect: the rule ${shown(strict.rule.name)} on line ${line} applies to everything and wants somebody; give that one a \`when\`, or remove this one.`;
  return [atValue(path, message)];
}
