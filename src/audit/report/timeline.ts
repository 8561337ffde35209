/** A request's records as a report shows them one after the other: what happened, who did it, by what way, and who signed it. */
import type { Entry } from '../../log/chain.ts';
import type { Actor, Event } from '../../request/events.ts';
import { oneLine, visible } from '../../request/plain-text.ts';
import type { Remark, ReportedEntry } from './summary.ts';

/** One record. Texts have nothing hidden in them; they are to be shown as text, never as markup. */
export interface TimelineEntry {
  seq: number;
  /** When its comment was written, RFC 3339, by GitHub's clock. */
  at: string;
  commentId: number;
  sentence: string;
  /** What people wrote: a decision's comment, a reason, an error's message. */
  texts: string[];
  by: string;
  /** `ana-dev (id 101)` or `Slack T1/UANA`; null for the product itself. */
  account: string | null;
  via: Actor['via'];
  /** Ids by which the deed can be found again, as `comment 12`; the hash of what a command wrote. */
  evidence: string[];
  /** The job that wrote it: `run 9001, attempt 1, job ask, environment debug-approval`. */
  writer: string;
  hash: string;
  /** The key that verified its signature; null: it is unsigned, and the policy accepts that. */
  key: { kid: string | null; thumbprint: string } | null;
  /** What breaks the log at this record; null: it holds. */
  fault: string | null;
}

/** The records in the order of their comments, which is the order that counts. */
export function timelineOf(entries: readonly ReportedEntry[], broken: readonly Remark[]): TimelineEntry[] {
  return entries.map(({ commentId, createdAt, record, key }) => {
    const { seq, by, events, sentence, hash } = record;
    const faults = broken.filter((finding) => finding.commentId === commentId);
    return {
      seq,
      at: createdAt,
      commentId,
      sentence: oneLine(sentence),
      texts: events.flatMap(wordsOf).map(visible),
      by: oneLine(by.name),
      account: accountOf(by),
      via: by.via,
      evidence: [...Object.entries(by.evidence), ...events.flatMap(transcriptOf)].map(([name, id]) =>
        oneLine(`${name} ${id}`),
      ),
      writer: writerOf(record.writer),
      hash,
      key: key === null ? null : { kid: key.kid, thumbprint: key.thumbprint },
      fault: faults.length === 0 ? null : faults.map(({ why }) => oneLine(why)).join('; '),
    };
  });
}

function accountOf({ github, slack }: Actor): string | null {
  if (github !== null) return oneLine(`${github.login} (id ${github.id})`);
  return slack === null ? null : oneLine(`Slack ${slack.team}/${slack.user}`);
}

function writerOf(writer: Entry['record']['writer']): string {
  if ('gateway' in writer) return oneLine(`gateway, key ${writer.gateway}`);
  const { run, attempt, job, environment } = writer;
  return oneLine(
    `run ${run}, attempt ${attempt}, job ${job}${environment === null ? '' : `, environment ${environment}`}`,
  );
}

function wordsOf(event: Event): string[] {
  switch (event.type) {
    case 'decided':
      return [...said(event.comment), ...event.checklist.map((item) => `✓ ${item}`)];
    case 'withdrawn':
    case 'reviewed':
      return said(event.comment);
    case 'discussed':
      return event.messages.map(({ name, text }) => `${name}: ${text}`);
    case 'cancelled':
      return said(event.reason);
    case 'errored':
      return said(event.message);
    case 'purged':
      return event.items.flatMap(({ kind, id, gone, why }) => (gone ? [] : [`${kind} ${id}: ${why}`]));
    default:
      return [];
  }
}

/** What the command wrote is kept elsewhere; by this hash it can be told to be that. */
function transcriptOf(event: Event): [string, string][] {
  return event.type === 'ended' && event.transcript !== null ? [['transcript', event.transcript]] : [];
}

function said(text: string): string[] {
  return text.trim() === '' ? [] : [text];
}
