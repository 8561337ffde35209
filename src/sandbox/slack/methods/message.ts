/** Slack's checks of what a message says, common to posts, updates, ephemerals and response URLs. */

import * as v from 'valibot';
import { type Answer, type Arguments, bool, no } from '../answer.ts';
import { validateBlocks } from '../blocks.ts';

const TEXT_MAX = 40_000;

/** What a message is made of. */
export const content = {
  text: v.optional(v.string()),
  blocks: v.optional(v.unknown()),
  attachments: v.optional(v.unknown()),
  metadata: v.optional(v.looseObject({ event_type: v.string(), event_payload: v.looseObject({}) })),
  parse: v.optional(v.picklist(['none', 'full'])),
  link_names: bool,
  mrkdwn: bool,
  unfurl_links: bool,
  unfurl_media: bool,
};

/** Gives every block the `block_id` that Slack would give it, so that a press can name it. */
function identified(blocks: unknown[]): unknown[] {
  return blocks.map((block, index) =>
    typeof block === 'object' && block !== null ? { block_id: `b${index}`, ...block } : block,
  );
}

/** The message as it may be stored, or Slack's refusal. `edit`: what it does not name stays as it is. */
export function checkContent<T extends { text?: string | undefined; blocks?: unknown }>(
  message: T,
  edit = false,
): { refused: Answer } | { content: Arguments } {
  const { blocks, ...rest } = message;
  if (blocks !== undefined && !Array.isArray(blocks)) return { refused: no('invalid_blocks_format') };
  const errors = blocks === undefined ? [] : validateBlocks(blocks);
  if (errors.length > 0) return { refused: invalidBlocks(errors) };
  if ((message.text ?? '').length > TEXT_MAX) return { refused: no('msg_too_long') };
  const empty = (message.text ?? '') === '' && (blocks ?? []).length === 0;
  if (empty && !(edit && blocks !== undefined)) return { refused: no('no_text') };
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { content: { ...given, ...(blocks === undefined ? {} : { blocks: identified(blocks) }) } };
}

export const invalidBlocks = (errors: string[]): Answer =>
  no('invalid_blocks', {
    errors,
    response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
  });
