/** Schemas of Block Kit's interactive elements. */

import * as v from 'valibot';
import { BOUNDS, choosesKnown, fitsLengths, LENGTHS, soundBounds, UNKNOWN_CHOICE } from './bounds.ts';
import { richText } from './rich.ts';
import {
  actionable,
  byType,
  confirmable,
  dispatchable,
  flag,
  focusable,
  image,
  list,
  opt,
  option,
  optionGroup,
  placeholder,
  plainOption,
  plainText,
  str,
  style,
  url,
} from './text.ts';

const element = <E extends v.ObjectEntries>(type: string, entries: E) =>
  v.strictObject({ type: v.literal(type), ...actionable, ...entries });

const label = { accessibility_label: opt(str(75)) };
const menu = { ...confirmable, ...focusable, ...placeholder };
const several = { max_selected_items: opt(v.pipe(v.number(), v.minValue(1))) };
const words = v.array(v.string());
const filter = opt(
  v.strictObject({
    include: opt(list(v.picklist(['im', 'mpim', 'private', 'public']), 4)),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  }),
);
const eitherOptions = (menu: { options?: unknown; option_groups?: unknown }) =>
  (menu.options === undefined) !== (menu.option_groups === undefined);
const EITHER = 'must define either `options` or `option_groups`';
const choices = { options: opt(list(plainOption, 100)), option_groups: opt(list(optionGroup, 100)) };
const conversations = { default_to_current_conversation: flag, filter };
const answers = { response_url_enabled: flag };
const query = { min_query_length: opt(v.number()) };

export const button = element('button', {
  text: plainText(75),
  value: opt(str(2000)),
  url: opt(url()),
  ...style,
  ...label,
  ...confirmable,
});

const selects = {
  users_select: element('users_select', { initial_user: opt(v.string()), ...menu }),
  static_select: v.pipe(
    element('static_select', { initial_option: opt(plainOption), ...choices, ...menu }),
    v.check((menu) => eitherOptions(menu), EITHER),
    v.check((menu) => choosesKnown(menu), UNKNOWN_CHOICE),
  ),
  conversations_select: element('conversations_select', {
    initial_conversation: opt(v.string()),
    ...conversations,
    ...menu,
    ...answers,
  }),
  channels_select: element('channels_select', { initial_channel: opt(v.string()), ...menu, ...answers }),
  external_select: element('external_select', { initial_option: opt(plainOption), ...query, ...menu }),
  multi_users_select: element('multi_users_select', { initial_users: opt(words), ...menu, ...several }),
  multi_static_select: v.pipe(
    element('multi_static_select', { initial_options: opt(v.array(plainOption)), ...choices, ...menu, ...several }),
    v.check((menu) => eitherOptions(menu), EITHER),
    v.check((menu) => choosesKnown(menu), UNKNOWN_CHOICE),
  ),
  multi_conversations_select: element('multi_conversations_select', {
    initial_conversations: opt(words),
    ...conversations,
    ...menu,
    ...several,
  }),
  multi_channels_select: element('multi_channels_select', { initial_channels: opt(words), ...menu, ...several }),
  multi_external_select: element('multi_external_select', {
    initial_options: opt(v.array(plainOption)),
    ...query,
    ...menu,
    ...several,
  }),
};

const ticks = { ...confirmable, ...focusable };
const choosers = {
  checkboxes: v.pipe(
    element('checkboxes', { options: list(option, 10), initial_options: opt(list(option, 10)), ...ticks }),
    v.check((boxes) => choosesKnown(boxes), UNKNOWN_CHOICE),
  ),
  radio_buttons: v.pipe(
    element('radio_buttons', { options: list(option, 10), initial_option: opt(option), ...ticks }),
    v.check((buttons) => choosesKnown(buttons), UNKNOWN_CHOICE),
  ),
  datepicker: element('datepicker', { initial_date: opt(v.pipe(v.string(), v.isoDate())), ...menu }),
  timepicker: element('timepicker', {
    initial_time: opt(v.pipe(v.string(), v.isoTime())),
    timezone: opt(v.string()),
    ...menu,
  }),
};
const datetimepicker = element('datetimepicker', { initial_date_time: opt(v.number()), ...ticks });
const overflow = element('overflow', { options: list(plainOption, 5), ...confirmable });
const workflowButton = element('workflow_button', {
  text: plainText(75),
  workflow: v.strictObject({
    trigger: v.strictObject({
      url: url(),
      customizable_input_parameters: opt(v.array(v.strictObject({ name: v.string(), value: v.string() }))),
    }),
  }),
  ...style,
  ...label,
  ...confirmable,
});

const typing = { initial_value: opt(v.string()), ...dispatchable, ...focusable, ...placeholder };
const richTextInput = element('rich_text_input', {
  ...dispatchable,
  ...focusable,
  ...placeholder,
  initial_value: opt(richText),
  min_lines: opt(v.number()),
  max_lines: opt(v.number()),
});
const length = opt(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3000)));
const longest = opt(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3000)));

export const actionElements = byType({
  button,
  overflow,
  datetimepicker,
  workflow_button: workflowButton,
  rich_text_input: richTextInput,
  ...choosers,
  ...selects,
});

export const accessories = byType({
  button,
  overflow,
  image: image({}),
  workflow_button: workflowButton,
  ...choosers,
  ...selects,
});

export const inputs = byType({
  datetimepicker,
  rich_text_input: richTextInput,
  email_text_input: element('email_text_input', typing),
  url_text_input: element('url_text_input', typing),
  number_input: v.pipe(
    element('number_input', {
      is_decimal_allowed: v.boolean(),
      min_value: opt(v.string()),
      max_value: opt(v.string()),
      ...typing,
    }),
    v.check((field) => soundBounds(field), BOUNDS),
  ),
  plain_text_input: v.pipe(
    element('plain_text_input', { multiline: flag, min_length: length, max_length: longest, ...typing }),
    v.check((field) => fitsLengths(field), LENGTHS),
  ),
  file_input: element('file_input', {
    filetypes: opt(words),
    max_files: opt(v.pipe(v.number(), v.minValue(1), v.maxValue(10))),
  }),
  ...choosers,
  ...selects,
});

const feedback = v.strictObject({ text: plainText(75), value: str(2000), ...label });
export const contextActions = byType({
  feedback_buttons: element('feedback_buttons', { positive_button: feedback, negative_button: feedback }),
  icon_button: element('icon_button', {
    icon: v.string(),
    text: plainText(75),
    value: opt(str(2000)),
    visible_to_user_ids: opt(words),
    ...label,
    ...confirmable,
  }),
});
