/** Judges whether a rule applies to what is asked, and says why it does not. */
import { type InputValue, shown } from './inputs.ts';
import { isAmong, nameOf } from './people.ts';
import type { Policy, Rule, Runbook, Target } from './schema.ts';
import { isWithin, timesText, wallClock } from './times.ts';

/** What is asked, as far as the rules look at it. */
export interface Ask {
  runbook: string;
  target: string;
  /** People who may not approve: the requester, and whoever the run belongs to. */
  excluded: readonly string[];
  urgency: 'low' | 'normal' | 'high';
  /** The key of the person who asks. */
  requester: string;
  /** With defaults filled in. */
  inputs: Readonly<Record<string, InputValue>>;
  /** RFC 3339. */
  askedAt: string;
}

/** What is asked, with what the policy says of it. */
export interface AskScene {
  policy: Policy;
  ask: Omit<Ask, 'excluded'>;
  runbook: Runbook;
  target: Target;
}

type When = NonNullable<Rule['when']>;
type Condition = (scene: AskScene, when: When) => string | null;

/** Whether everything that a rule names holds. */
export function doesApply(scene: AskScene, when: When): boolean {
  return CONDITIONS.every((condition) => condition(scene, when) === null);
}

/** Why a rule does not apply: `tier is staging, not production`, one text for each condition; none: it applies. */
export function objections(scene: AskScene, when: When): string[] {
  return CONDITIONS.flatMap((condition) => condition(scene, when) ?? []);
}

/** What nobody said of an ask: when it is asked, and the names of inputs. */
export interface Unsaid {
  time: boolean;
  inputs: readonly string[];
}

/** What of the unsaid it depends on, and on nothing else, if a rule applies: `at`, `inputs.service`; none: that is settled. */
export function turnsOn(scene: AskScene, when: When, unsaid: Unsaid): string[] {
  const open = Object.keys(when.inputs ?? {}).filter((name) => unsaid.inputs.includes(name));
  const said = Object.fromEntries(Object.entries(when.inputs ?? {}).filter(([name]) => !open.includes(name)));
  const { times, ...rest } = { ...when, inputs: said };
  const settled = unsaid.time || times === undefined ? rest : { ...rest, times };
  if (!doesApply(scene, settled)) return [];
  return [...(unsaid.time && times !== undefined ? ['at'] : []), ...open.map((name) => `inputs.${name}`)];
}

// Time comes last: it costs most.
const CONDITIONS: readonly Condition[] = [
  ({ ask }, { targets }) => other('target', ask.target, targets),
  ({ ask }, { runbooks }) => other('runbook', ask.runbook, runbooks),
  ({ target }, { tiers }) => other('tier', target.tier, tiers),
  ({ runbook }, { risks }) => other('risk', runbook.risk, risks),
  ({ ask }, { urgencies }) => other('urgency', ask.urgency, urgencies),
  otherRequester,
  otherInputs,
  otherTime,
];

function other(what: string, value: string, wanted: readonly string[] | undefined): string | null {
  return wanted === undefined || wanted.includes(value) ? null : `${what} is ${value}, not ${wanted.join(' or ')}`;
}

function otherRequester({ policy, ask }: AskScene, { requesters }: When): string | null {
  if (requesters === undefined || isAmong(policy, requesters, ask.requester)) return null;
  return `requester is ${nameOf(policy, ask.requester)}, not one of ${requesters.join(', ')}`;
}

function otherInputs({ ask }: AskScene, { inputs }: When): string | null {
  const wrong = Object.entries(inputs ?? {}).flatMap(([name, wanted]) => {
    const value = Object.hasOwn(ask.inputs, name) ? ask.inputs[name] : undefined;
    if (value === undefined) return [`there is no input ${name}`];
    return wanted.includes(value) ? [] : [`input ${name} is ${shown(value)}, not ${wanted.map(shown).join(' or ')}`];
  });
  return wrong.length === 0 ? null : wrong.join('; ');
}

function otherTime({ ask }: AskScene, { times }: When): string | null {
  if (times === undefined || isWithin(times, ask.askedAt)) return null;
  const { day, time } = wallClock(ask.askedAt, times.zone);
  return `it was asked on ${day} at ${time}, not ${timesText(times)}`;
}
