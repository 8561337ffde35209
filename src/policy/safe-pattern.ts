/**
 * Judges whether a regular expression is quick on every text of limited length, and applies it to whole values.
 *
 * V8 backtracks. The number of ways it can go is at most the product of the choices in the pattern: how often each
 * repetition repeats, and which side of each `|` is taken. A pattern is safe when that product is small.
 */

/** More ways than this are refused; so many take about a second at the very worst, as measured on (a?){23}a{23}b. */
const MOST_WAYS = 10_000_000;

/** Why a pattern is refused, with what to do; null: it is valid and quick on texts up to `maxLength`. */
export function safePatternProblem(pattern: string, maxLength: number): string | null {
  try {
    // Matching once makes V8 compile it, which is when it finds a pattern too large.
    wholePattern(pattern).test('');
    new RegExp(pattern, 'u');
  } catch (error) {
    return `is no valid regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (pattern.length > 500) return 'must have at most 500 characters';
  const scan: Scan = { pattern, at: 0, maxLength, refused: null };
  const ways = alternatives(scan, 0);
  if (scan.refused) return `may not use ${scan.refused}; describe the value directly`;
  if (ways > Math.log(MOST_WAYS)) {
    return 'could take very long on some texts: avoid repeating a group that itself repeats or has choices, as in (a+)+ or (a|b)*, and repeat less';
  }
  return null;
}

/** The pattern as a regular expression for the whole text. Apply it to texts up to the judged length only. */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}

/** The pattern as the policy has it, without the anchors that {@link wholePattern} adds. */
export function asWritten(pattern: RegExp): string {
  return pattern.source.slice('^(?:'.length, -')$'.length);
}

interface Scan {
  pattern: string;
  at: number;
  maxLength: number;
  refused: string | null;
}

// Everything below gives the natural logarithm of the number of ways, so that products are sums. The pattern is known
// to be valid, which keeps the scan simple.

function alternatives(scan: Scan, depth: number): number {
  if (depth > 20) scan.refused ??= 'groups nested so deep';
  if (scan.refused) return 0;
  let most = sequence(scan, depth);
  let count = 1;
  while (scan.pattern[scan.at] === '|') {
    scan.at += 1;
    count += 1;
    most = Math.max(most, sequence(scan, depth));
  }
  return most + Math.log(count);
}

function sequence(scan: Scan, depth: number): number {
  let ways = 0;
  while (scan.at < scan.pattern.length && !'|)'.includes(scan.pattern.charAt(scan.at)) && !scan.refused) {
    ways += repeated(scan, atom(scan, depth));
  }
  return ways;
}

function atom(scan: Scan, depth: number): number {
  const char = scan.pattern[scan.at];
  if (char === '(') return group(scan, depth);
  if (char === '\\') skipEscape(scan);
  else if (char === '[') skipClass(scan);
  else scan.at += 1;
  return 0;
}

function group(scan: Scan, depth: number): number {
  const opening = /^\((?:\?:|\?<[^=!>][^>]*>|(?!\?))/.exec(scan.pattern.slice(scan.at));
  if (!opening) {
    scan.refused ??= 'lookahead, lookbehind or flags inside ( )';
    return 0;
  }
  scan.at += opening[0].length;
  const ways = alternatives(scan, depth + 1);
  scan.at += 1;
  return ways;
}

function skipEscape(scan: Scan): void {
  const rest = scan.pattern.slice(scan.at);
  if (/^\\(?:[1-9]|k<)/.test(rest)) scan.refused ??= 'back-references';
  const whole = /^\\(?:[pPu]\{[^}]*\}|[\s\S])/.exec(rest);
  scan.at += whole ? whole[0].length : 1;
}

function skipClass(scan: Scan): void {
  scan.at += 1;
  while (scan.pattern[scan.at] !== ']') scan.at += scan.pattern[scan.at] === '\\' ? 2 : 1;
  scan.at += 1;
}

function repeated(scan: Scan, inner: number): number {
  const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(scan.pattern.slice(scan.at));
  if (!quantifier) return inner;
  scan.at += quantifier[0].length;
  const { least, most } = range(quantifier, scan.maxLength);
  return Math.log(Math.max(1, most - least + 1)) + most * inner;
}

function range(quantifier: RegExpExecArray, maxLength: number): { least: number; most: number } {
  const sign = quantifier[0][0];
  if (sign === '*') return { least: 0, most: maxLength };
  if (sign === '+') return { least: 1, most: maxLength };
  if (sign === '?') return { least: 0, most: 1 };
  const least = Math.min(Number(quantifier[1]), maxLength);
  if (quantifier[2] === '') return { least, most: least };
  const most = quantifier[3] ? Math.min(Number(quantifier[3]), maxLength) : maxLength;
  return { least, most };
}
