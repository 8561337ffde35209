/** The accounts that the sandbox's GitHub knows, and what tokens stand for. */
import { randomBytes } from 'node:crypto';
import type { AccountOptions, GitHubOptions } from './options.ts';

/** The account behind every job token. */
export const ACTIONS_BOT: AccountOptions = {
  id: 41_898_282,
  login: 'github-actions[bot]',
  type: 'Bot',
  permission: 'none',
};

export type Level = 'read' | 'write' | 'none';

/** Who a token stands for. */
export type Principal =
  | { kind: 'job'; jobId: number; permissions: Record<string, Level>; account: AccountOptions }
  | { kind: 'person'; account: AccountOptions; throughApp: boolean };

export interface Accounts {
  all: AccountOptions[];
  /** By login, whatever its case. */
  find(login: string): AccountOptions | null;
  /** A new token; `alive` tells whether it still works. */
  issue(principal: Principal, alive?: () => boolean): string;
  /** null: no such token, or one that works no longer. */
  who(token: string): Principal | null;
  userToken(login: string, throughApp: boolean): string;
}

/** Accounts and an empty book of tokens. Logins and ids must be unique. */
export function createAccounts(options: GitHubOptions): Accounts {
  const all = [...options.accounts, ...(options.accounts.some(({ id }) => id === ACTIONS_BOT.id) ? [] : [ACTIONS_BOT])];
  const byLogin = new Map(all.map((account) => [account.login.toLowerCase(), account]));
  if (byLogin.size !== all.length || new Set(all.map(({ id }) => id)).size !== all.length) {
    throw new Error('Two accounts of the sandbox have the same login or id; give each its own.');
  }
  const tokens = new Map<string, { principal: Principal; alive: () => boolean }>();
  const people = new Map<string, string>();
  const find = (login: string): AccountOptions | null => byLogin.get(login.toLowerCase()) ?? null;
  const issue: Accounts['issue'] = (principal, alive = () => true) => {
    const prefix = principal.kind === 'job' ? 'ghs' : principal.throughApp ? 'ghu' : 'ghp';
    const token = `${prefix}_${randomBytes(18).toString('hex')}`;
    tokens.set(token, { principal, alive });
    return token;
  };
  return {
    all,
    find,
    issue,
    who(token) {
      const entry = tokens.get(token);
      return entry?.alive() ? entry.principal : null;
    },
    userToken(login, asApp) {
      const account = find(login);
      if (account === null) throw new Error(`The sandbox has no account ${login}; name it in \`accounts\`.`);
      const throughApp = asApp || account.viaApp === true;
      const key = `${throughApp} ${account.id}`;
      const token = people.get(key) ?? issue({ kind: 'person', account, throughApp });
      people.set(key, token);
      return token;
    },
  };
}
