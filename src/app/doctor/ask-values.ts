/** What the ask step is given, held against what ask and the policy take: a value that neither reads refuses every request. */
import * as v from 'valibot';
import type { Policy, Runbook } from '../../policy/schema.ts';
import { Urgency } from '../../request/request.ts';
import { givenSeconds } from '../given-duration.ts';
import { optionsOf } from './choices.ts';
import { inputOf, isLiteral } from './expressions.ts';
import type { Finding } from './finding.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';

const { note } = judgeOf('Workflows');

/** The inputs of the ask action; a test holds them against its contract. */
export const ASK_TAKES: readonly string[] = [
  ...['runbook', 'target', 'inputs', 'reason', 'ticket', 'urgency', 'duration', 'timeout', 'wait', 'envelope'],
  ...[
    'policy',
    'break-glass',
    'github-token',
    'directory-token',
    'slack-bot-token',
    'slack-app-token',
    'webhook-secret',
  ],
];

/** Findings about the values under `with` of an ask step. */
export function values(ask: OurStep, policy: Policy): Finding[] {
  return [
    ...missing(ask, policy),
    ...breakGlass(ask, policy),
    ...envelope(ask, policy),
    ...unreadable(ask, policy),
    ...unknown(ask),
  ];
}

/** Without it, what somebody asks in Slack begins a run that asks nothing. */
function envelope(ask: OurStep, policy: Policy): Finding[] {
  if (policy.gateway === null || !isEmpty(ask, 'envelope')) return [];
  const what = `${capital(placeOf(ask))} does not hand envelope to its step, so that nobody can ask with /debug in Slack.`;
  const remedy =
    "Under `with` of its step write `envelope: ${{ inputs.envelope }}`, with an input of that name, `type: string` and `default: ''` under `on`.";
  return [note(`${idOf(ask)}.envelope`, what, remedy)];
}

/** In an emergency there is no time to mend the workflow. */
function breakGlass(ask: OurStep, policy: Policy): Finding[] {
  if (policy.breakGlass === null) return [];
  const value = given(ask, 'break-glass');
  const input = inputOf(value);
  if (value === 'false' || isEmpty(ask, 'break-glass')) {
    const what =
      "does not hand break-glass to its step, so that nobody can start without approval in an emergency, as the policy's `break-glass` lets some.";
    const remedy = `Under \`with\` of its step write \`break-glass: \${{ inputs.break-glass }}\`, with an input of that name and \`type: boolean\` under \`on\`.`;
    return [wrongJob(ask, 'break-glass', what, remedy)];
  }
  if (value === 'true') {
    const what =
      'asks for everything as a break-glass: nothing is approved beforehand, and who may not break it cannot ask.';
    return [
      wrongJob(ask, 'break-glass', what, 'Write `break-glass: ${{ inputs.break-glass }}` under `with` of its step.'),
    ];
  }
  if (input === null || ask.file.inputs.get(input)?.free !== true) return [];
  const what = `${capital(placeOf(ask))} takes break-glass from an input that is free text: ask refuses what is neither true nor false.`;
  return [
    note(`${idOf(ask)}.break-glass`, what, `Write \`type: boolean\` and \`default: false\` under the input ${input}.`),
  ];
}

function missing(ask: OurStep, policy: Policy): Finding[] {
  const strict = policy.ticket.required ? ['ticket'] : [];
  const asking = runbooksOf(ask, policy).filter(([, runbook]) => needsInputs(runbook));
  const wanted = ['runbook', 'target', ...(asking.length > 0 ? ['inputs'] : []), 'reason', ...strict];
  const lacking = wanted.filter((name) => isEmpty(ask, name));
  if (lacking.length === 0) return [];
  const whose = lacking.includes('inputs') ? ` (${listed(asking.map(([key]) => key))} cannot do without inputs)` : '';
  return [
    wrongJob(
      ask,
      'with',
      `does not hand ${listed(lacking)} to its step, so that what is asked is refused${whose}.`,
      `Under \`with\` of its step write ${listed(lacking.map((name) => `\`${name}: \${{ inputs.${name} }}\``))}, with ${lacking.length === 1 ? 'an input of that name' : 'inputs of these names'} under \`on\`.`,
    ),
  ];
}

