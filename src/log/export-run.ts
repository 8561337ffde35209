/** How far the verification of an export is, and what came to light so far. */
import { createHash, type Hash } from 'node:crypto';
import type { Log } from './chain.ts';
import type { ExportEnd, ExportedPolicy, ExportHeader } from './export-format.ts';
import {
  type ExportFault,
  inOneLine,
  type KnownHead,
  type OpenRequest,
  type RequestVerdict,
} from './export-request.ts';
import type { FileTrust, Trusted } from './export-trust.ts';
import { GRADES, type Grade, type Grading } from './grade.ts';
import { type HeadBook, headBook } from './heads.ts';

const FAULTS_KEPT = 100;

export interface VerifyOptions {
  /**
   * What the verifier trusts, from elsewhere than the file, or what of it is about the repository that the header names (null:
   * nothing, and then the file cannot be verified). Left out: the file's own word, which proves nothing.
   */
  trusted?: Trusted | ((header: ExportHeader) => Trusted | null) | undefined;
  /** Records that must be there, as known from elsewhere. */
  heads?: readonly KnownHead[];
  /** Called once, before all others. */
  onHeader?: (header: ExportHeader) => void;
  /** Each policy before the first request that was opened under it. */
  onPolicy?: (policy: ExportedPolicy) => void;
  /**
   * Each request once its last line is there; nothing of it is kept afterwards. One that went on while the file was written
   * comes again, and replaces what came before. One that was whole here may still turn out to have lost a record, by what an
   * opening names: that stands in the verdict alone.
   */
  onRequest?: (verdict: RequestVerdict, log: Log) => void | Promise<void>;
}

/** A grade with the keys that it rests on; `records` counts those that a key signed. */
export type ExportGrading = Omit<Grading, 'keys'> & {
  keys: (Omit<Grading['keys'][number], 'records'> & { records: number })[];
};

export interface Run {
  options: VerifyOptions;
  /** Number of the last line, from 1. */
  line: number;
  /** Over all lines so far. */
  hash: Hash;
  /** The latest lines, which are not in it yet. */
  unhashed: string;
  header: ExportHeader | null;
  fileTrust: FileTrust | null;
  /** Why nothing can be said of the file; empty if something can. */
  unknown: string;
  /** Why the first line is no header. Lines are looked through for one of ours then. */
  headerFault: string | null;
  /** The blobs of policies so far. */
  policies: Set<string>;
  /** A policy whose request must follow on the next line. */
  policy: ExportedPolicy | null;
  open: OpenRequest | null;
  end: ExportEnd | null;
  newest: string | null;
  heads: HeadBook;
  wanted: KnownHead[];
  /** How many requests and records the lines so far hold, those that were replaced included. */
  written: { requests: number; records: number };
  /** The issues that cannot be judged, and why not. */
  unsure: Map<number, string>;
  /** Each issue and each record once. */
  counts: {
    requests: number;
    records: number;
    broken: Set<number>;
    none: Set<number>;
    faults: number;
    policiesWithoutText: number;
  };
  faults: ExportFault[];
  /** Whether the bytes were as stated at each place so far. */
  bytesRight: boolean;
  /** How many faults there were where they last were: what was found since explains why they are not. */
  explained: number;
  /** How many requests have each grade, and the first of the weakest. */
  grades: Map<Grade, number>;
  weakest: { grading: Grading; issue: number } | null;
  keys: Map<string, ExportGrading['keys'][number]>;
  /** The issue of the last request that holds one. */
  lastIssue: number | null;
  lastHead: string | null;
}

export function begin(options: VerifyOptions): Run {
  return {
    ...{
      options,
      line: 0,
      hash: createHash('sha256'),
      unhashed: '',
      header: null,
      fileTrust: null,
      unknown: 'The file is empty.',
    },
    ...{ headerFault: null, policies: new Set(), policy: null, open: null, end: null, newest: null },
    ...{ heads: headBook(), wanted: [...(options.heads ?? [])], faults: [] },
    ...{ bytesRight: true, explained: 0, written: { requests: 0, records: 0 }, unsure: new Map() },
    counts: { requests: 0, records: 0, broken: new Set(), none: new Set(), faults: 0, policiesWithoutText: 0 },
    ...{ grades: new Map(), weakest: null, keys: new Map(), lastIssue: null, lastHead: null },
  };
}

/** Notes the grade of a request: the weakest decides for the file. `before`: that of the records which are counted already. */
export function noteGrade(run: Run, issue: number, grading: Grading, before: Grading | null): void {
  const rank = (one: Grading) => GRADES.indexOf(one.grade);
  if (run.weakest === null || rank(grading) > rank(run.weakest.grading)) run.weakest = { grading, issue };
  if (before !== null) run.grades.set(before.grade, (run.grades.get(before.grade) ?? 0) - 1);
  run.grades.set(grading.grade, (run.grades.get(grading.grade) ?? 0) + 1);
  countKeys(run, before?.keys ?? [], -1);
  countKeys(run, grading.keys, 1);
}

function countKeys({ keys }: Run, used: Grading['keys'], times: 1 | -1): void {
  for (const { thumbprint, records, ...key } of used) {
    const known = keys.get(thumbprint);
    if (known === undefined) keys.set(thumbprint, { ...key, thumbprint, records: records.length });
    else known.records += times * records.length;
  }
}

/** Notes a fault. The first ones are kept, all are counted. */
export function addFault(
  run: Run,
  { line = null, issue = null, record = null, commentId = null, why }: Partial<ExportFault> & { why: string },
): void {
  run.counts.faults += 1;
  if (issue !== null) run.counts.broken.add(issue);
  if (run.faults.length < FAULTS_KEPT) run.faults.push(inOneLine({ line, issue, record, commentId, why }));
}

/** Something is wrong with the line that was just read. */
export function misplaced(run: Run, why: string, commentId: number | null = null): undefined {
  addFault(run, { line: run.line, commentId, why });
}
