/** What an audited request is told as to other systems: its records where its log holds, else that it does not. */
import type { BrokenLog } from '../audit/broken-log.ts';
import { type AuditedPlace, type AuditedRecord, auditedRecords } from '../audit/record.ts';
import type { Judged } from './audit.ts';

export type ToldRequest = { kind: 'records'; records: AuditedRecord[] } | { kind: 'log'; log: BrokenLog };

/**
 * The records of a log that holds, with its grade. Of any other nothing but what does not hold, or what keeps it from being judged:
 * what is left of it may be what somebody chose to leave. Not for an issue that held no request.
 */
export function toldAs(place: AuditedPlace, { snapshot, log, opened, verdict }: Judged): ToldRequest {
  const { status, broken, notes, grading } = verdict;
  if (status === 'whole' && opened !== null) {
    return { kind: 'records', records: auditedRecords(place, log.entries, opened.policy, grading?.grade ?? null) };
  }
  const open = notes.filter(({ code }) => OPEN.has(code));
  const faults = broken.length > 0 ? broken : open.length > 0 ? open : notes;
  return {
    kind: 'log',
    log: {
      ...place,
      ...{ status: status === 'broken' ? 'broken' : 'undetermined', request: log.request, head: log.head },
      ...{ records: log.entries.length, changedAt: snapshot.updatedAt, faults },
    },
  };
}

/** Notes that keep a request from being judged, or its records from being told. */
const OPEN: ReadonlySet<string> = new Set(['keys', 'signer', 'policy', 'unread']);
