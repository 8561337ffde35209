/**
 * A record as an event of OCSF 1.8.0: Entity Management (3004) with the profile `security_control`, one per record.
 *
 * Why that class: what happens to a request is the life of one thing, which is created, changed, activated (its job runs) and
 * deactivated; this class says all of it, allows an entity of another kind with its content as data, and has a place for the
 * reason. The profile adds what a control decided. The others say less or too much: User Access Management (3005) and Authorize
 * Session (3003) say that a user was given privileges, and nobody is given any here: a reviewed command runs in a job; Account
 * Change (3001) is about the account itself; API Activity (6003) requires the network address of the caller, which no log holds.
 */
import type { Actor, Event } from '../request/events.ts';
import { accountOf, type Status } from '../request/state.ts';
import { type AuditData, auditData } from './data.ts';
import * as words from './ocsf-words.ts';
import { type AuditedRecord, mainEvent } from './record.ts';
import { isAlert, severityOf } from './severity.ts';

interface OcsfUser {
  name: string;
  uid: string;
  full_name: string;
  type_id: number;
  type: string;
  /** The policy's key for the human. */
  uid_alt?: string;
}

/** Numbers and their captions come in pairs (`severity_id`, `severity`); `time` is in milliseconds since 1970. */
export interface OcsfEvent {
  category_uid: 3;
  category_name: string;
  class_uid: 3004;
  class_name: string;
  activity_id: number;
  activity_name: string;
  type_uid: number;
  type_name: string;
  time: number;
  severity_id: number;
  severity: string;
  status_id: number;
  status: string;
  /** Why it was refused or failed, as the record's code says. */
  status_code?: string;
  status_detail?: string;
  message: string;
  /** What the person wrote: the reason of a request, the word that came with a decision. */
  comment?: string;
  actor: { user: OcsfUser } | { app_name: string };
  /** The request. `data`: what was asked, whole. */
  entity: {
    type_id: number;
    type: string;
    uid: string;
    name: string;
    data: AuditData['request'];
  };
  action_id: number;
  action: string;
  disposition_id: number;
  disposition: string;
  is_alert: boolean;
  /** The approval policy: its file, blob and commit. */
  policy: { name: string; uid: string; version: string };
  metadata: {
    version: string;
    profiles: string[];
    product: { name: string; version: string };
    /** The record's hash. */
    uid: string;
    /** The request's id: all records of a request share it. */
    correlation_uid: string;
    event_code: Event['type'];
    log_name: string;
    original_time: string;
  };
  /** The people in it, under one type for whoever searches all events for a name. */
  observables: { name: string; type_id: number; type: string; value: string }[];
  /** The rest of what the CloudEvent says, by the same names. */
  unmapped: Omit<AuditData, 'request'>;
}

/** What the events name as their product. */
export const PRODUCT = 'Debug Approval';

/** The OCSF event of one record. */
export function toOcsf(told: AuditedRecord): OcsfEvent {
  const { record, createdAt } = told.entry;
  const { request, ...unmapped } = auditData(told);
  const main = mainEvent(record);
  // A request whose card could not be posted is opened and ends in an error by one record.
  const decisive = record.events.find(({ type }) => type === 'errored') ?? main;
  const actor = actorOf(record.by);
  return {
    ...classified(activityOf(told), severityOf(told)),
    ...outcomeOf(decisive),
    time: Date.parse(createdAt),
    message: record.sentence,
    ...commentOf(main),
    actor,
    entity: {
      type_id: words.OTHER,
      type: 'Debug request',
      uid: record.request,
      name: `${request.runbook} on ${request.target}`,
      data: request,
    },
    ...control(told, decisive),
    policy: { name: request.policy.path, uid: request.policy.blob, version: request.policy.commit },
    metadata: {
      version: words.OCSF_VERSION,
      profiles: ['security_control'],
      product: { name: PRODUCT, version: request.version },
      uid: record.hash,
      correlation_uid: record.request,
      event_code: main.type,
      log_name: unmapped.issue.url,
      original_time: createdAt,
    },
    observables: [
      ...('user' in actor ? [userName('actor.user.name', actor.user.name)] : []),
      userName('entity.data.requester.login', request.requester.login),
    ],
    unmapped,
  };
}

type Classified = Pick<
  OcsfEvent,
  | 'category_uid'
  | 'category_name'
  | 'class_uid'
  | 'class_name'
  | 'activity_id'
  | 'activity_name'
  | 'type_uid'
  | 'type_name'
  | 'severity_id'
  | 'severity'
>;

/** What an event is, in numbers and words. */
export function classified(activity: words.Activity, severity: words.Severity): Classified {
  const id = words.ACTIVITIES[activity];
  return {
    category_uid: words.CATEGORY.uid,
    category_name: words.CATEGORY.name,
    class_uid: words.CLASS.uid,
    class_name: words.CLASS.name,
    activity_id: id,
    activity_name: activity,
    type_uid: words.CLASS.uid * 100 + id,
    type_name: `${words.CLASS.name}: ${activity}`,
    severity_id: words.SEVERITIES[severity],
    severity,
  };
}

