/** Slack's payloads of `/debug` and of its form, as they came, turned into what a person asks for. */
import * as v from 'valibot';
import type { DebugCommand, Filled, FormChoice, FormSubmission } from '../app/ports.ts';
import { METADATA_MAX } from './dialog-parts.ts';
import { FORM_CALLBACK, fieldOf } from './form-parts.ts';
import { foreign, Id, notA, type Parsed, triggerEvidence, typedWords } from './payload-parts.ts';

export const DEBUG_COMMAND = '/debug';

// Not strict, all of them: Slack adds fields at any time.
const Debug = v.object({
  command: v.literal(DEBUG_COMMAND),
  api_app_id: Id,
  team_id: v.nullish(Id),
  user_id: Id,
  channel_id: Id,
  text: v.optional(v.string(), ''),
  trigger_id: v.optional(v.string()),
});

/** Reads `/debug`. Whose account it is is told by Slack as for the other commands (src/slack/slash.ts). */
export function parseDebug(payload: unknown, appId: string | null): Parsed<DebugCommand> {
  const parsed = v.safeParse(Debug, payload);
  if (!parsed.success) return notA('a slash command', parsed.issues);
  const body = parsed.output;
  if (foreign(body.api_app_id, appId)) return { ignored: 'a command of another Slack app' };
  if (body.team_id == null) return { ignored: 'no workspace is named' };
  const { api_app_id: app, team_id: team, user_id: user, channel_id: channel, trigger_id: trigger } = body;
  return {
    deed: {
      ...{
        kind: 'debug',
        text: typedWords(body.text).trim(),
        channel,
        trigger: trigger ?? null,
        slack: { team, user },
      },
      evidence: { app, team, channel, command: DEBUG_COMMAND, ...triggerEvidence(trigger) },
    },
  };
}

const Selected = v.nullish(v.object({ value: v.string() }));
const Element = v.variant('type', [
  v.object({ type: v.picklist(['plain_text_input', 'number_input']), value: v.nullish(v.string()) }),
  v.object({ type: v.literal('static_select'), selected_option: Selected }),
  v.object({ type: v.literal('checkboxes'), selected_options: v.optional(v.array(v.unknown()), []) }),
]);

const InForm = {
  api_app_id: Id,
  user: v.object({ id: Id, team_id: v.nullish(Id) }),
  team: v.nullish(v.object({ id: Id })),
  trigger_id: v.optional(v.string()),
  view: v.object({
    id: Id,
    type: v.literal('modal'),
    app_id: v.optional(Id),
    callback_id: v.string(),
    private_metadata: v.optional(v.pipe(v.string(), v.maxLength(METADATA_MAX)), ''),
    state: v.object({ values: v.record(v.string(), v.record(v.string(), Element)) }),
  }),
};
const Sent = v.object({ ...InForm, type: v.literal('view_submission') });
const Chosen = v.object({ ...InForm, type: v.literal('block_actions') });

/** Reads a form that was sent off. */
export function parseForm(payload: unknown, appId: string | null): Parsed<FormSubmission> {
  const parsed = v.safeParse(Sent, payload);
  if (!parsed.success) return notA('a form that was sent off', parsed.issues);
  const read = inForm(parsed.output, appId);
  return 'ignored' in read ? read : { deed: { kind: 'form', ...read } };
}

/** Reads a choice in a form on which other fields of it hang. */
export function parseFormChoice(payload: unknown, appId: string | null): Parsed<FormChoice> {
  const parsed = v.safeParse(Chosen, payload);
  if (!parsed.success) return notA('a choice in a form', parsed.issues);
  const read = inForm(parsed.output, appId);
  return 'ignored' in read ? read : { deed: { kind: 'form-choice', view: parsed.output.view.id, ...read } };
}

type Body = Omit<v.InferOutput<typeof Sent>, 'type'>;

function inForm(
  { api_app_id: app, user, team, trigger_id: trigger, view }: Body,
  appId: string | null,
): { ignored: string } | Omit<FormSubmission, 'kind'> {
  if (foreign(app, appId) || (view.app_id ?? app) !== app) return { ignored: 'a form of another Slack app' };
  if (view.callback_id !== FORM_CALLBACK) return { ignored: 'not our form' };
  if (user.team_id == null) return { ignored: 'no workspace is named' };
  return {
    metadata: view.private_metadata,
    filled: filledIn(view.state.values),
    slack: { team: user.team_id, user: user.id },
    evidence: { app, team: team?.id ?? user.team_id, view: view.id, ...triggerEvidence(trigger) },
  };
}

function filledIn(values: Body['view']['state']['values']): Filled {
  const filled = new Map<string, string | boolean>();
  for (const [block, elements] of Object.entries(values)) {
    const name = fieldOf(block);
    const [element] = Object.values(elements);
    const value = element === undefined ? null : filledValue(element);
    if (name !== null && value !== null && value !== '') filled.set(name, value);
  }
  return filled;
}

function filledValue(element: v.InferOutput<typeof Element>): string | boolean | null {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return element.value ?? null;
    case 'static_select':
      return element.selected_option?.value ?? null;
    case 'checkboxes':
      return element.selected_options.length > 0;
  }
}
