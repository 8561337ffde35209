/** Whether the debug job may start: only what is approved, in time, and with nothing said against it on the issue. */
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { byProduct, type CommandOf, type Facts, type Outcome, type StartRefusal } from './command.ts';
import { isDenied, mayDecide, verdictOver } from './counting.ts';
import { listed } from './names.ts';
import { excludedPersons, isOver, type OpenedState } from './state.ts';
import { statusWords } from './status-words.ts';

interface Scene {
  policy: Policy;
  state: OpenedState;
  command: CommandOf<'start'>;
  facts: Facts;
}

/** Decides on the start of the debug job. What nobody recorded counts against it as if it were on record. */
export function decideStart(scene: Scene): Outcome {
  const { state, command, facts } = scene;
  const { request } = state.opening;
  if (state.status !== 'approved') {
    return refusal('not-approved', `This request is not approved: ${statusWords(state)}. ${state.verdict.sentence}`);
  }
  // Before the time: the debug job asks once more after its start record, when the time may just be over.
  const stopped = cancelled(scene) ?? denied(scene) ?? withdrawn(scene);
  if (stopped !== null) return stopped;
  if (isOver(request.expiresAt, facts.now)) {
    return refusal('expired', `This request expired at ${request.expiresAt}. Ask anew by running the workflow again.`);
  }
  const how = request.breakGlass
    ? 'BREAK-GLASS: the debug job started without approval.'
    : 'The approved debug job started.';
  return byProduct([command.started], how);
}

function refusal(code: StartRefusal, message: string): Outcome {
  return { kind: 'refuse', code, message, name: 'The debug job', record: null };
}

function cancelled({ policy, state, command }: Scene): Outcome | null {
  const owners = excludedPersons(state.opening.request);
  const person = command.unrecordedCancels.find((one) => owners.includes(one));
  if (person === undefined) return null;
  return refusal('cancelled', `${nameOf(policy, person)} cancelled this request on the issue before the job started.`);
}

/** Denials on record and those on the issue, each person once, must be as many as the policy wants. */
function denied({ policy, state, command }: Scene): Outcome | null {
  const { opening, decisions } = state;
  const onIssue = command.unrecordedDenials.filter((person) => mayDecide(policy, state, person));
  const onRecord = decisions.filter(({ decision }) => decision === 'deny').map(({ person }) => person);
  if (!isDenied(policy, opening, [...onRecord, ...onIssue])) return null;
  const names = [...new Set(onIssue)].map((person) => nameOf(policy, person));
  return refusal('denied', `${listed(names)} denied this request on the issue before the job started.`);
}

/** Whoever withdrew or denied on the issue approves no longer. */
function withdrawn({ policy, state, command }: Scene): Outcome | null {
  const { unrecordedWithdrawals, unrecordedDenials } = command;
  const gone = new Set([...unrecordedWithdrawals, ...unrecordedDenials]);
  const left = state.decisions.filter(({ person, decision }) => decision === 'deny' || !gone.has(person));
  const verdict = verdictOver(policy, state.opening, left);
  if (verdict.status === 'met') return null;
  const names = state.decisions.filter((one) => !left.includes(one)).map(({ by }) => by.name);
  const message = `${listed(names)} took their approval back on the issue before the job started. ${verdict.sentence}`;
  return refusal('withdrawn', message);
}
