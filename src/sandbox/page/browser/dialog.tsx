/** A dialog of Slack's, open for the member as whom one acts. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import type { SceneDialog } from '../scene.ts';
import { Block, Words } from './block-kit.tsx';
import { type DialogView, type InputBlock, readView } from './blocks.ts';
import { DeedError } from './deed-error.tsx';
import { InputOf } from './dialog-field.tsx';
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
  const fill = (block: InputBlock, value: unknown): void => {
    const { action_id: actionId, type } = block.element;
    const filled = { ...values, [block.block_id]: { [actionId]: value } };
    setValues(filled);
    // Words are told once they are sent, as Slack does unless an app asks for more.
    if (block.dispatch_action && CHOSEN.includes(type))
      void send({ do: 'choose', as: as.key, viewId: dialog.viewId, blockId: block.block_id, actionId, values: filled });
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
              onValue={(value) => fill(block, value)}
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

/** Fields that an app hears of as soon as somebody chooses, where it wants to. */
const CHOSEN = ['static_select', 'radio_buttons', 'checkboxes'];

/** Slack's own words. */
const REQUIRED = 'Please complete this required field.';

const Ticked = v.object({ selected_options: v.pipe(v.array(v.unknown()), v.minLength(1)) });

/** A required list of which nothing is ticked: of every other field the browser itself says so. */
function isLeftOut(block: DialogView['blocks'][number], values: Values): block is InputBlock {
  if (block.type !== 'input' || block.optional || block.element.type !== 'checkboxes') return false;
  const value = values[block.block_id]?.[block.element.action_id];
  return value === undefined ? block.element.initial_options.length === 0 : !v.is(Ticked, value);
}
