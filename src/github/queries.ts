/** The GraphQL queries, in full; a test checks each against GitHub's published schema. */

const ACTOR = `
fragment actor on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
  ... on Mannequin { databaseId }
}`;

const COMMENTS = `
fragment comments on IssueCommentConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId createdAt lastEditedAt body author { ...actor } editor { ...actor } }
}`;

const DELETIONS = `
fragment deletions on IssueTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CommentDeletedEvent { createdAt actor { ...actor } deletedCommentAuthor { ...actor } }
  }
}`;

const BLOB = `
fragment blob on Blob { oid isBinary isTruncated text }`;

const ISSUE = `
fragment issue on Issue {
  number
  url
  state
  title
  body
  labels(first: 100) { nodes { name } }
  comments(first: 100) { ...comments }
  timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100) { ...deletions }
}`;

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
      nodes { number comments(last: 20) { ...comments } }
    }
  }
}${BLOB}${ISSUE}${COMMENTS}${DELETIONS}${ACTOR}`;

/** One issue alone. */
export const ISSUE_SNAPSHOT = `
query snapshot($owner: String!, $name: String!, $issue: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $issue) { ...issue } }
}${ISSUE}${COMMENTS}${DELETIONS}${ACTOR}`;

/** The comments after the first hundred. */
export const MORE_COMMENTS = `
query moreComments($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { comments(first: 100, after: $after) { ...comments } }
  }
}${COMMENTS}${ACTOR}`;

/** The deletions after the first hundred. */
export const MORE_DELETIONS = `
query moreDeletions($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) {
      timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100, after: $after) { ...deletions }
    }
  }
}${DELETIONS}${ACTOR}`;

/** A file's text by its blob id. */
export const BLOB_TEXT = `
query blobText($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { __typename ...blob } }
}${BLOB}`;
