/** The port {@link AuditSource}, filled in with GitHub's GraphQL interface: whole pages of issues, not one query for each. */
import * as v from 'valibot';
import type { AuditedIssue, AuditSource } from '../app/ports.ts';
import { ask, type Scope } from './ask.ts';
import * as query from './audit-queries.ts';
import type { GitHubClient } from './client.ts';
import { graphql, snapshot } from './facts.ts';
import { scopeOf } from './repository.ts';
import { GraphqlIssue } from './shapes.ts';

const Audited = v.looseObject({ ...GraphqlIssue.entries, updatedAt: v.string() });

const PageAnswer = v.looseObject({
  repository: v.looseObject({
    issues: v.looseObject({
      pageInfo: v.looseObject({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
      nodes: v.array(Audited),
    }),
  }),
});
const IssueAnswer = v.looseObject({ repository: v.looseObject({ issue: v.nullable(Audited) }) });

/** The issues of the repository `owner/name` as an auditor reads them. Throws a Fault `input` for any other form of name. */
export function createAuditSource(client: GitHubClient, fullName: string): AuditSource {
  const scope = scopeOf(client, fullName);
  return {
    requests: ({ since }) =>
      pages(scope, 'read the requests', query.REQUESTS, since === null ? {} : { filter: { since } }),
    issue: (number) => readOne(scope, number),
    archive: () => all(pages(scope, 'read the archived keys', query.KEY_ARCHIVE, {})),
  };
}

/** The issues of all pages; the next page is asked for when all of this one are taken. */
async function* pages(scope: Scope, doing: string, text: string, more: object): AsyncGenerator<AuditedIssue> {
  let after: string | null = null;
  do {
    const variables: Record<string, unknown> = { owner: scope.owner, name: scope.name, ...more, after };
    const answer: v.InferOutput<typeof PageAnswer> = await ask(scope, doing, PageAnswer, () =>
      graphql(scope, text, variables),
    );
    const { nodes, pageInfo } = answer.repository.issues;
    for (const node of nodes) yield await audited(scope, node);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
}

async function all(issues: AsyncIterable<AuditedIssue>): Promise<AuditedIssue[]> {
  const found: AuditedIssue[] = [];
  for await (const issue of issues) found.push(issue);
  return found;
}

/** null: it was deleted, was moved to another repository, or never was. */
async function readOne(scope: Scope, number: number): Promise<AuditedIssue | null> {
  const variables = { owner: scope.owner, name: scope.name, issue: number };
  const { repository } = await ask(scope, `read issue #${number}`, IssueAnswer, () =>
    graphql(scope, query.AUDITED_ISSUE, variables),
  );
  return repository.issue === null ? null : audited(scope, repository.issue);
}

async function audited(scope: Scope, issue: v.InferOutput<typeof Audited>): Promise<AuditedIssue> {
  return { ...(await snapshot(scope, issue)), updatedAt: issue.updatedAt };
}
