/** What people write becomes a wish: a press, a comment on the issue, a reply in a thread, the text of a slash command. */
import { decodeButton } from '../request/button.ts';
import type { WrittenDecision } from '../request/comment-decision.ts';
import type { RepliedDecision } from '../request/reply.ts';
import type { Asked } from './decisions.ts';
import type { PolledComment, Press, Reply } from './ports.ts';

/** A wish and the issue of the request that it is about. */
export interface Wish {
  issue: number;
  asked: Asked;
}

const NOTHING_SHOWN = { texts: null, checklist: [] };

/** What the press of a button asks for; null when the button's value is not one of this repository's. */
export function wishOfPress(press: Press, repositoryId: number): Wish | null {
  const claim = claimOf(press.value, repositoryId);
  if (claim === null) return null;
  const by = { github: null, slack: press.slack, via: 'slack-button' as const, evidence: press.evidence };
  const { issue, ...claimed } = claim;
  const asked: Asked = {
    ...{ type: 'decide', decision: press.decision, comment: '', by, bot: false },
    ...{ claim: claimed, card: press.card, ...NOTHING_SHOWN },
  };
  return { issue, asked };
}

/** What a button's value says, if it is one of this repository's. */
export function claimOf(value: string, repositoryId: number): ReturnType<typeof decodeButton> {
  const claim = decodeButton(value);
  return claim?.request.startsWith(`${repositoryId}/`) === true ? claim : null;
}

/** What a comment on the issue asks for; null when it asks for nothing or was edited. */
export function wishOfComment(comment: PolledComment, said: WrittenDecision | null): Asked | null {
  if (said === null || comment.editedAt !== null || comment.author === null) return null;
  return {
    type: 'decide',
    decision: said.decision,
    comment: said.comment.toWellFormed(),
    by: {
      github: { id: comment.author.id, login: comment.author.login },
      slack: null,
      via: 'issue-comment',
      evidence: { comment: String(comment.id) },
    },
    bot: comment.author.bot || comment.throughApp,
    claim: null,
    card: null,
    texts: null,
    checklist: said.ticked,
  };
}

/** What a reply asks for in the thread of the request's card. `claim`: what that card's buttons say, where it is not our own. */
export function wishOfReply(reply: Reply, said: RepliedDecision, claim: Asked['claim']): Asked {
  const by = { github: null, slack: reply.slack, via: 'slack-thread' as const, evidence: reply.evidence };
  const comment = said.comment.toWellFormed();
  const { decision } = said;
  return { type: 'decide', decision, comment, by, bot: reply.bot, claim, card: reply.thread, ...NOTHING_SHOWN };
}

/** The issue and the words of a slash command: `12`, `#12` or its address, then the comment. null: it names no issue here. */
export function parseSlashText(text: string, issuesUrl: string): { issue: number; comment: string } | null {
  const [, first, rest] = /^\s*<?([^\s>|]+)(?:\|[^>\s]*)?>?(?:\s+(.*))?$/su.exec(text) ?? [];
  const prefix = `${issuesUrl}/`.toLowerCase();
  const named = first?.toLowerCase().startsWith(prefix) === true ? first.slice(prefix.length) : first;
  const [, number] = /^#?([1-9]\d{0,14})(?:[#?/].*)?$/.exec(named ?? '') ?? [];
  if (number === undefined) return null;
  return { issue: Number(number), comment: (rest ?? '').trim().toWellFormed() };
}
