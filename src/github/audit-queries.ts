/** The GraphQL queries of an audit, in full; a test checks each against GitHub's published schema. */
import { ACTOR, CHANGES, COMMENTS, EDITS, ISSUE } from './fragments.ts';

const PARTS = `${ISSUE}${COMMENTS}${CHANGES}${EDITS}${ACTOR}`;

/**
 * A page of the requests, whatever became of them, the one that changed longest ago first: one that changes while the pages
 * are read moves to their end and is read again, none is passed over.
 */
export const REQUESTS = `
query requests($owner: String!, $name: String!, $filter: IssueFilters, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(
      labels: ["debug-request"], filterBy: $filter, orderBy: { field: UPDATED_AT, direction: ASC }, first: 20, after: $after
    ) {
      pageInfo { hasNextPage endCursor }
      nodes { updatedAt ...issue }
    }
  }
}${PARTS}`;

/** One issue, whatever its labels are. */
export const AUDITED_ISSUE = `
query auditedIssue($owner: String!, $name: String!, $issue: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $issue) { updatedAt ...issue } }
}${PARTS}`;

/** The issues that hold the archived keys: one, unless somebody opened another. */
export const KEY_ARCHIVE = `
query keyArchive($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(
      labels: ["debug-approval-keys"], orderBy: { field: CREATED_AT, direction: ASC }, first: 20, after: $after
    ) {
      pageInfo { hasNextPage endCursor }
      nodes { updatedAt ...issue }
    }
  }
}${PARTS}`;
