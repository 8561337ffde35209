/** Whether a request fits into its opening record, judged before anything stands in GitHub or Slack. */
import { nextRecord, readLog } from '../log/chain.ts';
import { COMMENT_LIMIT, renderComment } from '../log/comment.ts';
import { signedRecord } from '../log/record.ts';
import type { EventOf } from '../request/events.ts';
import { WORKFLOW } from './deed.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';

/** For the signature (a token of GitHub's has about 2,000 characters), the card, and a sentence on what went wrong with it. */
const ROOM = 8_000;

/** Throws a Fault that names what is too long, `refused` for the people that the policy names, else `input`. */
export async function refuseTooLarge(desk: Desk, opening: EventOf<'requested'>): Promise<void> {
  const log = await readLog({ number: 1, comments: [], deletions: [] }, desk.trust);
  const at = new Date(desk.clock.now()).toISOString();
  const where = { issue: 1, request: opening.request.id, at, writer: desk.writer };
  const draft = nextRecord(log, { ...where, by: WORKFLOW, events: [opening], sentence: 'Asked.' });
  const rendered = renderComment(signedRecord(draft, 'x'.repeat(ROOM)));
  if (rendered.ok) return;
  const { members, approvers, request } = opening;
  const people = JSON.stringify([members, approvers, opening.links]).length;
  const most = COMMENT_LIMIT - ROOM;
  if (people > most / 2) {
    const groups = Object.entries(members).map(([group, { length }]) => `${group}: ${length}`);
    throw new Fault(
      'refused',
      `The opening record has room for ${most} characters, and the people alone fill ${people}: ${approvers.length} may decide${groups.length === 0 ? '' : `, and its groups from a directory have many members (${groups.join(', ')})`}.`,
      'Nobody was asked. Name smaller groups in the rules of the policy, and ask anew.',
    );
  }
  const said = JSON.stringify([request.inputs, request.argv, request.reason, request.ticket]).length;
  throw new Fault(
    'input',
    `The opening record has room for ${most} characters, and this request is longer: inputs, command, reason and ticket have ${said}, and each stands there more than once; signs such as < and \` take six times their room.`,
    'Nobody was asked. Shorten the inputs or the reason and run the workflow again.',
  );
}
