/** The GraphQL texts of a purge: many issues by one query, many writes by one mutation. A test checks each against GitHub's published schema. */
import { ACTOR, CHANGES, COMMENTS, EDITS, ISSUE } from './fragments.ts';

/** Closed issues by each of so many labels (`$label0`, …), those opened first coming first, from behind `$after0`, … on. */
export function markedQuery(labels: number): string {
  const each = numbers(labels);
  const variables = each.map((n) => `, $label${n}: [String!]!, $after${n}: String`).join('');
  const lists = each.map((n) => `    marked${n}: issues(labels: $label${n}, after: $after${n}, ${MARKED}`).join('\n');
  return `query marked($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
${lists}
  }
}`;
}

const MARKED = `states: [CLOSED], first: 100, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { id number createdAt author { __typename } labels(first: 100) { nodes { name } } }
    }`;

/** The bodies of the issues that somebody holds. */
export const HELD = `
query held($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(labels: ["debug:hold"], first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { body }
    }
  }
}`;

/** Issues by their node ids, with the ids of their labels. */
export const ISSUES = `
query issues($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on Issue { id marks: labels(first: 100) { nodes { id name } } ...issue }
  }
}${ISSUE}${COMMENTS}${CHANGES}${EDITS}${ACTOR}`;

/** Unlocks so many issues and writes a comment into each; GitHub does it in this order. */
export function writeMutation(comments: number): string {
  const each = numbers(comments);
  const variables = each.map((n) => `$lock${n}: UnlockLockableInput!, $comment${n}: AddCommentInput!`).join(', ');
  const steps = each.map(
    (n) => `  unlock${n}: unlockLockable(input: $lock${n}) { clientMutationId }
  comment${n}: addComment(input: $comment${n}) { commentEdge { node { fullDatabaseId } } }`,
  );
  return `mutation write(${variables}) {\n${steps.join('\n')}\n}`;
}

/** Locks so many issues again, and takes labels away from those among them that are named in `labelled`. */
export function settleMutation(issues: number, labelled: readonly number[]): string {
  const each = numbers(issues);
  const variables = each.map(
    (n) =>
      `$lock${n}: LockLockableInput!${labelled.includes(n) ? `, $labels${n}: RemoveLabelsFromLabelableInput!` : ''}`,
  );
  const steps = each.map((n) => {
    const labels = labelled.includes(n)
      ? `  labels${n}: removeLabelsFromLabelable(input: $labels${n}) { clientMutationId }\n`
      : '';
    return `${labels}  lock${n}: lockLockable(input: $lock${n}) { clientMutationId }`;
  });
  return `mutation settle(${variables.join(', ')}) {\n${steps.join('\n')}\n}`;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
