/** Checks a policy's runbooks in themselves: argument templates, defaults, bounds and windows. */
import { templateProblems } from './argv.ts';
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { valueProblem } from './inputs.ts';
import type { Finding } from './problems.ts';
import type { Input } from './schema.ts';

/** Findings for what the schema alone cannot see in a runbook. */
export function checkRunbooks(draft: Draft): Finding[] {
  return Object.entries(draft.runbooks).flatMap(([key, { fields, inputs, inputNames }]) => [
    ...templateProblems(fields.run ?? [], inputNames).map(({ index, message }) => ({
      path: ['runbooks', key, 'run', index],
      at: 'value' as const,
      message: `${message}.`,
    })),
    ...Object.entries(inputs).flatMap(([name, input]) =>
      inputFindings(input).map(({ at, message }) => ({
        path: ['runbooks', key, 'inputs', name, at],
        at: 'value' as const,
        message,
      })),
    ),
    ...windowFindings(key, fields.window, draft.windowSeconds),
  ]);
}

function inputFindings(input: Input): { at: string; message: string }[] {
  const found: { at: string; message: string }[] = [];
  if (input.type === 'number' && input.min !== undefined && input.max !== undefined && input.min > input.max) {
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
  return [{ path: ['runbooks', key, 'window'], at: 'value', message }];
}
