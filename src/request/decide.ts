/** What follows from a command: events to append, a refusal to tell, or nothing. Pure: time and facts come as data. */
import { findByGithub, findBySlack, nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { endSentence } from './ending.ts';
import type { Actor, Card, Event, EventOf, RefusalCode } from './events.ts';
import { accountOf, excludedPersons, isOpen, isOver, mayDecide, type OpenedState, type State } from './state.ts';

/** Somebody's wish to approve or deny, from whichever channel; who it was is looked up in the policy, not believed. */
export interface DecideCommand {
  type: 'decide';
  decision: 'approve' | 'deny';
  comment: string;
  by: Omit<Actor, 'person' | 'name'>;
  /** True for bots and for what was written through an app. */
  bot: boolean;
  /** What the button carried; null for channels without one. */
  claim: { request: string; digest: string; policyBlob: string } | null;
  /** The message that was pressed; null for channels without one. */
  card: Card | null;
}

export type Command =
  | { type: 'open'; opening: EventOf<'requested'> }
  | DecideCommand
  | { type: 'start'; started: EventOf<'started'>; unrecordedDenials: string[] }
  | { type: 'end'; ended: EventOf<'ended'> }
  | { type: 'expire' }
  | { type: 'cancel'; reason: string }
  | { type: 'fail'; code: string; message: string };

/** Facts that are not in the log: the time (ms since 1970). */
export interface Facts {
  now: number;
}

export type Outcome =
  | { kind: 'append'; events: Event[]; sentence: string; person: string | null; name: string }
  | {
      kind: 'refuse';
      code: RefusalCode | 'not-approved' | 'denied';
      message: string;
      name: string;
      record: Event | null;
    }
  | { kind: 'nothing'; why: string };

/** Decides what a command does to a request in this state. */
export function decide(policy: Policy, state: State, command: Command, facts: Facts): Outcome {
  if (command.type === 'open') return open(policy, state, command.opening);
  if (state.status === 'none') return { kind: 'nothing', why: 'There is no request here.' };
  switch (command.type) {
    case 'decide':
      return decideOn(policy, state, command, facts);
    case 'start':
      return start(policy, state, command, facts);
    case 'end':
      return end(state, command.ended);
    case 'expire':
      return expire(state, facts);
    case 'cancel':
      return closing(state, { type: 'cancelled', reason: command.reason }, 'This request was cancelled.');
    case 'fail':
      return closing(
        state,
        { type: 'errored', code: command.code, message: command.message },
        'This request ended in an error; nothing runs.',
      );
  }
}

const append = (events: Event[], sentence: string): Outcome => ({
  kind: 'append',
  events,
  sentence,
  person: null,
  name: 'Debug Approval',
});

function open(policy: Policy, state: State, opening: EventOf<'requested'>): Outcome {
  if (state.status !== 'none') return { kind: 'nothing', why: 'This issue already holds a request.' };
  const { requester, runbook, target } = opening.request;
  const name = nameOf(policy, requester.person);
  const sentence = `${name} asks to run ${runbook} on ${target}.`;
  return { kind: 'append', events: [opening], sentence, person: requester.person, name };
}

function decideOn(policy: Policy, state: OpenedState, command: DecideCommand, facts: Facts): Outcome {
  const person = personOf(policy, command);
  const name = person === null ? (command.by.github?.login ?? 'Somebody') : nameOf(policy, person);
  const code = refusalOf(policy, state, command, person, facts);
  if (code !== null) return refuse(policy, state, command, { code, name });
  const event: Event = {
    type: 'decided',
    decision: command.decision,
    person: person ?? '',
    comment: command.comment,
    shown: null,
    checklist: [],
  };
  const verb = command.decision === 'approve' ? 'approved' : 'denied';
  return { kind: 'append', events: [event], sentence: `${name} ${verb} this request.`, person, name };
}

function personOf(policy: Policy, command: DecideCommand): string | null {
  if (command.by.slack !== null) return findBySlack(policy, command.by.slack);
  return command.by.github === null ? null : findByGithub(policy, command.by.github.id);
}

function refusalOf(
  policy: Policy,
  state: OpenedState,
  command: DecideCommand,
  person: string | null,
  facts: Facts,
): RefusalCode | null {
  const { opening } = state;
  const { claim } = command;
  if (claim !== null && (claim.request !== opening.request.id || claim.digest !== opening.digest))
    return 'wrong-digest';
  if (claim !== null && claim.policyBlob !== opening.request.policy.blob) return 'wrong-digest';
  if (command.card !== null && !sameCard(command.card, opening.card)) return 'wrong-card';
  if (command.bot) return 'bot';
  if (person === null) return 'unknown-person';
  if (excludedPersons(opening.request).includes(person)) return 'own-request';
  if (!opening.approvers.includes(person) || !mayDecide(policy, state, person)) return 'not-eligible';
  if (!isOpen(state)) return 'not-open';
  if (isOver(opening.request.expiresAt, facts.now)) return 'expired';
  const before = state.decisions.some((decision) => decision.person === person);
  return before && command.decision === 'approve' ? 'already-decided' : null;
}

function sameCard(a: Card, b: Card | null): boolean {
  return b !== null && a.team === b.team && a.channel === b.channel && a.ts === b.ts;
}

/** Refusals worth a record: attempts by people who may not decide, or by way of something forged. */
const ON_RECORD: readonly RefusalCode[] = [
  'unknown-person',
  'own-request',
  'not-eligible',
  'bot',
  'wrong-digest',
  'wrong-card',
];

function refuse(
  policy: Policy,
  state: OpenedState,
  command: DecideCommand,
  { code, name }: { code: RefusalCode; name: string },
): Outcome {
  const account = accountOf({ ...command.by, person: null, name });
  const first = isOpen(state) && ON_RECORD.includes(code) && !state.refused.includes(account);
  const record: Event | null = first ? { type: 'refused', code, decision: command.decision, account } : null;
  return { kind: 'refuse', code, name, message: refusalMessage(policy, state, command, { code, name }), record };
}

/** What a refused person is told: what, why, and who can or what to do. */
function refusalMessage(
  policy: Policy,
  state: OpenedState,
  command: DecideCommand,
  { code, name }: { code: RefusalCode; name: string },
): string {
  const { request, approvers } = state.opening;
  // A press is answered to whoever pressed alone; what a comment is answered stands in the job's log, for others.
  const person = personOf(policy, command);
  const who = person === null && command.by.slack !== null ? 'You' : name;
  const may = `${who} may not ${command.decision} this request`;
  const names = approvers.map((approver) => nameOf(policy, approver)).join(', ');
  switch (code) {
    case 'unknown-person':
      return `${may}: the policy ${request.policy.path} links ${accountWords(command.by)} with nobody. Ask one of ${names}, or ask for an entry under \`people\`.`;
    case 'own-request':
      return `${may}: ${person === request.requester.person ? `${name} asked for it` : `the run belongs to ${name}`}. Ask one of ${names}. ${state.verdict.sentence}`;
    case 'not-eligible':
      return `${may}: no rule of the policy names ${name} for ${request.runbook} on ${request.target}. Ask one of ${names}.`;
    case 'bot':
      return `${may}: bots and apps decide nothing. Ask one of ${names}.`;
    case 'wrong-digest':
      return `${may} from here: this button belongs to another request or was changed. Open the request's own card or its issue.`;
    case 'wrong-card':
      return `${may} from here: this message is not the request's own card. Open the request's own card or its issue.`;
    case 'already-decided':
      return `${name} has already approved this request; one human counts once. ${state.verdict.sentence}`;
    case 'expired':
      return `${may} any more: it expired at ${request.expiresAt}. Ask anew by running the workflow again.`;
    case 'not-open':
      return `${may} any more: ${statusWords(state)}. Nothing was changed.`;
  }
}

function accountWords({ slack, github }: DecideCommand['by']): string {
  if (slack !== null) return `your Slack account (${slack.team}/${slack.user})`;
  return github === null ? 'this account' : `the GitHub account ${github.login} (id ${github.id})`;
}

function statusWords({ status }: OpenedState): string {
  if (status === 'error' || status === 'failed')
    return status === 'error' ? 'it ended in an error' : 'it ran and failed';
  return `it is ${status}`;
}

function start(
  policy: Policy,
  state: OpenedState,
  command: Extract<Command, { type: 'start' }>,
  facts: Facts,
): Outcome {
  const refusal = (code: 'not-approved' | 'denied' | 'expired', message: string): Outcome => ({
    kind: 'refuse',
    code,
    message,
    name: 'The debug job',
    record: null,
  });
  const { request } = state.opening;
  if (state.status !== 'approved') {
    return refusal('not-approved', `This request is not approved: ${statusWords(state)}. ${state.verdict.sentence}`);
  }
  // First of the two: the debug job asks once more after its start record, when the time may just be over.
  const denier = command.unrecordedDenials.find((person) => mayDecide(policy, state, person));
  if (denier !== undefined) {
    return refusal('denied', `${nameOf(policy, denier)} denied this request on the issue before the job started.`);
  }
  if (isOver(request.expiresAt, facts.now)) {
    return refusal('expired', `This request expired at ${request.expiresAt}. Ask anew by running the workflow again.`);
  }
  return append([command.started], 'The approved debug job started.');
}

function end(state: OpenedState, ended: EventOf<'ended'>): Outcome {
  if (state.status !== 'running') return { kind: 'nothing', why: `The request is ${state.status}, not running.` };
  return append([ended], endSentence(ended));
}

function expire(state: OpenedState, facts: Facts): Outcome {
  if (!isOpen(state)) return { kind: 'nothing', why: `The request is ${state.status}.` };
  const { expiresAt } = state.opening.request;
  if (!isOver(expiresAt, facts.now)) return { kind: 'nothing', why: `The request is open until ${expiresAt}.` };
  return append([{ type: 'expired' }], 'This request expired; silence is never consent.');
}

function closing(state: OpenedState, event: Event, sentence: string): Outcome {
  if (!isOpen(state)) return { kind: 'nothing', why: `The request is ${state.status}.` };
  return append([event], sentence);
}
