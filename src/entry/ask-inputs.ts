/** Reads the ask action's inputs; whatever is wrong with them is said in one message. */
import * as v from 'valibot';
import type { AskInput } from '../app/ask-check.ts';
import { Fault } from '../app/fault.ts';
import { givenSeconds } from '../app/given-duration.ts';
import { Urgency } from '../request/request.ts';
import type { AskInputName } from './contract.ts';

const Wait = v.picklist(['runner', 'gateway']);

type Read = (name: AskInputName) => string;

/** Throws a Fault `input` that lists every mistake. */
export function readAskInputs(read: Read): AskInput {
  const problems: string[] = [];
  const need = (name: AskInputName): string => {
    const value = read(name);
    if (value === '') problems.push(`${name} is missing.`);
    return value;
  };
  const urgency = v.safeParse(Urgency, read('urgency') || 'normal');
  if (!urgency.success) problems.push(`urgency: "${read('urgency')}" is none of low, normal, high.`);
  const wait = v.safeParse(Wait, read('wait') || 'runner');
  if (!wait.success) problems.push(`wait: "${read('wait')}" is neither runner nor gateway.`);
  const breakGlass = read('break-glass') || 'false';
  if (breakGlass !== 'true' && breakGlass !== 'false')
    problems.push(`break-glass: "${breakGlass}" is neither true nor false.`);
  const parsed = {
    runbook: need('runbook'),
    target: need('target'),
    inputs: json(read('inputs') || '{}', problems),
    reason: read('reason'),
    ticket: read('ticket'),
    windowSeconds: seconds('duration', read('duration'), problems),
    timeoutSeconds: seconds('timeout', read('timeout'), problems),
    breakGlass: breakGlass === 'true',
    policyPath: need('policy'),
    envelope: read('envelope'),
  };
  if (problems.length > 0 || !urgency.success || !wait.success) {
    throw new Fault(
      'input',
      `The inputs cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      'Mend them and run the workflow again; nothing was asked.',
    );
  }
  return { ...parsed, urgency: urgency.output, wait: wait.output };
}

function json(text: string, problems: string[]): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!nests(parsed, DEEPEST)) return parsed;
    problems.push(`inputs: nested deeper than ${DEEPEST} levels. Write an object such as {"service":"checkout"}.`);
    return {};
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'unreadable';
    problems.push(`inputs: this is no JSON (${why.slice(0, 200)}). Write an object such as {"service":"checkout"}.`);
    return {};
  }
}

/** No input nests at all; what nests very deep would end the program where it is written again. */
const DEEPEST = 20;

function nests(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => nests(one, levels - 1));
}

/** `30m`, `2h`. Empty: null. */
function seconds(name: string, text: string, problems: string[]): number | null {
  if (text === '') return null;
  const given = givenSeconds(text);
  if (given !== null) return given;
  problems.push(`${name}: "${text.slice(0, 40)}" is no duration. Write a number and a unit, such as 30m or 2h.`);
  return null;
}
