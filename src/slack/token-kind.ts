/** Which kind of token a text is, by how Slack writes each kind. */
import type { TokenKind } from '../app/ports.ts';

/** The kind; `null`: there is no token. Nothing of the token itself is told. */
export function tokenKind(token: string | null): TokenKind {
  if (token === null) return 'absent';
  // Blanks, quotes and line ends come along where a token is copied by hand.
  if (!/^[A-Za-z0-9.-]+$/.test(token)) return 'strange';
  const kinds: [string, TokenKind][] = [
    ['xoxb-', 'bot'],
    ['xapp-', 'app'],
    ['xoxp-', 'user'],
    ['xoxe.', 'rotating'],
    ['xoxe-', 'rotating'],
  ];
  return kinds.find(([start]) => token.startsWith(start))?.[1] ?? 'strange';
}
