/** What runs leave behind: artifacts, and logs until somebody deletes them. */
import { createHash } from 'node:crypto';

export interface Artifact {
  id: number;
  run: number;
  name: string;
  size: number;
  /** `sha256:` of what was uploaded. */
  digest: string;
  createdAt: string;
}

export interface Leavings {
  /** The newest first. */
  artifacts(): Artifact[];
  add(run: number, name: string, content: string): Artifact;
  /** False: there is none. */
  remove(id: number): boolean;
  hasLogs(run: number): boolean;
  /** False: there are none. */
  removeLogs(run: number): boolean;
}

/** Nothing left behind yet; every run has logs. */
export function createLeavings(): Leavings {
  const artifacts = new Map<number, Artifact>();
  const withoutLogs = new Set<number>();
  let next = 2_000_000_001;
  return {
    artifacts: () => [...artifacts.values()].toReversed(),
    add(run, name, content) {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      const createdAt = new Date().toISOString();
      const made = { id: next++, run, name, size: Buffer.byteLength(content), digest, createdAt };
      artifacts.set(made.id, made);
      return made;
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
