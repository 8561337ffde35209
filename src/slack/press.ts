/** Slack's block_actions payload, as it came, turned into a press of one of our buttons. */
import * as v from 'valibot';
import type { Press } from '../app/ports.ts';
import { BUTTON_VALUE_MAX } from '../request/button.ts';

/** The buttons' action ids: the only ones this product listens to. */
export const APPROVE_ACTION = 'debug-approval:approve';
export const DENY_ACTION = 'debug-approval:deny';

const DECISIONS = new Map<string, Press['decision']>([
  [APPROVE_ACTION, 'approve'],
  [DENY_ACTION, 'deny'],
]);

const Id = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]{1,40}$/));
const Timestamp = v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,9}$/));
const Team = v.nullish(v.object({ id: Id }));

// Not strict: Slack adds fields at any time (docs.slack.dev, block_actions payload).
const BlockActions = v.object({
  type: v.literal('block_actions'),
  api_app_id: Id,
  team: Team,
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
type BlockActions = v.InferOutput<typeof BlockActions>;

/** A press, or why the payload is none of ours; `ignored` names fields, never their values. */
export type ParsedPress = { press: Press } | { ignored: string };

/**
 * Reads a block_actions payload. `appId` is the app that this connection belongs to, as Slack's `hello` said, or null
 * where it did not say. Nothing in the payload's own copy of the message is believed: it names the card only.
 */
export function parsePress(payload: unknown, appId: string | null): ParsedPress {
  const parsed = v.safeParse(BlockActions, payload);
  if (!parsed.success) {
    return { ignored: `not a press on a message: ${v.getDotPath(parsed.issues[0]) ?? 'the payload'} is unexpected` };
  }
  const body = parsed.output;
  if (appId !== null && body.api_app_id !== appId) return { ignored: 'pressed in another Slack app' };
  if (body.container.is_ephemeral) return { ignored: 'pressed on a message that only one person sees' };
  const [action, ...others] = body.actions;
  if (action === undefined || others.length > 0) return { ignored: 'not exactly one action' };
  const decision = DECISIONS.get(action.action_id);
  if (decision === undefined || action.type !== 'button') return { ignored: 'not one of our buttons' };
  if (action.value === undefined) return { ignored: 'the button carries no value' };
  // In a shared channel the same member id may be somebody else's: only the workspace that Slack names for the user counts.
  const userTeam = body.user.team_id;
  const cardTeam = body.team?.id ?? userTeam;
  if (userTeam == null || cardTeam == null) return { ignored: 'no workspace is named' };
  return {
    press: {
      decision,
      comment: '',
      value: action.value,
      slack: { team: userTeam, user: body.user.id },
      card: { team: cardTeam, channel: body.container.channel_id, ts: body.container.message_ts },
      evidence: evidence(body, cardTeam, action.action_ts),
      via: 'slack-button',
    },
  };
}

function evidence(body: BlockActions, team: string, actionTs: string): Record<string, string> {
  return {
    app: body.api_app_id,
    team,
    channel: body.container.channel_id,
    message_ts: body.container.message_ts,
    action_ts: actionTs,
    // Its first two parts are numbers that Slack can find the press by; the last is a capability for three seconds.
    ...(body.trigger_id === undefined ? {} : { trigger: cutTrigger(body.trigger_id) }),
  };
}

function cutTrigger(trigger: string): string {
  return trigger
    .split('.')
    .slice(0, 2)
    .join('.')
    .replace(/[^0-9.]/g, '')
    .slice(0, 60);
}
