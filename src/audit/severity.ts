/** How serious a record is to whoever watches, in OCSF's words. */
import type { Event, RefusalCode } from '../request/events.ts';
import { SEVERITIES, type Severity } from './ocsf-words.ts';
import type { AuditedRecord } from './record.ts';

/** Attempts that only came too late or lacked a form are low; whoever tries what they may not do is looked at. */
const REFUSALS: Readonly<Record<RefusalCode, Severity>> = {
  'unknown-person': 'Medium',
  'own-request': 'Medium',
  'not-eligible': 'Medium',
  bot: 'Medium',
  'wrong-digest': 'Medium',
  'wrong-card': 'Medium',
  'left-group': 'Medium',
  account: 'Medium',
  'not-shown': 'Medium',
  'not-requester': 'Medium',
  'already-decided': 'Low',
  'not-open': 'Low',
  expired: 'Low',
  'needs-dialog': 'Low',
  checklist: 'Low',
  'nothing-to-withdraw': 'Low',
  'no-review': 'Low',
};

/**
 * The severity of the record's most serious event. All that happens to a break-glass is at least medium; its opening and
 * its start are high, since they happen without an approval.
 */
export function severityOf({ entry, opening }: AuditedRecord): Severity {
  const { breakGlass } = opening.request;
  const least: Severity = breakGlass ? 'Medium' : 'Informational';
  return entry.record.events
    .map((event) => severityOfEvent(event, breakGlass))
    .reduce((worst, one) => (SEVERITIES[one] > SEVERITIES[worst] ? one : worst), least);
}

/** Whether somebody should look at once. */
export function isAlert(severity: Severity): boolean {
  return SEVERITIES[severity] >= SEVERITIES.High;
}

function severityOfEvent(event: Event, breakGlass: boolean): Severity {
  switch (event.type) {
    case 'requested':
    case 'started':
      return breakGlass ? 'High' : 'Informational';
    case 'errored':
    case 'review-overdue':
      return 'High';
    case 'refused':
      return REFUSALS[event.code];
    case 'refusals-counted':
      return 'Medium';
    case 'ended':
      if (event.outcome === 'finished') return 'Informational';
      return event.reason === 'interrupted' ? 'Medium' : 'Low';
    case 'decided':
      return event.decision === 'deny' ? 'Low' : 'Informational';
    case 'withdrawn':
    case 'cancelled':
    case 'expired':
      return 'Low';
    case 'purged':
      return event.items.some(({ gone }) => !gone) ? 'Low' : 'Informational';
    case 'purge':
    case 'reviewed':
    case 'reminded':
    case 'discussed':
      return 'Informational';
  }
}
