/** What the sandbox's people do in Slack: press a card's buttons, fill in its dialog, answer in its thread, use a slash command. */
import * as v from 'valibot';
import { CANCEL, CHECKLIST_BLOCK, COMMENT_BLOCK, DIALOG_CALLBACK, FIELD_ACTION } from '../slack/dialog-parts.ts';
import { APPROVE_ACTION, APPROVE_DIALOG_ACTION, DENY_ACTION } from '../slack/press.ts';
import type { SlackDialog } from './slack/dialog.ts';
import { type Answers, fieldOf, valuesOf } from './slack/form.ts';
import type { Delivery } from './slack/socket.ts';
import { CHANNEL, PEOPLE, type PersonKey, type Town } from './town.ts';

/** What a card's buttons are called here: `approve-dialog` is the Approve that opens a dialog first. */
export type CardButton = 'approve' | 'approve-dialog' | 'deny';

const ACTIONS: Record<CardButton, string> = {
  approve: APPROVE_ACTION,
  'approve-dialog': APPROVE_DIALOG_ACTION,
  deny: DENY_ACTION,
};

/** The buttons that these blocks offer. */
export function buttonsIn(blocks: unknown): CardButton[] {
  const text = JSON.stringify(blocks ?? []);
  const stands = (button: CardButton): boolean => text.includes(`"action_id":"${ACTIONS[button]}"`);
  return (['approve', 'approve-dialog', 'deny'] as const).filter(stands);
}

/** How a sent dialog was answered: `kept` is what Slack shows at its fields, or that it had trouble; null: it closed. */
export type Sent = Delivery & { kept: string | null };

export interface Filling {
  comment?: string;
  /** Which items of the checklist are ticked; all of them unless given. */
  tick?: (item: string) => boolean;
}

export interface Member {
  /** Presses a button on a card. Throws where it does not stand there. */
  press(ts: string, button: CardButton): Promise<Delivery>;
  /** Their dialog once it is filled; null where none is within `seconds`. */
  dialog(seconds?: number): Promise<SlackDialog | null>;
  /** Fills in their dialog and sends it. */
  fillIn(dialog: SlackDialog, filling?: Filling): Promise<Sent>;
  /** Presses the Approve that opens a dialog, fills that in and sends it. Throws where no dialog comes that can be sent. */
  approveInDialog(ts: string, filling?: Filling): Promise<Sent>;
  /** Fills in a form and sends it: its fields by their labels, choices by their words. */
  sendForm(dialog: SlackDialog, answers: Answers): Promise<Sent>;
  /** Chooses in a form of whose choice the app hears at once; gives what then stands there. */
  choose(dialog: SlackDialog, field: string, answers: Answers): Promise<SlackDialog>;
  /** Answers in a message's thread. Resolves once the app has taken it, or Slack gave up. */
  reply(ts: string, text: string): Promise<Delivery | null>;
  /** Uses a slash command in the channel, such as `/approve-debug 12`. */
  slash(line: string): Promise<Delivery>;
}

const LOOK_MS = 20;

/** Acts as one person in the channel; `slack` is the member's id. */
export function slackAs({ slack }: Pick<Town, 'slack'>, who: PersonKey | { slack: string; name: string }): Member {
  const { slack: member, name } = typeof who === 'string' ? PEOPLE[who] : who;
  const own = (): SlackDialog | undefined => slack.dialogs().findLast(({ user }) => user === member);
  const as: Member = {
    press: (ts, button) => slack.press({ member, channel: CHANNEL, ts, actionId: ACTIONS[button] }),
    async dialog(seconds = 10) {
      const end = performance.now() + seconds * 1000;
      while (performance.now() < end) {
        const open = own();
        if (open !== undefined && !isLoading(open)) return open;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      return null;
    },
    async fillIn(dialog, filling = {}) {
      const { viewId } = dialog;
      const sent = await slack.submit({ member, viewId, values: valuesFor(dialog, filling) });
      return { ...sent, kept: sent.trouble ?? errorsIn(sent.answer) };
    },
    async sendForm({ viewId, view }, answers) {
      const sent = await slack.submit({ member, viewId, values: valuesOf(view, answers) });
      return { ...sent, kept: sent.trouble ?? errorsIn(sent.answer) };
    },
    async choose({ viewId, view }, field, answers) {
      await slack.pressInDialog({ member, viewId, ...fieldOf(view, field), values: valuesOf(view, answers) });
      const standing = own();
      if (standing === undefined) throw new Error(`After ${field} was chosen no form stands open for ${name}.`);
      return standing;
    },
    async approveInDialog(ts, filling) {
      await as.press(ts, 'approve-dialog');
      const dialog = await as.dialog();
      if (dialog === null) throw new Error(`No dialog was filled for ${name}.`);
      if (!canBeSent(dialog)) throw new Error(`The dialog says: ${wordsIn(dialog)}`);
      return as.fillIn(dialog, filling);
    },
    async reply(ts, text) {
      const said = await slack.say({ member, channel: CHANNEL, text, threadTs: ts });
      return said.delivery;
    },
    slash(line) {
      const [command = '', ...rest] = line.split(' ');
      return slack.slash({ member, channel: CHANNEL, command, text: rest.join(' ') });
    },
  };
  return as;
}

const Option = v.looseObject({ text: v.looseObject({ text: v.string() }), value: v.string() });
const View = v.looseObject({
  title: v.looseObject({ text: v.string() }),
  callback_id: v.optional(v.string()),
  close: v.optional(v.looseObject({ text: v.string() })),
  blocks: v.array(
    v.looseObject({
      block_id: v.optional(v.string()),
      text: v.optional(v.looseObject({ text: v.string() })),
      element: v.optional(v.looseObject({ options: v.optional(v.array(Option)) })),
    }),
  ),
});

/** Whether the dialog asks for an approval. */
export const canBeSent = ({ view }: SlackDialog): boolean => v.parse(View, view).callback_id === DIALOG_CALLBACK;

/** While the log is read the dialog can only be closed. */
const isLoading = (dialog: SlackDialog): boolean =>
  !canBeSent(dialog) && v.parse(View, dialog.view).close?.text === CANCEL;

/** What a dialog says that only says something. */
export const wordsIn = ({ view }: SlackDialog): string =>
  v
    .parse(View, view)
    .blocks.flatMap(({ text }) => text?.text ?? [])
    .join(' ');

/** The items of the dialog's checklist. */
export function checklistIn({ view }: SlackDialog): v.InferOutput<typeof Option>[] {
  const block = v.parse(View, view).blocks.find(({ block_id }) => block_id === CHECKLIST_BLOCK);
  return block?.element?.options ?? [];
}

function valuesFor(dialog: SlackDialog, { comment = '', tick = () => true }: Filling) {
  const items = checklistIn(dialog);
  const ticked = items.filter(({ text }) => tick(text.text)).map(({ value }) => ({ value }));
  return {
    [COMMENT_BLOCK]: { [FIELD_ACTION]: { type: 'plain_text_input', value: comment } },
    ...(items.length === 0
      ? {}
      : { [CHECKLIST_BLOCK]: { [FIELD_ACTION]: { type: 'checkboxes', selected_options: ticked } } }),
  };
}

const Errors = v.looseObject({ response_action: v.literal('errors'), errors: v.record(v.string(), v.string()) });

/** What the app finds wrong with a dialog, as Slack shows it beside the fields; null: nothing. */
function errorsIn(answer: unknown): string | null {
  return v.is(Errors, answer) ? Object.values(answer.errors).join(' ') : null;
}
