/** Slack's slash command payload, as it came, turned into one of our two commands. */
import * as v from 'valibot';
import type { SlashCommand } from '../app/ports.ts';
import { foreign, Id, notA, type Parsed, triggerEvidence, typedWords } from './payload-parts.ts';

/** The commands of the app's manifest; as a map, no other text is one. */
const COMMANDS = new Map<string, SlashCommand['decision']>([
  ['/approve-debug', 'approve'],
  ['/reject-debug', 'deny'],
]);

// Not strict: Slack adds fields at any time (docs.slack.dev, "Implementing slash commands").
const Slash = v.object({
  command: v.string(),
  api_app_id: Id,
  team_id: v.nullish(Id),
  user_id: Id,
  channel_id: Id,
  text: v.optional(v.string(), ''),
  trigger_id: v.optional(v.string()),
});

/**
 * Reads a slash command. Slack offers an app's commands to members of its own workspace alone and names no other
 * workspace for the user; where it names none (an app installed by an organisation), nobody can tell who it was.
 */
export function parseSlash(payload: unknown, appId: string | null): Parsed<SlashCommand> {
  const parsed = v.safeParse(Slash, payload);
  if (!parsed.success) return notA('a slash command', parsed.issues);
  const body = parsed.output;
  if (foreign(body.api_app_id, appId)) return { ignored: 'a command of another Slack app' };
  const decision = COMMANDS.get(body.command);
  if (decision === undefined) return { ignored: 'not one of our commands' };
  if (body.team_id == null) return { ignored: 'no workspace is named' };
  return {
    deed: {
      kind: 'slash',
      decision,
      text: typedWords(body.text).trim(),
      channel: body.channel_id,
      trigger: body.trigger_id ?? null,
      slack: { team: body.team_id, user: body.user_id },
      evidence: {
        app: body.api_app_id,
        team: body.team_id,
        channel: body.channel_id,
        command: body.command,
        ...triggerEvidence(body.trigger_id),
      },
    },
  };
}
