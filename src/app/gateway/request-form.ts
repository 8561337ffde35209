/** The form in which somebody asks in Slack: only what the policy lets this person ask, each input by its type. Pure. */
import { sha256 } from '../../log/canonical.ts';
import { formatDuration } from '../../policy/duration.ts';
import { lookup } from '../../policy/lookup.ts';
import { mayRequest } from '../../policy/requesters.ts';
import { MAX_TEXT } from '../../policy/runbook-schema.ts';
import { asWritten, wholePattern } from '../../policy/safe-pattern.ts';
import type { Input, Policy, Runbook } from '../../policy/schema.ts';
import { LONGEST_TEXT } from '../ask-check.ts';
import type { Choice, FormField, RequestForm } from '../ports.ts';

/** A repository in which a person may ask; the policy is with the members that its directories name now. */
export interface Offer {
  repository: { id: number; name: string };
  policy: Policy;
  person: string;
}

/** Slack shows no more in a menu; whatever is beyond is asked for in GitHub. */
const MOST_CHOICES = 100;
/** Slack takes no longer value of an option (docs.slack.dev, option object: 150; it was 75 before). */
const LONGEST_VALUE = 75;

/** The runbooks that this person may ask for, each with the targets on which they may. */
export function offered({ policy, person }: Offer): { key: string; runbook: Runbook; targets: string[] }[] {
  return Object.entries(policy.runbooks).flatMap(([key, runbook]) => {
    const targets = runbook.targets.filter((target) => mayRequest(policy, person, key, target).ok);
    return targets.length === 0 ? [] : [{ key, runbook, targets }];
  });
}

/** The form with what is chosen so far. `repositories` to choose from: none where there is no choice. */
export function formOf(
  offer: Offer | null,
  { repositories, runbook }: { repositories: readonly Choice[]; runbook: string | null },
): RequestForm {
  const first = repositories.length === 0 ? [] : [repositoryField(repositories, offer)];
  if (offer === null) return { fields: first, notices: [] };
  const all = offered(offer);
  const [only = null] = all.length === 1 ? all : [];
  const chosen = all.find(({ key }) => key === runbook) ?? only;
  const of = String(offer.repository.id);
  const menu = choice({ name: 'runbook', of, label: 'Runbook', hint: '' }, runbooksOf(all), chosen?.key ?? null, true);
  const notices = [
    ...(repositories.length === 0 ? [`In ${offer.repository.name}.`] : []),
    ...(all.length > MOST_CHOICES ? [`There are ${all.length} runbooks; the others are asked for in GitHub.`] : []),
  ];
  if (chosen === null) return { fields: [...first, menu], notices };
  const inputs = Object.entries(chosen.runbook.inputs).map(([name, input]) =>
    inputField(`${of}/${chosen.key}`, name, input),
  );
  const fields = [
    ...first,
    menu,
    targetField(`${of}/${chosen.key}`, chosen.targets),
    ...inputs,
    ...wordFields(of, offer.policy),
    windowField(of, chosen.runbook.windowSeconds ?? offer.policy.windowSeconds),
  ];
  return { fields, notices };
}

interface About {
  name: string;
  of: string;
  label: string;
  hint: string;
}

function choice(about: About, choices: Choice[], chosen: string | null, updates = false): FormField {
  return { ...about, kind: 'choice', optional: false, choices: choices.slice(0, MOST_CHOICES), chosen, updates };
}

function repositoryField(repositories: readonly Choice[], offer: Offer | null): FormField {
  const about = { name: 'repository', of: 'all', label: 'Repository', hint: '' };
  return choice(about, [...repositories], offer === null ? null : String(offer.repository.id), true);
}

function runbooksOf(all: ReturnType<typeof offered>): Choice[] {
  return all.map(({ key, runbook }) => ({ label: `${runbook.title} (${key})`, value: key }));
}

function targetField(of: string, targets: readonly string[]): FormField {
  const choices = targets.map((target) => ({ label: target, value: target }));
  const [only = null, ...others] = targets;
  return choice({ name: 'target', of, label: 'Target', hint: '' }, choices, others.length === 0 ? only : null);
}

/** The name of an input's field. */
export function inputName(input: string): string {
  return `input.${input}`;
}

