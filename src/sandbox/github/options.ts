/** What a test or demo asks of the sandbox's GitHub, and what it gets. */
import type { JSONWebKeySet } from 'jose';
import type { Host } from '../host.ts';
import type { Violation } from './contract.ts';
import type { FaultRule } from './faults.ts';
import type { Counts, SeenRequest } from './ledger.ts';
import type { LimitNumbers } from './limits.ts';

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
  };
  accounts: AccountOptions[];
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

export interface GitHubSandbox extends Host {
  url: string;
  /** A person's own token. */
  userToken(login: string): string;
  /** A token that an app holds for a person: what it writes carries `performed_via_github_app`. */
  appUserToken(login: string): string;
  counts(): Counts;
  resetCounts(): void;
  /** Every API request received, oldest first; no tokens. */
  requests: SeenRequest[];
  /** Requests and answers that GitHub's OpenAPI description rejects. */
  violations: Violation[];
  /** Orders a fault; what it gives takes the order back. */
  fault(rule: FaultRule): () => void;
  setLag(ms: number): void;
  setDelay(ms: number): void;
  oidcIssuer: string;
  jwks(): JSONWebKeySet;
  /** A new key signs from now on, and the old one is no longer published. */
  rotateOidcKey(): Promise<void>;
  /** A token with GitHub's signature over any claims: for tests of attacks. */
  mintOidc(claims: Record<string, unknown>, audience: string): Promise<string>;
  close(): Promise<void>;
}
