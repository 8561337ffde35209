/** Heads of earlier requests, as openings name them, held against the requests that are there: so a lost request or record shows. */
import type { Entry } from './chain.ts';

/** Openings (by their issue) that name a head of another request. */
export interface NamedHead {
  issue: number;
  head: string;
  /** The issues whose openings name it, in the order in which they were read. */
  namedBy: number[];
}

/** What is known so far. A request takes 32 bytes a record here, since an opening may name any of them. */
export interface HeadBook {
  /** The hashes of each request that was read. */
  held: Map<number, Buffer>;
  /** What is named of requests that were not read, by issue and head. */
  waiting: Map<number, Map<string, number[]>>;
  /** How many names of heads were held against their request. */
  checked: number;
}

export function headBook(): HeadBook {
  return { held: new Map(), waiting: new Map(), checked: 0 };
}

/**
 * Enters a request: the heads that its opening names, and its own records. Gives what contradicts: a head that an opening
 * named and its request lacks. An issue that was entered before is not entered again.
 */
export function enterRequest(book: HeadBook, issue: number, entries: readonly Entry[]): NamedHead[] {
  if (book.held.has(issue)) return [];
  const hashes = Buffer.from(entries.map(({ record }) => hexOf(record.hash)).join(''), 'hex');
  book.held.set(issue, hashes);
  const named = book.waiting.get(issue) ?? new Map<string, number[]>();
  book.waiting.delete(issue);
  const contradictions: NamedHead[] = [];
  for (const [head, namedBy] of named) {
    book.checked += namedBy.length;
    if (!holds(hashes, head)) contradictions.push({ issue, head, namedBy });
  }
  for (const { record } of entries) {
    for (const event of record.events) {
      if (event.type !== 'requested') continue;
      for (const { issue: of, head } of event.earlier) {
        if (head !== null && !nameHead(book, of, head, issue))
          contradictions.push({ issue: of, head, namedBy: [issue] });
      }
    }
  }
  return contradictions;
}

/** What openings name of requests that were not entered, the lowest issue first. */
export function uncheckedHeads(book: HeadBook): NamedHead[] {
  return [...book.waiting]
    .sort(([a], [b]) => a - b)
    .flatMap(([issue, heads]) => [...heads].map(([head, namedBy]) => ({ issue, head, namedBy })));
}

/** False: the request was entered and lacks this head. */
function nameHead(book: HeadBook, issue: number, head: string, by: number): boolean {
  const hashes = book.held.get(issue);
  if (hashes !== undefined) {
    book.checked += 1;
    return holds(hashes, head);
  }
  const heads = book.waiting.get(issue) ?? new Map<string, number[]>();
  book.waiting.set(issue, heads);
  heads.set(head, [...(heads.get(head) ?? []), by]);
  return true;
}

function holds(hashes: Buffer, head: string): boolean {
  return hashes.includes(hexOf(head), 0, 'hex');
}

function hexOf(hash: string): string {
  return hash.slice('sha256:'.length);
}
