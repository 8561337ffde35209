/** How artifacts come to a run: its jobs upload them, or a test does in the run's name. */
import { createHash } from 'node:crypto';
import type { Host, Upload } from '../host.ts';
import type { World } from './world.ts';

type Uploading = Pick<World, 'runs' | 'leavings'>;

/** The host's `storeArtifact`. Throws for a job that does not run: its token would be worth nothing. */
export function storeArtifact({ runs, leavings }: Uploading, jobId: number, upload: Upload): Stored {
  const job = runs.job(jobId);
  if (job === null || job.ended !== null) throw new Error(`The sandbox has no running job ${jobId}.`);
  return leavings.store(job.run.id, job.attempt, upload);
}
type Stored = ReturnType<Host['storeArtifact']>;

/** Uploads a text in the name of a run's latest attempt, to be kept as long as usual; gives its id. Throws where GitHub refuses it. */
export function addArtifact({ runs, leavings }: Uploading, runId: number, name: string, content: string): number {
  const attempt = runs.find(runId)?.attempts.length ?? 0;
  if (attempt === 0) throw new Error(`The sandbox has no run ${runId}.`);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const upload = { name, size: Buffer.byteLength(content), digest, retentionDays: null };
  const stored = leavings.store(runId, attempt, upload);
  if (stored.kind === 'refused') throw new Error(stored.reason);
  return stored.id;
}
