/** Checks a policy's runbooks in themselves: argument templates, defaults, bounds and windows. */
import { templateProblems } from './argv.ts';
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { valueProblem } from './inputs.ts';
import { atKey, atValue, type Finding } from './problems.ts';
import type { Input } from './schema.ts';

type Fields = Draft['runbooks'][string]['fields'];

/** Findings for what the schema alone cannot see in a runbook. */
export function checkRunbooks(draft: Draft): Finding[] {
  return Object.entries(draft.runbooks).flatMap(([key, { fields, inputs, inputNames, hasMistake }]) => [
    ...whatRuns(key, fields, hasMistake),
    ...templateProblems(fields.run ?? [], inputNames).map(({ index, message }) =>
      atValue(['runbooks', key, 'run', index], `${message}.`),
    ),
    ...Object.entries(inputs).flatMap(([name, input]) =>
      inputFindings(input).map(({ at, message }) => atValue(['runbooks', key, 'inputs', name, at], message)),
    ),
    ...windowFindings(key, fields.window, draft.windowSeconds),
  ]);
}

function whatRuns(key: string, { run, manual, env }: Fields, hasMistake: boolean): Finding[] {
  const path = ['runbooks', key];
  if (run !== undefined && manual === true) {
    const message = 'and `manual: true` exclude each other: remove `run` where the debug job has steps of its own.';
    return [atKey([...path, 'run'], message)];
  }
  if (run === undefined && manual === undefined && !hasMistake) {
    const message = 'says nothing that runs: write `run`, or `manual: true` where the debug job has steps of its own.';
    return [atKey(path, message)];
  }
  if (manual !== true || env === undefined || env.length === 0) return [];
  const message =
    'is for the command of `run`; with `manual: true` the steps have what the workflow gives them. Remove it.';
  return [atKey([...path, 'env'], message)];
}

function inputFindings(input: Input): { at: string; message: string }[] {
  const found: { at: string; message: string }[] = [];
  if (input.type === 'number' && (input.min ?? -Infinity) > (input.max ?? Infinity)) {
    found.push({ at: 'max', message: `must not be below min (${input.min}).` });
  }
  if (input.required === false && input.default === undefined) {
    found.push({ at: 'required', message: 'false needs a default: every argument must have a value.' });
  }
  if (input.required === true && input.default !== undefined) {
    found.push({ at: 'required', message: 'true and a default contradict each other; remove one.' });
  }
  const problem = input.default === undefined ? null : valueProblem(input, input.default);
  if (problem !== null) found.push({ at: 'default', message: `${problem}.` });
  return found;
}

function windowFindings(key: string, windowSeconds: number | undefined, longest: number | null): Finding[] {
  if (windowSeconds === undefined || longest === null || windowSeconds <= longest) return [];
  const message = `is longer than the policy's window (${formatDuration(longest)}), which is the longest.`;
  return [atValue(['runbooks', key, 'window'], message)];
}
