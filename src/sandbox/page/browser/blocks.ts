/**
 * The Block Kit that the product sends, read from a message as Slack holds it.
 *
 * slack-blocks-to-jsx 1.1.1 was tried with the product's own golden cards before this was written, and shows other cards
 * than Slack does: it reads plain_text as mrkdwn (a reason's `*bold*` comes out bold, its `<!channel>` as a mention, so the
 * one rule that user text stays inert would look broken), leaves `verbatim` mrkdwn unread (`<@UBO>`, `<!date^…>`), gives each
 * message the same element id, has no way to hear a press, fails axe's contrast, and weighs 165 KB compressed at its least.
 */
import * as v from 'valibot';

const Text = v.object({ type: v.picklist(['plain_text', 'mrkdwn']), text: v.string() });
export type BlockText = v.InferOutput<typeof Text>;

const Style = v.optional(
  v.object({
    bold: v.optional(v.boolean()),
    italic: v.optional(v.boolean()),
    strike: v.optional(v.boolean()),
    code: v.optional(v.boolean()),
  }),
);

const Inline = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string(), style: Style }),
  v.object({ type: v.literal('link'), url: v.string(), text: v.optional(v.string()), style: Style }),
  v.object({ type: v.literal('user'), user_id: v.string() }),
]);
export type RichInline = v.InferOutput<typeof Inline>;

const Line = v.object({
  type: v.picklist(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']),
  elements: v.array(Inline),
});
const Rich = v.variant('type', [
  Line,
  v.object({ type: v.literal('rich_text_list'), style: v.picklist(['bullet', 'ordered']), elements: v.array(Line) }),
]);
export type RichLine = v.InferOutput<typeof Line>;

const Button = v.object({
  type: v.literal('button'),
  action_id: v.string(),
  text: Text,
  style: v.optional(v.picklist(['primary', 'danger'])),
  accessibility_label: v.optional(v.string()),
});
export type BlockButton = v.InferOutput<typeof Button>;

const Option = v.object({ text: Text, value: v.string() });
export type BlockOption = v.InferOutput<typeof Option>;
const Group = v.object({ label: Text, options: v.array(Option) });
const Typed = { action_id: v.string(), initial_value: v.optional(v.string(), '') };
const Input = v.variant('type', [
  v.object({
    type: v.literal('plain_text_input'),
    ...Typed,
    multiline: v.optional(v.boolean(), false),
    min_length: v.optional(v.number()),
    max_length: v.optional(v.number()),
  }),
  v.object({
    type: v.literal('number_input'),
    ...Typed,
    is_decimal_allowed: v.boolean(),
    min_value: v.optional(v.string()),
    max_value: v.optional(v.string()),
  }),
  v.object({ type: v.literal('email_text_input'), ...Typed }),
  v.object({ type: v.literal('url_text_input'), ...Typed }),
  v.object({
    type: v.literal('static_select'),
    action_id: v.string(),
    options: v.optional(v.array(Option), []),
    option_groups: v.optional(v.array(Group), []),
    initial_option: v.optional(Option),
  }),
  v.object({
    type: v.literal('radio_buttons'),
    action_id: v.string(),
    options: v.array(Option),
    initial_option: v.optional(Option),
  }),
  v.object({
    type: v.literal('checkboxes'),
    action_id: v.string(),
    options: v.array(Option),
    initial_options: v.optional(v.array(Option), []),
  }),
]);
export type BlockInput = v.InferOutput<typeof Input>;

const Known = v.variant('type', [
  v.object({ type: v.literal('header'), text: Text }),
  v.object({ type: v.literal('section'), text: Text }),
  v.object({ type: v.literal('context'), elements: v.array(Text) }),
  v.object({ type: v.literal('divider') }),
  v.object({ type: v.literal('rich_text'), elements: v.array(Rich) }),
  v.object({ type: v.literal('actions'), elements: v.array(Button) }),
  v.object({
    type: v.literal('input'),
    block_id: v.string(),
    label: Text,
    hint: v.optional(Text),
    optional: v.optional(v.boolean(), false),
    dispatch_action: v.optional(v.boolean(), false),
    element: Input,
  }),
]);
export type Block = v.InferOutput<typeof Known> | { type: 'unread'; name: string };
export type InputBlock = Extract<Block, { type: 'input' }>;

const Named = v.object({ type: v.string() });

/** One block. What this page does not draw is named, never left out: a card without a part of it would be another card. */
export function readBlock(block: unknown): Block {
  const known = v.safeParse(Known, block);
  if (known.success) return known.output;
  const named = v.safeParse(Named, block);
  return { type: 'unread', name: named.success ? named.output.type : 'of no type' };
}

const View = v.object({
  title: Text,
  submit: v.optional(Text),
  close: v.optional(Text),
  blocks: v.array(v.unknown()),
});
export type DialogView = Omit<v.InferOutput<typeof View>, 'blocks'> & { blocks: Block[] };

/** A modal view; null where it is none. */
export function readView(view: unknown): DialogView | null {
  const parsed = v.safeParse(View, view);
  return parsed.success ? { ...parsed.output, blocks: parsed.output.blocks.map(readBlock) } : null;
}

/** The buttons that the blocks offer. */
export function buttonsOf(blocks: unknown[]): BlockButton[] {
  return blocks.map(readBlock).flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

/** The text of a header, for a message's name; null without one. */
export function headerOf(blocks: unknown[]): string | null {
  const header = blocks.map(readBlock).find((block) => block.type === 'header');
  return header?.type === 'header' ? header.text.text : null;
}
