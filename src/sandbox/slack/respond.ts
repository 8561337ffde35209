/** Slack's response URLs: what an app may answer to a press or a slash command, up to five times in half an hour. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { textOf } from '../text.ts';
import { parseJson } from './body.ts';
import { whisper } from './methods/chat.ts';
import { checkContent, content } from './methods/message.ts';
import type { Slack } from './slack.ts';
import type { ResponsePlace } from './triggers.ts';
import { changeMessage, removeMessage, writeMessage } from './write.ts';

const Body = v.object({
  ...content,
  replace_original: v.optional(v.boolean(), false),
  delete_original: v.optional(v.boolean(), false),
  response_type: v.optional(v.picklist(['in_channel', 'ephemeral']), 'ephemeral'),
  thread_ts: v.optional(v.string()),
});

async function carryOut(slack: Slack, place: ResponsePlace, body: v.InferOutput<typeof Body>): Promise<string> {
  const { replace_original, delete_original, response_type, ...message } = body;
  const author = slack.options.bot.userId;
  if (delete_original && !place.ephemeral) {
    const { answer: removed } = await removeMessage(slack, author, place.channel, place.ts);
    return removed.ok ? 'ok' : removed.error;
  }
  const checked = checkContent(message, replace_original);
  if ('refused' in checked) return String(checked.refused['error']);
  if (response_type === 'ephemeral' && !replace_original) {
    whisper(slack, place.channel, place.user, checked.content);
    return 'ok';
  }
  const { answer } = replace_original
    ? await changeMessage(slack, author, place.channel, { ts: place.ts, change: checked.content })
    : await writeMessage(slack, author, place.channel, checked.content);
  return answer.ok ? 'ok' : answer.error;
}

/** Answers a POST to a response URL: `ok` with 200, else the reason with 404 (the URL) or 400 (the message). */
export async function respond(slack: Slack, request: IncomingMessage, response: ServerResponse, path: string) {
  const body = v.safeParse(Body, parseJson(await textOf(request)));
  const place = slack.triggers.respond(path);
  if (typeof place === 'string') return response.writeHead(404).end(place);
  if (!body.success) return response.writeHead(400).end('invalid_payload');
  const said = await carryOut(slack, place, body.output);
  return response.writeHead(said === 'ok' ? 200 : 400).end(said);
}
