/** What a record says, as the plain data that monitoring and incident tools get of it. */
import type { Writer } from '../log/record.ts';
import type { Actor, Deed, Event, EventOf, RefusalCode } from '../request/events.ts';
import type { Request } from '../request/request.ts';
import type { Status } from '../request/state.ts';
import { type AuditedPlace, type AuditedRecord, mainEvent, type Verification } from './record.ts';

/** An event as its record holds it; what the opening asks stands in {@link AuditData.request}, once. */
type ToldEvent = Exclude<Event, { type: 'requested' }> | Omit<EventOf<'requested'>, 'request'>;

/** All text stands as in the record, hence redacted; signatures (tokens) are left out. Times are RFC 3339 UTC. */
export interface AuditData {
  /** The event that names the record. */
  event: Event['type'];
  /** What happened, for people. */
  sentence: string;
  /** How the request stands after this record, and how it stood before it (null: there was none). */
  status: Status;
  before: Status | null;
  /** Approve or deny, withdraw, cancel, review: what was done, or tried (then `refusal` says why it was refused). */
  decision: Deed | null;
  refusal: RefusalCode | null;
  breakGlass: boolean;
  /** Who did it and by what way; `person` is the policy's key, null for a stranger and for the product itself. */
  actor: Actor;
  repository: { id: number; name: string; url: string };
  issue: { number: number; url: string };
  /** The workflow run that asked, and in which the debug job runs. */
  runUrl: string;
  /** What was asked, whole: `digest` is `sha256:` and the hex SHA-256 over its RFC 8785 form. */
  request: Request;
  digest: string;
  record: {
    hash: string;
    seq: number;
    /** Hashes of the records that its writer saw last. */
    prev: string[];
    /** When its writer wrote it; the time that counts is the comment's. */
    at: string;
    comment: { id: number; url: string; createdAt: string; author: { id: number; login: string; bot: boolean } };
    writer: Writer;
  };
  /** Everything that the record says happened. */
  events: ToldEvent[];
  /** What its log proved when it was exported. Left out where a job tells of it as it writes it: that rests on GitHub's live keys. */
  verification?: Verification;
}

/** The data of one record. */
export function auditData(told: AuditedRecord): AuditData {
  const { entry, opening } = told;
  const { record, commentId, createdAt } = entry;
  const main = mainEvent(record);
  const { id, login, bot } = entry.author;
  const url = repositoryUrl(told);
  const issueUrl = `${url}/issues/${told.issue}`;
  const { run } = opening.request;
  return {
    event: main.type,
    sentence: record.sentence,
    status: told.status,
    before: told.before,
    decision: decisionOf(main, record.by),
    refusal: main.type === 'refused' ? main.code : null,
    breakGlass: opening.request.breakGlass,
    actor: record.by,
    repository: { id: told.repository.id, name: told.repository.name, url },
    issue: { number: told.issue, url: issueUrl },
    runUrl: `${url}/actions/runs/${run.id}/attempts/${run.attempt}`,
    request: opening.request,
    digest: opening.digest,
    record: {
      hash: record.hash,
      seq: record.seq,
      prev: record.prev,
      at: record.at,
      comment: { id: commentId, url: `${issueUrl}#issuecomment-${commentId}`, createdAt, author: { id, login, bot } },
      writer: record.writer,
    },
    events: record.events.map(toldEvent),
    ...(told.verification === undefined ? {} : { verification: told.verification }),
  };
}

/** `https://github.com/owner/name`. */
export function repositoryUrl({ serverUrl, repository }: AuditedPlace): string {
  return `${serverUrl}/${repository.name}`;
}

function decisionOf(main: Event, by: Actor): Deed | null {
  switch (main.type) {
    case 'decided':
    case 'refused':
      return main.decision;
    case 'withdrawn':
      return 'withdraw';
    case 'reviewed':
      return 'review';
    case 'cancelled':
      // Without a person it was the product itself, e.g. because the run was cancelled.
      return by.person === null ? null : 'cancel';
    default:
      return null;
  }
}

function toldEvent(event: Event): ToldEvent {
  if (event.type !== 'requested') return event;
  const { request: _, ...others } = event;
  return others;
}
