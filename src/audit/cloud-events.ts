/** A record as a CloudEvent: the JSON format of CloudEvents 1.0.2, structured content mode, one event per record. */
import type { Event } from '../request/events.ts';
import type { Status } from '../request/state.ts';
import { type AuditData, auditData, repositoryUrl } from './data.ts';
import { type AuditedRecord, mainEvent } from './record.ts';

/** The media type of one event in structured content mode. */
export const CLOUD_EVENT_MEDIA_TYPE = 'application/cloudevents+json; charset=utf-8';

export interface CloudEvent {
  specversion: '1.0';
  /** The record's hash: the same record gives the same id whoever delivers it, and however often. */
  id: string;
  /** The repository's URL. */
  source: string;
  type: CloudEventType;
  /** `issues/17`: the issue that holds the log, under `source`. */
  subject: string;
  /** GitHub's time of the record's comment: the time that counts. */
  time: string;
  datacontenttype: 'application/json';
  /** Extension attributes, by which a receiver routes without reading `data`: the request's id, its status after the record, break-glass. */
  debugrequest: string;
  debugstatus: Status;
  debugbreakglass: boolean;
  data: AuditData;
}

/** `dev.debug-approval.request.decided.v1`: the record's main event. The number rises when `data` changes incompatibly. */
export type CloudEventType = `dev.debug-approval.request.${Event['type']}.v1`;

/** The CloudEvent of one record. */
export function toCloudEvent(told: AuditedRecord): CloudEvent {
  const { record, createdAt } = told.entry;
  return {
    specversion: '1.0',
    id: record.hash,
    source: repositoryUrl(told),
    type: cloudEventType(mainEvent(record).type),
    subject: `issues/${told.issue}`,
    time: createdAt,
    datacontenttype: 'application/json',
    debugrequest: record.request,
    debugstatus: told.status,
    debugbreakglass: told.opening.request.breakGlass,
    data: auditData(told),
  };
}

/** The CloudEvents type of records that this event names. */
export function cloudEventType(event: Event['type']): CloudEventType {
  return `dev.debug-approval.request.${event}.v1`;
}
