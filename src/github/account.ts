/** GitHub's accounts and comments in the product's words, the same whichever of GitHub's two interfaces told of them. */
import type * as v from 'valibot';
import type { IssueComment, PolledComment } from '../app/ports.ts';
import type { GraphqlActor, GraphqlComment, RestActor, RestComment } from './shapes.ts';

export interface Account {
  id: number;
  login: string;
  bot: boolean;
}

/** The account that GITHUB_TOKEN writes as on github.com. */
const ACTIONS_BOT = { id: 41898282, login: 'github-actions[bot]', bot: true };

/** An account as GraphQL names it; null for a deleted one, or for one without a numeric id, since nobody can be told by it. */
export function accountOfGraphql(actor: v.InferOutput<typeof GraphqlActor> | null): Account | null {
  if (actor === null) return null;
  return account(actor.databaseId ?? null, actor.login, actor.__typename);
}

/** An account as REST names it. Everything but a `User` counts as a bot: no human's own hand. */
export function accountOfRest(actor: v.InferOutput<typeof RestActor>): Account {
  return account(actor.id, actor.login, actor.type) ?? { id: actor.id, login: actor.login, bot: true };
}

/** GraphQL says `github-actions` where REST says `github-actions[bot]`: REST's form is taken, as logs and people know it. */
function account(id: number | null, login: string, type: string): Account | null {
  if (type === 'Bot') {
    const full = login.endsWith('[bot]') ? login : `${login}[bot]`;
    if (full === ACTIONS_BOT.login) return { ...ACTIONS_BOT };
    return id === null ? null : { id, login: full, bot: true };
  }
  return id === null ? null : { id, login, bot: type !== 'User' };
}

/** A comment as GraphQL has it. */
export function commentOfGraphql(comment: v.InferOutput<typeof GraphqlComment>): IssueComment {
  const editor = accountOfGraphql(comment.editor);
  return {
    id: comment.fullDatabaseId,
    author: accountOfGraphql(comment.author),
    createdAt: comment.createdAt,
    editedAt: comment.lastEditedAt,
    ...(editor === null ? {} : { editorId: editor.id }),
    body: comment.body,
  };
}

/**
 * A comment as REST has it. REST knows no time of an edit; any `updated_at` after the creation counts as one, which may
 * refuse a decision that nobody edited, and never accepts one that somebody did.
 */
export function commentOfRest(comment: v.InferOutput<typeof RestComment>): PolledComment {
  return {
    id: comment.id,
    author: comment.user === null ? null : accountOfRest(comment.user),
    createdAt: comment.created_at,
    editedAt: comment.updated_at === comment.created_at ? null : comment.updated_at,
    body: comment.body,
    throughApp: comment.performed_via_github_app !== null,
  };
}
