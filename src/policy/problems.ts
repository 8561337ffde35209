/** What is wrong with a policy: where, and what is allowed instead. */

export interface Problem {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** Where in the policy, as `people.ana.github.id` or `rules[0].require`; empty for the file itself. */
  path: string;
  message: string;
}

/** Keys and indexes from the whole to a part of the data. */
export type Path = readonly (string | number)[];

/** A mistake at a place of the data; `at` says whether the key or its value is meant. */
export interface Finding {
  path: Path;
  at: 'key' | 'value';
  message: string;
}

/** A mistake of what stands at a place. */
export function atValue(path: Path, message: string): Finding {
  return { path, at: 'value', message };
}

/** A mistake of a place itself: its key is meant. */
export function atKey(path: Path, message: string): Finding {
  return { path, at: 'key', message };
}

/** One line for each problem, `path:line:column: place: message`, as editors and terminals understand it. */
export function formatProblems(path: string, problems: readonly Problem[]): string {
  return problems
    .map((one) => `${path}:${one.line}:${one.column}: ${one.path === '' ? '' : `${one.path}: `}${one.message}`)
    .join('\n');
}

/** In the order of the text. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** A place as people write it. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const part = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
