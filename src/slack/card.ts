/** The card in Slack: one request for a phone's screen, as Block Kit. Pure: the same view gives the same blocks. */
import type { KnownBlock } from '@slack/types';
import { BUTTON_VALUE_MAX } from '../request/button.ts';
import type { RequestView } from '../request/view.ts';
import { details, finePrint } from './card-details.ts';
import { cut, escapeAndCut, escapeControl, oneLine, plain } from './inert.ts';
import { APPROVE_ACTION, DENY_ACTION } from './press.ts';

export interface CardMessage {
  /** What the notification and a screen reader say. Slack's control characters are escaped. */
  text: string;
  blocks: KnownBlock[];
}

/** Slack's limits (docs.slack.dev, Block Kit reference). */
const HEADER_MAX = 150;
const SECTION_MAX = 3000;
/** Ours: one clear line. */
const OUTCOME_MAX = 600;
/** A notification shows less still; what decides comes first. */
const NOTIFICATION_MAX = 600;

/**
 * Draws the card. `ping` are the people to mention (only where the card is first posted: a mention in an update would
 * wake nobody); an empty list mentions nobody.
 */
export function card(view: RequestView, ping: readonly { team: string; user: string }[]): CardMessage {
  const asked = question(view);
  const ended = outcomeLine(view);
  const notification = ended === null ? `${asked}: ${oneLine(view.request.reason)}` : `${ended} ${asked}`;
  return {
    text: escapeAndCut(notification, NOTIFICATION_MAX),
    blocks: [
      { type: 'header', text: plain(asked) },
      ...outcome(view),
      ...mentions(view, ping),
      ...details(view),
      ...buttons(view),
      ...finePrint(view),
    ],
  };
}

/** How urgently who asks for what and where; each part is cut so that none pushes another off a phone's screen. */
function question(view: RequestView): string {
  const { request } = view;
  const marks = [request.breakGlass ? 'BREAK-GLASS' : null, request.urgency === 'high' ? 'URGENT' : null];
  const mark = marks.filter((word) => word !== null).join(', ');
  const who = cut(oneLine(view.requester.name), 35);
  const what = cut(oneLine(view.runbook.title), 45);
  const target = cut(oneLine(request.target), 35);
  return cut(`${mark === '' ? '' : `${mark} · `}${who} asks: ${what} on ${target}`, HEADER_MAX);
}

function outcome(view: RequestView): KnownBlock[] {
  const line = outcomeLine(view);
  if (line === null) return [];
  return [{ type: 'section', text: plain(cut(line, OUTCOME_MAX)) }];
}

/** The one line that stands where the buttons stood; null while the request waits for decisions. */
function outcomeLine(view: RequestView): string | null {
  const said = oneLine(view.outcome ?? '') || null;
  switch (view.status) {
    case 'pending':
      return said;
    case 'approved':
      return `✓ ${said ?? `Approved by ${names(view, 'approve')}.`}`;
    case 'running':
      return `▶ ${said ?? `Running, approved by ${names(view, 'approve')}.`}`;
    case 'finished':
      return `✓ ${said ?? 'Finished.'}`;
    case 'failed':
      return `✗ ${said ?? 'The debug job failed.'} The issue holds how it ended.`;
    case 'denied':
      return `✗ ${said ?? `Denied by ${names(view, 'deny')}${denial(view)}.`}`;
    case 'expired':
      return `⌛ ${said ?? 'Expired: not enough people approved in time.'} Nothing ran.`;
    case 'cancelled':
      return `⊘ ${said ?? 'Cancelled.'} Nothing more will run.`;
    case 'error':
      return `⚠ ${said ?? 'Something went wrong that nobody decided.'} Nothing runs: read the issue, then ask anew with Run workflow.`;
  }
}

function names(view: RequestView, decision: 'approve' | 'deny'): string {
  const people = view.decisions.filter((one) => one.decision === decision).map((one) => oneLine(one.name));
  return people.length === 0 ? 'nobody' : cut([...new Set(people)].join(', '), 300);
}

function denial(view: RequestView): string {
  const comment = oneLine(view.decisions.findLast((one) => one.decision === 'deny')?.comment ?? '');
  return comment === '' ? '' : ` “${cut(comment, 300)}”`;
}

const SLACK_USER = /^[UW][A-Z0-9]{2,30}$/;

/** Mentions of the listed people and no other; people who do not fit are named below like everybody else. */
function mentions(view: RequestView, ping: readonly { user: string }[]): KnownBlock[] {
  if (view.status !== 'pending') return [];
  const users = [...new Set(ping.map((one) => one.user))].filter((user) => SLACK_USER.test(user)).slice(0, 80);
  if (users.length > 0) {
    const text = `${users.map((user) => `<@${user}>`).join(' ')} please decide.`;
    return [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
  }
  if (view.approvers.length === 0) return [];
  const text = `May decide: ${oneLine(view.approvers.join(', '))}`;
  return [{ type: 'context', elements: [plain(cut(text, 500))] }];
}

function buttons(view: RequestView): KnownBlock[] {
  const { button } = view;
  if (button === null) return [];
  // A cut value would be another value: rather no buttons, and the way that remains.
  if (button === '' || button.length > BUTTON_VALUE_MAX) {
    const text = 'The buttons cannot be shown. Decide by a comment on the issue: /approve or /deny.';
    return [{ type: 'context', elements: [plain(text)] }];
  }
  return [
    {
      type: 'actions',
      block_id: 'debug-approval:decide',
      elements: [
        {
          type: 'button',
          action_id: APPROVE_ACTION,
          text: plain('Approve'),
          style: 'primary',
          value: button,
          accessibility_label: cut(`Approve: ${question(view)}`, 75),
        },
        {
          type: 'button',
          action_id: DENY_ACTION,
          text: plain('Deny'),
          style: 'danger',
          value: button,
          accessibility_label: cut(`Deny: ${question(view)}`, 75),
        },
      ],
    },
  ];
}

/** A message of ours to one person or into the thread, made inert like everything else. */
export function message(text: string): CardMessage {
  return {
    text: escapeControl(cut(text, SECTION_MAX)).slice(0, 4 * SECTION_MAX),
    blocks: [{ type: 'section', text: plain(cut(text, SECTION_MAX)) }],
  };
}
