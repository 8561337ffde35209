/** The manner in which an approval must be given: in a dialog that showed the request, with every checklist item ticked. */
import { lookup } from '../policy/lookup.ts';
import { approveMode } from '../policy/modes.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { askOf } from './asked.ts';
import { dialogOf, shownHash } from './dialog.ts';
import type { Actor, EventOf } from './events.ts';

/** How somebody approved: the channel, the hash of what a dialog showed, and the checklist items ticked. */
export interface Given {
  via: Actor['via'];
  shown: string | null;
  checklist: readonly string[];
}

/** Whether this request wants its approvals by a dialog or takes one click. */
export function modeOf(policy: Policy, opening: EventOf<'requested'>): 'dialog' | 'one-click' {
  return approveMode(policyAsOf(policy, opening), askOf(opening.request));
}

/** The items that whoever approves must have checked. */
export function checklistOf(policy: Policy, opening: EventOf<'requested'>): string[] {
  return lookup(policy.runbooks, opening.request.runbook)?.checklist ?? [];
}

/** The items of the checklist that somebody ticked, in the policy's own words and order: nobody else's text gets on record. */
export function ticked(policy: Policy, opening: EventOf<'requested'>, items: readonly string[]): string[] {
  const given = items.map((item) => item.trim());
  return checklistOf(policy, opening).filter((item) => given.includes(item.trim()));
}

/** The items of the checklist that nobody ticked. */
export function unticked(policy: Policy, opening: EventOf<'requested'>, items: readonly string[]): string[] {
  const done = ticked(policy, opening, items);
  return checklistOf(policy, opening).filter((item) => !done.includes(item));
}

/** What is wrong with the manner of an approval; null: nothing. A dialog must always have shown what the log says. */
export function mannerFault(
  policy: Policy,
  opening: EventOf<'requested'>,
  { via, shown, checklist }: Given,
): 'needs-dialog' | 'not-shown' | 'checklist' | null {
  if (via === 'slack-dialog') {
    if (shown !== shownHash(dialogOf(policy, opening))) return 'not-shown';
  } else if (via !== 'issue-comment') {
    return modeOf(policy, opening) === 'dialog' ? 'needs-dialog' : null;
  }
  return unticked(policy, opening, checklist).length === 0 ? null : 'checklist';
}
