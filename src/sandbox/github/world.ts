/** All that the sandbox's GitHub is made of, as its routes and resolvers see it. */
import type { Accounts, Principal } from './accounts.ts';
import type { App } from './app.ts';
import type { Dispatches } from './dispatch.ts';
import type { Git } from './git.ts';
import type { Leavings } from './leavings.ts';
import type { Limits } from './limits.ts';
import type { GitHubOptions } from './options.ts';
import type { Runs } from './runs.ts';
import type { Store } from './store.ts';
import type { Teams } from './teams.ts';

export interface Repository {
  id: number;
  ownerId: number;
  owner: string;
  ownerType: 'User' | 'Organization';
  name: string;
  public: boolean;
  mainProtected: boolean;
  defaultBranch: string;
  createdAt: string;
}

export interface World {
  options: GitHubOptions;
  url: string;
  repository: Repository;
  accounts: Accounts;
  teams: Teams;
  store: Store;
  git: Git;
  /** The installed App and its bot's account. */
  app: App | null;
  /** The files of other repositories, by `owner/name` in lower case. */
  others: Map<string, Git>;
  runs: Runs;
  leavings: Leavings;
  dispatches: Dispatches;
  limits: Limits;
  /** How long lists miss what is new, in ms. */
  lagMs(): number;
  /** GitHub's clock, ms since 1970. */
  now(): number;
}

/** One authenticated API call. */
export interface Call {
  world: World;
  who: Principal;
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
}

/** Facts of the repository from the options; ids are invented where not given. */
export function repositoryOf(options: GitHubOptions): Repository {
  const { repository, accounts, mainProtected } = options;
  const person = accounts.find(({ login }) => login.toLowerCase() === repository.owner.toLowerCase());
  return {
    id: repository.id ?? 870_000_001,
    ownerId: repository.ownerId ?? person?.id ?? 9_900_001,
    owner: repository.owner,
    ownerType: person === undefined ? 'Organization' : 'User',
    name: repository.name,
    public: repository.public,
    mainProtected,
    defaultBranch: 'main',
    createdAt: '2026-09-01T08:00:00Z',
  };
}

/** How a repository of any owner is found, whatever the case of its name. */
export const key = (owner: string, name: string): string => `${owner}/${name}`.toLowerCase();

/** What lists still miss: younger than the lag. `createdAt` is RFC 3339. */
export function isFresh(world: World, createdAt: string): boolean {
  return world.now() - Date.parse(createdAt) < world.lagMs();
}
