/** What a test or demo asks of the sandbox's GitHub, and what it gets. */
import type { JSONWebKeySet } from 'jose';
import type { Dispatched, Host } from '../host.ts';
import type { Violation } from './contract.ts';
import type { FaultRule } from './faults.ts';
import type { Artifact } from './leavings.ts';
import type { Counts, SeenRequest } from './ledger.ts';
import type { LimitNumbers } from './limits.ts';
import type { Webhooks } from './webhooks.ts';

export interface AccountOptions {
  id: number;
  login: string;
  type: 'User' | 'Bot';
  permission: 'admin' | 'write' | 'read' | 'none';
  /** The name in the profile, which people choose for themselves; none unless given. */
  name?: string;
  /** Whatever this account's own token writes is written through an app. */
  viaApp?: boolean;
}

/** A GitHub App that is installed on the repository. */
export interface AppOptions {
  id: number;
  /** Its bot's login is `<slug>[bot]`. */
  slug: string;
  installationId: number;
  /** Verifies its JWTs; PEM (SPKI). */
  publicKey: string;
  /** Signs the deliveries of its webhook. */
  webhookSecret: string;
  /** What its installation was granted. */
  permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** The webhook's events that it subscribes to. */
  events: readonly string[];
}

export interface TeamOptions {
  /** Ids of accounts. */
  members: number[];
  /** Ids of those who were invited and did not accept yet. */
  invited?: number[];
  /** Seen by its own members alone. */
  secret?: boolean;
  /** `org/slug` of the team that this one's members also belong to. */
  parent?: string;
}

export interface EnvironmentOptions {
  name: string;
  /** Which branches may deploy. */
  branches:
    | { kind: 'all' }
    | { kind: 'protected' }
    | { kind: 'named'; patterns: { name: string; type: 'branch' | 'tag' }[] };
  adminBypass: boolean;
  /** Logins of GitHub's own required reviewers; shown, never waited for. */
  reviewers: string[];
  waitMinutes: number;
  /** Whether the App's custom deployment protection rule is enabled on it. */
  customRule?: boolean;
  secrets: Record<string, string>;
}

export interface GitHubOptions {
  repository: {
    owner: string;
    name: string;
    public: boolean;
    plan: 'free' | 'team' | 'enterprise';
    id?: number;
    ownerId?: number;
    /** Whether the repository has issues; it has unless said otherwise. */
    issues?: boolean;
    archived?: boolean;
    /** Whether Actions may run; they may unless said otherwise. */
    actions?: boolean;
    /** Paths of workflows that somebody disabled. */
    disabledWorkflows?: string[];
    /** Names of the repository's own secrets, which every branch's workflows can read. */
    secrets?: string[];
  };
  /** Other public repositories, of which only files can be read. */
  others?: { owner: string; name: string; gitDir: string }[];
  accounts: AccountOptions[];
  /** The App that is installed on the repository; none unless given. */
  app?: AppOptions;
  /** The organization's teams, by `org/slug`. */
  teams?: Record<string, TeamOptions>;
  /** A local git repository whose branch `main` is the default branch. */
  gitDir: string;
  environments: EnvironmentOptions[];
  /** Whether `main` has branch protection. */
  mainProtected: boolean;
  /** GitHub's limits: off, on as GitHub has them, or on with other numbers. */
  limits?: boolean | Partial<LimitNumbers>;
  /** How long lists miss what is new, in ms. */
  lagMs?: number;
  /** Added to each call, those of the OIDC provider too, in ms. */
  delayMs?: number;
  port?: number;
}

/** What an administrator changes under Settings; what is left out stays. */
export interface Settings {
  repository?: Partial<Omit<GitHubOptions['repository'], 'owner' | 'name' | 'id' | 'ownerId'>>;
  environments?: EnvironmentOptions[];
  mainProtected?: boolean;
  /** Whether the App is installed. */
  app?: 'installed' | 'suspended' | 'removed';
  /** The permission of an account, by its login. */
  permissions?: Record<string, AccountOptions['permission']>;
}

export interface GitHubSandbox extends Host {
  url: string;
  /** A person's own token. */
  userToken(login: string): string;
  /** A token that an app holds for a person: what it writes carries `performed_via_github_app`. */
  appUserToken(login: string): string;
  /**
   * A new token that may read the organization's teams: a person's, which sees what they see, or without a login an app's,
   * which sees every team and no repository. `authorized: false`: single sign-on does not let it in yet.
   */
  directoryToken(login?: string, more?: { authorized: boolean }): string;
  /** Makes a team or changes it while everything runs; null removes it. */
  setTeam(name: string, team: TeamOptions | null): void;
  /** Changes an account's login; its id stays. */
  rename(login: string, next: string): void;
  counts(): Counts;
  resetCounts(): void;
  /** Every API request received, oldest first; no tokens. */
  requests: SeenRequest[];
  /** Tells the listener of each API request, once it is carried out; what it gives ends that. */
  watch(listener: (request: SeenRequest) => void): () => void;
  /** Requests and answers that GitHub's OpenAPI description rejects. */
  violations: Violation[];
  /** Orders a fault; what it gives takes the order back. */
  fault(rule: FaultRule): () => void;
  setLag(ms: number): void;
  setDelay(ms: number): void;
  /** Lets GitHub's limits hold from now on, or not; what was done before does not count. */
  setLimits(on: boolean): void;
  /** Moves GitHub's clock, in ms: times, tokens and patience at gates go by it. Back, too: then whoever asks is ahead. */
  passTime(ms: number): void;
  /** Deletes an issue, as an administrator does on GitHub's own page. */
  deleteIssue(number: number): Promise<void>;
  /** So many closed issues with these labels, as years leave them. */
  plantClosed(count: number, labels: readonly string[]): void;
  /** A run's latest attempt uploads an artifact; gives its id. */
  addArtifact(run: number, name: string, content: string): number;
  /** What the attempts of a run uploaded and nobody deleted, the newest first. */
  artifacts(run: number): Artifact[];
  /** The retention of an artifact is over now. */
  expireArtifact(id: number): void;
  /** Tells of each run that is dispatched by the API, for whoever runs workflows; what it gives ends that. */
  onDispatch(listener: (dispatched: Dispatched) => void): () => void;
  /** Where the App's webhook delivers; null: nowhere. */
  setWebhookUrl(url: string | null): void;
  /** The deliveries of the App's webhook, and what goes wrong on their way. */
  webhooks: Webhooks;
  /** Starts all that waits at the run's gates, as an administrator may. Throws where an environment forbids that. */
  startWaitingJobs(run: number): void;
  /** Changes the set-up while it runs, as an administrator does under Settings. */
  configure(change: Settings): void;
  oidcIssuer: string;
  jwks(): JSONWebKeySet;
  /** A new key signs from now on; those before stay published until they are retired. */
  rotateOidcKey(): Promise<void>;
  /** Publishes no key any more but the one that signs. */
  retireOidcKeys(): void;
  /** A token with GitHub's signature over any claims: for tests of attacks. */
  mintOidc(claims: Record<string, unknown>, audience: string): Promise<string>;
  close(): Promise<void>;
}
