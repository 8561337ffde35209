/** Ways to change the workflows and the policy of the set-up in memory, each with the ids that doctor must then call wrong. */
import { parseDocument } from 'yaml';
import { type Change, type Pair, swap as swapped, inJob as within } from './doctor-world.ts';

export const DEBUG = '.github/workflows/debug.yml';
export const SWEEP = '.github/workflows/sweep.yml';
export const DOCTOR = '.github/workflows/doctor.yml';

export interface Break {
  title: string;
  change: Change;
  /** Ids in the table's order. */
  wrong: string[];
}

export const broken = (title: string, change: Change, ...wrong: string[]): Break => ({ title, change, wrong });

/** Rewrites a workflow. */
export const edit = (path: string, change: (text: string) => string): Change => ({ files: { [path]: change } });

/** Replaces what is there for certain, once. */
export const swap = (path: string, ...pair: Pair): Change => edit(path, swapped(pair));

/** Within one job of debug.yml. */
export const inJob = (job: string, ...pair: Pair): Change => edit(DEBUG, within(job, pair));

/** Sets values of the policy by their paths. */
export const policy = (...changes: [path: (string | number)[], value: unknown][]): Change => ({
  policy: (text) => {
    const document = parseDocument(text);
    for (const [path, value] of changes) document.setIn(path, value);
    return document.toString();
  },
});
