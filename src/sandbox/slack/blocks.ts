/** Slack's validation of Block Kit: every block that `@slack/types` knows, unknown keys and over-long texts refused. */

import type { KnownBlock } from '@slack/types';
import * as v from 'valibot';
import { accessories, actionElements, button, contextActions, inputs } from './blocks/elements.ts';
import { richText } from './blocks/rich.ts';
import { anyText, byType, flag, id, image, list, mrkdwn, opt, plainText, str, url } from './blocks/text.ts';

const block = <E extends v.ObjectEntries>(type: string, entries: E) =>
  v.strictObject({ type: v.literal(type), block_id: id, ...entries });

const keyOf = (item: unknown, key: string): unknown =>
  typeof item === 'object' && item !== null && key in item
    ? Object.entries(item).find(([k]) => k === key)?.[1]
    : undefined;

/** Refuses a list in which two items have the same `key`. */
const unique = <T>(key: string) =>
  v.check<T[], string>((items) => {
    const values = items.map((item) => keyOf(item, key)).filter((value) => value !== undefined);
    return new Set(values).size === values.length;
  }, `\`${key}\` must be unique`);

const section = v.pipe(
  block('section', {
    text: opt(anyText(3000)),
    fields: opt(list(anyText(2000), 10)),
    accessory: opt(accessories),
    expand: flag,
  }),
  v.check((value) => value.text !== undefined || value.fields !== undefined, 'must define either `text` or `fields`'),
);

const card = v.pipe(
  block('card', {
    hero_image: opt(image({})),
    icon: opt(image({})),
    title: opt(mrkdwn(150)),
    subtitle: opt(mrkdwn(150)),
    body: opt(mrkdwn(200)),
    actions: opt(v.array(button)),
  }),
  v.check(
    (value) => [value.hero_image, value.title, value.actions, value.body].some((part) => part !== undefined),
    'must define one of `hero_image`, `title`, `actions` or `body`',
  ),
);

const rawText = v.strictObject({ type: v.literal('raw_text'), text: v.string() });
const rawNumber = v.strictObject({ type: v.literal('raw_number'), value: v.number(), text: v.string() });
const cells = list(v.array(byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText })), 100);
const table = block('table', {
  rows: list(
    v.pipe(v.array(byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText })), v.maxLength(20)),
    100,
  ),
  column_settings: opt(
    list(v.strictObject({ align: opt(v.picklist(['left', 'center', 'right'])), is_wrapped: flag }), 20),
  ),
});

const taskCard = block('task_card', {
  task_id: v.string(),
  title: v.string(),
  details: opt(richText),
  output: opt(richText),
  sources: opt(v.array(v.strictObject({ type: v.literal('url'), url: url(), text: v.string() }))),
  status: v.picklist(['pending', 'in_progress', 'complete', 'error']),
});

const inContainer = {
  actions: block('actions', { elements: v.pipe(list(actionElements, 25), unique('action_id')) }),
  context: block('context', {
    elements: list(byType({ image: image({}), plain_text: plainText(3000), mrkdwn: mrkdwn(3000) }), 10),
  }),
  divider: block('divider', {}),
  file: block('file', { source: v.literal('remote'), external_id: v.string() }),
  header: block('header', { text: plainText(150) }),
  image: image({ block_id: id, title: opt(plainText(2000)) }),
  input: block('input', {
    label: plainText(2000),
    hint: opt(plainText(2000)),
    optional: flag,
    element: inputs,
    dispatch_action: flag,
  }),
  rich_text: richText,
  section,
  table,
  video: block('video', {
    video_url: url(),
    thumbnail_url: url(),
    alt_text: v.string(),
    title: plainText(199),
    title_url: opt(url()),
    author_name: opt(str(49)),
    provider_name: opt(v.string()),
    provider_icon_url: opt(url()),
    description: opt(plainText(199)),
  }),
} satisfies Partial<Record<KnownBlock['type'], v.GenericSchema>>;

const BLOCKS = {
  ...inContainer,
  alert: block('alert', {
    text: anyText(3000),
    level: opt(v.picklist(['default', 'info', 'warning', 'error', 'success'])),
  }),
  card,
  carousel: block('carousel', { elements: list(card, 10) }),
  container: block('container', {
    title: opt(plainText(150)),
    rich_text_title: opt(richText),
    subtitle: opt(anyText(150)),
    child_blocks: list(byType(inContainer), 10),
    width: opt(v.picklist(['narrow', 'standard', 'wide', 'full'])),
    icon: opt(image({})),
    is_collapsible: flag,
    default_collapsed: flag,
    has_header_divider: flag,
  }),
  context_actions: block('context_actions', { elements: v.pipe(list(contextActions, 5), unique('action_id')) }),
  data_table: block('data_table', {
    rows: cells,
    caption: v.string(),
    page_size: opt(v.number()),
    row_header_column_index: opt(v.number()),
  }),
  markdown: block('markdown', { text: str(12_000) }),
  plan: block('plan', { title: v.string(), tasks: opt(v.array(taskCard)) }),
  task_card: taskCard,
} satisfies Record<KnownBlock['type'], v.GenericSchema>;

const surface = (max: number) => v.pipe(list(byType(BLOCKS), max, 0), unique('block_id'));
const MESSAGE = surface(50);
const MODAL = surface(100);

function sentence(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const missing = issue.kind === 'schema' && issue.received === 'undefined' && issue.type === 'strict_object';
  const unknownKey = issue.type === 'strict_object' && issue.expected === 'never';
  const what = unknownKey
    ? `unknown field: ${path.at(-1)}`
    : missing
      ? `missing required field: ${path.at(-1)}`
      : issue.message;
  return `${what} [json-pointer:/blocks${path.map((part) => `/${part}`).join('')}]`;
}

/**
 * What Slack would say against these blocks, one sentence per mistake with its JSON pointer; empty when they are valid.
 * `surface` is where they are shown: a message takes 50 blocks, a modal 100. Source: `@slack/types` 3.2 and its comments.
 */
export function validateBlocks(blocks: unknown, surface: 'message' | 'modal' = 'message'): string[] {
  const result = v.safeParse(surface === 'message' ? MESSAGE : MODAL, blocks);
  return result.success ? [] : result.issues.map(sentence);
}
