/** Which deed an envelope of Slack's brings, and what Slack is told of it. */
import * as v from 'valibot';
import type { SlackAck, SlackDeed } from '../app/ports.ts';
import { visible } from '../request/plain-text.ts';
import { CHECKLIST_BLOCK, COMMENT_BLOCK } from './dialog-parts.ts';
import { DEBUG_COMMAND, parseDebug, parseForm, parseFormChoice } from './form-deeds.ts';
import { blockOf, FORM_CALLBACK } from './form-parts.ts';
import { cut } from './inert.ts';
import { message } from './message.ts';
import type { Parsed } from './payload-parts.ts';
import { parsePress } from './press.ts';
import { parseReply } from './reply.ts';
import { parseSlash } from './slash.ts';
import { parseSubmission } from './submission.ts';

export type EnvelopeKind = 'interactive' | 'slash_commands' | 'events_api';

/** `settled`: nothing of ours, and to be acknowledged all the same. */
export type ReadDeed = { deed: SlackDeed } | { ignored: string; settled: boolean };

/**
 * Reads an envelope's payload. A press, command or dialog that is none of ours stays unacknowledged, so that the person
 * sees that nothing happened; an event is acknowledged, since Slack would send it again and, after enough of them,
 * switch the subscription off.
 */
export function readDeed(kind: EnvelopeKind, payload: unknown, appId: string | null): ReadDeed {
  const read = parserOf(kind, payload)(payload, appId);
  return 'deed' in read ? read : { ...read, settled: kind === 'events_api' };
}

function parserOf(kind: EnvelopeKind, payload: unknown): (payload: unknown, appId: string | null) => Parsed<SlackDeed> {
  if (kind === 'events_api') return parseReply;
  if (kind === 'slash_commands') return v.is(OfDebug, payload) ? parseDebug : parseSlash;
  if (v.is(Submitted, payload)) return v.is(OfForm, payload) ? parseForm : parseSubmission;
  return v.is(InView, payload) ? parseFormChoice : parsePress;
}

/** By these an envelope's kind is known; what is in it is read by its parser. */
const OfDebug = v.object({ command: v.literal(DEBUG_COMMAND) });
const Submitted = v.object({ type: v.literal('view_submission') });
const OfForm = v.object({ view: v.object({ callback_id: v.literal(FORM_CALLBACK) }) });
const InView = v.object({ type: v.literal('block_actions'), container: v.object({ type: v.literal('view') }) });

/** What goes back with an acknowledgement. */
export type AckAnswer = Record<string, unknown>;

/** Ours: beneath a field there is room for a few lines. */
const FIELD_ERROR_MAX = 600;

/**
 * The acknowledgement of a deed; null: none. `told` says its text to whoever sent a command; `kept` leaves the dialog
 * open. Where Slack has no place for such an answer the deed counts as taken (`told`) or as failed (`kept`).
 */
export function acknowledgement(deed: SlackDeed, ack: SlackAck): AckAnswer | null {
  if (ack.kind === 'none') return null;
  if (ack.kind === 'told' && (deed.kind === 'slash' || deed.kind === 'debug')) {
    return { response_type: 'ephemeral', ...message(ack.text), mrkdwn: false };
  }
  if (ack.kind === 'mistakes')
    return deed.kind === 'form' ? { response_action: 'errors', errors: errorsOf(ack.at) } : null;
  if (ack.kind !== 'kept') return {};
  if (deed.kind !== 'submission') return null;
  const block = ack.field === 'checklist' ? CHECKLIST_BLOCK : COMMENT_BLOCK;
  return { response_action: 'errors', errors: { [block]: cut(visible(ack.text), FIELD_ERROR_MAX) } };
}

function errorsOf(at: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...at].map(([field, text]) => [blockOf(field), cut(visible(text), FIELD_ERROR_MAX)]));
}
