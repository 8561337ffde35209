/** A member's dialog (modal view): which stand open, and the payloads by which Slack tells that one was sent or closed. */
import * as v from 'valibot';
import type { Arguments } from './answer.ts';
import { person } from './press.ts';
import type { Slack } from './slack.ts';
import type { Delivery } from './socket.ts';

export interface SlackDialog {
  /** The member who has it open. */
  user: string;
  viewId: string;
  view: Arguments;
}

export interface DialogDeed {
  member: string;
  viewId: string;
}

/** The dialogs that stand open, oldest first. */
export function dialogsOf(slack: Slack): SlackDialog[] {
  return [...slack.views].map(([viewId, view]) => ({ user: slack.viewers.get(viewId) ?? '', viewId, view }));
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
    team: { id: team.id, domain: team.name.toLowerCase() },
    user: person(slack, member),
    api_app_id: bot.appId,
    token: 'verification-token',
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Slack's `view_submission`. Throws where this member has no such dialog open. */
export function submissionPayload(slack: Slack, deed: DialogDeed, values: Arguments): Arguments {
  const view = { ...standing(slack, deed), state: { values } };
  const trigger_id = slack.triggers.trigger(deed.member);
  return { type: 'view_submission', ...common(slack, deed.member), trigger_id, view, response_urls: [] };
}

/** Slack's `view_closed`; null where the view did not ask for it. Throws where this member has no such dialog open. */
export function closedPayload(slack: Slack, deed: DialogDeed): Arguments | null {
  const view = standing(slack, deed);
  if (view['notify_on_close'] !== true) return null;
  return { type: 'view_closed', ...common(slack, deed.member), view, is_cleared: false };
}

/** Takes the dialog away. */
export function closeDialog(slack: Slack, viewId: string): void {
  slack.views.delete(viewId);
  slack.viewers.delete(viewId);
}

const KeepsOpen = v.looseObject({ response_action: v.picklist(['errors', 'update', 'push']) });

/** Closes the dialog once its submission is acknowledged, unless the answer says that it stays (as with errors to mend). */
export function submitted(slack: Slack, viewId: string, { acknowledged, answer }: Delivery): void {
  if (acknowledged && !v.is(KeepsOpen, answer)) closeDialog(slack, viewId);
}
