/** Requests that other requests' openings name and that are gone: a whole deleted issue, or one whose last records were cut off. */
import { containsHead } from '../log/chain.ts';
import type { EventOf } from '../request/events.ts';
import type { Desk } from './desk.ts';
import { type EarlierLog, readEarlier } from './earlier.ts';
import { Fault } from './fault.ts';
import type { RepositoryFacts } from './ports.ts';
import { understand, wholeSnapshot } from './reading.ts';
import type { Swept } from './sweep-request.ts';

/** So many latest requests the first look lists. */
const LISTED = 5;
/** So many that seem to be gone are looked for; `audit verify` looks for all. */
const MOST = 10;

/** What an opening says of a request before it. */
interface Named {
  issue: number;
  head: string | null;
  length: number;
  /** The issue whose opening names it. */
  by: number;
}

/**
 * Warns of each request that is named by the openings which this sweep read anyway and is not there as it was. Costs nothing
 * where all of them are; else a look for each that seems to be gone.
 */
export async function tellVanished(
  desk: Desk,
  listed: RepositoryFacts['earlier'],
  swept: readonly Pick<Swept, 'issue' | 'reading'>[],
): Promise<void> {
  const logs = await readEarlier(desk, listed);
  const all = named(logs, swept);
  const suspects = onePerIssue([...gone(listed, all), ...cut(logs, all)]);
  for (const suspect of suspects.slice(0, MOST)) {
    const why = await lookFor(desk, suspect);
    if (why !== null) desk.progress.warn(why);
  }
}

function named(logs: readonly EarlierLog[], swept: readonly Pick<Swept, 'issue' | 'reading'>[]): Named[] {
  const openings = new Map<number, EventOf<'requested'>>();
  for (const { issue, opening } of logs) if (opening !== null) openings.set(issue, opening);
  for (const { issue, reading } of swept) if (reading !== null) openings.set(issue, reading.state.opening);
  return [...openings].flatMap(([by, { earlier }]) => earlier.map((one) => ({ ...one, by })));
}

/** Among the latest requests GitHub lists all that have the label: whoever is named, as young, and not listed, has lost it. */
function gone(listed: RepositoryFacts['earlier'], all: readonly Named[]): Named[] {
  const known = new Set(listed.map(({ issue }) => issue));
  const oldest = listed.length < LISTED ? 0 : Math.min(...known);
  return all.filter(({ issue }) => issue > oldest && !known.has(issue));
}

/** Those whose log does not hold the head that was seen; of one whose opening is not among its latest records nobody can tell here. */
function cut(logs: readonly EarlierLog[], all: readonly Named[]): Named[] {
  const byIssue = new Map(logs.flatMap((one) => (one.opening === null ? [] : [[one.issue, one.log] as const])));
  return all.filter(({ issue, head, length }) => {
    const log = byIssue.get(issue);
    return log !== undefined && head !== null && !containsHead(log, head, length).ok;
  });
}

function onePerIssue(all: readonly Named[]): Named[] {
  return [...new Map(all.map((one) => [one.issue, one])).values()].toSorted((a, b) => a.issue - b.issue);
}

/** What a look at it shows, a sentence; null: all is well, as where GitHub's list lagged. */
async function lookFor(desk: Desk, { issue, head, length, by }: Named): Promise<string | null> {
  const who = `Request #${issue}, which the opening of #${by} names${head === null ? '' : ` with ${length} records up to ${head}`},`;
  try {
    const snapshot = await wholeSnapshot(desk, issue, {});
    if (!snapshot.labels.includes('debug-request')) {
      return `${who} has lost its label debug-request: whoever looks for requests does not find it.`;
    }
    const { log } = await understand(desk, snapshot);
    const held = head === null ? null : containsHead(log, head, length);
    return held === null || held.ok ? null : `${who} is not as it was: ${held.why}.`;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'not-found') return `${who} is gone: its issue was deleted, or moved to another repository.`;
    return `${who} could not be looked at: ${error.message}`;
  }
}
