/**
 * What the application needs from the outside world, in its own words. Adapters (src/github, src/slack, src/runner,
 * src/sandbox) fill these in; nothing here knows Octokit, Slack or Node. Failures are thrown as {@link Fault}.
 */
import type { Trust } from '../log/trust.ts';
import type { GatewayKey } from '../policy/gateway.ts';
import type { RedactionChoice } from '../redact/redactor.ts';
import type { EventOf } from '../request/events.ts';
import type { IssueComment, IssueSnapshot } from './issue-snapshot.ts';

/** An issue and what stands on it. See src/app/issue-snapshot.ts. */
export type { BodyEdit, IssueComment, IssueSnapshot } from './issue-snapshot.ts';

/** An issue as an auditor reads it. */
export type AuditedIssue = IssueSnapshot & {
  /** When anything of it last changed, RFC 3339 UTC: by this an export goes on where the one before it ended. */
  updatedAt: string;
};

/** What an auditor reads of a repository's issues. Its methods throw a Fault. */
export interface AuditSource {
  /**
   * Issues with the label `debug-request`, open and closed, changed at or after `since` (RFC 3339; null: all), the one that
   * changed longest ago first, each with its comments and deletions whole. One that changes meanwhile may come twice.
   */
  requests(range: { since: string | null }): AsyncIterable<AuditedIssue>;
  /** null: there is no such issue (any more). */
  issue(number: number): Promise<AuditedIssue | null>;
  /** Issues with the label `debug-approval-keys`, oldest first. */
  archive(): Promise<IssueSnapshot[]>;
}

/** The issues that hold the archive of keys. Its methods throw a Fault. */
export interface KeyArchive {
  /** Those with its label, open and closed, oldest first, each with its comments and deletions whole. */
  issues(): Promise<IssueSnapshot[]>;
  /** Opens one, once; throws as {@link Repository.comment}. */
  open(): Promise<{ number: number }>;
}

/** The policy's text at one commit. */
export interface PolicyFile {
  path: string;
  commit: string;
  blob: string;
  text: string;
}

/** The repository as one query shows it, all at the same instant. */
export interface RepositoryFacts {
  id: number;
  ownerId: number;
  /** `owner/name`. */
  name: string;
  public: boolean;
  defaultBranch: string;
  /** null: the default branch has no such file. */
  policy: PolicyFile | null;
  /** The latest debug requests, newest first, with their latest comments (oldest first). */
  earlier: { issue: number; author: IssueComment['author']; comments: IssueComment[] }[];
  /** The issue asked for, null where none was asked for or it does not exist. */
  issue: IssueSnapshot | null;
}

/** A workflow run's attempt. `status` is GitHub's (`queued`, `in_progress`, `completed`, `waiting`, …). */
export interface RunFacts {
  id: number;
  attempt: number;
  event: string;
  status: string;
  conclusion: string | null;
  /** `.github/workflows/debug.yml`. */
  workflow: string;
  commit: string;
  branch: string | null;
  url: string;
  /** When the run was made, whichever attempt this is; RFC 3339 UTC. */
  createdAt: string;
  actor: { id: number; login: string; bot: boolean };
  triggeringActor: { id: number; login: string; bot: boolean };
}

/** How an environment is protected. */
export interface EnvironmentFacts {
  name: string;
  /** Which branches may deploy: every branch; those with branch protection; or those that match the named patterns. */
  branches:
    | { kind: 'all' }
    | { kind: 'protected'; defaultBranchProtected: boolean }
    | { kind: 'named'; patterns: { name: string; type: 'branch' | 'tag' }[] };
  /** null where GitHub does not say. */
  adminBypass: boolean | null;
  /** GitHub's own required reviewers; GitHub will ask them again. */
  reviewers: string[];
  waitMinutes: number;
}

/** Reads and writes of the repository that holds the requests. */
export interface Repository {
  /** Everything in one query. `issue` adds that issue's snapshot, `earlier` the latest requests. */
  facts(want: { policyPath: string; earlier?: boolean; issue?: number }): Promise<RepositoryFacts>;
  /** A policy's text by its git blob id; null: no such blob. */
  blob(sha: string): Promise<string | null>;
  run(id: number): Promise<RunFacts>;
  /** null: there is no such environment. */
  environment(name: string, defaultBranch: string): Promise<EnvironmentFacts | null>;
  /** The apps whose rules hold back each job of an environment, by id, those that are switched on; none where the plan has no such rules. */
  gates(environment: string): Promise<number[]>;
  issue(number: number): Promise<IssueSnapshot>;
  createIssue(content: IssueContent): Promise<{ number: number; url: string }>;
  updateIssue(number: number, change: Partial<IssueContent> & { open?: boolean; completed?: boolean }): Promise<void>;
  lockIssue(number: number): Promise<void>;
  /** Puts one label on an issue, or takes one away, whatever others stand there; nothing where that is so already. */
  addLabel(number: number, label: string): Promise<void>;
  removeLabel(number: number, label: string): Promise<void>;
  /**
   * Writes one comment, once: never repeated after an ambiguous failure.
   * Throws a Fault `not-written` (surely not there) or `not-confirmed` (may be there).
   */
  comment(number: number, body: string, deadlineMs?: number): Promise<{ id: number; createdAt: string }>;
  /** Comments of an issue with a conditional request; `null` when nothing changed since the last poll of that issue. */
  poll(number: number): Promise<PolledComment[] | null>;
  /** One comment by id; null when it does not exist. Tells, unlike a snapshot, whether an app wrote it. */
  readComment(id: number): Promise<PolledComment | null>;
  /** Open issues with the label `debug-request`, oldest first. */
  openRequests(): Promise<number[]>;
  /** Issues that bots opened at or after this moment (ms since 1970), open and closed, whatever their labels, oldest first. */
  openedSince(since: number): Promise<number[]>;
  /** Issues with the label `debug:break-glass` that are open or closed and were changed since this moment (ms since 1970). */
  brokenGlass(since: number): Promise<number[]>;
  /** Closed issues with the label `debug:undelivered`, the one that changed longest ago first. */
  undelivered(): Promise<number[]>;
}

