/** Denials on the issue that the debug job must heed though no record tells of them: written, or taken away by another. */
import { findByGithub, nameOf } from '../policy/people.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { mayDecide } from '../request/state.ts';
import type { Desk } from './desk.ts';
import type { IssueSnapshot } from './ports.ts';
import type { Reading } from './reading.ts';

/** Persons who may decide and wrote an unedited `/deny` by their own hand that no record answers yet. */
export async function unrecordedDenials(desk: Desk, reading: Reading, snapshot: IssueSnapshot): Promise<string[]> {
  const persons: string[] = [];
  for (const comment of snapshot.comments) {
    if (comment.editedAt !== null || comment.author === null || comment.author.bot) continue;
    if (parseDecision(comment.body)?.decision !== 'deny') continue;
    if (reading.state.answeredComments.includes(String(comment.id))) continue;
    const person = deciderOf(reading, comment.author.id);
    // Each look costs a request: whoever may not decide, or is known to deny, shall not use up GitHub's limit.
    if (person === null || persons.includes(person)) continue;
    const asWritten = await desk.repository.readComment(comment.id);
    // One that was deleted just now was a denial a moment ago.
    if (asWritten === null || !asWritten.throughApp) persons.push(person);
  }
  return persons;
}

/**
 * Whose comment, of those who may decide, somebody else edited or deleted: it may have been a denial, and whoever writes
 * to the repository could take it away before any job saw it. One sentence for people; null where nobody's was.
 */
export function silencedDecider(reading: Reading, snapshot: IssueSnapshot): string | null {
  const { answeredComments } = reading.state;
  for (const { id, author, editedAt, editorId } of snapshot.comments) {
    if (author === null || editedAt === null || editorId === author.id) continue;
    const person = answeredComments.includes(String(id)) ? null : deciderOf(reading, author.id);
    if (person !== null) return sentence(reading, person, `(${id}) was edited`);
  }
  for (const { authorId, actorId } of snapshot.deletions) {
    if (authorId === null || actorId === authorId) continue;
    const person = deciderOf(reading, authorId);
    if (person !== null) return sentence(reading, person, 'was deleted');
  }
  return null;
}

function sentence({ policy }: Reading, person: string, what: string): string {
  return `A comment of ${nameOf(policy, person)} ${what} by another account; it may have been a denial.`;
}

function deciderOf({ policy, state }: Reading, githubId: number): string | null {
  const person = findByGithub(policy, githubId);
  return person !== null && mayDecide(policy, state, person) ? person : null;
}
