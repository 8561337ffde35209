/** Slack's modals, bare: opened once by a trigger id younger than 3 s, updated by id. */

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type Answer, type Arguments, type Method, method, no, TIER, word, yes } from '../answer.ts';
import { plainText } from '../blocks/text.ts';
import { validateBlocks } from '../blocks.ts';
import type { Slack } from '../slack.ts';
import { invalidBlocks } from './message.ts';

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

function show(slack: Slack, id: string, view: v.InferOutput<typeof View>): Answer {
  const errors = validateBlocks(view.blocks, 'modal');
  if (errors.length > 0) return invalidBlocks(errors);
  const stored: Arguments = {
    ...view,
    id,
    hash: randomUUID(),
    team_id: slack.options.team.id,
    app_id: slack.options.bot.appId,
    bot_id: slack.options.bot.botId,
    state: { values: {} },
  };
  slack.views.set(id, stored);
  return yes({ view: stored });
}

const open = method({
  scopes: [],
  limit: TIER[4],
  args: v.object({ trigger_id: word, view: View }),
  run({ trigger_id, view }, slack) {
    const refused = slack.triggers.exchange(trigger_id);
    if (refused !== null) return no(refused);
    const id = `V${slack.serial()}`;
    const answer = show(slack, id, view);
    if (answer.ok) slack.viewers.set(id, slack.triggers.userOf(trigger_id) ?? '');
    return answer;
  },
});

const update = method({
  scopes: [],
  limit: TIER[4],
  args: v.object({ view_id: word, hash: v.optional(v.string()), view: View }),
  run({ view_id, hash, view }, slack) {
    const standing = slack.views.get(view_id);
    if (standing === undefined) return no('not_found');
    if (hash !== undefined && hash !== standing['hash']) return no('hash_conflict');
    return show(slack, view_id, view);
  },
});

export const views: Record<string, Method> = { 'views.open': open, 'views.update': update };
