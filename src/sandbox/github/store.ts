/**
 * Issues and labels, kept by `emulate`; what it lacks (edits, deletions, big ids, apps) is kept beside it, and so are comments:
 * for each new one it goes through all issues and comments, and nothing that it knows of them is missing here.
 */
import * as v from 'valibot';
import { createTurns } from '../turns.ts';
import type { Accounts } from './accounts.ts';
import { startEmulator } from './emulator.ts';
import type { AccountOptions, GitHubOptions } from './options.ts';

/** GitHub's comment ids outgrew 32 bits: so do the sandbox's. */
const FIRST_COMMENT_ID = 3_000_000_000;
/** Whose turn new issues take. */
const NEW_ISSUES = 0;
/** Where the numbers of planted issues begin. */
const PLANTED = 1_000_000;

const User = v.nullable(v.object({ login: v.string() }));
const EmulatedIssue = v.object({
  id: v.number(),
  number: v.number(),
  title: v.string(),
  body: v.nullable(v.string()),
  state: v.picklist(['open', 'closed']),
  state_reason: v.nullable(v.picklist(['completed', 'not_planned', 'reopened'])),
  locked: v.boolean(),
  active_lock_reason: v.nullable(v.string()),
  comments: v.number(),
  closed_by: User,
  user: User,
  labels: v.array(
    v.object({
      id: v.number(),
      name: v.string(),
      color: v.string(),
      description: v.nullable(v.string()),
      default: v.boolean(),
    }),
  ),
});

/** RFC 3339, by the clock of this GitHub and not by emulate's. */
interface Times {
  created_at: string;
  updated_at: string;
}

export interface Edit {
  /** RFC 3339. */
  at: string;
  editor: AccountOptions;
  body: string;
}

interface Written {
  author: AccountOptions;
  throughApp: boolean;
  edits: Edit[];
  /** Its text before the first edit. */
  firstBody: string;
}

/** What is known of an issue before emulate is asked; a new one has no times yet. */
type Known = Written & { created_at?: string; closed_at?: string | null };

export type Issue = Omit<v.InferOutput<typeof EmulatedIssue>, 'user' | 'closed_by'> &
  Written &
  Times & { closedBy: AccountOptions | null; closed_at: string | null };
export type Comment = Written & Times & { id: number; body: string; issue: number };
export interface Deletion {
  id: number;
  at: string;
  actor: AccountOptions;
  author: AccountOptions;
}

/** A changed title. */
export interface Rename {
  id: number;
  at: string;
  actor: AccountOptions;
  from: string;
  to: string;
}

/** Who writes, and whether through an app. */
export interface Writer {
  account: AccountOptions;
  throughApp: boolean;
}

export interface IssueChange {
  title?: string;
  body?: string | null;
  labels?: string[];
  state?: 'open' | 'closed';
  state_reason?: string | null;
}

