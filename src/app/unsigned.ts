/** Jobs without an ID token: refused unless the policy accepts what they write, and said in their own log where it does. */
import type { Policy } from '../policy/schema.ts';
import { noIdToken } from './fault.ts';
import type { JobIdentity, Progress } from './ports.ts';

/** What the log and the summary of such a job say. */
export const UNSIGNED_JOB =
  'This job has no ID token: what it writes into the log is not signed and counts only because the policy says `signers.unsigned: ' +
  'accept`. Whoever may write comments as a bot in this repository could write the same.';

/** Lets a job go on as soon as the policy is known. Throws the Fault of a missing ID token where its records would not count. */
export function refuseUnsigned({ signed }: JobIdentity, { signers }: Policy, progress: Progress): void {
  if (signed) return;
  if (signers.unsigned !== 'accept') throw noIdToken();
  progress.warn(UNSIGNED_JOB);
}

/** Without a token nobody says in which environment a job is: it claims the one that its part in the request has. */
export function claimEnvironment(job: JobIdentity, environment: string): JobIdentity {
  return job.signed ? job : { ...job, environment };
}