/** By what the record did to the request, not by what it says: a second start record, for instance, activates nothing. */
function activityOf({ before, status }: AuditedRecord): words.Activity {
  if (before === null) return 'Create';
  if (isAlive(before) && !isAlive(status)) return 'Deactivate';
  return before !== 'running' && status === 'running' ? 'Activate' : 'Update';
}

function isAlive(status: Status): boolean {
  return status === 'pending' || status === 'approved' || status === 'running';
}

function outcomeOf(event: Event): Pick<OcsfEvent, 'status_id' | 'status' | 'status_code' | 'status_detail'> {
  const of = (status: words.Outcome) => ({ status_id: words.OUTCOMES[status], status });
  switch (event.type) {
    case 'refused':
      return { ...of('Failure'), status_code: event.code };
    case 'refusals-counted':
      return of('Failure');
    case 'purged':
      return of(event.items.every(({ gone }) => gone) ? 'Success' : 'Failure');
    case 'errored':
      return { ...of('Failure'), status_code: event.code, status_detail: event.message };
    case 'ended': {
      const status = of(event.outcome === 'finished' ? 'Success' : 'Failure');
      const detail = event.signal ?? (event.exitCode === null ? null : `exit code ${event.exitCode}`);
      return { ...status, status_code: event.reason, ...(detail === null ? {} : { status_detail: detail }) };
    }
    default:
      return of('Success');
  }
}

function commentOf(main: Event): Pick<OcsfEvent, 'comment'> {
  const said = wordsOf(main);
  return said === '' ? {} : { comment: said };
}

function wordsOf(main: Event): string {
  switch (main.type) {
    case 'requested':
      return main.request.reason;
    case 'decided':
    case 'withdrawn':
    case 'reviewed':
      return main.comment;
    case 'cancelled':
      return main.reason;
    default:
      return '';
  }
}

/** Without an account it was the product itself: the clock, or a job that was cancelled. */
function actorOf(by: Actor): OcsfEvent['actor'] {
  const name = by.slack?.user ?? by.github?.login;
  if (name === undefined) return { app_name: PRODUCT };
  const user = {
    name,
    uid: accountOf(by),
    full_name: by.name,
    type_id: words.USER_TYPE.id,
    type: words.USER_TYPE.name,
  };
  return { user: by.person === null ? user : { ...user, uid_alt: by.person } };
}

/** `at` is where in the event the name stands. */
function userName(at: string, value: string): OcsfEvent['observables'][number] {
  return { name: at, type_id: words.USER_NAME.id, type: words.USER_NAME.name, value };
}

type Control = Pick<OcsfEvent, 'action_id' | 'action' | 'disposition_id' | 'disposition' | 'is_alert'>;

/** The action is what holds for the request from now on (for a refused attempt: that it was denied); the disposition what this record did. */
function control(told: AuditedRecord, event: Event): Control {
  const action = event.type === 'refused' ? 'Denied' : ACTION_OF[told.status];
  const disposition = dispositionOf(told, event);
  return {
    action_id: words.ACTIONS[action],
    action,
    disposition_id: words.DISPOSITIONS[disposition],
    disposition,
    is_alert: isAlert(severityOf(told)),
  };
}

const ACTION_OF: Readonly<Record<Status, words.Action>> = {
  pending: 'Observed',
  approved: 'Allowed',
  running: 'Allowed',
  finished: 'Allowed',
  failed: 'Allowed',
  denied: 'Denied',
  expired: 'Denied',
  cancelled: 'Denied',
  error: 'Denied',
};

function dispositionOf({ before, status }: AuditedRecord, event: Event): words.Disposition {
  const changed = before !== status;
  switch (event.type) {
    case 'requested':
      // Pre-approved by the policy, or break-glass.
      return status === 'approved' ? 'Allowed' : 'Logged';
    case 'decided':
      return event.decision === 'approve' ? 'Approved' : 'Rejected';
    case 'withdrawn':
      return changed ? 'Access Revoked' : 'Logged';
    case 'started':
      return changed ? 'Allowed' : 'Logged';
    case 'ended':
      return event.outcome === 'finished' ? 'Logged' : 'Error';
    case 'expired':
    case 'cancelled':
      return changed ? 'Blocked' : 'Logged';
    case 'errored':
      return 'Error';
    case 'refused':
      return 'Unauthorized';
    case 'refusals-counted':
      return 'Count';
    case 'review-overdue':
      return 'Detected';
    case 'reviewed':
    case 'reminded':
    case 'discussed':
    case 'purge':
    case 'purged':
      return 'Logged';
  }
}
