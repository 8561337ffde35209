/** The port {@link SharedOnGithub}, filled in with GitHub's API: what closed requests shared, found and deleted ten at a time. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { MarkedIssue, PurgeIssue, SharedOnGithub } from '../app/ports.ts';
import { ask, askMaybe, type Scope } from './ask.ts';
import type { GitHubClient } from './client.ts';
import { snapshot } from './facts.ts';
import { faultOf, graphqlErrorsOf } from './faults.ts';
import { scopeOf } from './repository.ts';
import { GraphqlIssue } from './shapes.ts';
import * as query from './shared-queries.ts';
import { artifactsOf, logsHash, runsOf } from './shared-runs.ts';

const Names = v.looseObject({ nodes: v.array(v.looseObject({ name: v.string() })) });
const PageInfo = v.looseObject({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) });
const Marked = v.looseObject({
  pageInfo: PageInfo,
  nodes: v.array(
    v.looseObject({
      id: v.string(),
      number: v.number(),
      createdAt: v.string(),
      author: v.nullable(v.looseObject({ __typename: v.string() })),
      labels: v.nullable(Names),
    }),
  ),
});
const MarkedAnswer = v.looseObject({ repository: v.record(v.string(), Marked) });
const HeldAnswer = v.looseObject({
  repository: v.looseObject({
    issues: v.looseObject({
      pageInfo: PageInfo,
      nodes: v.array(v.looseObject({ body: v.string() })),
    }),
  }),
});
const Found = v.looseObject({
  ...GraphqlIssue.entries,
  id: v.string(),
  marks: v.nullable(v.looseObject({ nodes: v.array(v.looseObject({ id: v.string(), name: v.string() })) })),
});
const IssuesAnswer = v.looseObject({ nodes: v.array(v.nullable(v.union([Found, v.looseObject({})]))) });
const Written = v.looseObject({
  commentEdge: v.looseObject({
    node: v.looseObject({ fullDatabaseId: v.pipe(v.union([v.string(), v.number()]), v.transform(Number)) }),
  }),
});
const WriteAnswer = v.record(v.string(), v.unknown());

/** What requests of the repository `owner/name` shared. Throws a Fault `input` for any other form of name. */
export function createShared(client: GitHubClient, fullName: string): SharedOnGithub {
  const scope = scopeOf(client, fullName);
  const at = { owner: scope.owner, repo: scope.name };
  return {
    marked: (wanted) => marked(scope, wanted),
    held: () => held(scope),
    issues: (ids) => issues(scope, ids),
    write: (comments) => write(scope, comments),
    settle: (wanted) => settle(scope, wanted),
    runs: (wanted) => runsOf(scope, wanted),
    artifacts: (name, runs) => artifactsOf(scope, name, runs),
    logs: (run) => logsHash(scope, run),
    async deleteArtifact(id) {
      await askMaybe(scope, `delete the artifact ${id}`, v.unknown(), async () => {
        await scope.octokit.rest.actions.deleteArtifact({ ...at, artifact_id: id });
      });
    },
    async deleteLogs(run) {
      await askMaybe(scope, `delete the logs of run ${run}`, v.unknown(), async () => {
        await scope.octokit.rest.actions.deleteWorkflowRunLogs({ ...at, run_id: run });
      });
    },
  };
}

/** Pages of a hundred, each one call: so many that a few hundred issues that nothing can go of hide no other. */
const MOST_PAGES = 20;

async function marked(
  scope: Scope,
  wanted: Parameters<SharedOnGithub['marked']>[0],
): Promise<Awaited<ReturnType<SharedOnGithub['marked']>>> {
  const found = new Map<number, MarkedIssue>();
  let lists = wanted.map((one): Listed => ({ ...one, after: null }));
  for (let page = 0; lists.length > 0 && page < MOST_PAGES; page += 1) lists = await nextPage(scope, lists, found);
  return { issues: [...found.values()].sort((a, b) => a.number - b.number), more: lists.length > 0 };
}

interface Listed {
  label: string;
  openedBy: string;
  after: string | null;
}

