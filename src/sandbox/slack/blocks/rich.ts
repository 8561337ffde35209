/** Schemas of Block Kit's rich text. */

import * as v from 'valibot';
import { byType, flag, opt, str, url } from './text.ts';

const styled = {
  style: opt(v.strictObject({ bold: flag, code: flag, italic: flag, strike: flag, underline: flag })),
};
const inline = (type: string, entries: v.ObjectEntries) =>
  v.strictObject({ type: v.literal(type), ...entries, ...styled });

const text = inline('text', { text: str(40_000) });
const link = inline('link', { url: url(), text: opt(v.string()), unsafe: flag });

const inlines = byType({
  text,
  link,
  broadcast: inline('broadcast', { range: v.picklist(['here', 'channel', 'everyone']) }),
  color: inline('color', { value: v.string() }),
  channel: inline('channel', { channel_id: v.string() }),
  date: inline('date', { timestamp: v.number(), format: v.string(), url: opt(url()), fallback: opt(v.string()) }),
  emoji: inline('emoji', { name: v.string(), unicode: opt(v.string()), url: opt(url()) }),
  team: inline('team', { team_id: v.string() }),
  user: inline('user', { user_id: v.string() }),
  usergroup: inline('usergroup', { usergroup_id: v.string() }),
});

const border = { border: opt(v.picklist([0, 1])) };
const section = v.strictObject({ type: v.literal('rich_text_section'), elements: v.array(inlines) });

const elements = byType({
  rich_text_section: section,
  rich_text_list: v.strictObject({
    type: v.literal('rich_text_list'),
    elements: v.array(section),
    style: v.picklist(['bullet', 'ordered']),
    indent: opt(v.number()),
    ...border,
  }),
  rich_text_quote: v.strictObject({ type: v.literal('rich_text_quote'), elements: v.array(inlines), ...border }),
  rich_text_preformatted: v.strictObject({
    type: v.literal('rich_text_preformatted'),
    elements: v.array(byType({ text, link })),
    ...border,
  }),
});

export const richText = v.strictObject({
  type: v.literal('rich_text'),
  block_id: opt(str(255)),
  elements: v.array(elements),
});
