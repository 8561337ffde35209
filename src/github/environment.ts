/** Reads how a GitHub environment is protected. */
import type * as v from 'valibot';
import type { EnvironmentFacts } from '../app/ports.ts';
import { ask, askMaybe, type Scope } from './ask.ts';
import * as shape from './shapes.ts';

/** The environment's protection; null when there is none of that name. Throws a Fault. */
export async function readEnvironment(
  scope: Scope,
  name: string,
  defaultBranch: string,
): Promise<EnvironmentFacts | null> {
  const found = await askMaybe(scope, `read the environment ${name}`, shape.RestEnvironment, async () => {
    const answer = await scope.octokit.rest.repos.getEnvironment({ ...at(scope), environment_name: name });
    return answer.data;
  });
  if (found === null) return null;
  return {
    name: found.name,
    branches: await branches(scope, found, defaultBranch),
    adminBypass: found.can_admins_bypass ?? null,
    reviewers: reviewers(found),
    waitMinutes: Math.max(0, ...found.protection_rules.map((rule) => rule.wait_timer ?? 0)),
  };
}

/** The apps whose rules are switched on for an environment; GitHub knows no such rules where the plan has none. Throws a Fault. */
export async function readGates(scope: Scope, environment: string): Promise<number[]> {
  const doing = `read which apps hold back jobs in the environment ${environment}`;
  const found = await askMaybe(scope, doing, shape.RestGates, async () => {
    const where = { ...at(scope), environment_name: environment };
    const answer = await scope.octokit.rest.repos.getAllDeploymentProtectionRules(where);
    return answer.data;
  });
  const rules = found?.custom_deployment_protection_rules ?? [];
  return rules.flatMap(({ enabled, app }) => (enabled ? [app.id] : []));
}

type Found = v.InferOutput<typeof shape.RestEnvironment>;

async function branches(scope: Scope, found: Found, defaultBranch: string): Promise<EnvironmentFacts['branches']> {
  const policy = found.deployment_branch_policy;
  if (policy?.custom_branch_policies === true) return { kind: 'named', patterns: await patterns(scope, found.name) };
  if (policy?.protected_branches === true) {
    return { kind: 'protected', defaultBranchProtected: await isProtected(scope, defaultBranch) };
  }
  return { kind: 'all' };
}

async function patterns(scope: Scope, environment: string): Promise<{ name: string; type: 'branch' | 'tag' }[]> {
  const doing = `read which branches may deploy to the environment ${environment}`;
  const found = await ask(scope, doing, shape.RestBranchPolicies, () =>
    scope.octokit.paginate(scope.octokit.rest.repos.listDeploymentBranchPolicies, {
      ...at(scope),
      environment_name: environment,
      per_page: 100,
    }),
  );
  return found.map(({ name, type }) => ({ name, type }));
}

async function isProtected(scope: Scope, branch: string): Promise<boolean> {
  const found = await ask(scope, `read the branch ${branch}`, shape.RestBranch, async () => {
    const answer = await scope.octokit.rest.repos.getBranch({ ...at(scope), branch });
    return answer.data;
  });
  return found.protected;
}

/** Users by login, teams as `team <slug>`. One whose name GitHub keeps back is still one who will be asked. */
function reviewers(found: Found): string[] {
  return found.protection_rules
    .flatMap((rule) => rule.reviewers ?? [])
    .map(({ reviewer }) => reviewer?.login ?? (reviewer?.slug === undefined ? 'somebody' : `team ${reviewer.slug}`));
}

function at(scope: Scope): { owner: string; repo: string } {
  return { owner: scope.owner, repo: scope.name };
}
