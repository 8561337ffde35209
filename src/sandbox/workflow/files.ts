/** Reads the files by which a step hands values to its runner: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE and GITHUB_PATH. */

/** The lines of a heredoc up to its delimiter, and where reading goes on. */
function heredoc(lines: string[], from: number, delimiter: string): { value: string; next: number } {
  const end = lines.indexOf(delimiter, from);
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  return { value: lines.slice(from, end).join('\n'), next: end + 1 };
}

/**
 * `name=value` lines and `name<<DELIMITER` blocks, in order; a later value of the same name wins.
 * Throws on anything else, as the runner does, which fails the step.
 */
export function readKeyValues(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/);
  const values: Record<string, string> = {};
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const equals = line.indexOf('=');
    const block = line.indexOf('<<');
    at += 1;
    if (line === '') continue;
    if (equals > 0 && (block < 0 || equals < block)) values[line.slice(0, equals)] = line.slice(equals + 1);
    else if (block > 0 && line.length > block + 2) {
      const { value, next } = heredoc(lines, at, line.slice(block + 2));
      values[line.slice(0, block)] = value;
      at = next;
    } else throw new Error(`Invalid format '${line}'`);
  }
  return values;
}

/** The folders that a step added to PATH, last one first, as they come to stand. */
export function readPaths(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .toReversed();
}
