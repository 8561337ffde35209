/** The port {@link ServedRepositories}: where the App is installed, as GitHub listed it last, and asked anew where somebody is missing. */
import type { Served, ServedRepositories } from '../app/gateway/ports.ts';
import type { Clock } from '../app/ports.ts';

/** A repository as an installation lists it. */
export interface Listed {
  id: number;
  ownerId: number;
  /** `owner/name`. */
  name: string;
  /** The installation that reaches it. */
  installation: number;
}

export interface FullList {
  listed: Listed[];
  /** Installations that could not be read now: of theirs counts what was listed before. */
  unread: readonly number[];
}

/** What GitHub can be asked. All methods throw a Fault. */
export interface Listing {
  /** All repositories of all installations that work. */
  all(): Promise<FullList>;
  /** One repository by its name; null: the App is not installed there. */
  named(name: string): Promise<Listed | null>;
  /** The names of repositories in which an open request was found. */
  withOpenRequests(): Promise<string[]>;
}

/** So few repositories are looked through one by one, since that misses nothing: GitHub's search lags. */
const FEW = 50;

/** So old a list may be before it is read anew for whoever wants all of them, in ms. */
const FRESH_MS = 300_000;
/** After a list in which somebody is missing, the next is read no sooner than this, in ms: anybody can name what is not there. */
const PAUSE_MS = 60_000;
/** So many names that the App does not serve are remembered. */
const MOST_UNKNOWN = 1000;

/**
 * Keeps what GitHub listed: `open` is called once for each repository, and again when it is renamed or another installation
 * reaches it. What is known is answered from memory, also while GitHub is down.
 */
export function servedRepositories(
  listing: Listing,
  open: (repository: Listed) => Served,
  clock: Pick<Clock, 'now'>,
): ServedRepositories {
  let known = new Map<number, { listed: Listed; served: Served }>();
  let read: number | null = null;
  let reading: Promise<void> | null = null;
  const unknown = new Map<string, number>();

  const keep = (listed: Listed): { listed: Listed; served: Served } => {
    const before = known.get(listed.id);
    const same = before?.listed.name === listed.name && before.listed.installation === listed.installation;
    return same ? before : { listed, served: open(listed) };
  };
  const readAll = async (): Promise<void> => {
    const { listed, unread } = await listing.all();
    const before = [...known].filter(([, one]) => unread.includes(one.listed.installation));
    known = new Map([...before, ...listed.map((one) => [one.id, keep(one)] as const)]);
    read = clock.now();
  };
  /** One reading at a time, for all who wait for it. */
  const again = (): Promise<void> => {
    reading ??= readAll().finally(() => {
      reading = null;
    });
    return reading;
  };
  const olderThan = (ms: number): boolean => read === null || clock.now() - read >= ms;
  const byName = (name: string): Served | null =>
    [...known.values()].find(({ listed }) => sameName(listed.name, name))?.served ?? null;

  return {
    async byId(id) {
      if (!known.has(id) && olderThan(PAUSE_MS)) await again();
      return known.get(id)?.served ?? null;
    },
    async byName(name) {
      if (read === null) await again();
      const found = byName(name);
      if (found !== null) return found;
      const key = name.toLowerCase();
      if (clock.now() - (unknown.get(key) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return null;
      const listed = await listing.named(name);
      if (listed === null) {
        remember(unknown, key, clock.now());
        return null;
      }
      const kept = keep(listed);
      known.set(listed.id, kept);
      return kept.served;
    },
    async all() {
      if (olderThan(FRESH_MS)) await again();
      return [...known.values()].map(({ served }) => served);
    },
    async withOpenRequests() {
      if (olderThan(FRESH_MS)) await again();
      const all = [...known.values()];
      if (all.length <= FEW) return all.map(({ served }) => served);
      const names = new Set((await listing.withOpenRequests()).map((name) => name.toLowerCase()));
      return all.filter(({ listed }) => names.has(listed.name.toLowerCase())).map(({ served }) => served);
    },
  };
}

/** GitHub's names do not depend on letter case. */
function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function remember(unknown: Map<string, number>, key: string, now: number): void {
  unknown.delete(key);
  unknown.set(key, now);
  const [oldest] = unknown.keys();
  if (unknown.size > MOST_UNKNOWN && oldest !== undefined) unknown.delete(oldest);
}
