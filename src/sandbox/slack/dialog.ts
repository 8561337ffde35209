/** A member's dialog (modal view): which stand open, and the payloads by which Slack tells what is done in one. */
import * as v from 'valibot';
import type { Arguments } from './answer.ts';
import { inputBlocks, stateValues, type Values } from './fields.ts';
import { replaceView } from './methods/views.ts';
import { givenBack } from './normal.ts';
import { person } from './press.ts';
import { domainOf, newTs, type Slack } from './slack.ts';
import type { Delivery } from './socket.ts';

export interface SlackDialog {
  /** The member who has it open. */
  user: string;
  viewId: string;
  /** As the member sees it, with the ids and defaults that Slack filled in, without what is empty. */
  view: Arguments;
}

export interface DialogDeed {
  member: string;
  viewId: string;
}

export interface DialogSubmission extends DialogDeed {
  /** By block and action, each as in Slack's `state.values`; of an option its `value` is enough. */
  values: Values;
  /** Sends the values as they are, as nobody could in Slack. */
  forged?: boolean;
  /** Fields of the payload to replace, as nobody could in Slack. */
  overrides?: Arguments;
}

export interface DialogPress extends DialogDeed {
  /** In which block, where several have something of that name. */
  blockId?: string;
  actionId: string;
  /** What is filled in by then. */
  values?: Values;
  /** Fields of the action to replace, e.g. `selected_options`; those of the element and what is filled in unless given. */
  action?: Arguments;
}

/** What Slack says where an app gave no answer, or none that it understands. */
const TROUBLE = 'We had some trouble connecting. Try again?';

/** The dialogs that stand open, oldest first. */
export function dialogsOf(slack: Slack): SlackDialog[] {
  return [...slack.views].map(([viewId, view]) => ({
    user: slack.viewers.get(viewId) ?? '',
    viewId,
    view: Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null && value !== '')),
  }));
}

function standing(slack: Slack, { member, viewId }: DialogDeed): Arguments {
  const view = slack.views.get(viewId);
  if (view === undefined || slack.viewers.get(viewId) !== member)
    throw new Error(`${member} has no dialog ${viewId} open.`);
  return view;
}

function common(slack: Slack, member: string): Arguments {
  const { team, bot } = slack.options;
  return {
    team: { id: team.id, domain: domainOf(slack.options) },
    user: person(slack, member),
    api_app_id: bot.appId,
    token: 'verification-token',
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Slack's `view_submission`. Throws where this member has no such dialog open, or could not send it so. */
export function submissionPayload(
  slack: Slack,
  { values, forged = false, overrides = {}, ...deed }: DialogSubmission,
): Arguments {
  const shown = standing(slack, deed);
  const view = { ...shown, state: { values: forged ? values : stateValues(shown, values, true) } };
  const trigger_id = slack.triggers.trigger(deed.member);
  return {
    type: 'view_submission',
    ...common(slack, deed.member),
    trigger_id,
    view: givenBack(view),
    response_urls: [],
    ...overrides,
  };
}

const Blocks = v.array(
  v.looseObject({
    block_id: v.string(),
    element: v.optional(v.unknown()),
    elements: v.optional(v.array(v.unknown()), []),
    accessory: v.optional(v.unknown()),
  }),
);
const Element = v.looseObject({ type: v.string(), action_id: v.string() });

const Named = v.looseObject({
  type: v.string(),
  text: v.optional(v.unknown()),
  value: v.optional(v.unknown()),
});

function actionOf(
  view: Arguments,
  { actionId, blockId }: Pick<DialogPress, 'actionId' | 'blockId'>,
): Arguments & { block_id: string } {
  for (const { block_id, element, elements, accessory } of v.parse(Blocks, view['blocks'])) {
    const found = [element, ...elements, accessory].find((part) => v.is(Element, part) && part.action_id === actionId);
    if (found === undefined || (blockId !== undefined && blockId !== block_id)) continue;
    const { type, text, value } = v.parse(Named, found);
    const named = { ...(text === undefined ? {} : { text }), ...(value === undefined ? {} : { value }) };
    return { type, action_id: actionId, block_id, ...named };
  }
  throw new Error(`Nothing called ${actionId} stands in the dialog.`);
}

/** Slack's `block_actions` from inside a dialog. Throws where nothing of that name stands in it. */
export function dialogPressPayload(
  slack: Slack,
  { actionId, blockId, values = {}, action = {}, ...deed }: DialogPress,
): Arguments {
  const shown = standing(slack, deed);
  const state = { values: stateValues(shown, values, false) };
  const view = { ...shown, state };
  const pressed = actionOf(shown, { actionId, ...(blockId === undefined ? {} : { blockId }) });
  // Of a field Slack says what stands in it now, in the words of the state.
  const { type: _, ...filled } = v.parse(v.looseObject({}), state.values[pressed.block_id]?.[actionId] ?? {});
  return {
    type: 'block_actions',
    ...common(slack, deed.member),
    container: { type: 'view', view_id: deed.viewId },
    trigger_id: slack.triggers.trigger(deed.member),
    view: givenBack(view),
    actions: [givenBack({ ...pressed, ...filled, ...action, action_ts: newTs(slack) })],
  };
}

/** Slack's `view_closed`; null where the view did not ask for it. Throws where this member has no such dialog open. */
export function closedPayload(slack: Slack, deed: DialogDeed): Arguments | null {
  const view = standing(slack, deed);
  if (view['notify_on_close'] !== true) return null;
  return { type: 'view_closed', ...common(slack, deed.member), view: givenBack(view), is_cleared: false };
}

/** Takes the dialog away. */
export function closeDialog(slack: Slack, viewId: string): void {
  slack.views.delete(viewId);
  slack.viewers.delete(viewId);
}

const Nothing = v.strictObject({});
const Answer = v.variant('response_action', [
  v.strictObject({ response_action: v.literal('errors'), errors: v.record(v.string(), v.string()) }),
  v.strictObject({ response_action: v.literal('update'), view: v.unknown() }),
  v.strictObject({ response_action: v.literal('clear') }),
]);

/** What the app's answer does to the dialog; gives what the person sees where it does nothing. */
function obey(slack: Slack, { member, viewId }: DialogDeed, answer: unknown): string | null {
  if (answer === undefined || v.is(Nothing, answer)) {
    closeDialog(slack, viewId);
    return null;
  }
  const read = v.safeParse(Answer, answer);
  if (!read.success) return TROUBLE;
  const said = read.output;
  if (said.response_action === 'update') return replaceView(slack, viewId, said.view).ok ? null : TROUBLE;
  if (said.response_action === 'errors') {
    const blocks = inputBlocks(slack.views.get(viewId) ?? { blocks: [] });
    const named = Object.keys(said.errors);
    return named.length > 0 && named.every((block) => blocks.includes(block)) ? null : TROUBLE;
  }
  for (const dialog of dialogsOf(slack)) if (dialog.user === member) closeDialog(slack, dialog.viewId);
  return null;
}

/**
 * Does to a sent dialog what the app's answer says: nothing closes it, `errors` leaves it, `update` shows another view,
 * `clear` closes all. Without an acknowledgement it stays. `trouble` is what the person sees where the app failed.
 */
export function submitted(slack: Slack, deed: DialogDeed, delivery: Delivery): Delivery & { trouble?: string } {
  const trouble = delivery.acknowledged ? obey(slack, deed, delivery.answer) : TROUBLE;
  return trouble === null ? delivery : { ...delivery, trouble };
}
