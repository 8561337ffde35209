/** The address of GitHub's API that a person's shell has; light, since every start of the command line loads it. */
import { type ApiAddress, parseApiAddress } from '../../github/api-address.ts';

/** GITHUB_API_URL, else github.com's. Throws a Fault `input`. */
export const apiFromShell = (): ApiAddress =>
  parseApiAddress(process.env['GITHUB_API_URL'] || 'https://api.github.com');
