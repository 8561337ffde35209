/** Reads a Web API call's arguments from query, form or JSON, as `@slack/web-api` and others send them. */

import * as v from 'valibot';
import type { Arguments } from './answer.ts';

const Fields = v.record(v.string(), v.unknown());

/** Arguments that a form carries as JSON text. */
const NESTED = ['blocks', 'attachments', 'metadata', 'view'];

/** JSON's value, or undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unfold(args: Arguments): Arguments {
  const parsed = Object.entries(args).map(([key, value]) => {
    if (!NESTED.includes(key) || typeof value !== 'string') return [key, value];
    return [key, parseJson(value) ?? value];
  });
  return Object.fromEntries(parsed);
}

/** The arguments of a call; null where a JSON body is no JSON object (Slack: `invalid_json`). */
export function readArguments(url: URL, contentType: string, body: string): Arguments | null {
  const query = Object.fromEntries(url.searchParams);
  if (!contentType.startsWith('application/json'))
    return unfold({ ...query, ...Object.fromEntries(new URLSearchParams(body)) });
  const json = v.safeParse(Fields, parseJson(body));
  return json.success ? unfold({ ...query, ...json.output }) : null;
}
