/** The card in Slack: one request for a phone's screen, as Block Kit. Pure: the same view gives the same blocks. */
import type { KnownBlock } from '@slack/types';
import { BUTTON_VALUE_MAX } from '../request/button.ts';
import { outcomeText } from '../request/present.ts';
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
/** Ours: more would hide the rest of the card; the others are named. */
const MENTIONS_MAX = 80;
/** A notification shows less still; what decides comes first. */
const NOTIFICATION_MAX = 600;

/** Draws the card. While the request is pending it mentions those who may decide, and nobody else. */
export function card(view: RequestView): CardMessage {
  const asked = question(view);
  const ended = outcomeLine(view);
  const notification = ended === null ? `${asked}: ${oneLine(view.request.reason)}` : `${ended}\n${asked}`;
  return {
    text: escapeAndCut(notification, NOTIFICATION_MAX),
    blocks: [
      { type: 'header', text: plain(asked) },
      ...outcome(view),
      ...asks(view),
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
  const text = outcomeText(view);
  if (text === null || view.status === 'pending') return null;
  return `${SYMBOL[view.status]} ${oneLine(text)}`;
}

const SYMBOL: Record<Exclude<RequestView['status'], 'pending'>, string> = {
  approved: '✓',
  running: '▶',
  finished: '✓',
  failed: '✗',
  denied: '✗',
  expired: '⌛',
  cancelled: '⊘',
  error: '⚠',
};

const SLACK_USER = /^[UW][A-Z0-9]{2,30}$/;

/**
 * Asks those who have not decided yet: mentions where the policy links a Slack user, else names. They stay while the
 * request is pending; only the first post notifies, since Slack tells nobody of an edit.
 */
function asks(view: RequestView): KnownBlock[] {
  if (view.status !== 'pending') return [];
  const missing = view.approvers.filter(({ decided }) => !decided);
  const users = [...new Set(missing.map(({ slack }) => slack?.user ?? ''))]
    .filter((user) => SLACK_USER.test(user))
    .slice(0, MENTIONS_MAX);
  const others = missing.filter(({ slack }) => slack === null || !users.includes(slack.user));
  return [...mentions(users), ...named(others, users.length > 0 ? 'May decide too' : 'May decide')];
}

function mentions(users: string[]): KnownBlock[] {
  if (users.length === 0) return [];
  const text = `${users.map((user) => `<@${user}>`).join(' ')} please decide.`;
  return [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}

function named(people: RequestView['approvers'], label: string): KnownBlock[] {
  if (people.length === 0) return [];
  const names = oneLine(people.map(({ name }) => name).join(', '));
  return [{ type: 'context', elements: [plain(cut(`${label}: ${names}`, 500))] }];
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
