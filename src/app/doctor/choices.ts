/** What "Run workflow" offers, held against what the policy has. */
import type { Policy } from '../../policy/schema.ts';
import { inputOf, isLiteral } from './expressions.ts';
import type { Finding } from './finding.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';

const { ok, wrong, note } = judgeOf('Workflows');

/** Findings about the inputs that feed `runbook` and `target` of the ask step. */
export function choices(ask: OurStep, policy: Policy): Finding[] {
  return [
    ...offered(ask, 'runbook', Object.keys(policy.runbooks)),
    ...offered(ask, 'target', Object.keys(policy.targets)),
  ];
}

/** What can be given as an input of ask: null where anything can be. */
export function optionsOf({ file, step }: OurStep, name: string): string[] | null {
  const given = step.with?.[name] ?? '';
  const input = inputOf(given);
  if (input !== null) return file.inputs.get(input)?.options ?? null;
  return isLiteral(given) && given !== '' ? [given] : null;
}

function offered(ask: OurStep, what: 'runbook' | 'target', known: readonly string[]): Finding[] {
  const { file, step } = ask;
  const id = `workflow.${file.base}.${what}s`;
  const input = inputOf(step.with?.[what]);
  if (input !== null && !file.inputs.has(input)) {
    const remedy = `Add the input ${input} under \`on: workflow_dispatch: inputs\` of ${file.path}.`;
    return [wrong(id, `${file.path} asks with the input ${input}, which it does not have.`, remedy)];
  }
  const options = optionsOf(ask, what);
  // Typed by hand: ask itself refuses what the policy lacks.
  if (options === null) return [];
  const strange = options.filter((option) => !known.includes(option));
  if (strange.length > 0) {
    return [
      wrong(
        id,
        `${file.path} offers the ${what} ${listed(strange)}, which the policy does not have: asking for it is refused.`,
        `Take ${listed(strange)} off the \`options\` in ${file.path}, or add ${strange.length === 1 ? 'it' : 'them'} to \`${what}s\` in the policy.`,
      ),
    ];
  }
  const absent = known.filter((name) => !options.includes(name));
  if (absent.length === 0) return [ok(id, `${file.path} offers every ${what} of the policy.`)];
  return [
    note(
      id,
      `${file.path} does not offer the ${what} ${listed(absent)} of the policy.`,
      `Add ${listed(absent)} to the \`options\` in ${file.path} if people shall ask for ${absent.length === 1 ? 'it' : 'them'} there.`,
    ),
  ];
}
