/** Who calls: the token, its kind and its scopes. */

import { type Answer, type Arguments, type Method, no, type Token } from './answer.ts';
import type { SlackOptions } from './options.ts';

/** The app's two tokens. */
export function tokensOf(options: SlackOptions): Token[] {
  return [
    { kind: 'bot', value: options.bot.token, scopes: options.bot.scopes },
    { kind: 'app', value: options.appToken, scopes: options.appScopes ?? ['connections:write'] },
  ];
}

/** The caller's token, or Slack's error. `apps.connections.open` takes the token from the header alone. */
export function authenticate(
  tokens: Token[],
  method: Method,
  header: string | undefined,
  args: Arguments,
): Token | Answer {
  const bearer = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  const argument = typeof args['token'] === 'string' && method.token !== 'app' ? args['token'] : undefined;
  const given = bearer ?? argument;
  if (given === undefined) return no('not_authed');
  const token = tokens.find(({ value }) => value === given);
  if (token === undefined) return no('invalid_auth');
  return method.token === 'any' || method.token === token.kind ? token : no('not_allowed_token_type');
}

/** `missing_scope` unless the token has one of the wanted scopes. */
export function missingScope(token: Token, wanted: string[]): Answer | null {
  if (wanted.length === 0 || wanted.some((scope) => token.scopes.includes(scope))) return null;
  return no('missing_scope', { needed: wanted.join(','), provided: token.scopes.join(',') });
}
