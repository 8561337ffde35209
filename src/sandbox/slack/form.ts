/** A form as a person fills it in: fields by what stands above them, choices by their words. */
import * as v from 'valibot';
import type { Arguments } from './answer.ts';
import { optionsOf } from './blocks/bounds.ts';
import { KEYS, type Values } from './fields.ts';

/** By a field's label or its block's id: what is typed or chosen; a list where several may be. */
export type Answers = Record<string, string | readonly string[]>;

const Input = v.looseObject({
  type: v.literal('input'),
  block_id: v.string(),
  label: v.looseObject({ text: v.string() }),
  element: v.looseObject({ type: v.string(), action_id: v.string() }),
});
type Input = v.InferOutput<typeof Input>;
const View = v.looseObject({ blocks: v.array(v.unknown()) });

const inputsOf = (view: Arguments): Input[] => v.parse(View, view).blocks.filter((block) => v.is(Input, block));

/** Where a field of a view is. Throws where there is none of that label or id. */
export function fieldOf(view: Arguments, name: string): { blockId: string; actionId: string } {
  const { block_id: blockId, element } = inputOf(view, name);
  return { blockId, actionId: element.action_id };
}

function inputOf(view: Arguments, name: string): Input {
  const inputs = inputsOf(view);
  const found = inputs.find(({ block_id, label }) => block_id === name || label.text === name);
  if (found !== undefined) return found;
  throw new Error(`The form has no field ${name}, but ${inputs.map(({ label }) => label.text).join(', ')}.`);
}

/** Slack's values of a view in which these answers stand. Throws for a field or an option that there is not. */
export function valuesOf(view: Arguments, answers: Answers): Values {
  const filled = Object.entries(answers).map(([name, answer]): [string, Record<string, unknown>] => {
    const { block_id, element } = inputOf(view, name);
    const { key } = KEYS[element.type] ?? { key: 'value' };
    return [block_id, { [element.action_id]: { type: element.type, [key]: stored(element, key, answer) } }];
  });
  return Object.fromEntries(filled);
}

function stored(element: Input['element'], key: string, answer: string | readonly string[]): unknown {
  if (key === 'selected_options') return [answer].flat().map((one) => optionBy(element, one));
  return key === 'selected_option' ? optionBy(element, [answer].flat()[0] ?? '') : answer;
}

function optionBy(element: Input['element'], words: string): unknown {
  const options = optionsOf(element);
  const found = options.find(({ value, text }) => text.text === words || value === words);
  if (found === undefined)
    throw new Error(`There is no option ${words}, but ${options.map(({ text }) => text.text).join(', ')}.`);
  return found;
}
