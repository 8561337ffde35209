/** What somebody might ask, made into what the rules look at: for explaining a policy and for trying it. */
import * as v from 'valibot';
import { renderArgv } from './argv.ts';
import { Instant } from './cases-schema.ts';
import { turnsOn } from './conditions.ts';
import type { Ask } from './evaluate.ts';
import { checkInputs, type InputValue, shown } from './inputs.ts';
import { lookup } from './lookup.ts';
import { runbookAndTarget } from './runbook.ts';
import type { Policy } from './schema.ts';

export interface WhatIf {
  runbook: string;
  target: string;
  /** Who asks: a key of the policy's people. */
  as: string;
  /** Those that matter; what is left out is unknown ({@link leftOpen}). */
  inputs: Readonly<Record<string, InputValue>>;
  urgency: Ask['urgency'];
  /** When it is asked: RFC 3339 with its zone. */
  at: string;
}

/** The ask, or everything that is wrong with it and what is allowed. */
export function askOfWhatIf(policy: Policy, what: WhatIf): { ok: true; ask: Ask } | { ok: false; problems: string[] } {
  const { runbook, problems } = runbookAndTarget(policy, what);
  const { values, problems: wrong } = checkInputs(runbook?.inputs ?? {}, what.inputs);
  if (runbook !== null) problems.push(...wrong.filter((problem) => !isMissing(problem, what.inputs)));
  if (runbook !== null && wrong.length === 0) problems.push(...renderArgv(runbook.run, values).problems);
  if (!Object.hasOwn(policy.people, what.as)) {
    problems.push(
      `The policy has no person ${shown(what.as)}; allowed: ${Object.keys(policy.people).join(', ') || 'none'}.`,
    );
  }
  if (!v.is(Instant, what.at)) {
    problems.push(`${shown(what.at)} is no time such as 2026-01-31T12:00:00Z.`);
  }
  if (problems.length > 0) return { ok: false, problems };
  const { as, urgency, at } = what;
  const ask = { runbook: what.runbook, target: what.target, excluded: [as], requester: as };
  return { ok: true, ask: { ...ask, urgency, inputs: values, askedAt: at } };
}

/**
 * What nobody said and a rule looks at, a sentence for each such rule; none: the rules say the same whatever it is. `withoutTime`:
 * when it is asked was not said either.
 */
export function leftOpen(policy: Policy, ask: Ask, withoutTime: boolean): string[] {
  const { runbook, target } = runbookAndTarget(policy, ask);
  if (runbook === null || target === null) return [];
  const unsaid = Object.keys(runbook.inputs).filter((name) => !Object.hasOwn(ask.inputs, name));
  const scene = { policy, ask, runbook, target };
  return policy.rules.flatMap(({ name, when }) => {
    const open = when === undefined ? [] : turnsOn(scene, when, { time: withoutTime, inputs: unsaid });
    return open.map((what) =>
      what === 'at'
        ? `at: is missing, and the rule ${shown(name)} looks at the time; say when it is asked.`
        : `${what}: is missing, and the rule ${shown(name)} looks at it; say what it is.`,
    );
  });
}

function isMissing(problem: string, given: WhatIf['inputs']): boolean {
  const [name, why] = problem.split(': ', 2);
  return why?.startsWith('is missing;') === true && lookup(given, name ?? '') === null;
}
