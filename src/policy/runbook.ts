/** Resolves what somebody asks for into exactly what would run: the argument vector, the environment, the window. */
import { renderArgv } from './argv.ts';
import { checkInputs, type InputValue, shown } from './inputs.ts';
import { lookup } from './lookup.ts';
import type { Policy, Runbook, Target } from './schema.ts';

export type ResolvedRunbook =
  | {
      ok: true;
      runbook: Runbook;
      /** Empty where the runbook is `manual`: the debug job's own steps are what runs. */
      argv: string[];
      /** All inputs with their types, defaults filled in, in the policy's order. */
      inputs: Record<string, InputValue>;
      /** The target's GitHub environment. */
      environment: string;
      /** The longest time it may run, in seconds; a request may ask for less. */
      windowSeconds: number;
      /** Names of the environment variables that the command may read. */
      env: string[];
    }
  | { ok: false; problems: string[] };

/** Resolves a runbook on a target with the user's inputs (parsed JSON, untrusted); names everything wrong at once. */
export function resolveRunbook(
  policy: Policy,
  ask: { runbook: string; target: string; inputs: unknown },
): ResolvedRunbook {
  const { runbook, target, problems } = runbookAndTarget(policy, ask);
  if (runbook === null) return { ok: false, problems };
  const checked = checkInputs(runbook.inputs, ask.inputs);
  problems.push(...checked.problems);
  // A missing value would show up here a second time.
  const rendered = checked.problems.length > 0 ? null : renderArgv(runbook.run, checked.values);
  problems.push(...(rendered?.problems ?? []));
  if (problems.length > 0 || rendered === null || target === null) return { ok: false, problems };
  return {
    ok: true,
    runbook,
    argv: rendered.argv,
    inputs: checked.values,
    environment: target.environment,
    windowSeconds: runbook.windowSeconds ?? policy.windowSeconds,
    env: runbook.env,
  };
}

/** The runbook and the target by their names, null where the policy has none, and what is wrong with the names. */
export function runbookAndTarget(
  policy: Policy,
  ask: { runbook: string; target: string },
): { runbook: Runbook | null; target: Target | null; problems: string[] } {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const target = lookup(policy.targets, ask.target);
  const problems: string[] = [];
  if (runbook === null) problems.push(unknown('runbook', ask.runbook, Object.keys(policy.runbooks)));
  if (target === null) problems.push(unknown('target', ask.target, runbook?.targets ?? Object.keys(policy.targets)));
  else if (runbook !== null && !runbook.targets.includes(ask.target)) {
    problems.push(`The runbook ${ask.runbook} may not run on ${ask.target}; allowed: ${runbook.targets.join(', ')}.`);
  }
  return { runbook, target, problems };
}

function unknown(what: string, name: string, allowed: string[]): string {
  return `The policy has no ${what} ${shown(name)}; allowed: ${allowed.join(', ') || 'none'}.`;
}
