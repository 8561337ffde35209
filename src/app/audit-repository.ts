/** Audits a whole repository: every request, and what the openings name of earlier ones, so that no issue vanishes unseen. */
import { enterRequest, type HeadBook, headBook, missingHeads, type NamedHead, uncheckedHeads } from '../log/heads.ts';
import type { Auditor, Judged, RequestVerdict, Trouble } from './audit.ts';
import { judge, withNamed } from './audit-judge.ts';
import { remedyFor } from './audit-remedies.ts';
import { openingOf } from './reading.ts';

export interface RepositoryVerdict {
  /** `owner/name`. */
  repository: string;
  status: 'whole' | 'broken' | 'unknown';
  /** By issue number; those that are gone stand among them, broken. */
  requests: RequestVerdict[];
  /** What of the archive of keys was lost, where a log misses a key, and what is worth knowing of it. */
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
  /** The issues that openings name, and whose openings do. */
  named: Map<number, number[]>;
}

/**
 * Audits every request that has the label, then those that openings name and that lack it. Throws Faults where the list of
 * the requests cannot be had; one request's trouble is part of the verdict.
 */
export async function auditRepository(auditor: Auditor, onJudged: OnJudged): Promise<RepositoryVerdict> {
  const ledger: Ledger = { verdicts: new Map(), book: headBook(), named: new Map() };
  const { verdicts, book } = ledger;
  const take = (judged: Judged) => {
    enter(ledger, judged);
    onJudged(verdicts.size, judged);
  };
  for await (const issue of auditor.deps.source.requests({ since: null })) {
    // What changed while the list was read comes again at its end, and is judged anew: later openings may name what was added.
    take(await judge(auditor, issue));
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
  // What an opening names may have been written after its issue was read.
  for (const [issue, heads] of Map.groupBy(missingHeads(book), (one) => one.issue)) {
    const found = await auditor.deps.source.issue(issue);
    const named = heads.map(({ head }) => head);
    if (found !== null) take(withNamed(await judge(auditor, found), named));
  }
  const { archiveBroken: lost, archiveNotes: notes } = auditor;
  const missing = missingHeads(book);
  const requests = [...verdicts.values()].map((one) => withLost(one, missing)).toSorted((a, b) => a.issue - b.issue);
  // The archive is for old keys: as long as no log misses one, that a record of it was lost is worth knowing and no more.
  const lacksKeys = requests.some(({ notes: all }) => all.some(({ code }) => code === 'keys'));
  const archive = lacksKeys ? { broken: lost, notes } : { broken: [], notes: [...lost, ...notes] };
  return {
    repository: auditor.facts.name,
    status: statusOf(requests, archive.broken),
    requests,
    archive,
  };
}

function enter({ verdicts, book, named }: Ledger, { verdict, log }: Judged): void {
  verdicts.set(verdict.issue, verdict);
  if (verdict.status === 'unknown') return;
  const hashes = log.entries.map(({ record }) => record.hash);
  enterRequest(book, verdict.issue, hashes, log.entries);
  for (const { issue } of openingOf(log)?.earlier ?? []) {
    named.set(issue, [...new Set([...(named.get(issue) ?? []), verdict.issue])]);
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
  // Of what was named without a record nobody knows that it was a request: anybody's issue may have the label.
  const isLost = held !== undefined;
  const said = held === undefined ? 'as a request without naming a record of it' : `as a log that ended with ${held}`;
  const why = `issue #${issue} is gone; ${openings(by)} ${by.length === 1 ? 'names' : 'name'} it ${said}`;
  const trouble: Trouble = { code: 'gone', record: null, comment: null, url: namer, why, remedy: remedyFor('gone') };
  return {
    ...{ issue, url: namer.replace(/\d+$/, String(issue)), status: isLost ? 'broken' : 'none', request: null },
    ...{ records: 0, head: null, grading: null, broken: isLost ? [trouble] : [], notes: isLost ? [] : [trouble] },
  };
}

/** The verdict with the records that later openings name and that are not there; of what cannot be judged nobody knows. */
function withLost(verdict: RequestVerdict, missing: readonly NamedHead[]): RequestVerdict {
  const { url, issue: of } = verdict;
  if (verdict.status === 'unknown') return verdict;
  const broken = missing
    .filter(({ issue }) => issue === of)
    .map(({ head, namedBy }): Trouble => {
      const by = namedBy.filter((one) => one !== of);
      const last =
        by.length === 0
          ? 'it held when it was read before'
          : `${openings(by)} ${by.length === 1 ? 'names' : 'name'} as its last`;
      const why = `issue #${of} lacks the record ${head}, which ${last}`;
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