/** Takes one page of each list; gives those that go on. */
async function nextPage(scope: Scope, lists: readonly Listed[], found: Map<number, MarkedIssue>): Promise<Listed[]> {
  const variables = Object.fromEntries(
    lists.flatMap(({ label, after }, n) => [
      [`label${n}`, [label]],
      [`after${n}`, after],
    ]),
  );
  const { repository } = await ask(scope, 'list what is to be deleted some time', MarkedAnswer, () =>
    scope.octokit.graphql(query.markedQuery(lists.length), { owner: scope.owner, name: scope.name, ...variables }),
  );
  return lists.flatMap((list, n) => {
    const { nodes = [], pageInfo } = repository[`marked${n}`] ?? {};
    const old = nodes.filter(({ createdAt }) => Date.parse(createdAt) <= Date.parse(list.openedBy));
    for (const { id, number, author, labels } of old) {
      // Whoever labels issues of their own only makes the list longer.
      if (author?.__typename === 'User') continue;
      found.set(number, { id, number, labels: (labels?.nodes ?? []).map(({ name }) => name) });
    }
    const goesOn = pageInfo?.hasNextPage === true && old.length === nodes.length;
    return goesOn ? [{ ...list, after: pageInfo.endCursor }] : [];
  });
}

async function held(scope: Scope): Promise<string[]> {
  const bodies: string[] = [];
  let after: string | null = null;
  do {
    const variables: Record<string, unknown> = { owner: scope.owner, name: scope.name, after };
    const answer: v.InferOutput<typeof HeldAnswer> = await ask(scope, 'list what is on hold', HeldAnswer, () =>
      scope.octokit.graphql(query.HELD, variables),
    );
    const { nodes, pageInfo } = answer.repository.issues;
    bodies.push(...nodes.map(({ body }) => body));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return bodies;
}

async function issues(scope: Scope, ids: readonly string[]): Promise<PurgeIssue[]> {
  const { nodes } = await ask(scope, `read ${ids.length} issues`, IssuesAnswer, () =>
    tolerant(scope, query.ISSUES, { ids }),
  );
  const found: PurgeIssue[] = [];
  for (const node of nodes) {
    if (!v.is(Found, node)) continue;
    const issue = v.parse(Found, node);
    const labelIds = Object.fromEntries((issue.marks?.nodes ?? []).map(({ id, name }) => [name, id]));
    found.push({ ...(await snapshot(scope, issue)), id: issue.id, labelIds });
  }
  return found;
}

/** An issue that was deleted since it was listed is null, with an error beside the data. */
async function tolerant(scope: Scope, text: string, variables: Record<string, unknown>): Promise<unknown> {
  try {
    return await scope.octokit.graphql(text, variables);
  } catch (error) {
    const answer = graphqlErrorsOf(error);
    if (answer?.data != null && answer.errors.every(({ type }) => type === 'NOT_FOUND')) return answer.data;
    throw error;
  }
}

/** Sent once: whatever goes wrong, nobody can tell what stands there but by looking. */
async function write(
  scope: Scope,
  comments: Parameters<SharedOnGithub['write']>[0],
): Promise<Awaited<ReturnType<SharedOnGithub['write']>>> {
  const doing = `write ${comments.length} comments`;
  const variables = Object.fromEntries(
    comments.flatMap(({ issue, body }, n) => [
      [`lock${n}`, { lockableId: issue }],
      [`comment${n}`, { subjectId: issue, body }],
    ]),
  );
  let data: Record<string, unknown>;
  let fault: Fault | null = null;
  try {
    data = v.parse(WriteAnswer, await scope.once.graphql(query.writeMutation(comments.length), variables));
  } catch (error) {
    const parsed = v.safeParse(WriteAnswer, graphqlErrorsOf(error)?.data);
    data = parsed.success ? parsed.output : {};
    fault = faultOf(error, { doing, job: scope.job });
  }
  return comments.map((_, n) => {
    const written = v.safeParse(Written, data[`comment${n}`]);
    if (written.success) return written.output.commentEdge.node.fullDatabaseId;
    return (
      fault ??
      new Fault('not-confirmed', `GitHub did not confirm that it could ${doing}.`, 'The next sweep looks again.')
    );
  });
}

async function settle(scope: Scope, wanted: Parameters<SharedOnGithub['settle']>[0]): Promise<void> {
  const labelled = wanted.flatMap(({ labels }, n) => (labels.length > 0 ? [n] : []));
  const variables = Object.fromEntries(
    wanted.flatMap(({ issue, labels }, n) => [
      [`lock${n}`, { lockableId: issue, lockReason: 'RESOLVED' }],
      ...(labels.length > 0 ? [[`labels${n}`, { labelableId: issue, labelIds: labels }]] : []),
    ]),
  );
  await ask(scope, `take the labels of ${wanted.length} issues away`, v.unknown(), () =>
    scope.octokit.graphql(query.settleMutation(wanted.length, labelled), variables),
  );
}
