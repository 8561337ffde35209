/** `policy test`: holds a policy to the cases that its team wrote down. */
import { dirname, join } from 'node:path';
import { type CaseResult, loadCases, policyNamedBy, runCases } from '../../policy/cases.ts';
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import { apiFromShell } from './api.ts';
import type { TestOptions } from './policy.ts';
import { readOrTell, tell } from './tell.ts';

/** Runs the cases. */
export async function testCommand(file: string, { policy: given, json }: TestOptions): Promise<void> {
  const cases = await readOrTell(file, json);
  if (cases === null) return;
  const named = policyNamedBy(cases);
  const path = given ?? (named === null ? '.github/debug-approval.yml' : join(dirname(file), named));
  const text = await readOrTell(path, json);
  if (text === null) return;
  const policy = loadPolicy(text, { apiIsLoopback: apiFromShell().loopback });
  if (!policy.ok) return tell(2, formatProblems(path, policy.problems), json, { problems: policy.problems });
  const loaded = loadCases(cases, policy.policy);
  if (!loaded.ok) return tell(2, formatProblems(file, loaded.problems), json, { problems: loaded.problems });
  const results = runCases(policy.policy, loaded.cases);
  const failed = results.filter(({ differences }) => differences.length > 0);
  const end =
    failed.length === 0
      ? `All ${results.length} cases hold for ${path}.`
      : `${failed.length} of ${results.length} cases do not hold for ${path}.`;
  const lines = results.flatMap(lineOf);
  tell(failed.length === 0 ? 0 : 1, [...lines, end].join('\n'), json, { policy: path, results });
}

function lineOf({ name, differences }: CaseResult): string[] {
  return [`${differences.length === 0 ? '✓' : '✗'} ${name}`, ...differences.map((one) => `    ${one}`)];
}
