/** The form in which somebody asks, and the list of what is open, as modal views. Pure; nothing in them is active but links of ours. */
import type {
  Checkboxes,
  InputBlock,
  KnownBlock,
  ModalView,
  NumberInput,
  PlainTextInput,
  StaticSelect,
} from '@slack/types';
import { Fault } from '../app/fault.ts';
import type { Choice, DialogContent, FormField, RequestForm } from '../app/ports.ts';
import { oneLine, visible } from '../request/plain-text.ts';
import { METADATA_MAX } from './dialog-parts.ts';
import { actionOf, blockOf, FORM_CALLBACK } from './form-parts.ts';
import { cut, plain, safeUrl } from './inert.ts';

const TITLE = 'Ask to debug';
/** Slack's limits (docs.slack.dev, Block Kit reference). */
const SECTION_MAX = 3000;
const LABEL_MAX = 2000;
const OPTION_MAX = 75;
const OPTIONS_MAX = 100;
const TEXT_MAX = 3000;
const BLOCKS_MAX = 100;
/** Ours: a hint is a line or two on a phone. */
const HINT_MAX = 300;
/** Ours: so much of each line of a list is shown. */
const LINE_MAX = 250;

/** Draws the form. Throws a Fault `slack` for what no view can hold. */
export function formView({ fields, notices }: RequestForm, metadata: string): ModalView {
  if (metadata.length > METADATA_MAX || fields.length + 1 > BLOCKS_MAX) {
    const what = `${fields.length} fields and ${metadata.length} characters beside them`;
    throw new Fault(
      'slack',
      `Slack: a form cannot hold ${what}.`,
      'Nothing was asked. Press "Run workflow" in GitHub, where everything can be filled in.',
    );
  }
  return {
    type: 'modal',
    callback_id: FORM_CALLBACK,
    private_metadata: metadata,
    title: plain(TITLE),
    submit: plain('Ask'),
    close: plain('Close'),
    blocks: [...said(notices.join('\n')), ...fields.map(field)],
  };
}

/** Draws the list: each line with a link of ours behind it. */
export function listView({ heading, lines, rest }: Extract<DialogContent, { kind: 'list' }>): ModalView {
  const items = lines.slice(0, BLOCKS_MAX).map(({ text, url }) => {
    const shown = { type: 'text' as const, text: `${line(text, LINE_MAX)} ` };
    const address = safeUrl(url);
    return {
      type: 'rich_text_section' as const,
      elements: address === null ? [shown] : [shown, { type: 'link' as const, url: address }],
    };
  });
  const list: KnownBlock[] =
    items.length === 0
      ? []
      : [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements: items }] }];
  const blocks = [...said(heading), ...list, ...said(rest)];
  return { type: 'modal', title: plain('Open requests'), close: plain('Close'), blocks };
}

function said(text: string): KnownBlock[] {
  const shown = visible(text).trim();
  return shown === '' ? [] : [{ type: 'section', text: plain(cut(shown, SECTION_MAX)) }];
}

function field(one: FormField): InputBlock {
  const hint = line(one.hint, HINT_MAX);
  return {
    type: 'input',
    block_id: blockOf(one.name),
    label: plain(line(one.label, LABEL_MAX)),
    ...(hint === '' ? {} : { hint: plain(hint) }),
    optional: one.optional,
    ...(one.kind === 'choice' && one.updates ? { dispatch_action: true } : {}),
    element: element(one),
  };
}

function element(one: FormField): StaticSelect | PlainTextInput | NumberInput | Checkboxes {
  const action_id = actionOf(one.of);
  switch (one.kind) {
    case 'choice': {
      const options = one.choices.slice(0, OPTIONS_MAX).map(option);
      const chosen = options.find(({ value }) => value === one.chosen);
      return { type: 'static_select', action_id, options, ...(chosen === undefined ? {} : { initial_option: chosen }) };
    }
    case 'text': {
      const max_length = Math.min(one.maxLength, TEXT_MAX);
      const text = one.text === '' ? {} : { initial_value: cut(one.text, max_length) };
      return { type: 'plain_text_input', action_id, multiline: one.lines === 'many', max_length, ...text };
    }
    case 'number':
      return {
        type: 'number_input',
        action_id,
        is_decimal_allowed: one.decimal,
        ...number('min_value', one.min),
        ...number('max_value', one.max),
        ...number('initial_value', one.value),
      };
    case 'tick': {
      const box = option({ label: one.words, value: 'true' });
      return { type: 'checkboxes', action_id, options: [box], ...(one.ticked ? { initial_options: [box] } : {}) };
    }
  }
}

function option({ label, value }: Choice): { text: ReturnType<typeof plain>; value: string } {
  return { text: plain(line(label, OPTION_MAX)), value };
}

/** Slack reads plain decimals alone. */
function number<Name extends string>(name: Name, value: number | null): Partial<Record<Name, string>> {
  if (value === null || String(value).includes('e')) return {};
  const held: Partial<Record<Name, string>> = {};
  held[name] = String(value);
  return held;
}

function line(text: string, max: number): string {
  return cut(oneLine(text), max);
}
