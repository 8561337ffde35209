/** Keys that the issuer publishes while a job goes on: fetched anew once a record names one that the job does not hold. */
import { signatureOf } from '../log/accept.ts';
import type { Log } from '../log/chain.ts';
import { parseComment } from '../log/comment.ts';
import { missingKey } from '../log/missing-key.ts';
import type { Record } from '../log/record.ts';
import type { Trust } from '../log/trust.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { Clock, IssueSnapshot, Progress } from './ports.ts';

/** Fetches the keys anew, once a minute at most for each kind of reason. Trouble is told, and the keys in hand stay. */
export type RenewKeys = (why: 'own-record' | 'record-of-others') => Promise<void>;

/** Whoever writes as a bot can name keys that never were: each such record must not cost a look. */
const PAUSE_MS = 60_000;

/** `trust` fetches; `place` gets what it fetched. */
export function renewing(
  place: { trust: Trust },
  trust: () => Promise<Trust>,
  { clock, progress }: { clock: Clock; progress: Progress },
): RenewKeys {
  const last = new Map<string, { at: number; done: Promise<void> }>();
  const renew = async () => {
    try {
      place.trust = withKeysOf(await trust(), place.trust);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      progress.warn(`A record names a key that this job does not hold. ${error.message} ${error.remedy}`);
    }
  };
  return (why) => {
    const before = last.get(why);
    if (before !== undefined && clock.now() - before.at < PAUSE_MS) return before.done;
    const done = renew();
    last.set(why, { at: clock.now(), done });
    return done;
  };
}

/** What was published when the job began has signed what stands: it goes on to count, behind what is published now. */
function withKeysOf(fresh: Trust, before: Trust): Trust {
  const issuers = fresh.issuers.map(({ issuer, keys }) => {
    const known = before.issuers.filter((one) => one.issuer === issuer).flatMap((one) => one.keys);
    const gone = known.filter(({ kid, n }) => !keys.some((key) => key.kid === kid && key.n === n));
    return { issuer, keys: [...keys, ...gone] };
  });
  return { ...fresh, issuers };
}

/** Whether a comment that does not count names a key that this job does not hold. */
export async function lacksKeys({ comments }: IssueSnapshot, { findings }: Log, trust: Trust): Promise<boolean> {
  for (const { code, signature, commentId } of findings) {
    if (code !== 'not-signed' || signature !== 'signature') continue;
    const parsed = parseComment(comments.find(({ id }) => id === commentId)?.body ?? '');
    if (parsed.kind === 'record' && (await missingKey(parsed.record, trust)) !== null) return true;
  }
  return false;
}

/**
 * Refuses a record of this job's own that no reader would believe. `createdAt`: when its comment was, or will be. Throws a Fault
 * `oidc`; where it is written already, `refused`: what is tried again then would be written again.
 */
export async function refuseUnlessBelieved(
  desk: Pick<Desk, 'trust' | 'renewKeys' | 'known'>,
  record: Record,
  createdAt: string,
  happened: 'before' | 'after',
): Promise<void> {
  if (record.sig === null) return;
  // Whoever reads the comment judges it by the same time, and need not do so again.
  const known = happened === 'after' ? (desk.known?.signatures ?? null) : null;
  const judge = () => signatureOf({ record, comment: { createdAt } }, desk.trust, known);
  let result = await judge();
  if (!result.ok && (await missingKey(record, desk.trust)) !== null) {
    await desk.renewKeys('own-record');
    result = await judge();
  }
  if (result.ok) return;
  if (happened === 'after') {
    const why = `This job's record stands on the issue, and nobody will believe it: ${result.why}.`;
    throw new Fault('refused', why, 'Try again.');
  }
  // This machine's clock may be wrong; what counts is when GitHub creates the comment.
  if (result.code === 'time') return;
  throw new Fault(
    'oidc',
    `Nobody would believe this job's record, so it was not written: ${result.why}.`,
    'Try again in a minute; if it stays so, run debug-approval doctor, which says what this job may sign.',
  );
}
