/** What people do with `/debug` and its form in a world in memory. */
import type { DialogContent, FormChoice, RequestForm, SlackAck } from '../../../src/app/ports.ts';
import { readAskInputs } from '../../../src/entry/ask-inputs.ts';
import { slackAccount } from '../slack-people.ts';
import type { Dispatched, GatewayWorld } from './gateway-world.ts';

type Values = Record<string, string | boolean>;
/** A form as it stands before somebody. */
export interface Shown {
  view: string;
  content: DialogContent;
}

/** `/debug` with this text; what is shown once it is filled, or what was told instead. */
export async function debug(
  w: GatewayWorld,
  person: string,
  text = '',
  change: { channel?: string; trigger?: string | null } = {},
): Promise<Shown | SlackAck | null> {
  const before = w.slack.dialogs.length;
  const trigger = `at:${w.clock.now()}.${before}`;
  const evidence = { command: '/debug', trigger: String(before) };
  const ack = await w.slack.hear({
    ...{ kind: 'debug', text, channel: 'C0ELSE', trigger, slack: slackAccount(person), evidence },
    ...change,
  });
  return w.slack.dialogs.length === before ? ack : filled(w, before);
}

/** The form that this person gets. */
export async function formFor(w: GatewayWorld, person: string, text = ''): Promise<Shown> {
  const shown = await debug(w, person, text);
  if (shown === null || !('view' in shown)) throw new Error(`There is no form: ${JSON.stringify(shown)}`);
  return shown;
}

async function filled(w: GatewayWorld, index: number, not: DialogContent | null = null): Promise<Shown> {
  for (;;) {
    const dialog = w.slack.dialogs[index];
    if (dialog?.content != null && dialog.content !== not) return { view: dialog.view, content: dialog.content };
    await w.clock.sleep(10);
  }
}

function formIn({ content }: Shown): { form: RequestForm; metadata: string } {
  if (content.kind !== 'form') throw new Error(`This is no form: ${JSON.stringify(content)}`);
  return content;
}

export const fieldsOf = (shown: Shown): string[] => formIn(shown).form.fields.map(({ name }) => name);

export const fieldOf = (shown: Shown, name: string): RequestForm['fields'][number] | undefined =>
  formIn(shown).form.fields.find((field) => field.name === name);

/** What stands in the form where the person fills in these values, and leaves the others as they are. */
export function filling(shown: Shown, values: Values): FormChoice['filled'] {
  const { form } = formIn(shown);
  return new Map(
    form.fields.flatMap((field): [string, string | boolean][] => {
      const value = values[field.name] ?? usual(field);
      return value === null || value === '' ? [] : [[field.name, value]];
    }),
  );
}

function usual(field: RequestForm['fields'][number]): string | boolean | null {
  if (field.kind === 'choice') return field.chosen;
  if (field.kind === 'tick') return field.ticked;
  if (field.kind === 'number') return field.value === null ? null : String(field.value);
  return field.text;
}

/** Chooses something on which more fields hang; the form anew. */
export async function choose(w: GatewayWorld, person: string, shown: Shown, values: Values): Promise<Shown> {
  const { metadata } = formIn(shown);
  const who = { slack: slackAccount(person), evidence: { view: shown.view } };
  await w.slack.hear({ kind: 'form-choice', view: shown.view, metadata, filled: filling(shown, values), ...who });
  const index = w.slack.dialogs.findIndex(({ view }) => view === shown.view);
  return filled(w, index, shown.content);
}

/** Sends the form off; null: it is closed. Else what is wrong, by field. */
export async function send(
  w: GatewayWorld,
  person: string,
  shown: Shown,
  values: Values,
): Promise<Record<string, string> | null> {
  const { metadata } = formIn(shown);
  const who = { slack: slackAccount(person), evidence: { view: shown.view } };
  const ack = await w.slack.hear({ kind: 'form', metadata, filled: filling(shown, values), ...who });
  return ack?.kind === 'mistakes' ? Object.fromEntries(ack.at) : null;
}

/** What the ask step of the run that was begun is given, as its workflow hands it over. */
export function asGiven({ inputs }: Dispatched): ReturnType<typeof readAskInputs> {
  const beside: Record<string, string> = { wait: 'gateway', policy: '.github/debug-approval.yml', timeout: '1h' };
  return readAskInputs((name) => (inputs[name] ?? beside[name] ?? '').trim());
}
