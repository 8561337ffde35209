/** The address of GitHub's API: which ones are believed, and what follows from them. */
import { Fault } from '../app/fault.ts';

/** `url` has no trailing slash. `loopback`: this very machine, hence a sandbox; only then may signatures come from one. */
export interface ApiAddress {
  url: string;
  loopback: boolean;
}

/**
 * Accepts GITHUB_API_URL as the runner gives it: https anywhere (github.com, GHES, data residency), http on loopback alone,
 * so that no token crosses a network in the clear. Throws a Fault `input` for anything else.
 */
export function parseApiAddress(text: string): ApiAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw refused(text, 'it is no absolute URL');
  if (url.username !== '' || url.password !== '')
    throw refused('(an address with credentials)', 'it holds credentials');
  if (url.search !== '' || url.hash !== '') throw refused(url.origin, 'it has a query or a fragment');
  const loopback = isLoopback(url);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw refused(text, `${url.protocol.slice(0, -1)} is accepted for this machine itself (loopback) only`);
  }
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, ''), loopback };
}

/** Whether a URL's host is this machine: 127.0.0.0/8, ::1 or `localhost`. URL has already normalised `127.1` and the like. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
}

/** Whether a token may be sent to a URL, or a key taken from it: https anywhere, http on loopback. */
export function isPrivateChannel(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

function refused(address: string, why: string): Fault {
  return new Fault(
    'input',
    `The API address ${JSON.stringify(address)} is refused: ${why}.`,
    'Leave GITHUB_API_URL as the runner sets it, for example https://api.github.com.',
  );
}
