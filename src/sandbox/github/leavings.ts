/** What runs leave behind: artifacts, and logs until somebody deletes them. */
import { type Host, RETENTION_DAYS, type Upload } from '../host.ts';

export interface Artifact extends Omit<Upload, 'retentionDays'> {
  id: number;
  run: number;
  attempt: number;
  createdAt: string;
  /** From then on it is listed as expired, and cannot be had any more. */
  expiresAt: string;
}

type Stored = ReturnType<Host['storeArtifact']>;

export interface Leavings {
  /** The newest first. */
  artifacts(): Artifact[];
  /** Refuses a name that the attempt has used already. */
  store(run: number, attempt: number, upload: Upload): Stored;
  /** Lets the retention of an artifact be over now. */
  expire(id: number): void;
  /** False: there is none. */
  remove(id: number): boolean;
  hasLogs(run: number): boolean;
  /** False: there are none. */
  removeLogs(run: number): boolean;
}

const DAY_MS = 86_400_000;
const TAKEN =
  'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run';

/** Nothing left behind yet; every run has logs. */
export function createLeavings(): Leavings {
  const artifacts = new Map<number, Artifact>();
  const withoutLogs = new Set<number>();
  let next = 2_000_000_001;
  return {
    artifacts: () => [...artifacts.values()].toReversed(),
    store(run, attempt, { name, size, digest, retentionDays }) {
      const isTaken = (one: Artifact): boolean => one.run === run && one.attempt === attempt && one.name === name;
      if ([...artifacts.values()].some(isTaken)) return { kind: 'refused', reason: TAKEN };
      const days = Math.min(retentionDays ?? RETENTION_DAYS, RETENTION_DAYS);
      const now = Date.now();
      const createdAt = new Date(now).toISOString();
      const expiresAt = new Date(now + days * DAY_MS).toISOString();
      const id = next++;
      artifacts.set(id, { id, run, attempt, name, size, digest, createdAt, expiresAt });
      return { kind: 'stored', id };
    },
    expire(id) {
      const artifact = artifacts.get(id);
      if (artifact === undefined) throw new Error(`The sandbox has no artifact ${id}.`);
      artifact.expiresAt = new Date().toISOString();
    },
    remove: (id) => artifacts.delete(id),
    hasLogs: (run) => !withoutLogs.has(run),
    removeLogs(run) {
      if (withoutLogs.has(run)) return false;
      withoutLogs.add(run);
      return true;
    },
  };
}