export interface Store {
  issues(): Issue[];
  /** How many are open. */
  openIssues(): number;
  issue(number: number): Issue | null;
  /** An issue's comments in the order of their ids. */
  comments(issue: number): Comment[];
  comment(id: number): Comment | null;
  deletions(issue: number): Deletion[];
  renames(issue: number): Rename[];
  createIssue(writer: Writer, content: { title: string; body: string | null; labels: string[] }): Promise<Issue>;
  changeIssue(writer: Writer, number: number, change: IssueChange): Promise<Issue>;
  lock(writer: Writer, number: number, reason: string | null): Promise<void>;
  unlock(writer: Writer, number: number): Promise<void>;
  createComment(writer: Writer, issue: number, body: string): Promise<Comment>;
  changeComment(writer: Writer, id: number, body: string): Promise<Comment>;
  deleteComment(writer: Writer, id: number): Promise<void>;
  /** Whole, with its comments: nothing of it is shown any more. */
  deleteIssue(number: number): Promise<void>;
  /** So many closed issues with these labels and no comments, numbered far above all others; kept here alone. */
  plant(writer: Writer, count: number, labels: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Starts `emulate` and fills in the accounts; `now` is the clock (ms). Writes to an issue are done one after the other; reads
 * come from what was written.
 */
export async function openStore(options: GitHubOptions, accounts: Accounts, now: () => number): Promise<Store> {
  const clock = (): string => new Date(now()).toISOString();
  const emulator = await startEmulator(options, accounts);
  const send = (writer: Writer, method: string, path: string, body?: unknown): Promise<unknown> =>
    emulator.send(writer.account, method, path, body);
  // emulate knows everybody by the login they began with.
  const seeded = new Map(accounts.all.map((account) => [account.login, account]));
  const inTurn = createTurns<number>();
  let lastComment = FIRST_COMMENT_ID;
  const issues = new Map<number, Issue>();
  const comments = new Map<number, Comment>();
  const underIssues = new Map<number, Map<number, Comment>>();
  const deletions = new Map<number, Deletion[]>();
  const renames: (Rename & { issue: number })[] = [];

  const keep = (answer: unknown, written: Known): Issue => {
    const { user: _, closed_by, ...rest } = v.parse(EmulatedIssue, answer);
    const closedBy = closed_by === null ? null : (seeded.get(closed_by.login) ?? null);
    const { author, throughApp, edits, firstBody } = written;
    const at = clock();
    const closed_at = rest.state === 'open' ? null : (written.closed_at ?? at);
    const times = { created_at: written.created_at ?? at, updated_at: at, closed_at };
    const comments = under(rest.number).size;
    const issue = { ...rest, ...times, comments, author, throughApp, edits, firstBody, closedBy };
    issues.set(issue.number, issue);
    return issue;
  };
  const refresh = async (writer: Writer, number: number, written: Known): Promise<Issue> =>
    keep(await send(writer, 'GET', `/issues/${number}`), written);
  const under = (issue: number): Map<number, Comment> => {
    const own = underIssues.get(issue) ?? new Map<number, Comment>();
    underIssues.set(issue, own);
    return own;
  };
  const keepComment = (comment: Comment): Comment => {
    comments.set(comment.id, comment);
    under(comment.issue).set(comment.id, comment);
    return comment;
  };
  /** What writing or deleting a comment does to its issue. */
  const commented = (number: number, at: string): void => {
    issues.set(number, { ...knownIssue(number), comments: under(number).size, updated_at: at });
  };
  const knownIssue = (number: number): Issue => known(issues.get(number), `issue ${number}`);

  return {
    issues: () => [...issues.values()],
    openIssues() {
      let count = 0;
      for (const { state } of issues.values()) if (state === 'open') count += 1;
      return count;
    },
    issue: (number) => issues.get(number) ?? null,
    comments: (issue) => [...under(issue).values()],
    comment: (id) => comments.get(id) ?? null,
    deletions: (issue) => deletions.get(issue) ?? [],
    renames: (number) => renames.filter(({ issue }) => issue === number),
    createIssue: (writer, content) =>
      inTurn(NEW_ISSUES, async () => {
        const made = await send(writer, 'POST', '/issues', content);
        return keep(made, unedited(writer, content.body ?? ''));
      }),
    changeIssue: (writer, number, change) =>
      inTurn(number, async () => {
        const before = knownIssue(number);
        const changed = await send(writer, 'PATCH', `/issues/${number}`, change);
        const edited = change.body !== undefined && change.body !== before.body;
        const at = clock();
        const edit = { at, editor: writer.account, body: change.body ?? '' };
        if (change.title !== undefined && change.title !== before.title) {
          const titles = { from: before.title, to: change.title };
          renames.push({ ...titles, issue: number, id: renames.length + 1, at, actor: writer.account });
        }
        return keep(changed, { ...before, edits: edited ? [...before.edits, edit] : before.edits });
      }),
    lock: (writer, number, reason) =>
      inTurn(number, async () => {
        const before = knownIssue(number);
        await send(writer, 'PUT', `/issues/${number}/lock`, { lock_reason: reason ?? 'resolved' });
        const issue = await refresh(writer, number, before);
        issues.set(number, { ...issue, active_lock_reason: reason });
      }),
    unlock: (writer, number) =>
      inTurn(number, async () => {
        const before = knownIssue(number);
        await send(writer, 'DELETE', `/issues/${number}/lock`);
        const issue = await refresh(writer, number, before);
        issues.set(number, { ...issue, active_lock_reason: null });
      }),
    async createComment(writer, issue, body) {
      const { number } = knownIssue(issue);
      const at = clock();
      lastComment += 1;
      const times = { created_at: at, updated_at: at };
      const made = keepComment({ ...unedited(writer, body), ...times, id: lastComment, body, issue: number });
      commented(number, at);
      return made;
    },
    async changeComment(writer, id, body) {
      const before = known(comments.get(id), `comment ${id}`);
      const at = clock();
      const edits = [...before.edits, { at, editor: writer.account, body }];
      return keepComment({ ...before, updated_at: at, edits, body });
    },
    async deleteComment(writer, id) {
      const before = known(comments.get(id), `comment ${id}`);
      const at = clock();
      comments.delete(id);
      under(before.issue).delete(id);
      const deletion = { id, at, actor: writer.account, author: before.author };
      deletions.set(before.issue, [...(deletions.get(before.issue) ?? []), deletion]);
      commented(before.issue, at);
    },
    deleteIssue: (number) =>
      inTurn(number, async () => {
        issues.delete(knownIssue(number).number);
        for (const id of under(number).keys()) comments.delete(id);
        underIssues.delete(number);
        deletions.delete(number);
      }),
    plant(writer, count, labels) {
      const at = clock();
      const common = { created_at: at, updated_at: at, closed_at: at, body: 'Planted', title: 'Planted', comments: 0 };
      const shown = labels.map((name, id) => ({ id, name, color: 'ededed', description: null, default: false }));
      const state = {
        state: 'closed',
        state_reason: 'completed',
        locked: true,
        active_lock_reason: 'resolved',
      } as const;
      const written = {
        author: writer.account,
        throughApp: writer.throughApp,
        edits: [],
        firstBody: 'Planted',
        closedBy: writer.account,
      };
      for (let n = 0; n < count; n += 1) {
        const number = PLANTED + issues.size;
        issues.set(number, { ...common, ...state, ...written, id: number, number, labels: shown });
      }
    },
    close: () => emulator.close(),
  };
}

function unedited({ account, throughApp }: Writer, firstBody: string): Written {
  return { author: account, throughApp, edits: [], firstBody };
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The sandbox has no ${what} any more.`);
  return value;
}
