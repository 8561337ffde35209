/** Records whose keys are not to be had any more: nobody can tell who signed them, which is another thing than that they were changed. */
import type { Log } from '../log/chain.ts';
import { parseComment } from '../log/comment.ts';
import type { Finding } from '../log/finding.ts';
import { missingKey } from '../log/missing-key.ts';
import type { Record } from '../log/record.ts';
import type { Trust } from '../log/trust.ts';
import type { IssueSnapshot } from './ports.ts';

/** What of a log rests on keys that nobody holds. */
export interface Keyless {
  /** The comments whose records cannot be verified for want of their keys; none unless the log needs one of these. */
  comments: number[];
  /** The names (`kid`) of these keys. */
  keys: string[];
  /** Faults of the log that mean nothing else than that these records do not count. */
  excused: Finding[];
}

const NONE: Keyless = { comments: [], keys: [], excused: [] };

/**
 * The unverifiable records of a log that needs one of them: its opening, or one that a verified record stands on. Where it needs
 * none they are somebody's additions, whatever keys they name.
 */
export async function keylessOf({ comments }: IssueSnapshot, log: Log, trust: Trust): Promise<Keyless> {
  const suspects = log.findings.filter(({ code, signature }) => code === 'not-signed' && signature === 'signature');
  if (suspects.length === 0) return NONE;
  const found: { comment: number; record: Record; kid: string }[] = [];
  for (const { commentId } of suspects) {
    const parsed = parseComment(comments.find(({ id }) => id === commentId)?.body ?? '');
    const kid = parsed.kind === 'record' ? await missingKey(parsed.record, trust) : null;
    if (parsed.kind === 'record' && kid !== null && commentId !== null) {
      found.push({ comment: commentId, record: parsed.record, kid });
    }
  }
  if (!found.some(({ record }) => isNeeded(record, log))) return NONE;
  const hashes = new Set(found.map(({ record }) => record.hash));
  return {
    comments: found.map(({ comment }) => comment),
    keys: [...new Set(found.map(({ kid }) => kid))],
    excused: log.broken.filter((fault) => isExcused(fault, log, hashes)),
  };
}

function isNeeded({ hash, events }: Record, { entries }: Log): boolean {
  if (entries.length === 0) return events.some(({ type }) => type === 'requested');
  const held = entries.some(({ record }) => record.hash === hash);
  return !held && entries.some(({ record }) => record.prev.includes(hash));
}

function isExcused({ code, commentId }: Finding, { entries }: Log, lost: ReadonlySet<string>): boolean {
  if (code === 'no-opening') return lost.size > 0;
  if (code !== 'missing') return false;
  const entry = entries.find((one) => one.commentId === commentId);
  const held = new Set(entries.map(({ record }) => record.hash));
  const missing = entry?.record.prev.filter((hash) => !held.has(hash)) ?? [];
  return missing.length > 0 && missing.every((hash) => lost.has(hash));
}
