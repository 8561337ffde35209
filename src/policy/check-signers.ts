/** Checks the issuer whose signatures a policy believes. */
import type { Draft } from './draft.ts';
import { atValue, type Finding } from './problems.ts';

/** Findings for an issuer that is no plain https address, or on this machine while the API is not. */
export function checkSigners({ issuer }: Draft, apiIsLoopback: boolean): Finding[] {
  if (issuer === null) return [];
  const message = issuerProblem(issuer, apiIsLoopback);
  return message === null ? [] : [atValue(['signers', 'issuer'], message)];
}

function issuerProblem(issuer: string, apiIsLoopback: boolean): string | null {
  const url = URL.parse(issuer);
  if (url === null) return 'must be an address such as https://token.actions.example.com.';
  if (url.username || url.password || url.search || url.hash || /[?#]/.test(issuer)) {
    return 'must be a plain address without user, query or fragment.';
  }
  if (isLoopback(url.hostname)) {
    if (!apiIsLoopback) {
      return 'is an address of the machine itself, where anybody could sign: allowed only while the GitHub API is one too (the sandbox).';
    }
    return url.protocol === 'https:' || url.protocol === 'http:' ? null : 'must begin with http:// or https://.';
  }
  return url.protocol === 'https:'
    ? null
    : 'must begin with https://: whoever sits between could give out keys of their own.';
}

// The URL parser has already brought 127.1, 0x7f000001 and the like into their usual form.
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '').toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127\.|^0\./.test(host) ||
    /^\[::(?:1|ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})?\]$/.test(host)
  );
}
