/** Holds the files that `init` would write against those that are there. */
import type { PlannedFile } from './plan.ts';

/** A file as it is now. */
export interface PresentFile {
  text: string;
  executable: boolean;
}

/**
 * `new`: nothing is there. `same`: nothing is to be done. `mode`: the text is there, but cannot be executed.
 * `differs`: something else is there, which only `--force` replaces.
 */
export type FileState = 'new' | 'same' | 'mode' | 'differs';

export interface ComparedFile extends PlannedFile {
  state: FileState;
  /** For `differs`: the lines between the common beginning and end, with - and + before them. */
  diff: string[];
}

/** Each planned file with its state. Line ends do not count: git converts them on some machines. */
export function compare(files: readonly PlannedFile[], present: ReadonlyMap<string, PresentFile>): ComparedFile[] {
  return files.map((file) => {
    const now = present.get(file.path);
    if (now === undefined) return { ...file, state: 'new', diff: [] };
    const [before, after] = [lines(now.text), lines(file.text)];
    if (before.join('\n') !== after.join('\n')) return { ...file, state: 'differs', diff: difference(before, after) };
    return { ...file, state: file.executable && !now.executable ? 'mode' : 'same', diff: [] };
  });
}

const lines = (text: string): string[] => text.split(/\r?\n/);

/** The most lines of either side that are shown. */
const SHOWN = 8;

function difference(before: readonly string[], after: readonly string[]): string[] {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shortest - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const side = (all: readonly string[], sign: string): string[] => {
    const changed = all.slice(start, all.length - end);
    const more = changed.length - SHOWN;
    const shown = changed.slice(0, SHOWN).map((line) => `${sign}${line}`);
    return more > 0 ? [...shown, `${sign}… ${more} more ${more === 1 ? 'line' : 'lines'}`] : shown;
  };
  return [`@@ line ${start + 1} @@`, ...side(before, '-'), ...side(after, '+')];
}
