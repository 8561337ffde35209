/** What Slack checks between the fields of one interactive element: first choices, and bounds of what may be typed. */
import * as v from 'valibot';

const Words = v.looseObject({ type: v.string(), text: v.string() });
const Option = v.looseObject({ value: v.string(), text: Words, description: v.optional(Words) });
type Option = v.InferOutput<typeof Option>;

const Menu = v.looseObject({
  options: v.optional(v.array(Option), []),
  option_groups: v.optional(v.array(v.looseObject({ options: v.array(Option) })), []),
  initial_option: v.optional(Option),
  initial_options: v.optional(v.array(Option), []),
});

/** Every option that an element offers, those of its groups too. */
export function optionsOf(element: unknown): Option[] {
  const { options, option_groups: groups } = v.parse(Menu, element);
  return [...options, ...groups.flatMap((group) => group.options)];
}

const letters = ({ value, text, description }: Option): string =>
  JSON.stringify([value, text.type, text.text, description?.text]);

/** What is chosen at first must be one of the options, to the letter. */
export function choosesKnown(element: unknown): boolean {
  const { initial_option: one, initial_options: several } = v.parse(Menu, element);
  const known = optionsOf(element).map(letters);
  return [...several, ...(one === undefined ? [] : [one])].every((option) => known.includes(letters(option)));
}
export const UNKNOWN_CHOICE = 'the initial option must exactly match one of the options';

interface Lengths {
  initial_value?: string | undefined;
  min_length?: number | undefined;
  max_length?: number | undefined;
}

/** Slack's own limit of what may be typed, in characters. */
const TYPED_MOST = 3000;

export function fitsLengths({
  initial_value: text,
  min_length: min = 0,
  max_length: max = TYPED_MOST,
}: Lengths): boolean {
  return min <= max && (text === undefined || text.length <= max);
}
export const LENGTHS = '`min_length`, `max_length` and `initial_value` must fit each other';

interface Bounds {
  is_decimal_allowed?: boolean | undefined;
  min_value?: string | undefined;
  max_value?: string | undefined;
}

/** A number as Slack's number field takes it: digits, a sign, and a fraction only where it is allowed. */
export const isNumber = (text: string, decimals: boolean): boolean =>
  (decimals ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(text);

/** Whether the number is one, and within the bounds. */
export function fitsBounds(
  text: string,
  { is_decimal_allowed: decimals = false, min_value: min, max_value: max }: Bounds,
): boolean {
  if (!isNumber(text, decimals)) return false;
  return (min === undefined || Number(text) >= Number(min)) && (max === undefined || Number(text) <= Number(max));
}

export function soundBounds(field: Bounds & { initial_value?: string | undefined }): boolean {
  const { min_value: min, max_value: max, initial_value: first, is_decimal_allowed: decimals = false } = field;
  const numbers = [min, max].every((text) => text === undefined || isNumber(text, decimals));
  const ordered = min === undefined || max === undefined || Number(min) <= Number(max);
  return numbers && ordered && (first === undefined || fitsBounds(first, field));
}
export const BOUNDS = '`min_value`, `max_value` and `initial_value` must be numbers that fit each other';

const Focused = v.looseObject({ focus_on_load: v.literal(true) });

/** How many elements of a view want the focus; Slack lets one. */
export function focused(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + focused(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const own = v.is(Focused, value) ? 1 : 0;
  return Object.values(value).reduce((sum: number, inner) => sum + focused(inner), own);
}
