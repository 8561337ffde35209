/** Heads of earlier requests, as openings name them, held against the requests that are there: so a lost request or record shows. */
import type { Entry } from './chain.ts';

/** Openings (by their issue) that name a head of another request; one that names its own issue: an earlier reading held it. */
export interface NamedHead {
  issue: number;
  head: string;
  /** The issues whose openings name it, in the order in which they were read. */
  namedBy: number[];
}

/** What is known so far. A request takes 32 bytes a record here, since an opening may name any of them. */
export interface HeadBook {
  /** The hashes of each request, as it was read last. */
  held: Map<number, Buffer>;
  /** What is named of requests and was not found in them yet, by issue and head. */
  waiting: Map<number, Map<string, number[]>>;
  /** How many names of heads were found in their request. */
  checked: number;
}

export function headBook(): HeadBook {
  return { held: new Map(), waiting: new Map(), checked: 0 };
}

/**
 * Enters a request: its own records (`hashes`) and the heads that its opening, one of the accepted `entries`, names. An issue that
 * is entered again, since it went on, replaces what was entered before; it must hold all that it held then. Nothing contradicts
 * before all is entered: what an opening names may stand in what its issue has become since.
 */
export function enterRequest(
  book: HeadBook,
  issue: number,
  hashes: readonly string[],
  entries: readonly Entry[],
): void {
  const before = book.held.get(issue) ?? NOTHING;
  const now = Buffer.from(hashes.map(hexOf).join(''), 'hex');
  book.held.set(issue, now);
  for (const head of lacking(before, now)) wait(book, issue, head, issue);
  const waiting = book.waiting.get(issue);
  for (const [head, namedBy] of waiting ?? []) {
    if (!holds(now, head)) continue;
    book.checked += namedBy.length;
    waiting?.delete(head);
  }
  if (waiting?.size === 0) book.waiting.delete(issue);
  for (const { record } of entries) {
    if (before !== NOTHING && holds(before, record.hash)) continue;
    for (const event of record.events) {
      if (event.type !== 'requested') continue;
      for (const { issue: of, head } of event.earlier) if (head !== null) nameHead(book, of, head, issue);
    }
  }
}

/** Which of these records were there already when the issue was entered last. */
export function knownAmong(book: HeadBook, issue: number, entries: readonly Entry[]): Entry[] {
  const held = book.held.get(issue);
  return held === undefined ? [] : entries.filter(({ record }) => holds(held, record.hash));
}

/** Heads that openings name and that their requests lack, though they were entered. To be asked once all is entered. */
export function missingHeads(book: HeadBook): NamedHead[] {
  return namedHeads(book, (issue) => book.held.has(issue));
}

/** What openings name of requests that were not entered, the lowest issue first. */
export function uncheckedHeads(book: HeadBook): NamedHead[] {
  return namedHeads(book, (issue) => !book.held.has(issue));
}

const NOTHING = Buffer.alloc(0);
/** Bytes of a hash. */
const SIZE = 32;

function namedHeads({ waiting }: HeadBook, wanted: (issue: number) => boolean): NamedHead[] {
  return [...waiting]
    .filter(([issue]) => wanted(issue))
    .sort(([a], [b]) => a - b)
    .flatMap(([issue, heads]) => [...heads].map(([head, namedBy]) => ({ issue, head, namedBy })));
}

function nameHead(book: HeadBook, issue: number, head: string, by: number): void {
  const hashes = book.held.get(issue);
  if (hashes !== undefined && holds(hashes, head)) book.checked += 1;
  else wait(book, issue, head, by);
}

function wait({ waiting }: HeadBook, issue: number, head: string, by: number): void {
  const heads = waiting.get(issue) ?? new Map<string, number[]>();
  waiting.set(issue, heads);
  heads.set(head, [...(heads.get(head) ?? []), by]);
}

/** The hashes that were there before and are not now. */
function lacking(before: Buffer, now: Buffer): string[] {
  const lost: string[] = [];
  for (let at = 0; at < before.length; at += SIZE) {
    const hash = before.subarray(at, at + SIZE);
    if (!has(now, hash)) lost.push(`sha256:${hash.toString('hex')}`);
  }
  return lost;
}

function holds(hashes: Buffer, head: string): boolean {
  return has(hashes, Buffer.from(hexOf(head), 'hex'));
}

function has(hashes: Buffer, hash: Buffer): boolean {
  for (let at = hashes.indexOf(hash); at !== -1; at = hashes.indexOf(hash, at + 1)) if (at % SIZE === 0) return true;
  return false;
}

function hexOf(hash: string): string {
  return hash.slice('sha256:'.length);
}
