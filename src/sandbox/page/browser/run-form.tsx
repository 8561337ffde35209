/** "Run workflow" as GitHub draws it from debug.yml, filled in so that one press begins the story. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SceneField } from '../scene.ts';
import { DeedError } from './deed-error.tsx';
import { Icon } from './icons.tsx';
import { useDeed, usePage } from './page.ts';

/** What a newcomer would otherwise have to make up. */
const STORY: Record<string, string> = {
  runbook: 'hello',
  target: 'production',
  reason: 'Orders are slow since 14:00; look at the service.',
  ticket: 'OPS-42',
};

/** The inputs that the example's runbooks take, so that each can be tried at once. */
const EXAMPLES: Record<string, string> = {
  'service-status': '{"service":"api","lines":20}',
  'find-order': '{"order":"AB-1234"}',
};

/** The form's id: a button elsewhere may submit it. */
export const RUN_FORM = 'run-form';

export function RunForm(): JSX.Element {
  const { scene, as, show } = usePage();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const { busy, why, send } = useDeed();
  const [opened, setOpened] = useState<boolean | null>(null);
  // Until somebody opens or closes it: open as long as nothing was asked.
  const open = opened ?? scene.runs.length === 0;
  const values = Object.fromEntries(scene.form.map((field) => [field.name, chosen[field.name] ?? prefilled(field)]));
  const set = (name: string, value: string): void => {
    const inputs = name === 'runbook' ? { inputs: EXAMPLES[value] ?? '{}' } : {};
    setChosen({ ...chosen, ...inputs, [name]: value });
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(await send({ do: 'run', as: as.key, inputs: values }))) return;
    setOpened(null);
    show('slack');
  };
  return (
    <section
      class="pane pane-run"
      id="run"
      tabIndex={-1}
      aria-labelledby="run-title"
      // Whoever is led here, or comes by the tab bar, wants to fill it in.
      onFocus={() => setOpened(true)}
    >
      <Welcome />
      <details
        class="run"
        open={open}
        onToggle={({ currentTarget }) =>
          setOpened(currentTarget.open === (scene.runs.length === 0) ? null : currentTarget.open)
        }
      >
        <summary class="run-title">
          {scene.runs.length === 0 && <span class="empty-step">1</span>}
          <h2 id="run-title">Run workflow</h2>
          <span class="run-file">debug.yml</span>
        </summary>
        <form id={RUN_FORM} onSubmit={submit}>
          <p class="run-branch">
            Use workflow from <span class="chip">Branch: main</span>
          </p>
          {scene.form.map((field) => (
            <Field
              key={field.name}
              field={field}
              value={values[field.name] ?? ''}
              onInput={(value) => set(field.name, value)}
            />
          ))}
          <div class="run-submit">
            <button type="submit" class="button button-primary button-big" aria-disabled={busy}>
              <Icon name="play" /> Run workflow as {as.name}
            </button>
            <DeedError why={why} />
          </div>
        </form>
      </details>
    </section>
  );
}

/** The control itself says the same to a screen reader. */
function Required(): JSX.Element {
  return (
    <span class="required" aria-hidden="true">
      {' '}
      *
    </span>
  );
}

function Welcome(): JSX.Element | null {
  const { scene } = usePage();
  if (scene.runs.length > 0) return null;
  return (
    <div class="welcome">
      <p class="welcome-line">Look into production, with a colleague’s yes.</p>
      <p>
        You ask on GitHub, somebody else approves in Slack, exactly that runs, and an issue keeps the signed record.
        Here all of it is on your machine and nothing is real: try everything.
      </p>
    </div>
  );
}

function prefilled({ name, default: standard, type, options }: SceneField): string {
  const story = STORY[name];
  if (type === 'choice') return story !== undefined && options.includes(story) ? story : standard || (options[0] ?? '');
  return story ?? standard;
}

/** Short answers stand side by side, sentences over the whole width. */
function isWide({ type, required, description }: SceneField): boolean {
  return type === 'string' && (required || description.length > 24);
}

interface FieldProps {
  field: SceneField;
  value: string;
  onInput(value: string): void;
}

function Field({ field, value, onInput }: FieldProps): JSX.Element {
  const id = `field-${field.name}`;
  const [, name = field.description, note] = /^(.*?)(?: \((.*)\))?$/.exec(field.description) ?? [];
  if (field.type === 'boolean') {
    return (
      <div class="field field-boolean">
        <input
          id={id}
          type="checkbox"
          checked={value === 'true'}
          onChange={({ currentTarget }) => onInput(String(currentTarget.checked))}
        />
        <label for={id}>{field.description}</label>
      </div>
    );
  }
  return (
    <div class={isWide(field) ? 'field field-wide' : 'field'}>
      <label for={id}>
        {name}
        {note !== undefined && <span class="field-note"> ({note})</span>}
        {field.required && <Required />}
      </label>
      <Control id={id} field={field} value={value} onInput={onInput} />
    </div>
  );
}

function Control({ id, field, value, onInput }: FieldProps & { id: string }): JSX.Element {
  if (field.type === 'choice') {
    return (
      <select
        id={id}
        value={value}
        required={field.required}
        onChange={({ currentTarget }) => onInput(currentTarget.value)}
      >
        {field.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  }
  const shared = {
    id,
    value,
    required: field.required,
    autocomplete: 'off',
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onInput(currentTarget.value),
  } as const;
  return field.type === 'number' ? <input type="number" {...shared} /> : <input type="text" {...shared} />;
}
