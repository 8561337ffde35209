/** What a person filled into a view: its fields, and Slack's `state.values` of them. */
import * as v from 'valibot';
import type { Arguments } from './answer.ts';
import { fitsBounds, optionsOf } from './blocks/bounds.ts';

export type Values = Record<string, Record<string, unknown>>;

const Option = v.looseObject({ value: v.string() });
const Field = v.looseObject({
  type: v.string(),
  action_id: v.string(),
  min_length: v.optional(v.number()),
  max_length: v.optional(v.number()),
  is_decimal_allowed: v.optional(v.boolean()),
  min_value: v.optional(v.string()),
  max_value: v.optional(v.string()),
  max_selected_items: v.optional(v.number()),
});
type Field = v.InferOutput<typeof Field>;

const Block = v.looseObject({
  type: v.string(),
  block_id: v.string(),
  optional: v.optional(v.boolean(), true),
  element: v.optional(v.unknown()),
  elements: v.optional(v.array(v.unknown()), []),
  accessory: v.optional(v.unknown()),
});
const View = v.looseObject({ blocks: v.array(Block) });

/** The key under which a kind of field keeps what was filled in, and the key of what stands there at first. */
export const KEYS: Record<string, { key: string; initial: string; none: unknown }> = {
  checkboxes: { key: 'selected_options', initial: 'initial_options', none: [] },
  multi_static_select: { key: 'selected_options', initial: 'initial_options', none: [] },
  radio_buttons: { key: 'selected_option', initial: 'initial_option', none: null },
  static_select: { key: 'selected_option', initial: 'initial_option', none: null },
  users_select: { key: 'selected_user', initial: 'initial_user', none: null },
  datepicker: { key: 'selected_date', initial: 'initial_date', none: null },
  timepicker: { key: 'selected_time', initial: 'initial_time', none: null },
  plain_text_input: { key: 'value', initial: 'initial_value', none: null },
  email_text_input: { key: 'value', initial: 'initial_value', none: null },
  url_text_input: { key: 'value', initial: 'initial_value', none: null },
  number_input: { key: 'value', initial: 'initial_value', none: null },
};

interface Place {
  block: string;
  required: boolean;
  field: Field;
}

/** The fields that stand in a view. */
function fieldsOf(view: Arguments): Place[] {
  return v
    .parse(View, view)
    .blocks.flatMap(({ block_id: block, type, optional, element, elements, accessory }) =>
      [element, ...elements, accessory].flatMap((part) =>
        v.is(Field, part) && part.type in KEYS ? [{ block, required: type === 'input' && !optional, field: part }] : [],
      ),
    );
}

/** The ids of a view's input blocks. */
export const inputBlocks = (view: Arguments): string[] =>
  v.parse(View, view).blocks.flatMap(({ type, block_id }) => (type === 'input' ? [block_id] : []));

const Filled = v.looseObject({});

/** Kinds of field in which people choose among options. */
const MENUS = ['checkboxes', 'radio_buttons', 'static_select', 'multi_static_select'];

/** What Slack's own fields take when somebody types; of other kinds any text within the lengths. */
const TYPED: Record<string, RegExp> = {
  email_text_input: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  url_text_input: /^https?:\/\/\S+$/,
  datepicker: /^\d{4}-\d\d-\d\d$/,
  timepicker: /^([01]\d|2[0-3]):[0-5]\d$/,
};

function chosen(field: Field, picked: unknown): unknown {
  const option = v.is(Option, picked) && optionsOf(field).find(({ value }) => value === picked.value);
  if (!option) throw new Error(`${field.action_id} has no such option: ${JSON.stringify(picked)}.`);
  return option;
}

function choice(field: Field, value: unknown): unknown {
  if (!Array.isArray(value)) return chosen(field, value);
  const { max_selected_items: most } = field;
  if (most !== undefined && value.length > most) throw new Error(`${field.action_id} takes ${most} choices at most.`);
  return value.map((one) => chosen(field, one));
}

/** A filled value as Slack would keep it. Throws where nobody could have filled it in. */
function taken(field: Field, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return KEYS[field.type]?.none;
  if (MENUS.includes(field.type)) return choice(field, value);
  const fine = TYPED[field.type]?.test(String(value)) ?? true;
  if (!fine || (field.type === 'number_input' && !fitsBounds(String(value), field)))
    throw new Error(`${field.action_id} does not take ${JSON.stringify(value)}.`);
  const { min_length: min = 0, max_length: max = 3000 } = field;
  const fits = typeof value !== 'string' || (value.length >= min && value.length <= max);
  if (!fits) throw new Error(`${field.action_id} takes ${min} to ${max} characters.`);
  return value;
}

/**
 * Slack's `state.values` of a view that was filled in so. Throws where the view has no such field, or would not let it
 * be filled in so; and, where it is `sent`, where a required field is empty.
 */
export function stateValues(view: Arguments, values: Values, sent: boolean): Values {
  const fields = fieldsOf(view);
  const all: Values = {};
  for (const { block, required, field } of fields) {
    const { key, initial, none } = KEYS[field.type] ?? { key: 'value', initial: 'initial_value', none: null };
    const filled = v.parse(Filled, values[block]?.[field.action_id] ?? { [key]: field[initial] });
    const value = taken(field, filled[key]);
    const empty = value === none || (Array.isArray(value) && value.length === 0);
    if (sent && required && empty) throw new Error(`${block}/${field.action_id} must be filled in before it is sent.`);
    all[block] = { ...all[block], [field.action_id]: { type: field.type, [key]: value } };
  }
  for (const [block, filled] of Object.entries(values)) {
    for (const action of Object.keys(filled)) {
      if (all[block]?.[action] === undefined) throw new Error(`The dialog has no field ${block}/${action}.`);
    }
  }
  return all;
}
