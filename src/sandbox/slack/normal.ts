/** Views as Slack keeps them (ids filled in, every default written out) and as it gives them back (plain texts escaped). */
import * as v from 'valibot';
import type { Arguments } from './answer.ts';

const Typed = v.looseObject({ type: v.string() });
const Text = v.looseObject({ type: v.picklist(['plain_text', 'mrkdwn']), text: v.string() });

/** What people choose or type into, and what they press. Images, texts and options are none. */
const ACTION = /(^button|^overflow|picker|_select|^checkboxes|^radio_buttons|_input|_button|_buttons)$/;
const BARE = /&(?!(?:amp|lt|gt);)|<|>/g;
const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

function textOf(text: v.InferOutput<typeof Text>): Arguments {
  return text.type === 'plain_text' ? { emoji: true, ...text } : { verbatim: false, ...text };
}

/** The value with the defaults of every text in it, and an `action_id` on every element. */
function walk(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => walk(item, `${name}${index}`));
  if (typeof value !== 'object' || value === null) return value;
  if ('text' in value && v.is(Text, value)) return textOf(value);
  const fields = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, `${name}-${key}`)]));
  const acts = v.is(Typed, value) && ACTION.test(value.type);
  return acts ? { action_id: name, ...fields } : fields;
}

function normalBlock(block: unknown, index: number): unknown {
  const walked = walk(block, `a${index}`);
  if (typeof walked !== 'object' || walked === null) return walked;
  const input = v.is(Typed, block) && block.type === 'input' ? { optional: false, dispatch_action: false } : {};
  return { block_id: `b${index}`, ...input, ...walked };
}

/** A view's own fields, all of them: what the app left out is empty. Its blocks are valid by now. */
export function normalView(view: Arguments & { blocks: unknown[] }): Arguments {
  const { blocks, title, submit = null, close = null, ...rest } = view;
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    submit_disabled: false,
    ...rest,
    title: walk(title, ''),
    submit: walk(submit, ''),
    close: walk(close, ''),
    blocks: blocks.map(normalBlock),
  };
}

/**
 * A view, or any part of a payload, as Slack gives it to the app: plain texts come back escaped, which Slack says
 * nowhere. Source: slackapi/bolt-python#513.
 */
export function givenBack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(givenBack);
  if (typeof value !== 'object' || value === null) return value;
  if ('text' in value && v.is(Text, value) && value.type === 'plain_text')
    return { ...value, text: value.text.replaceAll(BARE, (sign) => ENTITIES.get(sign) ?? sign) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, givenBack(inner)]));
}
