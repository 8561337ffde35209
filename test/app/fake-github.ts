/** A repository in memory, with real comment ids, conditional polls, lists that lag, and failures on demand. */
import { Fault } from '../../src/app/fault.ts';
import type {
  Clock,
  EnvironmentFacts,
  IssueSnapshot,
  PolicyFile,
  PolledComment,
  Repository,
  RunFacts,
} from '../../src/app/ports.ts';

export const BOT = { id: 41898282, login: 'github-actions', bot: true };
const URL = 'https://github.com/acme/shop';

interface StoredComment extends PolledComment {
  visibleFrom: number;
}
interface StoredIssue extends Omit<IssueSnapshot, 'comments' | 'commentCount'> {
  comments: StoredComment[];
  locked: boolean;
  /** In ms since 1970. */
  openedAt?: number;
}
export interface Failure {
  fault: Fault;
  /** The failure hides that it was written all the same. */
  written?: boolean;
  times?: number;
}

export const notConfirmed = () =>
  new Fault('not-confirmed', 'GitHub did not confirm it. It may have been written.', 'Look at the issue.');
export const notWritten = () => new Fault('not-written', 'GitHub answered 403.', 'Wait a minute.');
export const unavailable = () => new Fault('unavailable', 'GitHub answered 503.', 'Try again later.');

type Operation = keyof Repository;

export interface FakeGithub {
  /** A job's own client: each has its own conditional polls. */
  client(): Repository;
  issue(number?: number): StoredIssue;
  issues: Map<number, StoredIssue>;
  /** An issue as any client would read it now. */
  snapshot(number: number): IssueSnapshot;
  runs: Map<number, RunFacts>;
  environments: Map<string, EnvironmentFacts>;
  /** The apps whose rules hold back an environment's jobs. */
  gates: Map<string, number[]>;
  policy: PolicyFile | null;
  blobs: Map<string, string>;
  public: boolean;
  /** How long a new comment does not show in any list, in ms. */
  lagMs: number;
  /** How long a new issue does not show in the list of what was opened, in ms. */
  listLagMs: number;
  /** How long each operation takes, in ms. */
  slow: Partial<Record<Operation, number>>;
  fail(operation: Operation, failure: Failure): void;
  /** A person comments by hand. */
  write(author: StoredComment['author'], body: string, how?: { issue?: number; throughApp?: boolean }): number;
  /** By its author, or by the account of that id. */
  edit(comment: number, body: string, by?: number): void;
  remove(comment: number, by?: number): void;
  /** Somebody edits the issue's own text; null: an account that is no more. */
  rewrite(by: StoredComment['author'], body: string, issue?: number): void;
  rename(by: { login: string; bot: boolean }, title: string, issue?: number): void;
  /** What was done through any client. */
  done: Operation[];
}

/** REST knows an edit only by two times of whole seconds: one in the comment's first second does not show there. */
function asRestTells<Comment extends PolledComment>(comment: Comment): Comment {
  return comment.editedAt === comment.createdAt ? { ...comment, editedAt: null } : comment;
}

