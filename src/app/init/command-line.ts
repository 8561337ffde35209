/** The command line that says what was answered: `init` without its questions. */

/** Flags as commander parses them, by their names in camel case; `slack: false` is `--no-slack`. */
export type ParsedFlags = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** `debug-approval init …` with these flags, for a POSIX shell. The folder that stands for "here" is left out. */
export function commandLine(flags: ParsedFlags): string {
  const parts = Object.entries(flags).flatMap(([key, value]) => {
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || (key === 'directory' && value === '.')) return [];
    if (key === 'slack') return value === false ? ['--no-slack'] : [];
    if (typeof value === 'boolean') return value ? [flag] : [];
    return [value].flat().map((one) => `${flag} ${inShell(one)}`);
  });
  return ['debug-approval init', ...parts].join(' ');
}

/** One word of a POSIX shell, whatever it holds: git lets a branch be called `main;id`. */
export const inShell = (word: string): string =>
  /^[A-Za-z0-9@%+=:,./_-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
