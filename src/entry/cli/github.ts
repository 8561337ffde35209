/** GitHub for the command line: the token and the address that a person's shell has. */
import { Fault } from '../../app/fault.ts';
import { parseApiAddress } from '../../github/api-address.ts';
import { createClient } from '../../github/client.ts';
import { sendable } from '../../github/token.ts';
import { VERSION } from '../version.ts';

/** A client with GITHUB_TOKEN or GH_TOKEN at GITHUB_API_URL, else github.com's. Throws a Fault `input`. */
export function githubFromShell() {
  const api = parseApiAddress(process.env['GITHUB_API_URL'] || 'https://api.github.com');
  const token = process.env['GITHUB_TOKEN'] || process.env['GH_TOKEN'];
  if (token === undefined || token === '') {
    throw new Fault(
      'input',
      'There is no GitHub token: neither GITHUB_TOKEN nor GH_TOKEN is set.',
      'With the GitHub CLI: export GITHUB_TOKEN="$(gh auth token)".',
    );
  }
  return { api, client: createClient({ api, token: sendable(token, 'GITHUB_TOKEN'), version: VERSION, job: null }) };
}
