/** A dialog of Slack's, open for the member as whom one acts. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import type { SceneDialog } from '../scene.ts';
import { Block, Words } from './block-kit.tsx';
import { type BlockInput, type DialogView, type InputBlock, readView } from './blocks.ts';
import { DeedError } from './deed-error.tsx';
import { useDeed, usePage } from './page.ts';

/** Slack's `view.state.values`: by block, then by action. */
type Values = Record<string, Record<string, unknown>>;

export function Dialogs(): JSX.Element | null {
  const { scene, as } = usePage();
  const open = scene.dialogs.findLast(({ user }) => user === as.slack);
  const view = open === undefined ? null : readView(open.view);
  return open === undefined || view === null ? null : <Dialog key={open.viewId} dialog={open} view={view} />;
}

function Dialog({ dialog, view }: { dialog: SceneDialog; view: DialogView }): JSX.Element {
  const { as } = usePage();
  const box = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Values>({});
  const [missing, setMissing] = useState<string[]>([]);
  const { busy, why, fields, send } = useDeed();
  useEffect(() => box.current?.showModal(), []);
  const dismiss = (event: Event): void => {
    event.preventDefault();
    void send({ do: 'dismiss', as: as.key, viewId: dialog.viewId });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const left = view.blocks.flatMap((block) => (isLeftOut(block, values) ? [block.block_id] : []));
    setMissing(left);
    if (left.length > 0) return;
    void send({ do: 'submit', as: as.key, viewId: dialog.viewId, values });
  };
  return (
    <dialog ref={box} class="dialog" aria-labelledby="dialog-title" onCancel={dismiss}>
      <form onSubmit={submit}>
        <h2 id="dialog-title">
          <Words text={view.title} />
        </h2>
        {view.blocks.map((block, index) =>
          block.type === 'input' ? (
            <InputOf
              key={block.block_id}
              block={block}
              wrong={missing.includes(block.block_id) ? REQUIRED : (fields[block.block_id] ?? null)}
              onValue={(value) =>
                setValues((all) => ({ ...all, [block.block_id]: { [block.element.action_id]: value } }))
              }
            />
          ) : (
            <Block key={index} block={block} busy={busy} onPress={() => {}} />
          ),
        )}
        <DeedError why={Object.keys(fields).length === 0 ? why : null} />
        <div class="dialog-end">
          <button type="button" class="button button-plain" onClick={dismiss}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit !== undefined && (
            <button type="submit" class="button button-primary" aria-disabled={busy}>
              {view.submit.text}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

/** Slack's own words. */
const REQUIRED = 'Please complete this required field.';

const Ticked = v.object({ selected_options: v.pipe(v.array(v.unknown()), v.minLength(1)) });

/** A required list of which nothing is ticked: of every other field the browser itself says so. */
function isLeftOut(block: DialogView['blocks'][number], values: Values): block is InputBlock {
  if (block.type !== 'input' || block.optional || block.element.type !== 'checkboxes') return false;
  return !v.is(Ticked, values[block.block_id]?.[block.element.action_id]);
}

interface InputProps {
  block: InputBlock;
  /** What the app finds wrong with it. */
  wrong: string | null;
  onValue(value: unknown): void;
}

function InputOf({ block, wrong, onValue }: InputProps): JSX.Element {
  const id = `input-${block.block_id}`;
  const { element } = block;
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
  if (element.type === 'checkboxes') {
    return (
      <fieldset class="field">
        <legend>{label}</legend>
        <Checkboxes element={element} onValue={onValue} />
        {rest}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {element.type === 'plain_text_input' && (
        <TextInput id={id} element={element} required={!block.optional} onValue={onValue} />
      )}
      {element.type === 'static_select' && (
        <select id={id} onChange={({ currentTarget }) => onValue(chosen(element, currentTarget.value))}>
          <option value="">Choose …</option>
          {element.options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text.text}
            </option>
          ))}
        </select>
      )}
      {rest}
    </div>
  );
}

function chosen({ type, options }: Extract<BlockInput, { type: 'static_select' }>, value: string): unknown {
  return { type, selected_option: options.find((option) => option.value === value) ?? null };
}

interface TextInputProps {
  id: string;
  element: Extract<BlockInput, { type: 'plain_text_input' }>;
  required: boolean;
  onValue(value: unknown): void;
}

function TextInput({ id, element, required, onValue }: TextInputProps): JSX.Element {
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }): void =>
    onValue({ type: element.type, value: currentTarget.value });
  const shared = { id, required, defaultValue: element.initial_value, maxLength: element.max_length ?? -1, onInput };
  return element.multiline ? <textarea rows={3} {...shared} /> : <input type="text" {...shared} />;
}

interface CheckboxesProps {
  element: Extract<BlockInput, { type: 'checkboxes' }>;
  onValue(value: unknown): void;
}

function Checkboxes({ element, onValue }: CheckboxesProps): JSX.Element {
  const [ticked, setTicked] = useState<string[]>([]);
  const tick = (value: string, on: boolean): void => {
    const now = on ? [...ticked, value] : ticked.filter((other) => other !== value);
    setTicked(now);
    onValue({ type: element.type, selected_options: element.options.filter((option) => now.includes(option.value)) });
  };
  return (
    <div class="checkboxes">
      {element.options.map(({ value, text }) => (
        <label key={value}>
          <input type="checkbox" onChange={({ currentTarget }) => tick(value, currentTarget.checked)} />
          <span>{text.text}</span>
        </label>
      ))}
    </div>
  );
}
