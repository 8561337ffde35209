/** The strict front: one HTTP request to Slack's Web API, from arguments to answer. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { textOf } from '../text.ts';
import { type Answer, type Arguments, type Method, no, type Token } from './answer.ts';
import { authenticate, missingScope, tokensOf } from './auth.ts';
import { readArguments } from './body.ts';
import type { Faults, SlackFault } from './faults.ts';
import type { Journal } from './journal.ts';
import { createLimiter } from './limits.ts';
import { chat } from './methods/chat.ts';
import { conversations } from './methods/conversations.ts';
import { files } from './methods/files.ts';
import { channelLists } from './methods/list-channels.ts';
import { people } from './methods/people.ts';
import { pins } from './methods/pins.ts';
import { userGroups } from './methods/user-groups.ts';
import { views } from './methods/views.ts';
import type { Slack } from './slack.ts';

const METHODS = new Map<string, Method>(
  Object.entries({ ...chat, ...conversations, ...channelLists, ...files, ...people, ...pins, ...userGroups, ...views }),
);

interface Outcome {
  answer: Answer;
  token: Token | null;
  /** Seconds, with status 429. */
  retryAfter?: number;
}

export type Front = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

function reply(response: ServerResponse, outcome: Outcome, accepted: string[]): void {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  if (outcome.token !== null) {
    headers['x-oauth-scopes'] = outcome.token.scopes.join(',');
    headers['x-accepted-oauth-scopes'] = accepted.join(',');
  }
  if (outcome.retryAfter !== undefined) headers['retry-after'] = String(outcome.retryAfter);
  response.writeHead(outcome.retryAfter === undefined ? 200 : 429, headers);
  response.end(JSON.stringify(outcome.answer));
}

/** Answers the fault instead of the call, where it says so; true once that is done. */
function failed(response: ServerResponse, fault: SlackFault | undefined): boolean {
  if (fault?.silent === 'before') return true;
  if (fault?.drop === true || fault?.drop === 'before') response.destroy();
  else if (fault?.status !== undefined)
    response.writeHead(fault.status, fault.status === 429 ? { 'retry-after': `${fault.retryAfter ?? 1}` } : {}).end();
  else if (fault?.error !== undefined) reply(response, { answer: no(fault.error), token: null }, []);
  else return false;
  return true;
}

/** Builds the front of the given sandbox. */
export function createFront(slack: Slack, journal: Journal, faults: Faults): Front {
  const tokens = tokensOf(slack.options);
  const limiter = createLimiter(slack.now);

  const answer = async (name: string, header: string | undefined, args: Arguments | null): Promise<Outcome> => {
    const method = METHODS.get(name);
    if (method === undefined) return { answer: no('unknown_method', { req_method: name }), token: null };
    if (args === null) return { answer: no('invalid_json'), token: null };
    const token = authenticate(tokens, method, header, args);
    if ('ok' in token) return { answer: token, token: null };
    const wait = slack.options.limits === false ? 0 : limiter.take(name, method.limit, String(args['channel']));
    if (wait > 0) return { answer: no('ratelimited'), token, retryAfter: wait };
    return { answer: missingScope(token, method.scopes) ?? (await method.call(args, slack, token)), token };
  };

  return async (request, response, url) => {
    const name = url.pathname.slice('/api/'.length);
    const args = readArguments(url, request.headers['content-type'] ?? '', await textOf(request));
    journal.note(name, args ?? {});
    const fault = faults.next(name, args ?? {});
    const delay = (slack.options.delayMs ?? 0) + (fault?.delayMs ?? 0);
    if (delay > 0) await pause(delay);
    if (failed(response, fault)) return;
    const outcome = await answer(name, request.headers.authorization, args);
    if (fault?.drop === 'after') response.destroy();
    else if (fault?.silent === undefined) reply(response, outcome, METHODS.get(name)?.scopes ?? []);
  };
}
