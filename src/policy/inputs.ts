/** Checks the values of a runbook's inputs against their types. */
import { lookup } from './lookup.ts';
import { MAX_TEXT } from './runbook-schema.ts';
import { wholePattern } from './safe-pattern.ts';
import type { Input } from './schema.ts';
import { INVISIBLE } from './schema-parts.ts';

export type InputValue = string | number | boolean;

/** A value as it may stand in a message: one short line of JSON. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  const visible = json.replaceAll(new RegExp(INVISIBLE, 'gu'), '?');
  return visible.length > 60 ? `${visible.slice(0, 60)}…` : visible;
}

/** Why a value is none of this input, as the end of a sentence; null: it is one. */
export function valueProblem(input: Input, value: unknown): string | null {
  switch (input.type) {
    case 'enum':
      return input.values.some((allowed) => allowed === value)
        ? null
        : `${shown(value)} is not allowed; allowed: ${input.values.join(', ')}`;
    case 'boolean':
      return typeof value === 'boolean' ? null : `must be true or false without quotes, not ${shown(value)}`;
    case 'number':
      return numberProblem(input, value);
    case 'string':
      return stringProblem(input, value);
  }
}

function numberProblem(input: Extract<Input, { type: 'number' }>, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return `must be a number without quotes, not ${shown(value)}`;
  }
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = input;
  if (input.integer && !Number.isInteger(value)) return `must be a whole number, not ${value}`;
  if (value >= min && value <= max) return null;
  if (input.max === undefined && value < min) return `must be at least ${min}, not ${value}`;
  if (input.min === undefined && value > max) return `must be at most ${max}, not ${value}`;
  return `must be from ${min} to ${max}, not ${value}`;
}

function stringProblem(input: Extract<Input, { type: 'string' }>, value: unknown): string | null {
  if (typeof value !== 'string') return `must be a text in quotes, not ${shown(value)}`;
  const most = input['max-length'] ?? MAX_TEXT;
  // The length is judged before the pattern: a pattern is only known to be quick on short texts.
  if (value.length > most) return `must have at most ${most} characters, not ${value.length}`;
  if (INVISIBLE.test(value)) return 'must be one line without control or invisible characters';
  return wholePattern(input.pattern).test(value) ? null : `${shown(value)} does not match the pattern ${input.pattern}`;
}

/** The values of all inputs, defaults filled in, in the policy's order; or everything that is wrong with them. */
export function checkInputs(
  inputs: Record<string, Input>,
  given: unknown,
): { values: Record<string, InputValue>; problems: string[] } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return {
      values: {},
      problems: [`The inputs must be a JSON object such as {"name": "value"}, not ${shown(given)}.`],
    };
  }
  const problems = Object.keys(given)
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) => `${shown(name)} is no input of this runbook; allowed: ${Object.keys(inputs).join(', ') || 'none'}.`);
  const values: Record<string, InputValue> = {};
  const entries = new Map<string, unknown>(Object.entries(given));
  for (const name of Object.keys(inputs)) {
    const input = lookup(inputs, name);
    if (input === null) continue;
    const value = entries.has(name) ? entries.get(name) : input.default;
    const problem = value === undefined ? `is missing; ${expectation(input)}` : valueProblem(input, value);
    if (problem !== null) problems.push(`${name}: ${problem}.`);
    else if (isInputValue(value)) values[name] = value;
  }
  return { values, problems };
}

function isInputValue(value: unknown): value is InputValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function expectation(input: Input): string {
  switch (input.type) {
    case 'enum':
      return `allowed: ${input.values.join(', ')}`;
    case 'boolean':
      return 'give true or false';
    case 'number':
      return `give a number${input.min === undefined ? '' : ` from ${input.min}`}${input.max === undefined ? '' : ` up to ${input.max}`}`;
    case 'string':
      return `give a text that matches ${input.pattern}`;
  }
}
