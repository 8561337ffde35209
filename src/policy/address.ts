/** What a policy's own addresses may be: plain https, and this machine only while the GitHub API is on it too. */

/** What this address leads to, in words for the person who wrote it. */
interface Meaning {
  example: string;
  /** Why it may not be this machine. */
  loopback: string;
  /** Why it must be https. */
  open: string;
}

/** What is wrong with an address as the policy has it; null: nothing. */
export function addressProblem(
  address: string,
  apiIsLoopback: boolean,
  { example, loopback, open }: Meaning,
): string | null {
  const url = URL.parse(address);
  if (url === null) return `must be an address such as ${example}.`;
  if (url.username || url.password || url.search || url.hash || /[?#]/.test(address)) {
    return 'must be a plain address without user, query or fragment.';
  }
  if (isLoopback(url.hostname)) {
    if (!apiIsLoopback) {
      return `is an address of the machine itself, ${loopback}: allowed only while the GitHub API is one too (the sandbox).`;
    }
    return url.protocol === 'https:' || url.protocol === 'http:' ? null : 'must begin with http:// or https://.';
  }
  return url.protocol === 'https:' ? null : `must begin with https://: ${open}.`;
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
