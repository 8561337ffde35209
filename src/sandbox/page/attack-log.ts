/** Attacks on the log: a record edited, a record deleted, a record made up. */
import { nextRecord } from '../../log/chain.ts';
import { renderComment } from '../../log/comment.ts';
import { signedRecord } from '../../log/record.ts';
import type { Evidence } from '../evidence.ts';
import { githubAs } from '../people.ts';
import { PEOPLE } from '../town.ts';
import { openRequest } from './attack-decisions.ts';
import type { Attack, Plan, Situation } from './attacks.ts';

type Entry = Evidence['log']['entries'][number];

/** The last record of the newest log that still holds; null: there is none. */
function lastRecord({ evidence }: Situation): { issue: number; entry: Entry; body: string } | null {
  for (const [issue, { log, snapshot }] of [...evidence].reverse()) {
    const entry = log.broken.length > 0 ? undefined : log.entries.at(-1);
    const comment = snapshot.comments.find(({ id }) => id === entry?.commentId);
    if (entry !== undefined && comment !== undefined) return { issue, entry, body: comment.body };
  }
  return null;
}

const NO_RECORD: Plan = { kind: 'waits', why: 'No whole log is there to attack. Run the workflow first.' };

/** What an attacker would have the log say. */
const WISHED = 'Ed approved this request.';

/** Cy, who may write to the repository, edits or deletes the last record. */
export function onRecord(how: 'edit' | 'delete'): Attack {
  return {
    id: `${how}-record`,
    label: how === 'edit' ? 'Edit a record' : 'Delete a record',
    explains:
      how === 'edit'
        ? 'Cy may write to the repository, so GitHub lets her edit any comment. She makes the last record say that Ed approved.'
        : 'Cy may write to the repository, so GitHub lets her delete any comment. She deletes the last record.',
    plan(at) {
      const last = lastRecord(at);
      if (last === null) return NO_RECORD;
      const { issue, entry, body } = last;
      const cy = githubAs(at.town, 'cy');
      const changed = body.replace(/^.*/, WISHED);
      const name = `record ${entry.record.seq} of issue #${issue}, “${entry.record.sentence.replace(/\.$/, '')}”`;
      return {
        kind: 'ready',
        words: how === 'edit' ? `Cy edits ${name}. Now it says: “${WISHED}”` : `Cy deletes ${name}.`,
        act: () => (how === 'edit' ? cy.edit(entry.commentId, changed) : cy.remove(entry.commentId)),
      };
    },
  };
}

export const withForgedRecord: Attack = {
  id: 'forge-record',
  label: 'Forge a record',
  explains:
    'Cy writes a comment that looks exactly like the next record: chained, hashed, with a signature copied from a true one.',
  plan(at) {
    const target = openRequest(at);
    const found = target === null ? undefined : at.evidence.get(target.issue);
    if (target === null || found === undefined || target.approver === null)
      return { kind: 'waits', why: 'No request waits for a decision. Run the workflow first.' };
    const { approver, issue } = target;
    const body = forged(found, approver);
    if (body === null) return NO_RECORD;
    return {
      kind: 'ready',
      words: `Cy adds a comment to issue #${issue} that reads as record ${found.log.seq + 1}: “${PEOPLE[approver].name} approved this request.”`,
      act: () => githubAs(at.town, 'cy').comment(issue, body),
    };
  },
};

/** The comment of a record that nobody signed; null where there is none to imitate. */
function forged({ log }: Evidence, approver: keyof typeof PEOPLE): string | null {
  const last = log.entries.at(-1);
  if (last === undefined || last.record.sig === null) return null;
  const { issue, request, writer, at, sig } = last.record;
  const { name, login, id } = PEOPLE[approver];
  const by = {
    person: approver,
    name,
    github: { id, login },
    slack: null,
    via: 'issue-comment' as const,
    evidence: {},
  };
  const decision = {
    decision: 'approve' as const,
    person: approver,
    comment: '',
    shown: null,
    checklist: [],
    left: [],
  };
  const events = [{ type: 'decided' as const, ...decision }];
  const record = nextRecord(log, {
    issue,
    request,
    at,
    by,
    events,
    sentence: `${name} approved this request.`,
    writer,
  });
  const rendered = renderComment(signedRecord(record, sig.token));
  return rendered.ok ? rendered.body : null;
}
