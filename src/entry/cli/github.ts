/** GitHub for the command line: the token and the address that a person's shell has. */

import { Fault } from '../../app/fault.ts';
import { type GitHubServer, hostsOf, serverOf } from '../../app/init/server.ts';
import { createClient } from '../../github/client.ts';
import { sendable } from '../../github/token.ts';
import { VERSION } from '../version.ts';
import { apiFromShell } from './api.ts';

/** The GitHub at GITHUB_API_URL, else github.com; its hosts are those of its remotes. Throws a Fault `input`. */
export function serverFromShell(): { server: GitHubServer; hosts: string[]; apiIsLoopback: boolean } {
  const api = apiFromShell();
  const derived = serverOf(api);
  const url = process.env['GITHUB_SERVER_URL'] ?? '';
  const server = URL.canParse(url) ? { ...derived, url } : derived;
  return { server, hosts: hostsOf(server, api.loopback), apiIsLoopback: api.loopback };
}

/**
 * A client with GITHUB_TOKEN or GH_TOKEN at GITHUB_API_URL, else github.com's; `onWait` is told, in seconds, of each pause that
 * GitHub's limits make. Throws a Fault `input`.
 */
export function githubFromShell(how: { onWait?: (seconds: number) => void } = {}) {
  const api = apiFromShell();
  const token = process.env['GITHUB_TOKEN'] || process.env['GH_TOKEN'];
  if (token === undefined || token === '') {
    throw new Fault(
      'input',
      'There is no GitHub token: neither GITHUB_TOKEN nor GH_TOKEN is set.',
      'With the GitHub CLI: export GITHUB_TOKEN="$(gh auth token)".',
    );
  }
  const sent = sendable(token, 'GITHUB_TOKEN');
  return { api, token: sent, client: createClient({ api, token: sent, version: VERSION, job: null, ...how }) };
}
