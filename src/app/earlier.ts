/** The latest requests before this one: their heads for the opening record, and which of them it takes the place of. */
import { type Log, readLog } from '../log/chain.ts';
import type { EventOf } from '../request/events.ts';
import type { Request } from '../request/request.ts';
import { isOpen } from '../request/state.ts';
import type { Desk } from './desk.ts';
import { Fault, messageOf } from './fault.ts';
import { isPersons } from './issue-snapshot.ts';
import { closeOpen, showSettled } from './open.ts';
import type { IssueSnapshot, RepositoryFacts } from './ports.ts';
import { openingOf, type Reading, unchanged, understand, wholeSnapshot } from './reading.ts';
import type { DrawIssue } from './show.ts';

/** What the first look shows of an earlier request: its latest records, verified. `opening` is null where they lack it. */
export interface EarlierLog {
  issue: number;
  log: Log;
  opening: EventOf<'requested'> | null;
}

/** So many older requests are looked at; whatever is beyond them expires by itself. */
const MOST = 20;

/** Verifies what the first look showed; what a person opened is no request. */
export function readEarlier(desk: Desk, earlier: RepositoryFacts['earlier']): Promise<EarlierLog[]> {
  return Promise.all(
    earlier
      .filter((one) => !isPersons(one))
      .map(async ({ issue, comments }) => {
        const log = await readLog({ number: issue, comments, deletions: [] }, desk.trust);
        return { issue, log, opening: openingOf(log) };
      }),
  );
}

/**
 * The open requests of the same person for the same runbook and target, by their verified logs; `open` are the issues that
 * GitHub calls open requests. Only what the first look does not show is read. What cannot be read is left alone.
 */
export async function findOlder(
  desk: Desk,
  request: Request,
  earlier: readonly EarlierLog[],
  open: readonly number[],
): Promise<number[]> {
  const others = earlier.filter(({ opening }) => opening !== null && !isSame(opening.request, request));
  const known = new Set(others.map(({ issue }) => issue));
  const candidates = open.filter((issue) => !known.has(issue)).toSorted((a, b) => b - a);
  const look = (issue: number) => readOlder(desk, request, issue, () => desk.repository.issue(issue));
  const found = await Promise.all(candidates.slice(0, MOST).map(look));
  return found.flatMap((reading) => reading?.snapshot.number ?? []).toSorted((a, b) => a - b);
}

function isSame(a: Request, b: Request): boolean {
  return a.id !== b.id && a.runbook === b.runbook && a.target === b.target && a.requester.person === b.requester.person;
}

/** null: it is another's, or over, or cannot be read. */
async function readOlder(
  desk: Desk,
  request: Request,
  issue: number,
  look: () => Promise<IssueSnapshot>,
): Promise<Reading | null> {
  try {
    const reading = unchanged(desk, await understand(desk, await look()));
    return isOpen(reading.state) && isSame(reading.state.opening.request, request) ? reading : null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // Whoever opens an issue with that label can make it unreadable; that keeps nobody from asking.
    const why = `Whether issue #${issue} is an older request of the same kind cannot be told: ${error.message}`;
    // Another job may be just opening it.
    if (error.code === 'log') desk.progress.info(why);
    else desk.progress.warn(why);
    return null;
  }
}

/** Cancels older requests of the same kind, once the newer one stands. A failure is said: they still expire by themselves. */
export async function supersede(desk: Desk, draw: DrawIssue, newer: Reading, older: readonly number[]): Promise<void> {
  const { number } = newer.snapshot;
  for (const issue of older.filter((one) => one < number)) {
    try {
      const whole = () => wholeSnapshot(desk, issue, {});
      const reading = await readOlder(desk, newer.state.opening.request, issue, whole);
      if (reading === null) continue;
      const after = await closeOpen(desk, reading, { type: 'cancel', reason: `Superseded by #${number}.` });
      await showSettled(desk, draw, after);
      desk.progress.info(`Request #${issue} is superseded by this one.`);
    } catch (error) {
      desk.progress.warn(
        `Request #${issue} could not be superseded and stays open until it expires: ${messageOf(error)}`,
      );
    }
  }
}
