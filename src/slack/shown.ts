/** What a dialog showed, by Slack's own account of it: every text that a person could read, and nothing overlooked. */
import * as v from 'valibot';
import { asRead } from '../request/dialog.ts';
import { CHECKLIST_BLOCK, COMMENT_BLOCK, FIXED_TEXTS } from './dialog-parts.ts';

/** A text, and the place by which a fixed one is known. */
interface Leaf {
  place: string;
  text: string;
}

const Plain = v.looseObject({ type: v.literal('plain_text'), text: v.string() });
const Style = v.optional(v.record(v.string(), v.unknown()), {});
const Words = v.looseObject({ type: v.literal('text'), text: v.string(), style: Style });
const Emoji = v.looseObject({
  type: v.literal('emoji'),
  name: v.string(),
  unicode: v.optional(v.string()),
  style: Style,
});
const Link = v.looseObject({ type: v.literal('link'), url: v.string(), text: v.optional(v.string()), style: Style });
const Inline = v.variant('type', [Words, Emoji, Link]);

const Line = v.looseObject({
  type: v.picklist(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']),
  elements: v.array(v.unknown()),
});
const Bullets = v.looseObject({ type: v.literal('rich_text_list'), elements: v.array(v.unknown()) });
const RichText = v.looseObject({ type: v.literal('rich_text'), elements: v.array(v.unknown()) });

const Option = v.looseObject({ text: Plain, description: v.optional(v.null()) });
const Checkboxes = v.looseObject({
  type: v.literal('checkboxes'),
  options: v.array(Option),
  initial_options: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0))),
});
const Field = v.looseObject({
  type: v.literal('plain_text_input'),
  initial_value: v.optional(v.literal('')),
  placeholder: v.optional(v.null()),
});
const Input = v.looseObject({
  type: v.literal('input'),
  block_id: v.string(),
  label: Plain,
  hint: v.nullish(v.null()),
  element: v.unknown(),
});
const View = v.looseObject({
  title: v.nullish(Plain),
  submit: v.nullish(Plain),
  close: v.nullish(Plain),
  blocks: v.array(v.unknown()),
});

/**
 * The texts of a view in the order in which it shows them: its title first, without the {@link FIXED_TEXTS}, without
 * Slack's entities, white space as one space, no empty ones. Whatever stands there that our dialog never has (a picture,
 * a mention, text that is struck out, a box that is ticked already) gives a text of its own, so that it is noticed.
 */
export function shownTexts(view: unknown): string[] {
  const parsed = v.safeParse(View, view);
  if (!parsed.success) return [strange('a view')];
  const { title, submit, close, blocks } = parsed.output;
  const leaves = [
    { place: 'title', text: title?.text ?? '' },
    ...blocks.flatMap(blockLeaves),
    { place: 'submit', text: submit?.text ?? '' },
    { place: 'close', text: close?.text ?? '' },
  ];
  return leaves
    .filter(({ place, text }) => FIXED_TEXTS.get(place) !== text)
    .map(({ text }) => asRead(text))
    .filter((text) => text !== '');
}

function blockLeaves(block: unknown): Leaf[] {
  if (v.is(RichText, block)) return block.elements.flatMap(lineLeaves);
  if (v.is(Input, block)) return inputLeaves(block);
  return [unexpected(block)];
}

function inputLeaves({ block_id, label, element }: v.InferOutput<typeof Input>): Leaf[] {
  const first = { place: `${block_id}/label`, text: label.text };
  if (block_id === COMMENT_BLOCK && v.is(Field, element)) return [first];
  if (block_id !== CHECKLIST_BLOCK || !v.is(Checkboxes, element)) return [first, unexpected(element)];
  return [first, ...element.options.map(({ text }) => ({ place: 'item', text: text.text }))];
}

function lineLeaves(line: unknown): Leaf[] {
  if (v.is(Bullets, line)) return line.elements.flatMap(lineLeaves);
  return v.is(Line, line) ? runs(line.elements) : [unexpected(line)];
}

/** Slack may cut a text in pieces, at an emoji or an address; pieces of one style are one text again. */
function runs(elements: unknown[]): Leaf[] {
  const found: (Leaf & { style: string })[] = [];
  for (const element of elements) {
    const parsed = v.safeParse(Inline, element);
    const piece = parsed.success ? pieceOf(parsed.output) : null;
    const last = found.at(-1);
    if (piece === null) found.push({ ...unexpected(element), style: 'unexpected' });
    else if (last?.style === piece.style) last.text += piece.text;
    else found.push({ place: 'words', ...piece });
  }
  return found;
}

function pieceOf(inline: v.InferOutput<typeof Inline>): { text: string; style: string } | null {
  const styles = Object.entries(inline.style).filter(([, on]) => on === true);
  // Struck out, or as code, a text says something else.
  if (styles.some(([name]) => name !== 'bold')) return null;
  const style = styles.length > 0 ? 'bold' : '';
  if (inline.type === 'text') return { text: inline.text, style };
  if (inline.type === 'emoji') return { text: character(inline.unicode) ?? `:${inline.name}:`, style };
  // Under other words than its own address a link deceives.
  return inline.text === undefined || inline.text === inline.url ? { text: inline.url, style } : null;
}

/** `1f468-200d-1f4bb` as the character that it names; null for anything else. */
function character(unicode: string | undefined): string | null {
  if (unicode === undefined || !/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/.test(unicode)) return null;
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

const Typed = v.looseObject({ type: v.string() });

function unexpected(value: unknown): Leaf {
  return { place: 'unexpected', text: strange(v.is(Typed, value) ? value.type : 'something') };
}

function strange(what: string): string {
  return `(not of our dialog: ${what.slice(0, 60)})`;
}
