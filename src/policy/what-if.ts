/** What somebody might ask, made into what the rules look at: for explaining a policy and for trying it. */
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
  /** Those that matter; inputs that are left out are unknown, so that no rule that names them applies. */
  inputs: Readonly<Record<string, InputValue>>;
  urgency: Ask['urgency'];
  /** When it is asked: RFC 3339. */
  at: string;
}

/** The ask, or everything that is wrong with it and what is allowed. */
export function askOfWhatIf(policy: Policy, what: WhatIf): { ok: true; ask: Ask } | { ok: false; problems: string[] } {
  const { runbook, problems } = runbookAndTarget(policy, what);
  const { values, problems: wrong } = checkInputs(runbook?.inputs ?? {}, what.inputs);
  if (runbook !== null) problems.push(...wrong.filter((problem) => !isMissing(problem, what.inputs)));
  if (!Object.hasOwn(policy.people, what.as)) {
    problems.push(
      `The policy has no person ${shown(what.as)}; allowed: ${Object.keys(policy.people).join(', ') || 'none'}.`,
    );
  }
  if (Number.isNaN(Date.parse(what.at))) {
    problems.push(`${shown(what.at)} is no time such as 2026-01-31T12:00:00Z.`);
  }
  if (problems.length > 0) return { ok: false, problems };
  const { as, urgency, at } = what;
  const ask = { runbook: what.runbook, target: what.target, excluded: [as], requester: as };
  return { ok: true, ask: { ...ask, urgency, inputs: values, askedAt: at } };
}

function isMissing(problem: string, given: WhatIf['inputs']): boolean {
  const [name, why] = problem.split(': ', 2);
  return why?.startsWith('is missing;') === true && lookup(given, name ?? '') === null;
}
