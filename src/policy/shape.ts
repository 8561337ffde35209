/** Finds every place where data is not of a schema's shape, in words for people. */
import * as v from 'valibot';
import { shown } from './inputs.ts';
import type { Finding } from './problems.ts';

/** More rounds than this would be a file of nothing but unknown keys. */
const MOST_ROUNDS = 100;

/** The parsed data, or null and what is wrong. Removes unknown keys from `data` after naming them. */
export function parseShape<const S extends v.GenericSchema>(
  schema: S,
  data: unknown,
): { output: v.InferOutput<S> | null; findings: Finding[] } {
  const unknownKeys: Finding[] = [];
  for (let round = 0; ; round += 1) {
    const result = v.safeParse(schema, data);
    if (result.success) return { output: unknownKeys.length === 0 ? result.output : null, findings: unknownKeys };
    // The schema names one unknown key for each mapping; without it the next one shows.
    const unknown = result.issues.filter((issue) => issue.expected === 'never' && listOf(issue) === null);
    if (unknown.length === 0 || round === MOST_ROUNDS) {
      return { output: null, findings: [...unknownKeys, ...findingsOf(result.issues)] };
    }
    unknownKeys.push(...unknown.map(findingOf));
    for (const issue of unknown) {
      const item = issue.path?.at(-1);
      if (item?.type === 'object' && typeof item.key === 'string') Reflect.deleteProperty(item.input, item.key);
    }
  }
}

// A list in place of a mapping has many issues, all of which are one mistake: of the list itself.
function findingsOf(issues: readonly v.BaseIssue<unknown>[]): Finding[] {
  const lists = issues.map(listOf);
  return issues.flatMap((issue, index) => {
    const list = lists[index];
    const finding = findingOf(issue);
    if (list === undefined || list === null) return [finding];
    return lists.indexOf(list) === index ? [{ ...finding, path: finding.path.slice(0, -1), at: 'value' }] : [];
  });
}

// The list in which a schema looked for keys.
function listOf({ path }: v.BaseIssue<unknown>): unknown[] | null {
  const last = path?.at(-1);
  return last?.type === 'object' && Array.isArray(last.input) ? last.input : null;
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
