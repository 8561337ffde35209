/** What follows when a person approves, denies, withdraws, cancels or signs an after-review, from whichever channel. */
import { findByGithub, findBySlack, nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { isReviewable, mayReview, saysSomething } from './break-glass.ts';
import type { DecideCommand, Facts, Outcome } from './command.ts';
import { decisionOf } from './counting.ts';
import type { Card, Event, RefusalCode } from './events.ts';
import { mannerFault, ticked } from './manner.ts';
import { refusalMessage } from './refusal-message.ts';
import { accountOf, excludedPersons, isOpen, isOver, mayDecide, type OpenedState } from './state.ts';

interface Scene {
  policy: Policy;
  state: OpenedState;
  command: DecideCommand;
  facts: Facts;
}

/** Decides on a person's deed: the event that records it, or a refusal to tell. `policy` is as of the opening. */
export function decidePerson(scene: Scene): Outcome {
  const { policy, command } = scene;
  const person = personOf(policy, command);
  const name = person === null ? (command.by.github?.login ?? 'Somebody') : nameOf(policy, person);
  const code = refusalOf(scene, person);
  if (code !== null) return refuse(scene, { code, person, name });
  const { event, sentence } = deedOf(scene, person ?? '', name);
  return { kind: 'append', events: [event], sentence, person, name };
}

function personOf(policy: Policy, { by }: DecideCommand): string | null {
  if (by.slack !== null) return findBySlack(policy, by.slack);
  return by.github === null ? null : findByGithub(policy, by.github.id);
}

/** The event of a deed that counts, with its sentence, which holds none of the person's own words. */
function deedOf({ policy, state, command }: Scene, person: string, name: string): { event: Event; sentence: string } {
  const { decision, comment, shown, standing } = command;
  const left = [...standing.left];
  switch (decision) {
    case 'approve': {
      const checklist = ticked(policy, state.opening, command.checklist);
      const event: Event = { type: 'decided', decision, person, comment, shown, checklist, left };
      return { event, sentence: `${name} approved this request.` };
    }
    case 'deny': {
      const event: Event = { type: 'decided', decision, person, comment, shown: null, checklist: [], left };
      return { event, sentence: `${name} denied this request.` };
    }
    case 'withdraw':
      return { event: { type: 'withdrawn', person, comment }, sentence: `${name} withdrew their approval.` };
    case 'cancel':
      return { event: { type: 'cancelled', reason: comment }, sentence: `${name} cancelled this request.` };
    case 'review':
      return { event: { type: 'reviewed', person, comment }, sentence: `${name} signed the after-review.` };
  }
}

function refusalOf(scene: Scene, person: string | null): RefusalCode | null {
  const { command } = scene;
  const forged = forgery(scene);
  if (forged !== null) return forged;
  if (command.bot) return 'bot';
  if (person === null) return 'unknown-person';
  if (command.standing.barred !== null) return 'account';
  switch (command.decision) {
    case 'approve':
    case 'deny':
      return decisionFault(scene, person);
    case 'withdraw':
      return timeFault(scene) ?? (approves(scene, person) ? null : 'nothing-to-withdraw');
    case 'cancel':
      return excludedPersons(scene.state.opening.request).includes(person) ? timeFault(scene) : 'not-requester';
    case 'review':
      return reviewFault(scene, person);
  }
}

/** What says that a button or card is not this request's own. */
function forgery({ state: { opening }, command: { claim, card } }: Scene): RefusalCode | null {
  const { request, digest } = opening;
  if (claim !== null && (claim.request !== request.id || claim.digest !== digest)) return 'wrong-digest';
  if (claim !== null && claim.policyBlob !== request.policy.blob) return 'wrong-digest';
  return card !== null && !sameCard(card, opening.card) ? 'wrong-card' : null;
}

function sameCard(a: Card, b: Card | null): boolean {
  return b !== null && a.team === b.team && a.channel === b.channel && a.ts === b.ts;
}

function timeFault({ state, facts }: Scene): RefusalCode | null {
  if (!isOpen(state)) return 'not-open';
  return isOver(state.opening.request.expiresAt, facts.now) ? 'expired' : null;
}

function decisionFault(scene: Scene, person: string): RefusalCode | null {
  const { policy, state, command } = scene;
  const { decision, by, shown, checklist, standing } = command;
  if (excludedPersons(state.opening.request).includes(person)) return 'own-request';
  if (!mayDecide(policy, state, person)) return 'not-eligible';
  if (!mayDecide(policy, state, person, standing.left)) return 'left-group';
  const late = timeFault(scene);
  if (late !== null) return late;
  const before = decisionOf(state, person);
  if (before === 'deny' || before === decision) return 'already-decided';
  return decision === 'approve' ? mannerFault(policy, state.opening, { via: by.via, shown, checklist }) : null;
}

function approves({ state }: Scene, person: string): boolean {
  return decisionOf(state, person) === 'approve';
}

function reviewFault({ policy, state, command }: Scene, person: string): RefusalCode | null {
  if (!isReviewable(policy, state)) return 'no-review';
  if (excludedPersons(state.opening.request).includes(person)) return 'own-request';
  if (!mayReview(policy, state, person)) return 'not-eligible';
  if (!mayReview(policy, state, person, command.standing.left)) return 'left-group';
  return saysSomething(command.comment) ? null : 'no-review';
}

/** Refusals worth a record: attempts by people who may not do it, or by way of something forged. */
const ON_RECORD: readonly RefusalCode[] = [
  'unknown-person',
  'own-request',
  'not-eligible',
  'bot',
  'wrong-digest',
  'wrong-card',
  'account',
  'left-group',
  'not-shown',
  'not-requester',
];

function refuse(
  { policy, state, command }: Scene,
  { code, person, name }: { code: RefusalCode; person: string | null; name: string },
): Outcome {
  const account = accountOf({ ...command.by, person: null, name });
  const live = isOpen(state) || isReviewable(policy, state);
  // An after-review without a word would be refused anew at each sweep, and its author would wait for an answer.
  const wordless = code === 'no-review' && isReviewable(policy, state);
  const first = live && (wordless || ON_RECORD.includes(code)) && !state.refused.includes(account);
  const record: Event | null = first ? { type: 'refused', code, decision: command.decision, account } : null;
  return {
    kind: 'refuse',
    code,
    name,
    message: refusalMessage(policy, state, command, { code, person, name }),
    record,
  };
}
