/** What was changed on an issue beside its comments, as GraphQL tells it: deleted comments, titles, edits of the body. */
import type * as v from 'valibot';
import type { BodyEdit, IssueSnapshot } from '../app/ports.ts';
import { accountOfGraphql } from './account.ts';
import type { ChangePage, EditPage, GraphqlIssue } from './shapes.ts';

type Change = v.InferOutput<typeof ChangePage>['nodes'][number];
type Edit = v.InferOutput<typeof EditPage>['nodes'][number];

/** A deleted comment. */
export function deletionOf(
  change: Extract<Change, { __typename: 'CommentDeletedEvent' }>,
): IssueSnapshot['deletions'][number] {
  const actor = accountOfGraphql(change.actor);
  const author = accountOfGraphql(change.deletedCommentAuthor);
  const whose = author === null ? { authorId: null } : { authorId: author.id, authorIsBot: author.bot };
  return { at: change.createdAt, ...whose, ...(actor === null ? {} : { actorId: actor.id }) };
}

/** A changed title. */
export function renameOf(
  change: Extract<Change, { __typename: 'RenamedTitleEvent' }>,
): IssueSnapshot['renames'][number] {
  const by = accountOfGraphql(change.actor);
  const { createdAt: at, previousTitle: from, currentTitle: to } = change;
  return {
    at,
    byLogin: by?.login ?? change.actor?.login ?? null,
    byIsBot: by?.bot ?? change.actor?.__typename === 'Bot',
    from,
    to,
  };
}

/** All edits of the body, the oldest first; `later`: those of the pages after the first. */
export function bodyEditsOf(issue: GraphqlIssue, later: readonly Edit[]): BodyEdit[] {
  const { userContentEdits, lastEditedAt, editor } = issue;
  // Where GitHub keeps the history to itself it still tells of the last edit.
  const unsaid = { diff: null, deletedAt: null, deletedBy: null };
  const last = lastEditedAt === null ? [] : [{ editedAt: lastEditedAt, editor, ...unsaid }];
  const edits = userContentEdits === null ? last : [...userContentEdits.nodes, ...later];
  // GitHub lists the newest first; its times are whole seconds.
  return edits
    .map(bodyEdit)
    .toReversed()
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function bodyEdit({ editedAt, editor, diff, deletedAt, deletedBy }: Edit): BodyEdit {
  const by = accountOfGraphql(editor);
  return {
    at: editedAt,
    text: diff,
    editorId: by?.id ?? null,
    editorLogin: by?.login ?? editor?.login ?? null,
    editorIsBot: by?.bot ?? editor?.__typename === 'Bot',
    erased: deletedAt === null ? null : { at: deletedAt, byLogin: accountOfGraphql(deletedBy)?.login ?? null },
  };
}
