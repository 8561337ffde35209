/** Reads the repository, its policy and an issue with all its comments, by GraphQL. */
import type * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { IssueComment, IssueSnapshot, PolicyFile, RepositoryFacts } from '../app/ports.ts';
import { accountOfGraphql, commentOfGraphql } from './account.ts';
import { ask, type Scope } from './ask.ts';
import { bodyEditsOf, deletionOf, renameOf } from './changes.ts';
import { graphqlErrorsOf } from './faults.ts';
import * as query from './queries.ts';
import * as shape from './shapes.ts';

/** Everything in one query; further ones only for what exceeds a hundred comments, changes or edits. Throws a Fault. */
export async function readFacts(
  scope: Scope,
  want: { policyPath: string; earlier?: boolean; issue?: number },
): Promise<RepositoryFacts> {
  const doing = `read the repository ${scope.owner}/${scope.name}`;
  const variables = {
    owner: scope.owner,
    name: scope.name,
    policy: `HEAD:${want.policyPath}`,
    withIssue: want.issue !== undefined,
    issue: want.issue ?? 0,
    withEarlier: want.earlier === true,
  };
  const { repository } = await ask(scope, doing, shape.FactsAnswer, () => graphql(scope, query.FACTS, variables));
  const branch = repository.defaultBranchRef;
  if (branch?.target == null) throw emptyRepository(scope);
  return {
    id: repository.databaseId,
    ownerId: repository.owner.databaseId,
    name: repository.nameWithOwner,
    public: repository.visibility === 'PUBLIC',
    defaultBranch: branch.name,
    policy: policyFile(want.policyPath, branch.target.oid, repository.policy),
    earlier: (repository.earlier?.nodes ?? [])
      .filter((issue) => issue.number !== want.issue)
      .map(({ number, author, comments }) => ({
        issue: number,
        author: accountOfGraphql(author),
        comments: inOrder(comments.nodes.map(commentOfGraphql)),
      })),
    issue: repository.issue == null ? null : await snapshot(scope, repository.issue),
  };
}

/** One issue with all its comments and deletions. Throws a Fault `not-found` when there is none of that number. */
export async function readIssue(scope: Scope, number: number): Promise<IssueSnapshot> {
  const variables = { owner: scope.owner, name: scope.name, issue: number };
  const { repository } = await ask(scope, `read issue #${number}`, shape.SnapshotAnswer, () =>
    graphql(scope, query.ISSUE_SNAPSHOT, variables),
  );
  if (repository.issue !== null) return snapshot(scope, repository.issue);
  throw new Fault(
    'not-found',
    `There is no issue #${number} in ${scope.owner}/${scope.name}.`,
    'Check the issue number; a deleted request shows in the next request\'s record "earlier".',
  );
}

/** A file's text by its git blob id; null when the repository holds no such blob. */
export async function readBlob(scope: Scope, sha: string): Promise<string | null> {
  const variables = { owner: scope.owner, name: scope.name, oid: sha };
  const { repository } = await ask(scope, `read the blob ${sha}`, shape.BlobAnswer, () =>
    graphql(scope, query.BLOB_TEXT, variables),
  );
  return repository.object?.__typename === 'Blob' ? wholeText(`the blob ${sha}`, repository.object) : null;
}

/** GraphQL answers a missing issue with an error beside the data; that one is an answer, every other is a failure. */
export async function graphql(scope: Scope, text: string, variables: Record<string, unknown>): Promise<unknown> {
  try {
    return await scope.octokit.graphql(text, variables);
  } catch (error) {
    const answer = graphqlErrorsOf(error);
    const onlyTheIssue = answer?.errors.every(
      (e) => e.type === 'NOT_FOUND' && e.path?.length === 2 && e.path[0] === 'repository' && e.path[1] === 'issue',
    );
    if (onlyTheIssue === true && answer?.data != null) return answer.data;
    throw error;
  }
}

