/** The accounts that the sandbox's GitHub knows, and what tokens stand for. */
import { randomBytes } from 'node:crypto';
import type { AccountOptions, AppOptions, GitHubOptions } from './options.ts';

/** The account behind every job token. */
export const ACTIONS_BOT: AccountOptions = {
  id: 41_898_282,
  login: 'github-actions[bot]',
  type: 'Bot',
  permission: 'none',
};

export type Level = 'read' | 'write' | 'none';

/** Who a token stands for. `app` is the App itself, which its JWT proves; it may do nothing in a repository. */
export type Principal =
  | { kind: 'job'; jobId: number; permissions: Record<string, Level>; account: AccountOptions }
  | { kind: 'installation' | 'app'; appId: number; permissions: Record<string, Level>; account: AccountOptions }
  | {
      kind: 'person';
      account: AccountOptions;
      throughApp: boolean;
      /** Of the organization's teams; without it, none. `unauthorized`: those of its person, once single sign-on lets it. */
      reads?: 'every-team' | 'visible-teams' | 'unauthorized';
    };

/** The account behind an App's installation tokens. */
export const botOf = ({ id, slug }: AppOptions): AccountOptions => ({
  id: 200_000_000 + id,
  login: `${slug}[bot]`,
  type: 'Bot',
  permission: 'none',
});

/** An app that may read the organization's members and nothing else. */
const DIRECTORY_APP: AccountOptions = {
  id: 77_002,
  login: 'acme-directory[bot]',
  type: 'Bot',
  permission: 'none',
};

export interface Accounts {
  all: AccountOptions[];
  /** By login, whatever its case. */
  find(login: string): AccountOptions | null;
  /** A new token; `alive` tells whether it still works. */
  issue(principal: Principal, alive?: () => boolean): string;
  /** null: no such token, or one that works no longer. */
  who(token: string): Principal | null;
  userToken(login: string, throughApp: boolean): string;
  /** A new token that may read teams: of a person what they see, of an app (null) every team. */
  directoryToken(login: string | null, authorized: boolean): string;
  /** Changes a login; throws where another account has it. */
  rename(login: string, next: string): void;
}

/** Accounts and an empty book of tokens. Logins and ids must be unique. */
export function createAccounts(options: GitHubOptions): Accounts {
  const all = [
    ...options.accounts.map((account) => ({ ...account })),
    ...(options.accounts.some(({ id }) => id === ACTIONS_BOT.id) ? [] : [ACTIONS_BOT]),
    ...(options.app === undefined ? [] : [botOf(options.app)]),
  ];
  const byLogin = new Map(all.map((account) => [account.login.toLowerCase(), account]));
  if (byLogin.size !== all.length || new Set(all.map(({ id }) => id)).size !== all.length) {
    throw new Error('Two accounts of the sandbox have the same login or id; give each its own.');
  }
  const tokens = new Map<string, { principal: Principal; alive: () => boolean }>();
  const people = new Map<string, string>();
  const find = (login: string): AccountOptions | null => byLogin.get(login.toLowerCase()) ?? null;
  const issue: Accounts['issue'] = (principal, alive = () => true) => {
    const token = `${prefixOf(principal)}_${randomBytes(18).toString('hex')}`;
    tokens.set(token, { principal, alive });
    return token;
  };
  const known = (login: string): AccountOptions => {
    const account = find(login);
    if (account === null) throw new Error(`The sandbox has no account ${login}; name it in \`accounts\`.`);
    return account;
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
      const account = known(login);
      const throughApp = asApp || account.viaApp === true;
      const key = `${throughApp} ${account.id}`;
      const token = people.get(key) ?? issue({ kind: 'person', account, throughApp });
      people.set(key, token);
      return token;
    },
    directoryToken(login, authorized) {
      const account = login === null ? DIRECTORY_APP : known(login);
      const reads = !authorized ? 'unauthorized' : login === null ? 'every-team' : 'visible-teams';
      return issue({ kind: 'person', account, throughApp: false, reads });
    },
    rename(login, next) {
      const account = known(login);
      const other = find(next);
      if (other !== null && other !== account) throw new Error(`The login ${next} is taken; rename its owner first.`);
      byLogin.delete(account.login.toLowerCase());
      account.login = next;
      byLogin.set(next.toLowerCase(), account);
    },
  };
}

/** Since 2026 an installation token names its App and is no longer 40 characters long (OpenAPI, access_tokens). */
function prefixOf(principal: Principal): string {
  if (principal.kind === 'person')
    return principal.account === DIRECTORY_APP ? 'ghs' : principal.throughApp ? 'ghu' : 'ghp';
  return principal.kind === 'job' ? 'ghs' : `ghs_${principal.appId}`;
}
