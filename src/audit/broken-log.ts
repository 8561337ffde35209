/** A log that does not hold, or that nobody can judge, as other systems are told of it: by one event in place of its records. */
import { sha256OfCanonical } from '../log/canonical.ts';
import type { CloudEvent } from './cloud-events.ts';
import { repositoryUrl } from './data.ts';
import { classified, type OcsfEvent, PRODUCT } from './ocsf.ts';
import * as words from './ocsf-words.ts';
import type { AuditedPlace } from './record.ts';
import { isAlert } from './severity.ts';

/** One thing that does not hold, or that keeps it from being judged. */
export interface LogFault {
  code: string;
  /** The record's number, its comment; null where none can be named. */
  record: number | null;
  comment: number | null;
  /** Where to look. */
  url: string;
  why: string;
  /** What to do. */
  remedy: string;
}

export interface BrokenLog extends AuditedPlace {
  /** `undetermined`: nobody has its keys, trusts its signers, or can read the policy that it names. */
  status: 'broken' | 'undetermined';
  /** The request's id; null where no opening counts. */
  request: string | null;
  /** The last record that counts, and how many do. */
  head: string | null;
  records: number;
  /** When the issue changed last. RFC 3339 UTC. */
  changedAt: string;
  /** At least one; the first broken record first. */
  faults: readonly LogFault[];
}

/** What it says. The records are not told: who changed one may have chosen what is left. */
export interface LogData {
  verification: { status: BrokenLog['status']; grade: null; why: string };
  sentence: string;
  repository: { id: number; name: string; url: string };
  issue: { number: number; url: string };
  request: string | null;
  head: string | null;
  records: number;
  /** The first twenty. */
  faults: readonly LogFault[];
  faultCount: number;
}

/** `debugrequest` is left out where no opening counts. Its `id` is another one once something else does not hold. */
export type LogEvent = Pick<CloudEvent, 'specversion' | 'id' | 'source' | 'subject' | 'time' | 'datacontenttype'> & {
  type: `dev.debug-approval.log.${BrokenLog['status']}.v1`;
  debugrequest?: string;
  data: LogData;
};

/** The same in OCSF: an alert of high severity where it is broken. `entity` is the log. */
export type OcsfLogEvent = Omit<OcsfEvent, 'policy' | 'comment' | 'entity' | 'metadata' | 'unmapped'> & {
  entity: Omit<OcsfEvent['entity'], 'data'>;
  metadata: Omit<OcsfEvent['metadata'], 'event_code' | 'correlation_uid'> & {
    event_code: `log-${BrokenLog['status']}`;
    correlation_uid?: string;
  };
  unmapped: LogData;
};

const MOST_FAULTS = 20;

/** The CloudEvent of a log that does not hold. */
export function toLogEvent(log: BrokenLog): LogEvent {
  return {
    specversion: '1.0',
    id: idOf(log),
    source: repositoryUrl(log),
    type: `dev.debug-approval.log.${log.status}.v1`,
    subject: `issues/${log.issue}`,
    time: log.changedAt,
    datacontenttype: 'application/json',
    ...(log.request === null ? {} : { debugrequest: log.request }),
    data: dataOf(log),
  };
}

/** The OCSF event of a log that does not hold; `version` is this program's. */
export function toOcsfLogEvent(log: BrokenLog, version: string): OcsfLogEvent {
  const severity = log.status === 'broken' ? 'High' : 'Medium';
  const data = dataOf(log);
  return {
    ...classified('Update', severity),
    status_id: words.OUTCOMES.Failure,
    status: 'Failure',
    status_code: log.faults[0]?.code ?? log.status,
    status_detail: data.verification.why,
    time: Date.parse(log.changedAt),
    message: data.sentence,
    actor: { app_name: PRODUCT },
    entity: {
      type_id: words.OTHER,
      type: 'Log of a debug request',
      uid: data.issue.url,
      name: `issue #${log.issue} of ${log.repository.name}`,
    },
    action_id: words.ACTIONS.Observed,
    action: 'Observed',
    disposition_id: words.DISPOSITIONS.Detected,
    disposition: 'Detected',
    is_alert: isAlert(severity),
    metadata: {
      version: words.OCSF_VERSION,
      profiles: ['security_control'],
      product: { name: PRODUCT, version },
      uid: idOf(log),
      ...(log.request === null ? {} : { correlation_uid: log.request }),
      event_code: `log-${log.status}`,
      log_name: data.issue.url,
      original_time: log.changedAt,
    },
    observables: [],
    unmapped: data,
  };
}

/** The same as long as the same does not hold, however often it is told. */
function idOf({ repository, issue, head, status, faults }: BrokenLog): string {
  return sha256OfCanonical({ repository: repository.id, issue, head, status, why: faults.map(({ why }) => why) });
}

function dataOf(log: BrokenLog): LogData {
  const { status, repository, issue, request, head, records, faults } = log;
  const url = repositoryUrl(log);
  const why = faults[0]?.why ?? '';
  const does = status === 'broken' ? 'does not hold' : 'cannot be judged';
  return {
    verification: { status, grade: null, why },
    sentence: `The log of issue #${issue} ${does}: ${why.replace(/\.$/, '')}.`,
    repository: { ...repository, url },
    issue: { number: issue, url: `${url}/issues/${issue}` },
    ...{ request, head, records, faults: faults.slice(0, MOST_FAULTS), faultCount: faults.length },
  };
}