/** An issue as the application knows it; further queries only for what exceeds a hundred comments, changes or edits. */
export async function snapshot(scope: Scope, issue: shape.GraphqlIssue): Promise<IssueSnapshot> {
  const comments = [...issue.comments.nodes, ...(await moreComments(scope, issue))];
  const changes = [...issue.timelineItems.nodes, ...(await moreChanges(scope, issue))];
  return {
    number: issue.number,
    url: issue.url,
    open: issue.state === 'OPEN',
    labels: (issue.labels?.nodes ?? []).map((label) => label.name),
    title: issue.title,
    body: issue.body,
    author: accountOfGraphql(issue.author),
    commentCount: issue.comments.totalCount,
    comments: inOrder(comments.map(commentOfGraphql)),
    deletions: changes.flatMap((change) => (change.__typename === 'CommentDeletedEvent' ? deletionOf(change) : [])),
    bodyEdits: bodyEditsOf(issue, await moreEdits(scope, issue)),
    renames: changes.flatMap((change) => (change.__typename === 'RenamedTitleEvent' ? renameOf(change) : [])),
  };
}

async function moreComments(scope: Scope, issue: shape.GraphqlIssue) {
  return following(issue.comments, async (after) => {
    const variables = { owner: scope.owner, name: scope.name, issue: issue.number, after };
    const doing = `read the comments of issue #${issue.number}`;
    const answer = await ask(scope, doing, shape.MoreCommentsAnswer, () =>
      graphql(scope, query.MORE_COMMENTS, variables),
    );
    return answer.repository.issue.comments;
  });
}

async function moreChanges(scope: Scope, issue: shape.GraphqlIssue) {
  return following(issue.timelineItems, async (after) => {
    const variables = { owner: scope.owner, name: scope.name, issue: issue.number, after };
    const doing = `read the deletions of issue #${issue.number}`;
    const answer = await ask(scope, doing, shape.MoreChangesAnswer, () =>
      graphql(scope, query.MORE_CHANGES, variables),
    );
    return answer.repository.issue.timelineItems;
  });
}

async function moreEdits(scope: Scope, issue: shape.GraphqlIssue) {
  if (issue.userContentEdits === null) return [];
  return following(issue.userContentEdits, async (after) => {
    const variables = { owner: scope.owner, name: scope.name, issue: issue.number, after };
    const doing = `read who edited issue #${issue.number}`;
    const answer = await ask(scope, doing, shape.MoreEditsAnswer, () => graphql(scope, query.MORE_EDITS, variables));
    return answer.repository.issue.userContentEdits;
  });
}

interface Page<Node> {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: Node[];
}

/** The nodes of all pages after the first. */
async function following<Node>(first: Page<Node>, next: (after: string) => Promise<Page<Node>>): Promise<Node[]> {
  const nodes: Node[] = [];
  let { hasNextPage, endCursor } = first.pageInfo;
  while (hasNextPage && endCursor !== null) {
    const page = await next(endCursor);
    nodes.push(...page.nodes);
    ({ hasNextPage, endCursor } = page.pageInfo);
  }
  return nodes;
}

/** Order is the comments' ids. A comment that moved between two pages while they were read stands once. */
function inOrder(comments: IssueComment[]): IssueComment[] {
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

function policyFile(path: string, commit: string, object: shape.GitObject | null): PolicyFile | null {
  if (object === null) return null;
  if (object.__typename !== 'Blob') {
    throw new Fault('policy', `The policy ${path} is a folder or a submodule.`, 'Name a file in the input policy.');
  }
  return { path, commit, blob: object.oid, text: wholeText(`the policy ${path}`, object) };
}

function wholeText(what: string, blob: v.InferOutput<typeof shape.GitObject> & { __typename: 'Blob' }): string {
  if (blob.isBinary === true || blob.text === null) {
    throw new Fault('policy', `GitHub takes ${what} for binary: it is not UTF-8 text.`, 'Save it as UTF-8 text.');
  }
  if (blob.isTruncated) {
    throw new Fault('policy', `GitHub gives only a part of ${what}: it is too long.`, 'Shorten it to below 512 KB.');
  }
  return blob.text;
}

function emptyRepository(scope: Scope): Fault {
  return new Fault(
    'not-found',
    `The repository ${scope.owner}/${scope.name} has no commit on a default branch.`,
    'Push the workflow and the policy to the default branch first.',
  );
}
