/** Finds every place where a policy's data is not of the schema's shape, in words for people. */
import * as v from 'valibot';
import { shown } from './inputs.ts';
import type { Finding } from './problems.ts';
import { type Policy, PolicySchema } from './schema.ts';

/** More rounds than this would be a policy of nothing but unknown keys. */
const MOST_ROUNDS = 100;

/** The parsed policy, or null and what is wrong. Removes unknown keys from `data` after naming them. */
export function parseShape(data: unknown): { policy: Policy | null; findings: Finding[] } {
  const unknownKeys: Finding[] = [];
  for (let round = 0; ; round += 1) {
    const result = v.safeParse(PolicySchema, data);
    if (result.success) return { policy: unknownKeys.length === 0 ? result.output : null, findings: unknownKeys };
    // The schema names one unknown key for each mapping; without it the next one shows.
    const unknown = result.issues.filter((issue) => issue.expected === 'never');
    if (unknown.length === 0 || round === MOST_ROUNDS) {
      return { policy: null, findings: [...unknownKeys, ...result.issues.map(findingOf)] };
    }
    unknownKeys.push(...unknown.map(findingOf));
    for (const issue of unknown) {
      const item = issue.path?.at(-1);
      if (item?.type === 'object' && typeof item.key === 'string') Reflect.deleteProperty(item.input, item.key);
    }
  }
}

function findingOf(issue: v.BaseIssue<unknown>): Finding {
  const items = issue.path ?? [];
  const path = items.flatMap(({ key }) => (typeof key === 'string' || typeof key === 'number' ? [key] : []));
  const last = items.at(-1);
  const at = last !== undefined && 'origin' in last && last.origin === 'key' ? 'key' : 'value';
  return { path, at, message: `${messageOf(issue)}.` };
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  const found = issue.input === null || issue.input === undefined ? 'nothing' : shown(issue.input);
  return `must be ${expectation(issue)}, not ${found}`;
}

function expectation(issue: v.BaseIssue<unknown>): string {
  const words: Record<string, string> = {
    Object: 'a mapping',
    Array: 'a list',
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
  };
  const expected = issue.expected ?? issue.type;
  return words[expected] ?? expected.replaceAll(/[()]/g, '').replaceAll(' | ', ' or ');
}
