/** `emulate`, which keeps issues and comments: started with the accounts, and asked in the name of each. */
import { createEmulator } from 'emulate';
import { createCaller } from '../caller.ts';
import type { Accounts } from './accounts.ts';
import type { AccountOptions, GitHubOptions } from './options.ts';

/** At once. */
const CONNECTIONS = 16;
/** emulate lets one token make 5,000 calls an hour. */
const TOKENS_PER_ACCOUNT = 20;

export interface Emulator {
  /** Calls the API of the repository. Gives the parsed answer, null for none; throws where it is an error. */
  send(account: AccountOptions, method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts it on a port of its own. */
export async function startEmulator(options: GitHubOptions, accounts: Accounts): Promise<Emulator> {
  const tokenOf = (account: AccountOptions, n: number): string => `sandbox-${account.id}-${n}`;
  const { owner, name } = options.repository;
  const tokens = accounts.all.flatMap((account) =>
    Array.from({ length: TOKENS_PER_ACCOUNT }, (_, n) => [
      tokenOf(account, n),
      { login: account.login, scopes: ['repo'] },
    ]),
  );
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: Object.fromEntries(tokens),
      github: {
        users: accounts.all.map(({ login }) => ({ login })),
        orgs: accounts.find(owner) === null ? [{ login: owner }] : [],
        // Access is the front's business: emulate sees a repository that everybody may write to.
        repos: [{ owner, name, private: false, auto_init: false }],
      },
    },
  });
  const caller = createCaller(CONNECTIONS);
  let calls = 0;

  const send: Emulator['send'] = async (account, method, path, body) => {
    calls += 1;
    const { status, text } = await caller.call(`${emulator.url}/repos/${owner}/${name}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokenOf(account, calls % TOKENS_PER_ACCOUNT)}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (status < 200 || status > 299) throw new Error(`emulate answered ${status} to ${method} ${path}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const close = (): Promise<void> => {
    caller.close();
    return emulator.close();
  };
  return { send, close };
}
