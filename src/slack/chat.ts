/** Asking people in Slack: posts the card, keeps it true, opens dialogs, answers one person, speaks in the card's thread. */
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { Chat, Clock } from '../app/ports.ts';
import { decodeButton } from '../request/button.ts';
import { once, repeatedly, slackClient } from './calls.ts';
import { card } from './card.ts';
import { loadingView, viewFor } from './dialog.ts';
import { message } from './message.ts';
import { APPROVE_ACTION, APPROVE_DIALOG_ACTION, DENY_ACTION } from './press.ts';
import { slackErrorCode } from './slack-fault.ts';

export interface SlackChatOptions {
  /** The bot token (`xoxb-…`). */
  token: string;
  /** From `slackApiAddress`. */
  apiUrl: string;
  /** The channel's id (`C…`), or its name where Slack takes one. */
  channel: string;
  clock: Clock;
}

/** Somebody waits at a button: an answer that comes later than this is worth nothing. */
const CLICK_MS = 2500;
const POST_MS = 10_000;
/** The longest `Retry-After` that is waited for. */
const PATIENCE_MS = 30_000;
/** The same for what a person waits for. */
const CLICK_PATIENCE_MS = 2000;

/** Nothing in our messages is to be expanded, linked, or read as formatting. */
const INERT = { mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** A {@link Chat} over Slack's Web API. Its methods throw a Fault `slack` that says what to do. */
export function slackChat({ token, apiUrl, channel, clock }: SlackChatOptions): Chat {
  const quick = slackClient(token, apiUrl, CLICK_MS);
  const patient = slackClient(token, apiUrl, POST_MS);
  const attempt = (doing: string): { doing: string; channel: string } => ({ doing, channel });

  return {
    async post(view) {
      const content = card(view);
      const sent = await once(clock, { ...attempt('post the card'), ends: true }, PATIENCE_MS, () =>
        patient.chat.postMessage({ channel, ...content, ...INERT }),
      );
      const { channel: where, ts } = sent;
      if (where === undefined || ts === undefined) throw unreadable();
      return { team: sent.message?.team ?? (await team(patient, clock, channel)), channel: where, ts };
    },

    async update(at, view) {
      const { text, blocks } = card(view);
      await repeatedly(clock, attempt('update the card'), PATIENCE_MS, () =>
        quick.chat.update({ channel: at.channel, ts: at.ts, text, blocks, parse: 'none', link_names: false }),
      );
    },

    async answer(at, user, text, thread) {
      const place = { channel: at.channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
      await once(clock, attempt('answer a person in the channel'), 0, () =>
        quick.chat.postEphemeral({ ...place, user, ...message(text), parse: 'none', link_names: false }),
      );
    },

    async openDialog(trigger, saying) {
      const opened = await once(clock, attempt('open the dialog'), 0, () =>
        quick.views.open({ trigger_id: trigger, view: loadingView(saying) }),
      );
      if (opened.view?.id === undefined) throw nameless();
      return { view: opened.view.id };
    },

    async fillDialog(id, content) {
      const view = viewFor(content);
      await repeatedly(clock, attempt('fill the dialog'), CLICK_PATIENCE_MS, () =>
        quick.views.update({ view_id: id, view }),
      );
    },

    async say(at, text, ping) {
      await once(clock, attempt("write in the card's thread"), PATIENCE_MS, () =>
        patient.chat.postMessage({ channel: at.channel, thread_ts: at.ts, ...message(text, ping), ...INERT }),
      );
    },

    async tell(user, text) {
      await once(clock, { doing: `write to ${user} in person`, channel: user, person: true }, PATIENCE_MS, () =>
        patient.chat.postMessage({ channel: user, ...message(text), ...INERT }),
      );
    },

    async valueOf(at) {
      const found = await firstMessage(quick, clock, at);
      return found === null ? null : valueIn(found);
    },
  };
}

const Thread = v.looseObject({
  messages: v.array(v.looseObject({ ts: v.string(), blocks: v.optional(v.array(v.unknown()), []) })),
});
type Message = v.InferOutput<typeof Thread>['messages'][number];

const HISTORY = 'channels:history (in a private channel groups:history)';

/** The message that began a thread, without its replies; null: there is none. */
async function firstMessage(
  web: WebClient,
  clock: Clock,
  at: { channel: string; ts: string },
): Promise<Message | null> {
  const doing = 'read the card above a reply';
  const { channel, ts } = at;
  const ask = async (): Promise<unknown> => {
    try {
      return await web.conversations.replies({ channel, ts, latest: ts, inclusive: true, limit: 1 });
    } catch (error) {
      if (slackErrorCode(error) === 'thread_not_found') return { messages: [] };
      throw error;
    }
  };
  const answer = v.safeParse(
    Thread,
    await repeatedly(clock, { doing, channel, needs: HISTORY }, CLICK_PATIENCE_MS, ask),
  );
  if (!answer.success) {
    throw new Fault('slack', `Slack: could not ${doing}: its answer is not what its API documents.`, 'Try again.');
  }
  return answer.output.messages.find((message) => message.ts === ts) ?? null;
}

const OURS = v.picklist([APPROVE_ACTION, APPROVE_DIALOG_ACTION, DENY_ACTION]);
const Button = v.looseObject({ type: v.literal('button'), action_id: OURS, value: v.string() });
const Reference = v.looseObject({
  type: v.literal('header'),
  block_id: v.pipe(
    v.string(),
    v.check((id) => decodeButton(id) !== null),
  ),
});
const Actions = v.looseObject({ type: v.literal('actions'), elements: v.array(v.unknown()) });

/** What all our buttons on a message carry, or the card itself where it has none any more; null where there is neither, or they differ. */
function valueIn({ blocks }: Message): string | null {
  const elements = blocks.flatMap((block) => (v.is(Actions, block) ? block.elements : []));
  const values = new Set(elements.flatMap((element) => (v.is(Button, element) ? [element.value] : [])));
  const [value, ...others] = values;
  if (value === undefined)
    return blocks.flatMap((block) => (v.is(Reference, block) ? [block.block_id] : []))[0] ?? null;
  return others.length > 0 ? null : value;
}

function nameless(): Fault {
  return new Fault(
    'slack',
    'Slack: opened the dialog, but its answer does not say which.',
    'Close it and press again, or decide by a comment on the issue (/approve or /deny).',
  );
}

async function team(web: WebClient, clock: Clock, channel: string): Promise<string> {
  const found = await repeatedly(clock, { doing: 'ask for the name of the workspace', channel }, PATIENCE_MS, () =>
    web.auth.test(),
  );
  if (found.team_id === undefined) throw unreadable();
  return found.team_id;
}

function unreadable(): Fault {
  return new Fault(
    'slack',
    'Slack: posted the card, but its answer does not say where.',
    'Check the channel for a card without buttons, delete it, and run the workflow again.',
  );
}
