/** The small parts that the policy's schema is made of: names, lines of text, durations, closed objects. */
import * as v from 'valibot';
import { DURATION, durationSeconds } from './duration.ts';

/** Characters that could hide or rearrange text, or end a line: never in a name, a text or an argument. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** An object with these keys and no others. Its message for an unknown key names the known ones. */
export function closed<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries).join(', ');
  return v.strictObject(entries, (issue) => {
    // Of a list every index would be an unknown key, and every key missing.
    if (Array.isArray(issue.path?.at(-1)?.input)) return `must be a mapping with the keys ${known}`;
    if (issue.expected === 'never') return `there is no such key here; allowed: ${known}`;
    if (issue.expected === 'Object') return `must be a mapping with the keys ${known}`;
    return `${issue.expected} is missing; write it here`;
  });
}

/** The key of a person, group, target, runbook, tier or input. */
export const Key = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be a name of lower-case letters, digits and "-", starting with a letter'),
);

/** A list of keys: at least one, none twice. */
export function keys(description: string) {
  return v.pipe(
    v.array(Key),
    v.minLength(1, 'must name at least one'),
    v.checkItems((item, index, items) => items.indexOf(item) === index, 'is listed twice; write it once'),
    v.description(description),
  );
}

/** One line of visible text. */
export function line(max: number, description: string) {
  return v.pipe(
    v.string(),
    v.check((text) => !INVISIBLE.test(text), 'must be one line without control or invisible characters'),
    v.regex(/\S/, 'must not be empty'),
    v.maxLength(max, `must have at most ${max} characters`),
    v.description(description),
  );
}

/** A duration such as `30m`; parsed it is a number of seconds, at most `maxSeconds`. */
export function duration(maxSeconds: number, most: string, description: string) {
  return v.pipe(
    v.string(),
    v.regex(DURATION, 'must be a duration such as 30m, 2h or 1h30m'),
    v.description(description),
    v.transform((text) => durationSeconds(text) ?? Number.POSITIVE_INFINITY),
    v.maxValue(maxSeconds, `must be at most ${most}`),
  );
}

/** Entries by key, without a prototype: nothing but what the policy says can be looked up in it. */
export function entries<const S extends v.GenericSchema>(entry: S, description: string) {
  return v.pipe(
    v.record(Key, entry),
    v.description(description),
    v.transform((record): Record<string, v.InferOutput<S>> => Object.assign(Object.create(null), record)),
  );
}
