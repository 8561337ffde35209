/** Who owns a path by a CODEOWNERS file. Its patterns look like .gitignore's and are not: `/.github/*` stops at one level. */

interface Line {
  fits: RegExp;
  owned: boolean;
}

const OWNER = /^(?:@[A-Za-z0-9][\w.-]*(?:\/[\w.-]+)?|[^\s@]+@[^\s@]+\.[^\s@]+)$/;

/**
 * Those of the paths that nobody owns: the last line that fits decides, and one without owners takes them away again.
 * As GitHub does, it passes over lines that it cannot read: negations, ranges, and owners that are none
 * (https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
 */
export function unownedOf(text: string, paths: readonly string[]): string[] {
  const lines = text.split('\n').flatMap((line) => lineOf(line));
  return paths.filter((path) => lines.findLast(({ fits }) => fits.test(path))?.owned !== true);
}

function lineOf(line: string): Line[] {
  const words = line.match(/(?:\\.|\S)+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  const [pattern, ...owners] = comment < 0 ? words : words.slice(0, comment);
  if (pattern === undefined || /^!|[[\]]/.test(pattern) || !owners.every((owner) => OWNER.test(owner))) return [];
  return [{ fits: expression(pattern.replaceAll('\\ ', ' ')), owned: owners.length > 0 }];
}

/** A slash anywhere but at the end ties the pattern to the root; what it names, it names with all that is below. */
function expression(pattern: string): RegExp {
  const folder = pattern.endsWith('/');
  const parts = pattern.replace(/^\/|\/$/g, '').split('/');
  const rooted = pattern.slice(0, -1).includes('/');
  const last = parts.at(-1);
  const inner = parts.slice(0, -1).map((part) => (part === '**' ? '(?:.*/)?' : `${named(part)}/`));
  const end = last === '**' ? '.+' : `${named(last ?? '')}${folder ? '/.+' : last === '*' ? '' : '(?:/.*)?'}`;
  return new RegExp(`^${rooted ? '' : '(?:.*/)?'}${inner.join('')}${end}$`);
}

/** One name in a path, with `*` for anything in it and `?` for one character. */
function named(part: string): string {
  if (part === '*') return '[^/]+';
  const literal = part.replaceAll(/[.+^${}()|\\]/g, '\\$&');
  return literal.replaceAll(/\*+/g, '[^/]*').replaceAll('?', '[^/]');
}
