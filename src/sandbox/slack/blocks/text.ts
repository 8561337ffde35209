/** Schemas of Block Kit's composition objects (texts, confirmations, options) with Slack's length limits. */

import * as v from 'valibot';

export const opt = v.optional;
export const flag = opt(v.boolean());

/** A string of `min` to `max` characters. */
export const str = (max: number, min = 1) =>
  v.pipe(
    v.string('must be a string'),
    v.minLength(min, `must be more than ${min - 1} characters`),
    v.maxLength(max, `must be less than ${max + 1} characters`),
  );

/** A list of `min` to `max` items. */
export const list = <T extends v.GenericSchema>(item: T, max: number, min = 1) =>
  v.pipe(
    v.array(item, 'must be a list'),
    v.minLength(min, `no fewer than ${min} items are required`),
    v.maxLength(max, `no more than ${max} items are allowed`),
  );

export const url = (max = 3000) => v.pipe(str(max), v.url('must be a valid url'));

const typeOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'type' in input ? String(input.type) : '';

/** Chooses the schema by the value's `type`; any other `type` is refused as unsupported. */
export function byType(schemas: Record<string, v.GenericSchema>): v.GenericSchema {
  const unsupported = v.object({
    type: v.picklist(Object.keys(schemas), (issue) => `unsupported type: ${issue.received}`),
  });
  const known = new Map(Object.entries(schemas));
  return v.lazy((input) => known.get(typeOf(input)) ?? unsupported);
}

export const plainText = (max: number) =>
  v.strictObject({ type: v.literal('plain_text', 'must be plain_text'), text: str(max), emoji: flag });

export const mrkdwn = (max: number) =>
  v.strictObject({ type: v.literal('mrkdwn', 'must be mrkdwn'), text: str(max), verbatim: flag });

export const anyText = (max: number) => byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });

const colour = opt(v.picklist(['primary', 'danger']));

export const confirmation = v.strictObject({
  title: opt(plainText(100)),
  text: anyText(300),
  confirm: opt(plainText(30)),
  deny: opt(plainText(30)),
  style: colour,
});

const optionOf = (text: v.GenericSchema) =>
  v.strictObject({ text, value: str(150), description: opt(plainText(75)), url: opt(url()) });

export const plainOption = optionOf(plainText(75));
export const option = optionOf(anyText(75));
export const optionGroup = v.strictObject({ label: plainText(75), options: list(plainOption, 100) });

/** Fields that elements share. */
export const id = opt(str(255));
export const actionable = { action_id: id };
export const confirmable = { confirm: opt(confirmation) };
export const focusable = { focus_on_load: flag };
export const placeholder = { placeholder: opt(plainText(150)) };
export const style = { style: colour };
export const dispatchable = {
  dispatch_action_config: opt(
    v.strictObject({
      trigger_actions_on: opt(list(v.picklist(['on_enter_pressed', 'on_character_entered']), 2)),
    }),
  ),
};

const slackFile = v.union([v.strictObject({ url: url() }), v.strictObject({ id: str(255) })]);
const oneSource = (image: object): boolean => 'image_url' in image !== 'slack_file' in image;
const ONE_SOURCE = 'must define either `image_url` or `slack_file`';

/** An image, as an element or (with more `entries`) as a block. */
export const image = (entries: v.ObjectEntries) =>
  v.pipe(
    v.strictObject({
      ...entries,
      type: v.literal('image'),
      alt_text: str(2000),
      image_url: opt(url()),
      slack_file: opt(slackFile),
    }),
    v.check((value) => oneSource(value), ONE_SOURCE),
  );
