/** What follows from a command: events to append, a refusal to tell, or nothing. Pure: time and facts come as data. */
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { byProduct, type Command, type Facts, type Outcome } from './command.ts';
import { decideDiscuss, decideOverdue, decideRemind } from './decide-care.ts';
import { decidePerson } from './decide-person.ts';
import { decidePurge } from './decide-purge.ts';
import { decideStart } from './decide-start.ts';
import { endSentence } from './ending.ts';
import type { Event, EventOf } from './events.ts';
import { isOpen, isOver, type OpenedState, type State } from './state.ts';

export type {
  Command,
  CommandOf,
  DecideCommand,
  DueReminder,
  Facts,
  Outcome,
  Standing,
  StartRefusal,
} from './command.ts';

/** Decides what a command does to a request in this state. */
export function decide(policy: Policy, state: State, command: Command, facts: Facts): Outcome {
  if (command.type === 'open') return open(policy, state, command.opening);
  if (state.status === 'none') return { kind: 'nothing', why: 'There is no request here.' };
  const then = policyAsOf(policy, state.opening);
  switch (command.type) {
    case 'decide':
      return decidePerson({ policy: then, state, command, facts });
    case 'start':
      return decideStart({ policy: then, state, command, facts });
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
    case 'remind':
      return decideRemind(then, state, command, facts);
    case 'discuss':
      return decideDiscuss(then, state, command);
    case 'overdue':
      return decideOverdue(then, state, facts);
    case 'purge':
      return decidePurge(state, command.purge);
  }
}

function open(policy: Policy, state: State, opening: EventOf<'requested'>): Outcome {
  if (state.status !== 'none') return { kind: 'nothing', why: 'This issue already holds a request.' };
  const { requester, runbook, target, breakGlass } = opening.request;
  const name = nameOf(policy, requester.person);
  const sentence = breakGlass
    ? `${name} breaks the glass to run ${runbook} on ${target} without approval beforehand.`
    : `${name} asks${opening.envelope === undefined ? '' : ' in Slack'} to run ${runbook} on ${target}.`;
  return { kind: 'append', events: [opening], sentence, person: requester.person, name };
}

function end(state: OpenedState, ended: EventOf<'ended'>): Outcome {
  if (state.status !== 'running') return { kind: 'nothing', why: `The request is ${state.status}, not running.` };
  return byProduct([ended], endSentence(ended));
}

function expire(state: OpenedState, facts: Facts): Outcome {
  if (!isOpen(state)) return { kind: 'nothing', why: `The request is ${state.status}.` };
  const { expiresAt } = state.opening.request;
  if (!isOver(expiresAt, facts.now)) return { kind: 'nothing', why: `The request is open until ${expiresAt}.` };
  return byProduct([{ type: 'expired' }], 'This request expired; silence is never consent.');
}

function closing(state: OpenedState, event: Event, sentence: string): Outcome {
  if (!isOpen(state)) return { kind: 'nothing', why: `The request is ${state.status}.` };
  return byProduct([event], sentence);
}