function inputField(of: string, input: string, declared: Input): FormField {
  const about = { name: inputName(input), of, label: input, hint: declared.description ?? '' };
  const optional = declared.default !== undefined;
  switch (declared.type) {
    case 'enum':
      return enumField({ ...about, optional }, declared);
    case 'boolean':
      return { ...about, kind: 'tick', optional: true, words: 'Yes', ticked: declared.default ?? false };
    case 'number': {
      const { min = null, max = null, integer } = declared;
      return {
        ...about,
        kind: 'number',
        optional,
        decimal: integer !== true,
        min,
        max,
        value: declared.default ?? null,
      };
    }
    case 'string': {
      const empty = wholePattern(declared.pattern).test('');
      const hint = [about.hint, `It must match ${declared.pattern}`].filter((one) => one !== '').join('. ');
      const maxLength = declared['max-length'] ?? MAX_TEXT;
      const text = declared.default ?? '';
      return { ...about, hint, kind: 'text', optional: optional || empty, lines: 'one', maxLength, text };
    }
  }
}

/** A menu where Slack's holds all values, else a text. */
function enumField(
  about: About & { optional: boolean },
  { values, default: usual }: Extract<Input, { type: 'enum' }>,
): FormField {
  if (values.length > MOST_CHOICES) {
    const hint = [about.hint, `One of the ${values.length} values that the policy lists`]
      .filter((one) => one !== '')
      .join('. ');
    return { ...about, hint, kind: 'text', lines: 'one', maxLength: MAX_TEXT, text: usual ?? '' };
  }
  const choices = values.map((value) => ({ label: value, value: optionValue(value) }));
  const chosen = usual === undefined ? null : optionValue(usual);
  return { ...about, kind: 'choice', choices, chosen, updates: false };
}

/** What stands for a value of the policy in a menu: what Slack could cut, or give back with its entities, by its hash. */
export function optionValue(value: string): string {
  return value.length > LONGEST_VALUE || /[&<>]/.test(value) ? sha256(value) : value;
}

function wordFields(of: string, { reason, ticket }: Policy): FormField[] {
  const pattern = ticket.pattern === null ? '' : `It must match ${asWritten(ticket.pattern)}`;
  const about = { of, optional: false };
  return [
    {
      ...{ ...about, name: 'reason', label: 'Reason', kind: 'text', lines: 'many', maxLength: LONGEST_TEXT, text: '' },
      hint: `What is wrong and what you want to find out: at least ${reason.minLength} characters. Everybody who can read the repository can read it.`,
    },
    {
      ...{ ...about, name: 'ticket', label: 'Ticket', kind: 'text', lines: 'one', maxLength: MAX_TEXT, text: '' },
      ...{ hint: pattern, optional: !ticket.required },
    },
    choice(
      { name: 'urgency', of, label: 'Urgency', hint: '' },
      ['normal', 'low', 'high'].map((value) => ({ label: value, value })),
      'normal',
    ),
  ];
}

function windowField(of: string, most: number): FormField {
  const hint = `How long it may run, such as 10m: at most ${formatDuration(most)}, which is what leaving it empty means.`;
  const about = { name: 'window', of, label: 'Window', hint };
  return { ...about, kind: 'text', optional: true, lines: 'one', maxLength: 20, text: '' };
}

/** The runbook's values as its inputs are typed, from the texts and choices of the form; what is left empty is left out. */
export function inputsOf({ inputs }: Runbook, filled: ReadonlyMap<string, string | boolean>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(inputs).flatMap((name) => {
      const declared = lookup(inputs, name);
      const given = filled.get(inputName(name));
      const value = declared === null ? undefined : typed(declared, given);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** undefined: it is left to its default, or missing. */
function typed(declared: Input, given: string | boolean | undefined): unknown {
  switch (declared.type) {
    case 'boolean':
      return given ?? false;
    case 'enum':
      return declared.values.find((value) => value === given || optionValue(value) === given) ?? given;
    case 'number':
      return typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
    case 'string': {
      const empty = declared.default === undefined && wholePattern(declared.pattern).test('') ? '' : undefined;
      return given ?? empty;
    }
  }
}