export function fakeGithub(clock: Clock, policy: PolicyFile): FakeGithub {
  const failures: (Failure & { operation: Operation })[] = [];
  let lastComment = 5_000_000_000;
  const instant = () => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;

  const add = (number: number, author: StoredComment['author'], body: string, throughApp: boolean): StoredComment => {
    lastComment += 1;
    const visibleFrom = clock.now() + github.lagMs;
    const comment = { id: lastComment, author, createdAt: instant(), editedAt: null, body, throughApp, visibleFrom };
    github.issue(number).comments.push(comment);
    return comment;
  };
  const holding = (id: number): [StoredIssue, StoredComment] => {
    for (const issue of github.issues.values()) {
      const comment = issue.comments.find((one) => one.id === id);
      if (comment !== undefined) return [issue, comment];
    }
    throw new Error(`There is no comment ${id}.`);
  };
  const visible = (issue: StoredIssue): PolledComment[] =>
    issue.comments
      .filter(({ visibleFrom }) => visibleFrom <= clock.now())
      .map(({ visibleFrom: _, ...comment }) => ({ ...comment }));
  const snapshot = (number: number): IssueSnapshot => {
    const issue = github.issue(number);
    const comments = visible(issue).map(({ throughApp: _, ...comment }) => comment);
    return { ...issue, comments, commentCount: issue.comments.length, ...copiesOf(issue) };
  };
  /** Takes the operation's time, then fails where it was asked to; gives a failure that hides a success. */
  const enter = async (operation: Operation): Promise<Failure | null> => {
    github.done.push(operation);
    await clock.sleep(github.slow[operation] ?? 20);
    const failure = failures.find((one) => one.operation === operation);
    if (failure === undefined) return null;
    failure.times = (failure.times ?? 1) - 1;
    if (failure.times === 0) failures.splice(failures.indexOf(failure), 1);
    if (failure.written !== true) throw failure.fault;
    return failure;
  };
  const writeInTime = async (number: number, body: string, deadlineMs: number) => {
    const takes = github.slow.comment ?? 20;
    if (takes > deadlineMs) {
      await clock.sleep(deadlineMs);
      void clock.sleep(takes - deadlineMs).then(() => add(number, BOT, body, false));
      throw notConfirmed();
    }
    const hidden = await enter('comment');
    const comment = add(number, BOT, body, false);
    if (hidden !== null) throw hidden.fault;
    return { id: comment.id, createdAt: comment.createdAt };
  };

  const isListed = (openedAt: number, since: number): boolean =>
    openedAt >= since && openedAt + github.listLagMs <= clock.now();
  const listed = async (operation: Operation, keep: (issue: StoredIssue) => boolean): Promise<number[]> => {
    await enter(operation);
    return [...github.issues.values()].filter(keep).map(({ number }) => number);
  };

  const client = (): Repository => {
    const polled = new Map<number, string>();
    return {
      async facts({ policyPath, earlier, issue }) {
        await enter('facts');
        const requests = [...github.issues.values()].filter(({ labels }) => labels.includes('debug-request'));
        const before = requests
          .filter(({ number }) => number !== issue)
          .slice(-5)
          .toReversed();
        return {
          ...{ id: 70, ownerId: 7, name: 'acme/shop', public: github.public, defaultBranch: 'main' },
          policy: github.policy?.path === policyPath ? github.policy : null,
          earlier:
            earlier === true
              ? before.map((one) => ({ issue: one.number, author: one.author, comments: visible(one).slice(-20) }))
              : [],
          issue: issue === undefined || !github.issues.has(issue) ? null : snapshot(issue),
        };
      },
      async blob(sha) {
        await enter('blob');
        return github.blobs.get(sha) ?? null;
      },
      async run(id) {
        await enter('run');
        const run = github.runs.get(id);
        if (run === undefined) throw new Fault('not-found', `There is no run ${id}.`, 'Check the number.');
        return run;
      },
      async environment(name) {
        await enter('environment');
        // GitHub finds an environment in whatever case it is asked for, and tells the name that it was made with.
        const found = [...github.environments].find(([known]) => known.toLowerCase() === name.toLowerCase());
        return found?.[1] ?? null;
      },
      async gates(environment) {
        await enter('gates');
        return github.gates.get(environment) ?? [];
      },
      async issue(number) {
        await enter('issue');
        return snapshot(number);
      },
      async createIssue(content) {
        await enter('createIssue');
        const number = Math.max(0, ...github.issues.keys()) + 1;
        const url = `${URL}/issues/${number}`;
        const state = { open: true, locked: false, author: BOT, openedAt: clock.now() };
        github.issues.set(number, { ...content, number, url, ...state, ...UNTOUCHED() });
        return { number, url };
      },
      async updateIssue(number, { completed: _, ...change }) {
        await enter('updateIssue');
        if (change.body !== undefined && change.body !== github.issue(number).body) {
          github.rewrite(BOT, change.body, number);
        }
        Object.assign(github.issue(number), change);
      },
      async lockIssue(number) {
        await enter('lockIssue');
        github.issue(number).locked = true;
      },
      async addLabel(number, label) {
        await enter('addLabel');
        const { labels } = github.issue(number);
        if (!labels.includes(label)) github.issue(number).labels = [...labels, label];
      },
      async removeLabel(number, label) {
        await enter('removeLabel');
        github.issue(number).labels = github.issue(number).labels.filter((one) => one !== label);
      },
      comment: (number, body, deadlineMs = 10_000) => writeInTime(number, body, deadlineMs),
      async poll(number) {
        await enter('poll');
        const comments = visible(github.issue(number)).map(asRestTells);
        const seen = JSON.stringify(comments);
        if (polled.get(number) === seen) return null;
        polled.set(number, seen);
        return comments;
      },
      async readComment(id) {
        await enter('readComment');
        const all = [...github.issues.values()].flatMap((issue) => issue.comments);
        const found = all.find((one) => one.id === id);
        return found === undefined ? null : asRestTells(found);
      },
      openRequests: () => listed('openRequests', ({ open, labels }) => open && labels.includes('debug-request')),
      openedSince: (since) =>
        listed('openedSince', ({ author, openedAt = 0 }) => author?.bot === true && isListed(openedAt, since)),
      undelivered: () => listed('undelivered', ({ open, labels }) => !open && labels.includes('debug:undelivered')),
      brokenGlass: () => listed('brokenGlass', ({ labels }) => labels.includes('debug:break-glass')),
    };
  };

  const github: FakeGithub = {
    ...{
      issues: new Map(),
      runs: new Map(),
      environments: new Map(),
      gates: new Map(),
      ...{ public: false, lagMs: 0, listLagMs: 0, slow: {}, done: [] },
    },
    policy,
    blobs: new Map([[policy.blob, policy.text]]),
    client,
    snapshot,
    issue(number = 1) {
      const issue = github.issues.get(number);
      if (issue === undefined) throw new Fault('not-found', `There is no issue #${number}.`, 'Check the number.');
      return issue;
    },
    fail(operation, failure) {
      failures.push({ ...failure, operation });
    },
    write: (author, body, how = {}) => add(how.issue ?? 1, author, body, how.throughApp ?? false).id,
    edit(id, body, by) {
      const [, comment] = holding(id);
      Object.assign(comment, { body, editedAt: instant(), editorId: by ?? comment.author?.id });
    },
    rewrite(by, body, number = 1) {
      const issue = github.issue(number);
      // As on GitHub: from the first edit on the history holds the first text, too.
      if (issue.bodyEdits.length === 0) issue.bodyEdits.push(firstText(issue.body));
      const edit = {
        at: instant(),
        text: body,
        editorId: by?.id ?? null,
        editorLogin: by?.login ?? null,
        editorIsBot: by?.bot ?? false,
      };
      issue.bodyEdits.push({ ...edit, erased: null });
      issue.body = body;
    },
    rename({ login, bot }, title, number = 1) {
      const issue = github.issue(number);
      issue.renames.push({ at: instant(), byLogin: login, byIsBot: bot, from: issue.title, to: title });
      issue.title = title;
    },
    remove(id, by) {
      const [issue, comment] = holding(id);
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      const authorId = comment.author?.id ?? null;
      const actorId = by ?? authorId;
      issue.deletions.push({ at: instant(), authorId, ...(actorId === null ? {} : { actorId }) });
    },
  };
  return github;
}

const firstText = (text: string) => ({
  ...{ at: '2026-11-23T12:00:00Z', text, erased: null },
  ...{ editorId: BOT.id, editorLogin: BOT.login, editorIsBot: true },
});

/** What an issue has that was just opened. */
export const UNTOUCHED = () => ({ comments: [], deletions: [], bodyEdits: [], renames: [] });

/** What a later change of the issue must not change in a snapshot of it. */
const copiesOf = ({ deletions, bodyEdits, renames }: StoredIssue) => ({
  ...{ deletions: [...deletions], bodyEdits: [...bodyEdits], renames: [...renames] },
});
