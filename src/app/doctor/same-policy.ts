/** That all our steps read the policy that ask reads. */
import { expressionOf, isLiteral } from './expressions.ts';
import type { Finding } from './finding.ts';
import { placeOf, wrongJob } from './jobs.ts';
import { listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';

/** Where the actions look when they are told nothing; a test holds it against theirs. */
export const USUAL_POLICY = '.github/debug-approval.yml';

/** The path that a step of ours is given, or the expression. */
export function policyOf({ step }: OurStep): string {
  const given = (step.with?.['policy'] ?? '').trim();
  return given === '' ? USUAL_POLICY : (expressionOf(given) ?? given);
}

/** Findings about steps that read another policy than every ask they serve: those of their own workflow, else all. */
export function examinePolicies(steps: readonly OurStep[]): Finding[] {
  const asks = steps.filter(({ action }) => action === 'ask');
  if (asks.length === 0) return [];
  return steps.flatMap((step) => {
    const own = asks.filter(({ file }) => file === step.file);
    const paths = [...new Set((own.length > 0 ? own : asks).map(policyOf))];
    const path = policyOf(step);
    // An expression elsewhere may well come to the same.
    const told = isLiteral(step.step.with?.['policy'] ?? '') || own.length > 0;
    if (step.action === 'ask' || !told || paths.includes(path)) return [];
    const what = `reads the policy ${path}, and ask reads ${listed(paths)}: what was asked by one is refused by the other.`;
    return [
      wrongJob(step, 'policy', what, `Give ${placeOf(step)} the same \`policy\` as ask, or leave it out of both.`),
    ];
  });
}
