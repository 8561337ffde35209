/** What stands on the issue and in no record, and what the debug job must heed all the same: denials, withdrawals, cancellations. */
import { lookup } from '../policy/lookup.ts';
import { findByGithub, nameOf } from '../policy/people.ts';
import { parseDecision } from '../request/comment-decision.ts';
import { decisionOf } from '../request/counting.ts';
import { excludedPersons, mayDecide } from '../request/state.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import type { IssueComment, IssueSnapshot } from './ports.ts';
import type { Reading } from './reading.ts';

/** Persons (keys of the policy), each once per list. */
export interface Unrecorded {
  /** Who may decide and denied. */
  denials: string[];
  /** Who approved and withdrew that. */
  withdrawals: string[];
  /** Whose request it is and who cancelled it. */
  cancels: string[];
}

/** How long before its record a press may have been made: its deadline (src/app/decisions.ts) and whole seconds of GitHub. */
const PRESS_TAKES_MS = 4_000;
/** So many comments of one person in an app's words are looked at, each for a request to GitHub. */
const MOST_BY_APPS = 5;

/**
 * What people wrote by their own hand, unedited, that no record answers yet. Costs at most a few requests for each person who
 * may say it. Throws a Fault `refused` where somebody's app says so much that nobody can tell what they said themselves.
 */
export async function unrecorded(desk: Desk, reading: Reading, snapshot: IssueSnapshot): Promise<Unrecorded> {
  const found: Unrecorded = { denials: [], withdrawals: [], cancels: [] };
  const byApps = new Map<string, number>();
  for (const comment of snapshot.comments) {
    const said = saidBy(reading, comment);
    // Each look costs a request: whoever may not say it, or is known to have said it, shall not use up GitHub's limit.
    if (said === null || found[said.list].includes(said.person)) continue;
    const which = `${said.list} ${said.person}`;
    const before = byApps.get(which) ?? 0;
    if (before >= MOST_BY_APPS) throw tooMany(reading, said.person);
    const asWritten = await desk.repository.readComment(comment.id);
    // One that was deleted just now stood there a moment ago.
    if (asWritten === null || !asWritten.throughApp) found[said.list].push(said.person);
    else byApps.set(which, before + 1);
  }
  return found;
}

function tooMany({ policy, snapshot }: Reading, person: string): Fault {
  const name = nameOf(policy, person);
  return new Fault(
    'refused',
    `An app wrote so many comments on issue #${snapshot.number} in the name of ${name} that nobody can tell whether ${name} wants the request stopped.`,
    'Nothing ran. Find out which app it is, and run the workflow again.',
  );
}

interface Said {
  list: keyof Unrecorded;
  person: string;
}

/** Whether a comment, if its author wrote it by their own hand, takes something back that counts. */
export function mayStop(reading: Reading, comment: IssueComment): boolean {
  return saidBy(reading, comment) !== null;
}

function saidBy(reading: Reading, comment: IssueComment): Said | null {
  const { author, editedAt, id } = comment;
  const { policy, state } = reading;
  if (editedAt !== null || author === null || author.bot) return null;
  const deed = parseDecision(comment.body)?.decision;
  const person = findByGithub(policy, author.id);
  if (deed === undefined || person === null || state.answeredComments.includes(String(id))) return null;
  switch (deed) {
    case 'deny':
      return mayDecide(policy, state, person) && !hasLeft(reading, person) ? { list: 'denials', person } : null;
    case 'withdraw':
      return takesBack(reading, person, comment) ? { list: 'withdrawals', person } : null;
    case 'cancel':
      return owns(reading, person) ? { list: 'cancels', person } : null;
    case 'approve':
    case 'review':
      return null;
  }
}

/** Who had left the groups when a first attempt was put on record, by whichever account, and whose decision counts none since. */
function hasLeft({ policy, state }: Reading, person: string): boolean {
  if (state.gone.length === 0 || decisionOf(state, person) !== null) return false;
  const { github, slack } = lookup(policy.people, person) ?? {};
  const accounts = [`github:${github?.id}`, `slack:${slack?.team}/${slack?.user}`];
  return state.gone.some((account) => accounts.includes(account));
}

/**
 * Whether a /withdraw can mean the approval that counts: one that was written before it had nothing to take back. A press
 * is recorded within its deadline; what was written meanwhile counts.
 */
function takesBack({ state }: Reading, person: string, { id, createdAt }: IssueComment): boolean {
  const approval = state.decisions.find((one) => one.person === person && one.decision === 'approve');
  if (approval === undefined) return false;
  const written = approval.by.via === 'issue-comment' ? approval.by.evidence['comment'] : undefined;
  if (written !== undefined) return id > Number(written);
  return Date.parse(createdAt) >= Date.parse(approval.at) - PRESS_TAKES_MS;
}

function owns({ state }: Reading, person: string): boolean {
  return excludedPersons(state.opening.request).includes(person);
}

/**
 * Whose comment, of those who may stop the request, somebody else edited or deleted: it may have been a denial, and whoever
 * writes to the repository could take it away before any job saw it. One sentence for people; null where nobody's was.
 */
export function silenced(reading: Reading, snapshot: IssueSnapshot): string | null {
  const { answeredComments } = reading.state;
  for (const { id, author, editedAt, editorId } of snapshot.comments) {
    if (author === null || editedAt === null || editorId === author.id) continue;
    const person = answeredComments.includes(String(id)) ? null : whoMayStop(reading, author.id);
    if (person !== null) return sentence(reading, person, `(${id}) was edited`);
  }
  for (const { authorId, actorId } of snapshot.deletions) {
    if (authorId === null || actorId === authorId) continue;
    const person = whoMayStop(reading, authorId);
    if (person !== null) return sentence(reading, person, 'was deleted');
  }
  return null;
}

function sentence(reading: Reading, person: string, what: string): string {
  const may = owns(reading, person) ? 'may have cancelled the request' : 'may have been a denial';
  return `A comment of ${nameOf(reading.policy, person)} ${what} by another account; it ${may}.`;
}

function whoMayStop(reading: Reading, githubId: number): string | null {
  const person = findByGithub(reading.policy, githubId);
  if (person === null) return null;
  return owns(reading, person) || mayDecide(reading.policy, reading.state, person) ? person : null;
}
