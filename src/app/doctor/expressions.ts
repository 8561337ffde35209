/** GitHub's expressions as doctor compares them: without what spelling alone makes different. */

/** Text in quotes stays; names know no letter case, `a['b']` is `a.b`, and spaces mean nothing. */
function canonical(expression: string): string {
  return expression
    .replaceAll(/\[\s*'([A-Za-z_][\w-]*)'\s*\]/g, '.$1')
    .split(/('(?:[^']|'')*')/)
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/\s+/g, '').toLowerCase()))
    .join('');
}

/** What stands in the braces of a text that is one expression as a whole; null for any other text. */
export function expressionOf(text: string | null | undefined): string | null {
  const [, inner] = /^\s*\$\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(text ?? '') ?? [];
  return inner === undefined ? null : canonical(inner);
}

/** Whether a text is that expression and nothing else. */
export const says = (text: string | null | undefined, expected: string): boolean =>
  expressionOf(text) === canonical(expected);

/** All expressions in a text. */
export const expressionsIn = (text: string): string[] =>
  text
    .split('}}')
    .slice(0, -1)
    .flatMap((part) => {
      const at = part.indexOf('${{');
      return at < 0 ? [] : [canonical(part.slice(at + 3))];
    });

/** An expression without what its quotes hold, for a look at the names in it. */
export const namesIn = (expression: string): string => expression.replaceAll(/'(?:[^']|'')*'/g, "''");

/** A condition, which may leave the braces out. */
export const conditionOf = (text: string): string => expressionOf(text) ?? canonical(text);

/** Whether `if` lets pass whatever is not failed or cancelled: as good as none. */
export const passes = (text: string | undefined): boolean =>
  text === undefined || ['', 'true', 'success()', 'always()', '!cancelled()'].includes(conditionOf(text));

/** Whether it is written out, so that it can be judged from here. */
export const isLiteral = (text: string): boolean => !text.includes('${{');

/** The name of the one input that a value is: `${{ inputs.target }}`. In small letters. */
export function inputOf(text: string | undefined): string | null {
  return /^(?:github\.event\.)?inputs\.([\w-]+)$/.exec(expressionOf(text) ?? '')?.[1] ?? null;
}

/** The name of the one secret that a value is: `${{ secrets.SLACK_BOT_TOKEN }}`. In capital letters, as GitHub shows it. */
export function secretOf(text: string | undefined): string | null {
  return /^secrets\.([\w-]+)$/.exec(expressionOf(text) ?? '')?.[1]?.toUpperCase() ?? null;
}
