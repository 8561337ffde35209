/** The parts of which the GraphQL queries are made: an issue, its comments, what was changed, the accounts in them. */

export const ACTOR = `
fragment actor on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
  ... on Mannequin { databaseId }
}`;

export const COMMENTS = `
fragment comments on IssueCommentConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId createdAt lastEditedAt body author { ...actor } editor { ...actor } }
}`;

/** Deleted comments and changed titles. */
export const CHANGES = `
fragment changes on IssueTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CommentDeletedEvent { createdAt actor { ...actor } deletedCommentAuthor { ...actor } }
    ... on RenamedTitleEvent { createdAt actor { ...actor } previousTitle currentTitle }
  }
}`;

/** Who edited a body and when, and what it held then (`diff`, which GitHub fills with the whole text), unless it was erased since. */
export const EDITS = `
fragment edits on UserContentEditConnection {
  pageInfo { hasNextPage endCursor }
  nodes { editedAt editor { ...actor } diff deletedAt deletedBy { ...actor } }
}`;

export const BLOB = `
fragment blob on Blob { oid isBinary isTruncated text }`;

export const ISSUE = `
fragment issue on Issue {
  number
  url
  state
  title
  body
  author { ...actor }
  lastEditedAt
  editor { ...actor }
  userContentEdits(first: 100) { ...edits }
  labels(first: 100) { nodes { name } }
  comments(first: 100) { ...comments }
  timelineItems(itemTypes: [COMMENT_DELETED_EVENT, RENAMED_TITLE_EVENT], first: 100) { ...changes }
}`;
