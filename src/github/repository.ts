/** The port {@link Repository}, filled in with GitHub's API. */

import { Fault } from '../app/fault.ts';
import type { Repository, RunFacts } from '../app/ports.ts';
import { accountOfRest } from './account.ts';
import { ask, type Scope } from './ask.ts';
import type { GitHubClient } from './client.ts';
import { readEnvironment, readGates } from './environment.ts';
import { readBlob, readFacts } from './facts.ts';
import { issueReader } from './issues-together.ts';
import { commentWatcher, readComment } from './poll.ts';
import { RestIssueList, RestOpenedIssueList, RestRun } from './shapes.ts';
import { addLabel, changeIssue, commentWriter, lockIssue, openIssue, removeLabel } from './write.ts';

/** The repository `owner/name` as the application sees it. Throws a Fault `input` for any other form of name. */
export function createRepository(client: GitHubClient, fullName: string): Repository {
  const scope = scopeOf(client, fullName);
  return {
    facts: (want) => readFacts(scope, want),
    blob: (sha) => readBlob(scope, sha),
    run: (id) => readRun(scope, id),
    environment: (name, defaultBranch) => readEnvironment(scope, name, defaultBranch),
    gates: (environment) => readGates(scope, environment),
    issue: issueReader(scope),
    createIssue: (content) => openIssue(scope, content),
    updateIssue: (number, change) => changeIssue(scope, number, change),
    lockIssue: (number) => lockIssue(scope, number, 'resolved'),
    addLabel: (number, label) => addLabel(scope, number, label),
    removeLabel: (number, label) => removeLabel(scope, number, label),
    comment: commentWriter(scope),
    poll: commentWatcher(scope),
    readComment: (id) => readComment(scope, id),
    openRequests: () =>
      labelled(scope, 'list the open requests', { labels: 'debug-request', state: 'open', sort: 'created' }),
    openedSince: (since) => openedSince(scope, since),
    brokenGlass: (since) =>
      labelled(scope, 'list what broke the glass', {
        ...{ labels: 'debug:break-glass', state: 'all', sort: 'updated' },
        since: new Date(since).toISOString(),
      }),
    undelivered: () =>
      labelled(scope, 'list what is to be delivered', {
        labels: 'debug:undelivered',
        state: 'closed',
        sort: 'updated',
      }),
  };
}

/** The client with the repository `owner/name` that its questions are about. Throws a Fault `input` for any other form of name. */
export function scopeOf(client: GitHubClient, fullName: string): Scope {
  return { ...client, ...split(fullName) };
}

function split(fullName: string): { owner: string; name: string } {
  const match = /^([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+)$/.exec(fullName);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Fault(
      'input',
      `${JSON.stringify(fullName)} is no repository.`,
      'Write owner/name, as GITHUB_REPOSITORY has it.',
    );
  }
  return { owner: match[1], name: match[2] };
}

/** The run's latest attempt. */
async function readRun(scope: Scope, id: number): Promise<RunFacts> {
  const run = await ask(scope, `read the workflow run ${id}`, RestRun, async () => {
    const answer = await scope.octokit.rest.actions.getWorkflowRun({
      owner: scope.owner,
      repo: scope.name,
      run_id: id,
      exclude_pull_requests: true,
    });
    return answer.data;
  });
  return {
    id: run.id,
    attempt: run.run_attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    // GitHub appends `@refs/heads/main` to the path of some runs.
    workflow: run.path.split('@', 1)[0] ?? run.path,
    commit: run.head_sha,
    branch: run.head_branch,
    url: run.html_url,
    createdAt: run.created_at,
    actor: accountOfRest(run.actor),
    triggeringActor: accountOfRest(run.triggering_actor),
  };
}

type Wanted = Pick<
  NonNullable<Parameters<Scope['octokit']['rest']['issues']['listForRepo']>[0]>,
  'labels' | 'state' | 'sort' | 'since'
>;

/** Numbers of issues, in the order asked for; pull requests are none. */
async function labelled(scope: Scope, doing: string, wanted: Wanted): Promise<number[]> {
  const issues = await ask(scope, doing, RestIssueList, () =>
    scope.octokit.paginate(scope.octokit.rest.issues.listForRepo, {
      owner: scope.owner,
      repo: scope.name,
      ...wanted,
      direction: 'asc',
      per_page: 100,
    }),
  );
  return issues.filter((issue) => issue.pull_request === undefined).map((issue) => issue.number);
}

/** GitHub's list knows only when an issue last changed: what changed before was opened before. */
async function openedSince(scope: Scope, since: number): Promise<number[]> {
  const issues = await ask(scope, 'list what was opened lately', RestOpenedIssueList, () =>
    scope.octokit.paginate(scope.octokit.rest.issues.listForRepo, {
      owner: scope.owner,
      repo: scope.name,
      ...{ state: 'all', sort: 'created', direction: 'asc', since: new Date(since).toISOString(), per_page: 100 },
    }),
  );
  return issues
    .filter(({ pull_request: pull, user }) => pull === undefined && user?.type !== 'User')
    .filter(({ created_at: at }) => !(Date.parse(at) < since))
    .map(({ number }) => number);
}
