/** Slack's modals: opened once by a trigger id younger than 3 s, updated by id. */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type Answer, type Arguments, type Method, method, no, TIER, word, yes } from '../answer.ts';
import { focused } from '../blocks/bounds.ts';
import { plainText } from '../blocks/text.ts';
import { validateBlocks } from '../blocks.ts';
import { givenBack, normalView } from '../normal.ts';
import type { Slack } from '../slack.ts';

/** Slack's limit of a view as JSON, in bytes. */
const VIEW_MAX = 250_000;

const View = v.strictObject({
  type: v.literal('modal'),
  title: plainText(24),
  blocks: v.array(v.unknown()),
  submit: v.optional(plainText(24)),
  close: v.optional(plainText(24)),
  private_metadata: v.optional(v.pipe(v.string(), v.maxLength(3000))),
  callback_id: v.optional(v.pipe(v.string(), v.maxLength(255))),
  external_id: v.optional(v.pipe(v.string(), v.maxLength(255))),
  clear_on_close: v.optional(v.boolean()),
  notify_on_close: v.optional(v.boolean()),
  submit_disabled: v.optional(v.boolean()),
});
type View = v.InferOutput<typeof View>;

const isInput = v.looseObject({ type: v.literal('input') });

/** Slack's refusal of a view, null where it may be shown. `id` is the view that it takes the place of. */
function refusedView(slack: Slack, view: View, id: string | null): Answer | null {
  const wrong = validateBlocks(view.blocks, 'modal').map((error) =>
    error.replace('[json-pointer:/blocks', '[json-pointer:/view/blocks'),
  );
  if (view.submit === undefined && view.blocks.some((block) => v.is(isInput, block)))
    wrong.push('must define `submit` to use an `input` block in modals [json-pointer:/view]');
  if (focused(view.blocks) > 1) wrong.push('only one element may have `focus_on_load` [json-pointer:/view/blocks]');
  if (wrong.length > 0)
    return no('invalid_arguments', { response_metadata: { messages: wrong.map((error) => `[ERROR] ${error}`) } });
  if (Buffer.byteLength(JSON.stringify(view)) > VIEW_MAX) return no('view_too_large');
  const taken = [...slack.views].some(([other, shown]) => other !== id && shown['external_id'] === view.external_id);
  return view.external_id !== undefined && view.external_id !== '' && taken ? no('duplicate_external_id') : null;
}

function show(slack: Slack, id: string, view: View): Answer {
  const { team, bot } = slack.options;
  const stored: Arguments = {
    ...normalView(view),
    id,
    hash: `${Math.floor(slack.now() / 1000)}.${randomUUID().slice(0, 8)}`,
    team_id: team.id,
    app_id: bot.appId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
    root_view_id: id,
    previous_view_id: null,
    state: { values: {} },
  };
  slack.views.set(id, stored);
  return yes({ view: givenBack(stored) });
}

/** Puts a view, as an app describes it, in the place of the one that stands; or Slack's refusal. */
export function replaceView(slack: Slack, id: string, described: unknown): Answer {
  const view = v.safeParse(View, described);
  if (!view.success) return no('invalid_arguments');
  return refusedView(slack, view.output, id) ?? show(slack, id, view.output);
}

const open = method({
  scopes: [],
  limit: TIER[4],
  args: v.object({ trigger_id: word, view: View }),
  run({ trigger_id, view }, slack) {
    const refused = refusedView(slack, view, null);
    if (refused !== null) return refused;
    const used = slack.triggers.exchange(trigger_id);
    if (used !== null) return no(used);
    const id = `V${slack.serial()}`;
    slack.viewers.set(id, slack.triggers.userOf(trigger_id) ?? '');
    return show(slack, id, view);
  },
});

const update = method({
  scopes: [],
  limit: TIER[4],
  args: v.object({
    view_id: v.optional(word),
    external_id: v.optional(word),
    hash: v.optional(v.string()),
    view: View,
  }),
  run({ view_id, external_id, hash, view }, slack) {
    if (view_id === undefined && external_id === undefined) return no('invalid_arguments');
    const [id, standing] =
      [...slack.views].find(([id, shown]) => id === view_id || shown['external_id'] === external_id) ?? [];
    if (id === undefined || standing === undefined) return no('not_found');
    if (hash !== undefined && hash !== standing['hash']) return no('hash_conflict');
    return refusedView(slack, view, id) ?? show(slack, id, view);
  },
});

export const views: Record<string, Method> = { 'views.open': open, 'views.update': update };
