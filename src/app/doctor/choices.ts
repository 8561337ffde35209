/** What "Run workflow" offers, held against what the policy has. */
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import { judgeOf, listed } from './judge.ts';
import { expressionOf, type OurStep } from './workflow-file.ts';

const { ok, wrong, note } = judgeOf('Workflows');

/** Findings about the inputs that feed `runbook` and `target` of the ask step. */
export function choices(ask: OurStep, policy: Policy): Finding[] {
  return [
    ...offered(ask, 'runbook', Object.keys(policy.runbooks)),
    ...offered(ask, 'target', Object.keys(policy.targets)),
  ];
}

function offered({ file, step }: OurStep, what: 'runbook' | 'target', known: readonly string[]): Finding[] {
  const id = `workflow.${file.base}.${what}s`;
  const given = step.with?.[what] ?? '';
  const [, input] = /^(?:github\.event\.)?inputs\.([\w-]+)$/.exec(expressionOf(given) ?? '') ?? [];
  const options =
    input === undefined ? (given.includes('${{') ? null : [given]) : (file.inputs[input]?.options ?? null);
  if (input !== undefined && file.inputs[input] === undefined) {
    const remedy = `Add the input ${input} under \`on: workflow_dispatch: inputs\` of ${file.path}.`;
    return [wrong(id, `${file.path} asks with the input ${input}, which it does not have.`, remedy)];
  }
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