/** Nothing is given there, or an input that "Run workflow" does not have. */
function isEmpty(ask: OurStep, name: string): boolean {
  const value = given(ask, name);
  const input = inputOf(value);
  const { inputs, events } = ask.file;
  // Those of runbook and target are told along with the choices.
  if (input !== null && name !== 'runbook' && name !== 'target') {
    return !inputs.has(input) && events.includes('workflow_dispatch') && !events.includes('workflow_call');
  }
  return value === '' || (name === 'inputs' && value === '{}');
}

const given = (ask: OurStep, name: string): string => (ask.step.with?.[name] ?? '').trim();

/** The runbooks that people can choose there. */
export function runbooksOf(ask: OurStep, { runbooks }: Policy): [string, Runbook][] {
  const options = optionsOf(ask, 'runbook');
  return Object.entries(runbooks).filter(([key]) => options === null || options.includes(key));
}

const needsInputs = ({ inputs }: Runbook): boolean =>
  Object.values(inputs).some(({ required, default: usual }) => required ?? usual === undefined);

/** Values that are written out in the workflow and would be refused at each request, whatever is asked. */
function unreadable(ask: OurStep, policy: Policy): Finding[] {
  const faults = Object.entries(READERS).flatMap(([name, fault]) => {
    const value = given(ask, name);
    const why = value === '' || !isLiteral(value) ? null : fault(value, policy);
    return why === null ? [] : [`\`${name}: ${value.slice(0, 60)}\` (${why})`];
  });
  if (faults.length === 0) return [];
  const what = `gives its step what ask refuses: ${listed(faults)}.`;
  return [wrongJob(ask, 'values', what, `Mend or remove ${faults.length === 1 ? 'it' : 'them'} in ${placeOf(ask)}.`)];
}

const duration = (value: string): string | null =>
  givenSeconds(value) === null ? 'no duration such as 30m or 2h' : null;

/** For each input what is wrong with a value, or null; they say no to what src/entry/ask-inputs.ts says no to. */
const READERS: Record<string, (value: string, policy: Policy) => string | null> = {
  urgency: (value) => (v.is(Urgency, value) ? null : 'none of low, normal and high'),
  wait: (value, { gateway }) => {
    if (value === 'runner') return null;
    if (value !== 'gateway') return 'neither runner nor gateway';
    return gateway === null ? 'the policy has no `gateway`' : null;
  },
  timeout: duration,
  duration,
  'break-glass': (value, { breakGlass }) => {
    if (value === 'false') return null;
    if (value !== 'true') return 'neither true nor false';
    return breakGlass === null ? 'the policy has no `break-glass`' : null;
  },
  inputs: (value) => (isObject(value) ? null : 'no JSON object'),
  reason: (value, { reason }) =>
    value.length < reason.minLength ? `shorter than the policy's ${reason.minLength} characters` : null,
};

function isObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch (error) {
    // JSON.parse fails by SyntaxError alone.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** GitHub warns of these in a run's log, and ask never sees them. */
function unknown(ask: OurStep): Finding[] {
  const strange = Object.keys(ask.step.with ?? {}).filter((name) => !ASK_TAKES.includes(name.toLowerCase()));
  if (strange.length === 0) return [];
  const what = `The step of ${placeOf(ask)} is given ${listed(strange)}, which ask does not know: GitHub drops ${strange.length === 1 ? 'it' : 'them'} with a warning.`;
  return [note(`${idOf(ask)}.unknown`, what, `ask takes ${listed(ASK_TAKES)}.`)];
}
