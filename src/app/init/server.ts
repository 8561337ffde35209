/** What follows from the address of GitHub's API: where people look, and who signs the jobs' tokens. */

export interface GitHubServer {
  /** Where people look, such as https://github.com. */
  url: string;
  /** Who signs the jobs' OIDC tokens; null: github.com's own, which no policy names. */
  issuer: string | null;
  /** False: nothing tells the issuer, so that somebody must say it. */
  issuerKnown: boolean;
}

/**
 * The GitHub behind an API address: github.com, an Enterprise Server (`/api/v3`), one with data residency (`ghe.com`), or
 * this machine's own, which is the sandbox and has its provider where an Enterprise Server has it.
 */
export function serverOf({ url, loopback }: { url: string; loopback: boolean }): GitHubServer {
  const { host, origin, pathname } = new URL(url);
  if (host === 'api.github.com') return { url: 'https://github.com', issuer: null, issuerKnown: true };
  if (host.startsWith('api.') && host.endsWith('.ghe.com')) {
    const own = host.slice('api.'.length);
    return { url: `https://${own}`, issuer: `https://token.actions.${own}`, issuerKnown: true };
  }
  if (pathname.replace(/\/+$/, '') === '/api/v3' || loopback)
    return { url: origin, issuer: `${origin}/_services/token`, issuerKnown: true };
  return { url: origin, issuer: null, issuerKnown: false };
}

/** The hosts whose repositories this GitHub has. The sandbox stands for github.com, whatever its own address is. */
export function hostsOf({ url }: GitHubServer, apiIsLoopback: boolean): string[] {
  const { hostname } = new URL(url);
  const all = [hostname, ...(apiIsLoopback ? ['github.com'] : [])];
  // github.com is reached by ssh through port 443 at a host of its own.
  return all.includes('github.com') ? [...all, 'ssh.github.com'] : all;
}

/**
 * `owner/name` of a remote's address (https, ssh, or git's short form) on one of these hosts; null where it leads elsewhere.
 * The address itself may hold a token, so that nobody else gets to see it.
 */
export function repositoryOfRemote(address: string, hosts: readonly string[]): string | null {
  const found = placeOf(address.trim());
  if (found === null || !hosts.includes(found.host.toLowerCase())) return null;
  const [, owner, name] = /^\/*([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+?)(?:\.git)?\/*$/.exec(found.path) ?? [];
  return owner === undefined || name === undefined ? null : `${owner}/${name}`;
}

function placeOf(address: string): { host: string; path: string } | null {
  if (/^(https?|ssh):\/\//i.test(address)) {
    if (!URL.canParse(address)) return null;
    const { hostname, pathname } = new URL(address);
    return { host: hostname, path: pathname };
  }
  const [, host, path] = /^(?:[^@/:\s]+@)?([A-Za-z0-9.-]+):([^:]*)$/.exec(address) ?? [];
  return host === undefined || path === undefined ? null : { host, path };
}
