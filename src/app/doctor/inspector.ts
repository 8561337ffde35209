/** What `doctor` asks of GitHub beyond what the jobs ask. Failures are thrown as Faults; `null` means that there is none. */
import type { AccountFacts } from '../ports.ts';

/** A repository's own settings. */
export interface RepositorySettings {
  /** `owner/name`. */
  name: string;
  issues: boolean;
  archived: boolean;
  disabled: boolean;
}

/** What stands in a folder: `executable` is git's mode 100755. */
export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  executable: boolean;
}

export interface Inspector {
  settings(): Promise<RepositorySettings>;
  /** Whether the branch has protection of its own or an active rule that keeps pushes out. */
  branchGuarded(branch: string): Promise<boolean>;
  /** Whether Actions run here, and which actions may be used. */
  actions(): Promise<{ enabled: boolean; allowed: 'all' | 'local_only' | 'selected' | null }>;
  /** Folders at one commit by their paths. */
  folders(commit: string, paths: readonly string[]): Promise<Map<string, FolderEntry[] | null>>;
  /** The texts of files at one commit by their paths. */
  files(commit: string, paths: readonly string[]): Promise<Map<string, string | null>>;
  /** The text of a file of another repository. */
  fileElsewhere(repository: string, commit: string, path: string): Promise<string | null>;
  /** The names of an environment's secrets; those of the repository itself for null. */
  secrets(environment: string | null): Promise<string[]>;
  /** The names of the organization's secrets that this repository may read. */
  sharedSecrets(): Promise<string[]>;
  /** The account that has this number. */
  account(id: number): Promise<AccountFacts | null>;
  /** The account that has this login now. */
  accountOf(login: string): Promise<AccountFacts | null>;
  /** What an account may do in the repository: null where there is no such account. */
  permission(login: string): Promise<'admin' | 'write' | 'read' | 'none' | null>;
  /** Workflows that are switched off, by their paths, and GitHub's word for how: `disabled_manually`, `disabled_inactivity`, …. */
  disabledWorkflows(): Promise<Map<string, string>>;
  /** Runs that wait or work now, by the path of their workflow. */
  activeRuns(): Promise<{ workflow: string }[]>;
  /** Reads the list of issues, which takes the right to. */
  readIssues(): Promise<void>;
  /** Keeps one closed issue of its own, and writes a comment and a change to it. Gives its address. */
  tryWrites(at: string): Promise<string>;
}

/** What a job can tell of itself by its own OIDC token, verified by the trusted issuer's keys if it is that one's. */
export interface IdentityProbe {
  issuer: string;
  /** The issuer that the policy trusts. */
  trusted: string;
  repositoryId: number;
  environment: string | null;
  workflow: { path: string; ref: string };
}
