/** Verifies an export as it streams by: one request is held at a time, and every change of a byte or a line shows. */

import type { ExportHeader } from './export-format.ts';
import { type Chunks, linesOf } from './export-lines.ts';
import { finish, take } from './export-reading.ts';
import type { ExportFault } from './export-request.ts';
import { begin, type ExportGrading, type Run, type VerifyOptions } from './export-run.ts';
import type { UnusedKey } from './export-trust.ts';
import { type NamedHead, uncheckedHeads } from './heads.ts';

export interface ExportVerdict {
  /** `unknown`: it is no export, it could not be read, or it holds records that nobody can verify. */
  status: 'whole' | 'broken' | 'unknown';
  /** Why, in a sentence; of a broken file, where the first fault is. */
  why: string;
  /** The first fault; null unless broken. */
  first: ExportFault | null;
  /** The first hundred, in the order in which they came to light; `counts.faults` has all. */
  faults: ExportFault[];
  counts: {
    requests: number;
    records: number;
    broken: number;
    /** Issues that cannot be judged, since nobody can verify records of theirs. */
    unknown: number;
    /** Issues that held no request. */
    none: number;
    faults: number;
    /** Policies whose text is not in the file, since it could not be had any more. */
    policiesWithoutText: number;
  };
  /** The weakest of all requests decides. `records` of a key is a count here. null: there are no records. */
  grading: ExportGrading | null;
  /** Keys of the file that were not used, because what the verifier trusts contradicts them. */
  unusedKeys: UnusedKey[];
  repository: ExportHeader['repository'] | null;
  exportedAt: string | null;
  /** What changed later than this may not be in the file; null unless its end was reached. */
  cursor: string | null;
  /** The head of the only request; null where there are several, or unless whole. */
  head: string | null;
  /** What openings name of earlier requests: how often that was checked, and what is not in the file. */
  heads: { checked: number; unchecked: NamedHead[] };
}

/**
 * Verifies an export of any size, without a network or a clock; never throws for what a file holds, and rejects only with what
 * a callback throws. A file alone cannot show that its last requests were cut off and its end written anew, nor that it was
 * made up with keys of its own: `heads` and `trusted`, as known from elsewhere, do.
 */
export async function verifyExport(chunks: Chunks, options: VerifyOptions = {}): Promise<ExportVerdict> {
  const run = begin(options);
  for await (const { lines, end } of linesOf(chunks)) {
    for (const line of lines) {
      const done = take(run, line);
      // Most lines are taken at once; to wait for each would double the time.
      if (done !== undefined) await done;
    }
    if (end !== null) await finish(run, end);
  }
  return verdictOf(run);
}

function verdictOf(run: Run): ExportVerdict {
  const status = statusOf(run);
  const first = run.faults[0] ?? null;
  const { requests, records, broken, none, faults, policiesWithoutText } = run.counts;
  const counts = {
    requests,
    records,
    broken: broken.size,
    unknown: run.unsure.size,
    none: none.size,
    faults,
    policiesWithoutText,
  };
  return {
    status,
    why: status === 'whole' ? wholeness(run) : status === 'broken' && first !== null ? told(first) : run.unknown,
    first: status === 'broken' ? first : null,
    faults: status === 'unknown' ? [] : run.faults,
    counts,
    grading: gradingOf(run),
    unusedKeys: run.fileTrust?.unused ?? [],
    repository: run.header?.repository ?? null,
    exportedAt: run.header?.exportedAt ?? null,
    cursor: run.end?.cursor ?? null,
    head: status === 'whole' && requests === 1 ? run.lastHead : null,
    heads: { checked: run.heads.checked, unchecked: uncheckedHeads(run.heads) },
  };
}

function statusOf(run: Run): ExportVerdict['status'] {
  if (run.faults.length > 0) return 'broken';
  return run.unknown === '' ? 'whole' : 'unknown';
}

function wholeness({ counts: { requests, records, none }, lastIssue, lastHead, heads, header }: Run): string {
  const repository = header?.repository.name ?? 'it';
  if (requests === none.size) return `It holds no request of ${repository}.`;
  const one = requests === 1 && lastIssue !== null;
  const what = one ? `issue #${lastIssue} of ${repository}` : `${requests - none.size} requests of ${repository}`;
  const last = one ? `; the last is ${lastHead}` : '';
  const missing = [...heads.waiting.keys()].sort((a, b) => a - b);
  return `All ${records} records of ${what} hold${last}.${missing.length === 0 ? '' : ` ${notChecked(missing)}`}`;
}

function notChecked(issues: readonly number[]): string {
  const some = issues.slice(0, 10).map((issue) => `#${issue}`);
  const rest = issues.length - some.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `Not checked, because the file does not hold them: earlier requests that openings name (${some.join(', ')}${more}).`;
}

/** A fault as a sentence that says where it is. */
export function told({ line, issue, record, commentId, why }: ExportFault): string {
  const at = [commentId === null ? [] : `comment ${commentId}`, line === null ? [] : `line ${line}`].flat().join(', ');
  const where = at === '' ? '' : ` (${at})`;
  if (issue === null) return line === null ? `The file does not hold: ${why}.` : `Line ${line}: ${why}.`;
  const what = record === null ? `The request of issue ${issue}` : `Record ${record} of issue ${issue}`;
  return `${what}${where}: ${why.replace(/\.$/, '')}.`;
}

function gradingOf({ weakest, grades, keys }: Run): ExportGrading | null {
  if (weakest === null) return null;
  const { grade, why } = weakest.grading;
  const same = grades.get(grade) ?? 0;
  const all = [...grades.values()].reduce((sum, one) => sum + one, 0);
  const share = same === all ? `All ${all} requests are` : `${same} of ${all} requests ${same === 1 ? 'is' : 'are'}`;
  const first = `${why.charAt(0).toLowerCase()}${why.slice(1)}`;
  const many = `${share} ${grade}; of the first, that of issue #${weakest.issue}, ${first}`;
  return { grade, why: all === 1 ? why : many, keys: [...keys.values()] };
}
