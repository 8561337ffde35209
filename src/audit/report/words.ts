/** The words of a report for what the log names by codes, and the order in which states are told. */
import type { Grade } from '../../log/grade.ts';
import type { Actor, RefusalCode } from '../../request/events.ts';
import type { Status } from '../../request/state.ts';
import type { ReportedStatus } from './summary.ts';

/** All states, in the order of a request's life: those that went well, those still open, those that ended otherwise. */
export const STATUSES: readonly Status[] = [
  'finished',
  'running',
  'approved',
  'pending',
  'denied',
  'expired',
  'cancelled',
  'failed',
  'error',
];

/** What a report says of how a request stands: last that nobody can tell. */
export const REPORTED_STATUSES: readonly ReportedStatus[] = [...STATUSES, 'unknown'];

/** The channel of a decision. */
export const VIA_WORDS: { readonly [via in Actor['via']]: string } = {
  workflow: 'Workflow',
  'slack-button': 'Slack button',
  'slack-dialog': 'Slack dialog',
  'slack-thread': 'Slack thread reply',
  'slash-command': 'Slash command',
  'issue-comment': 'Issue comment',
  gateway: 'Gateway',
};

export const GRADE_WORDS: { readonly [grade in Grade]: string } = {
  live: 'proven by live keys',
  archived: 'proven by archived keys',
  unproven: 'signed, unproven',
  unsigned: 'unsigned',
};

/** Why an attempt was refused. */
export const CODE_WORDS: { readonly [code in RefusalCode]: string } = {
  'unknown-person': 'unknown person',
  'own-request': 'own request',
  'not-eligible': 'not an approver',
  bot: 'a bot or app',
  'wrong-digest': 'button of another request',
  'wrong-card': 'not the request’s card',
  'already-decided': 'had decided already',
  'not-open': 'request no longer open',
  expired: 'request expired',
  'left-group': 'had left the group',
  account: 'Slack account may not decide',
  'needs-dialog': 'dialog needed',
  'not-shown': 'dialog showed something else',
  checklist: 'checklist not ticked',
  'nothing-to-withdraw': 'nothing to withdraw',
  'not-requester': 'not the requester',
  'no-review': 'no after-review to sign',
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time span for people, no more exact than anybody reads it: `38 s`, `4 min 10 s`, `24 min`, `1 h 5 min`, `2 d 3 h`. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < 10 * MINUTE) return two(ms, MINUTE, 'min', SECOND, 's');
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < DAY ? two(ms, HOUR, 'h', MINUTE, 'min') : two(ms, DAY, 'd', HOUR, 'h');
}

function two(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** An instant for people: `2026-03-02 10:00 UTC`; whatever is no instant, as it is. */
export function moment(instant: string): string {
  return instant.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1 $2 UTC');
}