/** A comment as the polled list has it. `throughApp`: written through an app, hence by no human's own hand. */
export interface PolledComment extends IssueComment {
  throughApp: boolean;
}

export interface IssueContent {
  title: string;
  body: string;
  labels: string[];
}

/** Signs a record's hash: gives the token that stands in the record's `sig`; null in a job that has no ID token. */
export interface Signer {
  sign(hash: string): Promise<string | null>;
}

/** Who this job is: by the claims of its own OIDC token or, where it has none, by the runner's variables. */
export interface JobIdentity {
  /** Whether GitHub vouches for it. Where not, check run and key are null, and so is the environment until the job claims one. */
  signed: boolean;
  repositoryId: number;
  run: { id: number; attempt: number };
  commit: string;
  /** `.github/workflows/debug.yml` and its ref `refs/heads/main`. */
  workflow: { path: string; ref: string };
  environment: string | null;
  event: string;
  checkRun: string | null;
  /** The name of the key with which GitHub signs this job's tokens; null: the token names none. */
  kid: string | null;
}

/** Keys of the issuers that the policy or the product trusts, and what else the log's verifier needs. */
export interface TrustSource {
  trust(
    facts: RepositoryFacts,
    signers: {
      issuer?: string;
      workflows: readonly string[];
      unsigned: Trust['unsigned'];
      gateway?: readonly GatewayKey[];
    },
  ): Promise<Trust>;
}

/** The view of a request that the card, the issue and the summary are drawn from. See src/request/view.ts. */
export type { RequestView } from '../request/view.ts';
/** What `doctor` is told about a Slack. See src/app/doctor/slack-inspector.ts. */
export type {
  BotFacts,
  ChannelFacts,
  ConnectionFacts,
  SlackAnswer,
  SlackFailure,
  SlackInspector,
  TokenKind,
  UserGroupFacts,
} from './doctor/slack-inspector.ts';
/** What requests shared, for its deletion. See src/app/purge-ports.ts. */
export type { MarkedIssue, PurgeIssue, SharedInSlack, SharedOnGithub, Thing } from './purge-ports.ts';
/** Slack: its card, its people, and what they do there. See src/app/slack-ports.ts. */
export type * from './slack-ports.ts';
/** The policy's webhook. See src/app/webhook-ports.ts. */
export type { Answer, OutgoingEvent, Receiver, ReceiverAt } from './webhook-ports.ts';

/** Time as a fact. `now` is in ms since 1970; `sleep` ends early, without an error, when the signal fires. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a person watching the job sees while it works. */
export interface Progress {
  info(message: string): void;
  warn(message: string): void;
}

/** Runs an argument vector; see src/runner/run.ts. */
export interface Runner {
  run(command: {
    argv: string[];
    cwd: string;
    env: Record<string, string>;
    windowMs: number;
    /** Values to mask in the output. */
    secrets: string[];
    /** What else is masked. */
    choice: RedactionChoice;
    /** Fires when the job is cancelled. */
    signal: AbortSignal;
  }): Promise<
    Omit<EventOf<'ended'>, 'type' | 'transcript'> & {
      transcript: string | null;
      transcriptPath: string;
      /** The end of what it printed, masked: few lines, for people. */
      lastLines: string;
    }
  >;
}

/** A GitHub account as its profile shows it to anybody. */
export interface AccountFacts {
  id: number;
  login: string;
  /** GitHub's `User`, `Bot`, `Organization`, … */
  type: string;
  /** The name that its owner chose; null where there is none. */
  name: string | null;
}

/** A member of a Slack workspace, or one of somebody else's whom it shows. */
export interface MemberFacts {
  /** `U…` or `W…`. */
  id: string;
  team: string;
  /** The unique handle, without `@`. */
  handle: string;
  /** What the person chose to be called; need not be unique. */
  displayName: string;
  realName: string;
  deleted: boolean;
  bot: boolean;
  guest: boolean;
  /** Of another workspace, here through a shared channel. */
  stranger: boolean;
}

/** Who is in a Slack workspace. Its methods throw a Fault `slack`. */
export interface Directory {
  /** The workspace's id. */
  team(): Promise<string>;
  /** null: there is no such member. */
  member(id: string): Promise<MemberFacts | null>;
  everybody(): Promise<MemberFacts[]>;
}

/** Checks the working copy: its commit, the paths that differ from it, and which of these do in their line ends only. */
export interface WorkingCopy {
  state(): Promise<{ commit: string; changed: string[]; lineEnds?: string[] } | null>;
}

/** What `doctor` asks of GitHub; see src/app/doctor/inspector.ts. */
export type { FolderEntry, IdentityProbe, Inspector, RepositorySettings } from './doctor/inspector.ts';

/** Who is in a GitHub team, named as `organization/slug`. Its methods throw a Fault that names the team and what to do. */
export interface Teams {
  /** Every member as GitHub lists them, child teams' members included; nobody who is only invited. */
  members(team: string): Promise<{ id: number; login: string }[]>;
  /** Whether this account, by its id, is an active member now. The login may be an old one: it is for messages alone. */
  isMember(team: string, account: { id: number; login: string }): Promise<boolean>;
}
