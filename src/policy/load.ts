/** Loads a policy: YAML, schema and cross references, with every mistake reported at once. */
import { checkAccounts, withOtherHalf } from './check-accounts.ts';
import { checkConditions } from './check-conditions.ts';
import { checkNames } from './check-names.ts';
import { checkRedaction } from './check-redaction.ts';
import { checkRules } from './check-rules.ts';
import { checkRunbooks } from './check-runbooks.ts';
import { checkSettings } from './check-settings.ts';
import { checkSigners } from './check-signers.ts';
import { checkWebhook } from './check-webhook.ts';
import { draftOf, draftOfPolicy } from './draft.ts';
import { atValue, type Finding, inOrder, type Problem } from './problems.ts';
import { type Policy, PolicySchema } from './schema.ts';
import { parseShape } from './shape.ts';
import { readYaml } from './yaml-source.ts';

export { formatProblems, type Problem } from './problems.ts';

export type LoadedPolicy = { ok: true; policy: Policy } | { ok: false; problems: Problem[] };

/**
 * Loads the text of a policy. `apiIsLoopback` says whether the GitHub API in use is on this machine: only then may
 * the policy name an issuer there. Problems come in the order of the text. What is not YAML is judged no further.
 */
export function loadPolicy(text: string, { apiIsLoopback }: { apiIsLoopback: boolean }): LoadedPolicy {
  const source = readYaml(text);
  if (source.data === null && source.problems.length > 0) return { ok: false, problems: inOrder(source.problems) };
  const { output: policy, findings } = parseShape(PolicySchema, source.data);
  const draft = policy === null ? draftOf(source.data) : draftOfPolicy(policy);
  const lineOf = (path: Finding['path']) => source.locate(atValue(path, '')).line;
  const all: Finding[] = [
    ...findings.map((finding) => withOtherHalf(withBeginning(finding), lineOf)),
    ...checkAccounts(draft, lineOf),
    ...checkNames(draft),
    ...checkRunbooks(draft),
    ...checkRules(draft),
    ...checkConditions(draft, lineOf),
    ...checkSettings(draft),
    ...checkSigners(draft, apiIsLoopback),
    ...checkWebhook(draft, apiIsLoopback),
    ...checkRedaction(draft),
  ];
  const problems = [...source.problems, ...all.map(source.locate)];
  if (policy === null || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, policy };
}

// Of the whole text only its kind can be wrong: a list, a text, nothing.
function withBeginning(finding: Finding): Finding {
  if (finding.path.length > 0) return finding;
  return { ...finding, message: finding.message.replace(/\.$/, '; a policy begins with `version: 1`.') };
}
