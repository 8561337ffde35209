/** Slack's block_actions payload, as it came, turned into a press of one of our buttons. */
import * as v from 'valibot';
import type { Press } from '../app/ports.ts';
import { BUTTON_VALUE_MAX } from '../request/button.ts';
import { foreign, Id, notA, type Parsed, Timestamp, triggerEvidence } from './payload-parts.ts';

/** The buttons' action ids: the only ones this product listens to. */
export const APPROVE_ACTION = 'debug-approval:approve';
export const APPROVE_DIALOG_ACTION = 'debug-approval:approve-dialog';
export const DENY_ACTION = 'debug-approval:deny';

const BUTTONS = new Map<string, Pick<Press, 'decision' | 'dialog'>>([
  [APPROVE_ACTION, { decision: 'approve', dialog: false }],
  [APPROVE_DIALOG_ACTION, { decision: 'approve', dialog: true }],
  [DENY_ACTION, { decision: 'deny', dialog: false }],
]);

// Not strict: Slack adds fields at any time (docs.slack.dev, block_actions payload).
const BlockActions = v.object({
  type: v.literal('block_actions'),
  api_app_id: Id,
  team: v.nullish(v.object({ id: Id })),
  user: v.object({ id: Id, team_id: v.nullish(Id) }),
  container: v.object({
    type: v.literal('message'),
    message_ts: Timestamp,
    channel_id: Id,
    is_ephemeral: v.optional(v.boolean(), false),
  }),
  trigger_id: v.optional(v.string()),
  actions: v.array(
    v.object({
      type: v.string(),
      action_id: v.string(),
      value: v.optional(v.pipe(v.string(), v.maxLength(BUTTON_VALUE_MAX))),
      action_ts: Timestamp,
    }),
  ),
});

/**
 * Reads a block_actions payload. `appId` is the app that this connection belongs to, as Slack's `hello` said, or null
 * where it did not say. Nothing in the payload's own copy of the message is believed: it names the card only.
 */
export function parsePress(payload: unknown, appId: string | null): Parsed<Press> {
  const parsed = v.safeParse(BlockActions, payload);
  if (!parsed.success) return notA('a press on a message', parsed.issues);
  const body = parsed.output;
  if (foreign(body.api_app_id, appId)) return { ignored: 'pressed in another Slack app' };
  if (body.container.is_ephemeral) return { ignored: 'pressed on a message that only one person sees' };
  const [action, ...others] = body.actions;
  if (action === undefined || others.length > 0) return { ignored: 'not exactly one action' };
  const button = BUTTONS.get(action.action_id);
  if (button === undefined || action.type !== 'button') return { ignored: 'not one of our buttons' };
  if (action.value === undefined) return { ignored: 'the button carries no value' };
  // In a shared channel the same member id may be somebody else's: only the workspace that Slack names for the user counts.
  const userTeam = body.user.team_id;
  const cardTeam = body.team?.id ?? userTeam;
  if (userTeam == null || cardTeam == null) return { ignored: 'no workspace is named' };
  return {
    deed: {
      kind: 'press',
      ...button,
      trigger: body.trigger_id ?? null,
      value: action.value,
      slack: { team: userTeam, user: body.user.id },
      card: { team: cardTeam, channel: body.container.channel_id, ts: body.container.message_ts },
      evidence: {
        app: body.api_app_id,
        team: cardTeam,
        channel: body.container.channel_id,
        message_ts: body.container.message_ts,
        action_ts: action.action_ts,
        ...triggerEvidence(body.trigger_id),
      },
    },
  };
}
