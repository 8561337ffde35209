/** What a Web API method answers, and how its arguments are read. */

import * as v from 'valibot';
import type { Slack } from './slack.ts';

export type Answer = { ok: true; [field: string]: unknown } | { ok: false; error: string; [field: string]: unknown };
export type Arguments = Record<string, unknown>;

export const yes = (fields: Arguments = {}): Answer => ({ ...fields, ok: true });
export const no = (error: string, fields: Arguments = {}): Answer => ({ ...fields, ok: false, error });

export interface Method {
  /** Any one of these opens the method; none: no scope needed. */
  scopes: string[];
  /** Which kind of token it takes. */
  token: 'bot' | 'app' | 'any';
  /** Calls a minute, Slack's tier; `posting`: one a second in a channel. */
  limit: number | 'posting';
  call(args: Arguments, slack: Slack, token: Token): Promise<Answer>;
}

export interface Token {
  kind: 'bot' | 'app';
  value: string;
  scopes: string[];
}

/** Slack's tiers: calls a minute of one method by one app in one team. Source: Slack's "Rate limits". */
export const TIER = { 2: 20, 3: 50, 4: 100, special: 600 };

function problem(issue: v.BaseIssue<unknown>): string {
  const name = issue.path?.map((item) => String(item.key)).join('/') ?? '';
  return issue.received === 'undefined'
    ? `[ERROR] missing required field: ${name}`
    : `[ERROR] ${issue.message} [${name}]`;
}

/** Describes a method whose arguments must fit `args`; others are ignored, as Slack does. */
export function method<T>(described: {
  scopes: string[];
  token?: Method['token'];
  limit: Method['limit'];
  args: v.GenericSchema<unknown, T>;
  run: (args: T, slack: Slack, token: Token) => Answer | Promise<Answer>;
}): Method {
  return {
    scopes: described.scopes,
    token: described.token ?? 'bot',
    limit: described.limit,
    async call(raw, slack, token) {
      const args = v.safeParse(described.args, raw);
      if (args.success) return described.run(args.output, slack, token);
      return no('invalid_arguments', { response_metadata: { messages: args.issues.map(problem) } });
    },
  };
}

/** Arguments as a form or JSON body gives them. */
export const word = v.pipe(v.string(), v.minLength(1));
export const bool = v.optional(
  v.union([
    v.boolean(),
    v.pipe(
      v.picklist(['true', 'false', '1', '0']),
      v.transform((text) => text === 'true' || text === '1'),
    ),
  ]),
);
export const count = (fallback: number) =>
  v.optional(
    v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer(), v.minValue(1), v.maxValue(1000)),
    fallback,
  );
