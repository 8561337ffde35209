/** Whether what stands in a form may be asked: by the functions by which the ask job judges it, each mistake at its field. Pure. */
import type { EnvelopedAsk } from '../../log/envelope.ts';
import { formatDuration } from '../../policy/duration.ts';
import { valueProblem } from '../../policy/inputs.ts';
import { lookup } from '../../policy/lookup.ts';
import { mayRequest, reasonProblem, ticketProblem } from '../../policy/requesters.ts';
import { type ResolvedRunbook, resolveRunbook } from '../../policy/runbook.ts';
import type { Runbook } from '../../policy/schema.ts';
import { boundProblems, LONGEST_INPUTS, LONGEST_TEXT } from '../ask-check.ts';
import { maskedTexts } from '../ask-texts.ts';
import { givenSeconds } from '../given-duration.ts';
import type { Filled } from '../ports.ts';
import { inputName, inputsOf, type Offer, offered } from './request-form.ts';

export type Judged =
  | {
      kind: 'ask';
      ask: EnvelopedAsk;
      /** What was masked in its texts, in words; null: nothing. */
      masked: string | null;
    }
  | { kind: 'mistakes'; at: ReadonlyMap<string, string> };

/** Judges a form that was drawn for this runbook. `secrets` are masked in its texts. */
export function judgeForm(offer: Offer, drawn: string, filled: Filled, secrets: readonly string[]): Judged {
  const { policy } = offer;
  const at = new Map<string, string>();
  const key = textOf(filled, 'runbook');
  const found = offered(offer).find((one) => one.key === key);
  if (found === undefined) return mistakes(at.set('runbook', notOffered(offer, key)));
  if (key !== drawn)
    return mistakes(at.set('runbook', 'The fields below are still those of another runbook. Choose it once more.'));
  const { runbook } = found;
  const target = textOf(filled, 'target');
  if (!found.targets.includes(target)) at.set('target', `Choose one of ${found.targets.join(', ')}.`);
  const { inputs, reason, ticket, masked } = maskedTexts(
    { reason: textOf(filled, 'reason'), ticket: textOf(filled, 'ticket'), inputs: inputsOf(runbook, filled) },
    { secrets, choice: policy.redaction },
  );
  judgeInputs(runbook, inputs, at);
  judgeWords(offer, { reason, ticket }, at);
  const urgency = textOf(filled, 'urgency');
  if (!['low', 'normal', 'high'].includes(urgency)) at.set('urgency', 'Choose one of low, normal, high.');
  const resolved = at.size > 0 ? null : resolveRunbook(policy, { runbook: key, target, inputs });
  if (resolved?.ok === false) at.set('runbook', resolved.problems.join(' '));
  const duration = windowOf(offer, runbook, resolved, textOf(filled, 'window'), at);
  if (at.size > 0) return mistakes(at);
  return {
    kind: 'ask',
    ask: { runbook: key, target, inputs, reason, ticket, urgency, duration, wait: 'gateway' },
    masked,
  };
}

/** The policy may have changed since the form was drawn. */
function notOffered({ policy, person }: Offer, key: string): string {
  if (key === '') return 'Choose a runbook.';
  const refused = (lookup(policy.runbooks, key)?.targets ?? [''])
    .map((target) => mayRequest(policy, person, key, target))
    .find((may) => !may.ok);
  return refused?.ok === false ? `${refused.message} ${refused.remedy}` : 'Choose another runbook.';
}

function judgeInputs({ inputs }: Runbook, given: unknown, at: Map<string, string>): void {
  const values = new Map(Object.entries(Object(given)));
  for (const [name, declared] of Object.entries(inputs)) {
    const value = values.get(name) ?? declared.default;
    const problem = value === undefined ? 'is missing' : valueProblem(declared, value);
    if (problem !== null) at.set(inputName(name), `${name}: ${problem}.`);
  }
  const size = JSON.stringify(given).length;
  if (size > LONGEST_INPUTS)
    at.set('runbook', `Its inputs have ${size} characters; at most ${LONGEST_INPUTS} fit into a record.`);
}

function judgeWords(
  { policy }: Offer,
  { reason, ticket }: { reason: string; ticket: string },
  at: Map<string, string>,
): void {
  const long =
    reason.length > LONGEST_TEXT
      ? `The reason has ${reason.length} characters; at most ${LONGEST_TEXT} fit on a card.`
      : null;
  const [wrong, ticketWrong] = [
    reasonProblem(policy, { reason, breakGlass: false }) ?? long,
    ticketProblem(policy, ticket),
  ];
  if (wrong !== null) at.set('reason', wrong);
  if (ticketWrong !== null) at.set('ticket', ticketWrong);
}

/** In seconds; null where it is left to the runbook, or a mistake. */
function windowOf(
  { policy }: Offer,
  runbook: Runbook,
  resolved: ResolvedRunbook | null,
  text: string,
  at: Map<string, string>,
): number | null {
  if (text === '') return null;
  const seconds = givenSeconds(text);
  const most = resolved?.ok === true ? resolved.windowSeconds : (runbook.windowSeconds ?? policy.windowSeconds);
  if (seconds === null) {
    at.set('window', `This is no duration. Write a number and a unit, such as 10m; at most ${formatDuration(most)}.`);
    return null;
  }
  const [wrong] = boundProblems('window', seconds, most, 'the window of the runbook');
  if (wrong !== undefined) at.set('window', wrong);
  return seconds;
}

function textOf(filled: Filled, name: string): string {
  const value = filled.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function mistakes(at: Map<string, string>): Judged {
  return { kind: 'mistakes', at };
}
