/** The GraphQL queries, in full; a test checks each against GitHub's published schema. */
import { ACTOR, BLOB, CHANGES, COMMENTS, EDITS, ISSUE } from './fragments.ts';

/** Everything at one instant: repository, default branch, policy, one issue and the latest requests. */
export const FACTS = `
query facts(
  $owner: String!, $name: String!, $policy: String!,
  $withIssue: Boolean!, $issue: Int!, $withEarlier: Boolean!
) {
  repository(owner: $owner, name: $name) {
    databaseId
    nameWithOwner
    visibility
    owner { ... on User { databaseId } ... on Organization { databaseId } }
    defaultBranchRef { name target { oid } }
    policy: object(expression: $policy) { __typename ...blob }
    issue(number: $issue) @include(if: $withIssue) { ...issue }
    earlier: issues(labels: ["debug-request"], first: 5, orderBy: { field: CREATED_AT, direction: DESC })
      @include(if: $withEarlier) {
      nodes { number author { ...actor } comments(last: 20) { ...comments } }
    }
  }
}${BLOB}${ISSUE}${COMMENTS}${CHANGES}${EDITS}${ACTOR}`;

/** One issue alone. */
export const ISSUE_SNAPSHOT = `
query snapshot($owner: String!, $name: String!, $issue: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $issue) { ...issue } }
}${ISSUE}${COMMENTS}${CHANGES}${EDITS}${ACTOR}`;

/** So many issues (`$n0`, …) at once. */
export function issuesQuery(issues: number): string {
  const each = Array.from({ length: issues }, (_, n) => n);
  const variables = each.map((n) => `, $n${n}: Int!`).join('');
  const fields = each.map((n) => `    issue${n}: issue(number: $n${n}) { ...issue }`).join('\n');
  return `query snapshots($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
${fields}
  }
}${ISSUE}${COMMENTS}${CHANGES}${EDITS}${ACTOR}`;
}

/** The comments after the first hundred. */
export const MORE_COMMENTS = `
query moreComments($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { comments(first: 100, after: $after) { ...comments } }
  }
}${COMMENTS}${ACTOR}`;

/** The deletions and changed titles after the first hundred. */
export const MORE_CHANGES = `
query moreChanges($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) {
      timelineItems(itemTypes: [COMMENT_DELETED_EVENT, RENAMED_TITLE_EVENT], first: 100, after: $after) { ...changes }
    }
  }
}${CHANGES}${ACTOR}`;

/** The edits of the body after the first hundred. */
export const MORE_EDITS = `
query moreEdits($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { userContentEdits(first: 100, after: $after) { ...edits } }
  }
}${EDITS}${ACTOR}`;

/** A file's text by its blob id. */
export const BLOB_TEXT = `
query blobText($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { __typename ...blob } }
}${BLOB}`;
