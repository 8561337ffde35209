/** A field of a dialog of Slack's: its label, what is typed or chosen in it, and what is wrong with it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Words } from './block-kit.tsx';
import type { BlockInput, BlockOption, InputBlock } from './blocks.ts';
import { DeedError } from './deed-error.tsx';

interface InputProps {
  block: InputBlock;
  /** What the app finds wrong with it. */
  wrong: string | null;
  onValue(value: unknown): void;
}

/** One input block. `onValue` is told what stands in it, as in Slack's `state.values`. */
export function InputOf({ block, wrong, onValue }: InputProps): JSX.Element {
  const id = `input-${block.block_id}`;
  const label = (
    <>
      <Words text={block.label} />
      {block.optional ? <span class="field-note"> (optional)</span> : <span class="required"> *</span>}
    </>
  );
  const rest = (
    <>
      {block.hint !== undefined && (
        <p class="field-hint">
          <Words text={block.hint} />
        </p>
      )}
      <DeedError why={wrong} />
    </>
  );
  const { element } = block;
  if (element.type === 'checkboxes' || element.type === 'radio_buttons') {
    return (
      <fieldset class="field">
        <legend>{label}</legend>
        {element.type === 'checkboxes' ? (
          <Checkboxes element={element} onValue={onValue} />
        ) : (
          <RadioButtons element={element} name={id} required={!block.optional} onValue={onValue} />
        )}
        {rest}
      </fieldset>
    );
  }
  const props = { id, required: !block.optional, onValue };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {element.type === 'static_select' ? (
        <Select element={element} {...props} />
      ) : (
        <Typed element={element} {...props} />
      )}
      {rest}
    </div>
  );
}

interface FieldProps<T extends BlockInput['type']> {
  element: Extract<BlockInput, { type: T }>;
  required: boolean;
  onValue(value: unknown): void;
}

type TypedInput = 'plain_text_input' | 'number_input' | 'email_text_input' | 'url_text_input';

function Typed({ element, id, required, onValue }: FieldProps<TypedInput> & { id: string }): JSX.Element {
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }): void =>
    onValue({ type: element.type, value: currentTarget.value });
  const shared = { id, required, defaultValue: element.initial_value, onInput };
  if (element.type === 'plain_text_input') {
    const lengths = { minLength: element.min_length ?? -1, maxLength: element.max_length ?? -1 };
    if (element.multiline) return <textarea rows={3} {...shared} {...lengths} />;
    return <input type="text" {...shared} {...lengths} />;
  }
  if (element.type === 'email_text_input') return <input type="email" {...shared} />;
  if (element.type === 'url_text_input') return <input type="url" {...shared} />;
  const { min_value: min, max_value: max, is_decimal_allowed: decimals } = element;
  return <input type="number" step={decimals ? 'any' : 1} min={min} max={max} {...shared} />;
}

function Select({ element, id, required, onValue }: FieldProps<'static_select'> & { id: string }): JSX.Element {
  const { type, options, option_groups: groups, initial_option: initial } = element;
  const all = [...options, ...groups.flatMap((group) => group.options)];
  const choose = (value: string): void =>
    onValue({ type, selected_option: all.find((option) => option.value === value) ?? null });
  return (
    <select id={id} required={required} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      <option value="">Choose …</option>
      <Options options={options} initial={initial} />
      {groups.map(({ label, options: own }) => (
        <optgroup key={label.text} label={label.text}>
          <Options options={own} initial={initial} />
        </optgroup>
      ))}
    </select>
  );
}

function Options({ options, initial }: { options: BlockOption[]; initial: BlockOption | undefined }): JSX.Element {
  return (
    <>
      {options.map(({ value, text }) => (
        <option key={value} value={value} selected={value === initial?.value}>
          {text.text}
        </option>
      ))}
    </>
  );
}

function RadioButtons({
  element,
  name,
  required,
  onValue,
}: FieldProps<'radio_buttons'> & { name: string }): JSX.Element {
  const { type, options, initial_option: initial } = element;
  return (
    <div class="checkboxes">
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            required={required}
            defaultChecked={option.value === initial?.value}
            onChange={() => onValue({ type, selected_option: option })}
          />
          <span>{option.text.text}</span>
        </label>
      ))}
    </div>
  );
}

function Checkboxes({ element, onValue }: Omit<FieldProps<'checkboxes'>, 'required'>): JSX.Element {
  const [ticked, setTicked] = useState(element.initial_options.map(({ value }) => value));
  const tick = (value: string, on: boolean): void => {
    const now = on ? [...ticked, value] : ticked.filter((other) => other !== value);
    setTicked(now);
    onValue({ type: element.type, selected_options: element.options.filter((option) => now.includes(option.value)) });
  };
  return (
    <div class="checkboxes">
      {element.options.map(({ value, text }) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={ticked.includes(value)}
            onChange={({ currentTarget }) => tick(value, currentTarget.checked)}
          />
          <span>{text.text}</span>
        </label>
      ))}
    </div>
  );
}
