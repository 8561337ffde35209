/** Audits a whole repository: every request, and what the openings name of earlier ones, so that no issue vanishes unseen. */
import { enterRequest, type HeadBook, headBook, type NamedHead, uncheckedHeads } from '../log/heads.ts';
import type { Auditor, Judged, RequestVerdict, Trouble } from './audit.ts';
import { judge } from './audit-judge.ts';
import { remedyFor } from './audit-remedies.ts';
import { openingOf } from './reading.ts';

export interface RepositoryVerdict {
  /** `owner/name`. */
  repository: string;
  status: 'whole' | 'broken' | 'unknown';
  /** By issue number; those that are gone stand among them, broken. */
  requests: RequestVerdict[];
  /** What is wrong with the archive of keys, and what is ignored in it. */
  archive: { broken: Trouble[]; notes: Trouble[] };
}

/**
 * What an audit of a repository tells while it goes on: how many requests it judged, and the latest one; null: it is gone. That a
 * later opening names a record that it lacks shows in the verdict alone.
 */
export type OnJudged = (done: number, judged: Judged | null) => void;

/** What was read so far. */
interface Ledger {
  verdicts: Map<number, RequestVerdict>;
  book: HeadBook;
  /** Records that openings name and that their request lacks. */
  lost: NamedHead[];
  /** The issues that openings name, and whose openings do. */
  named: Map<number, number[]>;
}

/**
 * Audits every request that has the label, then those that openings name and that lack it. Throws Faults where the list of
 * the requests cannot be had; one request's trouble is part of the verdict.
 */
export async function auditRepository(auditor: Auditor, onJudged: OnJudged): Promise<RepositoryVerdict> {
  const ledger: Ledger = { verdicts: new Map(), book: headBook(), lost: [], named: new Map() };
  const { verdicts } = ledger;
  const take = (judged: Judged) => {
    enter(ledger, judged);
    onJudged(verdicts.size, judged);
  };
  for await (const issue of auditor.deps.source.requests({ since: null })) {
    // What changed while the list was read comes again at its end: it was judged already.
    if (!verdicts.has(issue.number)) take(await judge(auditor, issue));
  }
  for (let next = unread(ledger); next !== null; next = unread(ledger)) {
    const found = await auditor.deps.source.issue(next);
    // Without the label it is judged like any other; its text's findings say that the label is missing.
    if (found !== null) take(await judge(auditor, found));
    else {
      verdicts.set(next, gone(ledger, next));
      onJudged(verdicts.size, null);
    }
  }
  const requests = [...verdicts.values()].map((one) => withLost(one, ledger)).toSorted((a, b) => a.issue - b.issue);
  return {
    repository: auditor.facts.name,
    status: statusOf(requests, auditor.archiveBroken),
    requests,
    archive: { broken: auditor.archiveBroken, notes: auditor.archiveNotes },
  };
}

function enter({ verdicts, book, lost, named }: Ledger, { verdict, log }: Judged): void {
  verdicts.set(verdict.issue, verdict);
  if (verdict.status === 'unknown') return;
  lost.push(...enterRequest(book, verdict.issue, log.entries));
  for (const { issue } of openingOf(log)?.earlier ?? []) {
    named.set(issue, [...(named.get(issue) ?? []), verdict.issue]);
  }
}

/** An issue that an opening names and that was not read yet. */
function unread({ named, verdicts }: Ledger): number | null {
  return [...named.keys()].find((issue) => !verdicts.has(issue)) ?? null;
}

function gone({ verdicts, book, named }: Ledger, issue: number): RequestVerdict {
  const by = named.get(issue) ?? [];
  const namer = verdicts.get(by[0] ?? 0)?.url ?? '';
  const heads = uncheckedHeads(book).filter((one) => one.issue === issue);
  const held = heads.at(-1)?.head;
  const said = held === undefined ? 'as a request without naming a record of it' : `as a log that ended with ${held}`;
  const why = `issue #${issue} is gone; ${openings(by)} ${by.length === 1 ? 'names' : 'name'} it ${said}`;
  const trouble: Trouble = { code: 'gone', record: null, comment: null, url: namer, why, remedy: remedyFor('gone') };
  return {
    ...{ issue, url: namer.replace(/\d+$/, String(issue)), status: 'broken', request: null, records: 0, head: null },
    ...{ grading: null, broken: [trouble], notes: [] },
  };
}

/** The verdict with the records that later openings name and that are not there. */
function withLost(verdict: RequestVerdict, { lost }: Ledger): RequestVerdict {
  const { url, issue: of } = verdict;
  const broken = lost
    .filter(({ issue }) => issue === of)
    .map(({ head, namedBy }): Trouble => {
      const why = `issue #${of} lacks the record ${head}, which ${openings(namedBy)} ${namedBy.length === 1 ? 'names' : 'name'} as its last`;
      return { code: 'head', record: null, comment: null, url, why, remedy: remedyFor('head') };
    });
  return broken.length === 0 ? verdict : { ...verdict, status: 'broken', broken: [...verdict.broken, ...broken] };
}

function openings(issues: readonly number[]): string {
  const all = issues.map((issue) => `#${issue}`).join(', ');
  return issues.length === 1 ? `the opening of ${all}` : `the openings of ${all}`;
}

function statusOf(requests: readonly RequestVerdict[], archive: readonly Trouble[]): RepositoryVerdict['status'] {
  if (archive.length > 0 || requests.some(({ status }) => status === 'broken')) return 'broken';
  return requests.some(({ status }) => status === 'unknown') ? 'unknown' : 'whole';
}
