/** The card in Slack: one request for a phone's screen, as Block Kit. Pure: the same view gives the same blocks. */
import type { Button, KnownBlock } from '@slack/types';
import { BUTTON_VALUE_MAX } from '../request/button.ts';
import { oneLine } from '../request/plain-text.ts';
import { outcomeText } from '../request/present.ts';
import type { RequestView } from '../request/view.ts';
import { breakGlass, wentAround } from './card-break-glass.ts';
import { details, finePrint } from './card-details.ts';
import { cut, escapeAndCut, plain } from './inert.ts';
import { type CardMessage, membersIn, mentions } from './message.ts';
import { APPROVE_ACTION, APPROVE_DIALOG_ACTION, DENY_ACTION } from './press.ts';

/** Slack's limit (docs.slack.dev, Block Kit reference). */
const HEADER_MAX = 150;
const BLOCK_ID_MAX = 255;
/** Ours: one clear line. */
const OUTCOME_MAX = 600;
/** A notification shows less still; what decides comes first. */
const NOTIFICATION_MAX = 600;

/** Draws the card. While a decision can still change something it mentions those who are asked for one, and nobody else. */
export function card(view: RequestView): CardMessage {
  const asked = question(view);
  const ended = outcomeLine(view);
  const waiting = `${asked}: ${oneLine(view.request.reason)}`;
  // A phone shows the first line, perhaps: of a break-glass that must be the word itself.
  const told = view.request.breakGlass ? `${waiting}\n${ended}` : `${ended}\n${asked}`;
  return {
    text: escapeAndCut(ended === null ? waiting : told, NOTIFICATION_MAX),
    blocks: [
      { type: 'header', text: plain(asked), ...reference(view) },
      ...outcome(view),
      ...breakGlass(view),
      ...asks(view),
      ...details(view),
      ...buttons(view),
      ...finePrint(view),
    ],
  };
}

/** Where no buttons say which request it is, the first block does: nothing else of a message comes back unseen and unchanged. */
function reference({ reference: value }: RequestView): { block_id?: string } {
  return value === undefined || value.length > BLOCK_ID_MAX ? {} : { block_id: value };
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
  return `${wentAround(view) && view.status === 'approved' ? '⚠' : SYMBOL[view.status]} ${oneLine(text)}`;
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

/**
 * Asks those who have not decided yet: mentions whom the policy pings by now, names the others. They stay while the
 * request is pending; only the first post notifies, since Slack tells nobody of an edit.
 */
function asks(view: RequestView): KnownBlock[] {
  const passedOver = wentAround(view) && view.status === 'approved';
  if (view.status !== 'pending' && !passedOver) return [];
  const missing = view.approvers.filter(({ decided }) => !decided);
  const pinged = membersIn(missing.flatMap(({ slack, pinged }) => (pinged && slack !== null ? [slack.user] : [])));
  const others = missing.filter(({ slack }) => slack === null || !pinged.includes(slack.user));
  const words = passedOver
    ? ` were not asked. Whoever must stop it comments /deny on issue #${view.issue.number} before it starts.`
    : ' please decide.';
  const label = passedOver ? 'May deny' : 'May decide';
  return [...mentions(pinged, words), ...named(others, pinged.length > 0 ? `${label} too` : label)];
}

function named(people: RequestView['approvers'], label: string): KnownBlock[] {
  if (people.length === 0) return [];
  const names = oneLine(people.map(({ name }) => name).join(', '));
  return [{ type: 'context', elements: [plain(cut(`${label}: ${names}`, 500))] }];
}

function buttons(view: RequestView): KnownBlock[] {
  const { button } = view;
  // Of a pre-approved request nobody decides anything.
  if (button === null || view.approvers.length === 0) return [];
  // A cut value would be another value: rather no buttons, and the way that remains.
  if (button === '' || button.length > BUTTON_VALUE_MAX) {
    const text = 'The buttons cannot be shown. Decide by a comment on the issue: /approve or /deny.';
    return [{ type: 'context', elements: [plain(text)] }];
  }
  const approve = view.status === 'pending' ? [approveButton(view, button)] : [];
  return [
    {
      type: 'actions',
      block_id: 'debug-approval:decide',
      elements: [...approve, buttonOf(view, DENY_ACTION, 'Deny', 'danger', button)],
    },
    { type: 'context', elements: [plain(hint(view))] },
  ];
}

function approveButton(view: RequestView, value: string): Button {
  return view.mode === 'dialog'
    ? buttonOf(view, APPROVE_DIALOG_ACTION, 'Approve…', 'primary', value)
    : buttonOf(view, APPROVE_ACTION, 'Approve', 'primary', value);
}

function buttonOf(view: RequestView, action: string, text: string, style: 'primary' | 'danger', value: string): Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(text),
    style,
    value,
    accessibility_label: cut(`${text.replace('…', '')}: ${question(view)}`, 75),
  };
}

/** How to decide by words; an approval that needs the dialog is given in no other way here. */
function hint(view: RequestView): string {
  if (view.status !== 'pending') return 'Or reply in this thread: deny, and why.';
  return view.mode === 'dialog'
    ? 'Approve… first shows all of it. Or reply in this thread: deny, and why.'
    : 'Or reply in this thread: approve; or deny, and why.';
}
