/** What a dialog showed, by Slack's own account of it: every text that a person could read, and nothing overlooked. */
import * as v from 'valibot';
import { unescaped } from '../request/dialog.ts';
import { CHECKLIST_BLOCK, COMMENT_BLOCK, FIXED_TEXTS } from './dialog-parts.ts';

/** A text, and the place by which a fixed one is known. */
interface Leaf {
  place: string;
  text: string;
}

/**
 * Slack adds fields at any time; a number or a switch says nothing to a person. A field with words or with more in it could
 * show them anything (a window that opens at a click, a hint), so nothing has one that is not named here.
 */
const Said = v.nullable(v.union([v.boolean(), v.number()]));
const only = <E extends v.ObjectEntries>(entries: E) => v.objectWithRest(entries, Said);

const Plain = only({ type: v.literal('plain_text'), text: v.string() });
const Style = v.optional(v.record(v.string(), v.unknown()), {});
const Words = only({ type: v.literal('text'), text: v.string(), style: Style });
const Emoji = only({ type: v.literal('emoji'), name: v.string(), unicode: v.string(), style: Style });
const Link = only({ type: v.literal('link'), url: v.string(), text: v.optional(v.string()), style: Style });
const Inline = v.variant('type', [Words, Emoji, Link]);

const elements = v.pipe(v.array(v.unknown()), v.minLength(1));
const Line = only({
  type: v.picklist(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']),
  elements,
});
const Bullets = only({ type: v.literal('rich_text_list'), style: v.literal('bullet'), elements });
const RichText = only({ type: v.literal('rich_text'), block_id: v.optional(v.string()), elements });

const Option = only({ text: Plain, value: v.string() });
const Checkboxes = only({
  type: v.literal('checkboxes'),
  action_id: v.string(),
  options: v.array(Option),
  initial_options: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0))),
});
const Field = only({
  type: v.literal('plain_text_input'),
  action_id: v.string(),
  // What the person typed already, in a slash command: it stands before them, and is their comment once they send it off.
  initial_value: v.optional(v.string()),
  dispatch_action_config: v.optional(v.unknown()),
});
const Input = only({ type: v.literal('input'), block_id: v.string(), label: Plain, element: v.unknown() });
const View = v.looseObject({
  title: v.nullish(Plain),
  submit: v.nullish(Plain),
  close: v.nullish(Plain),
  blocks: v.array(v.unknown()),
});

/**
 * The texts of a view in the order in which it shows them: its title first, without the {@link FIXED_TEXTS}, without
 * Slack's entities, with all white space, no empty ones. Whatever stands there that our dialog never has (a picture,
 * a mention, text that is struck out, a box that is ticked already) gives a text of its own, so that it is noticed.
 */
export function shownTexts(view: unknown): string[] {
  const parsed = v.safeParse(View, view);
  if (!parsed.success) return [strange('a view')];
  const { title, submit, close, blocks } = parsed.output;
  const leaves = [
    { place: 'title', text: title?.text ?? '' },
    ...blocks.flatMap(blockLeaves).map((leaf) => (leaf.text.trim() === '' ? BLANK : leaf)),
    { place: 'submit', text: submit?.text ?? '' },
    { place: 'close', text: close?.text ?? '' },
  ];
  return leaves
    .filter(({ place, text }) => FIXED_TEXTS.get(place) !== text)
    .map(({ text }) => unescaped(text))
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
  if (inline.type === 'emoji') {
    const text = character(inline.unicode);
    return text === null ? null : { text, style };
  }
  // Under other words than its own address a link deceives.
  return inline.text === undefined || inline.text === inline.url ? { text: inline.url, style } : null;
}

/**
 * `1f44b-1f3fc` as the emoji that it names; null for anything else: a picture must not say of itself that it is a command.
 * Without the variation selector, which no text of ours holds.
 */
function character(unicode: string): string | null {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/.test(unicode)) return null;
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  if (points.some((point) => point > 0x10ffff)) return null;
  const text = String.fromCodePoint(...points);
  return /^\p{RGI_Emoji}$/v.test(text) ? text.replaceAll('\ufe0f', '') : null;
}

const Typed = v.looseObject({ type: v.string() });

function unexpected(value: unknown): Leaf {
  return { place: 'unexpected', text: strange(v.is(Typed, value) ? value.type : 'something') };
}

/** Our dialog has no empty lines: they are only there to push away what stands below. */
const BLANK: Leaf = { place: 'unexpected', text: strange('empty space') };

function strange(what: string): string {
  return `(not of our dialog: ${what.slice(0, 60)})`;
}
