/** Whether an environment really holds a job back: it exists and admits the default branch alone (DESIGN §4 rule 11). */
import { APPROVAL_ENVIRONMENT, sameName } from '../log/names.ts';
import type { EnvironmentFacts } from './ports.ts';

export interface Protection {
  /** Why nobody may be asked yet, each with what to do; empty when the environment is protected. */
  problems: string[];
  /** What approvers must know all the same. */
  notices: string[];
}

/** Judges an environment. `name` is what the policy calls; `facts` null when GitHub has no such environment. */
export function judgeEnvironment(
  name: string,
  facts: EnvironmentFacts | null,
  rule: { adminBypass: 'forbid' | 'show'; defaultBranch: string; public: boolean },
): Protection {
  if (facts === null) {
    const problem = `The environment "${name}" does not exist; GitHub would create it unprotected. Create it under Settings → Environments and let only the branch ${rule.defaultBranch} deploy to it.`;
    return { problems: [problem], notices: [] };
  }
  if (!sameName(facts.name, name)) {
    const problem = `The policy names the environment "${name}", but GitHub answers with "${facts.name}". Write in the policy what GitHub calls it.`;
    return { problems: [problem], notices: [] };
  }
  return {
    problems: [...branchProblems(name, facts, rule), ...bypassProblems(name, facts, rule)],
    notices: notices(name, facts),
  };
}

function branchProblems(
  name: string,
  { branches }: EnvironmentFacts,
  rule: { defaultBranch: string; public: boolean },
): string[] {
  const remedy = `Under Settings → Environments → ${name} → Deployment branches and tags choose "Selected branches and tags" and add ${rule.defaultBranch} alone.`;
  switch (branches.kind) {
    case 'all': {
      const plan = rule.public
        ? ''
        : ' (In a private repository this needs GitHub Pro, Team or Enterprise; on the Free plan GitHub ignores it.)';
      return [`The environment "${name}" admits every branch. ${remedy}${plan}`];
    }
    case 'protected':
      return branches.defaultBranchProtected
        ? []
        : [
            `The environment "${name}" admits protected branches, but ${rule.defaultBranch} is not protected. ${remedy}`,
          ];
    case 'named': {
      if (branches.patterns.length === 0) {
        return [`The environment "${name}" admits no branch, so that no job can start in it. ${remedy}`];
      }
      const others = branches.patterns.filter((p) => p.type !== 'branch' || p.name !== rule.defaultBranch);
      if (others.length === 0) return [];
      const admitted = branches.patterns.map((p) => `${p.type} ${p.name}`).join(', ');
      return [`The environment "${name}" admits ${admitted}, not ${rule.defaultBranch} alone. ${remedy}`];
    }
  }
}

function bypassProblems(
  name: string,
  facts: EnvironmentFacts,
  rule: { adminBypass: 'forbid' | 'show'; public: boolean },
): string[] {
  if (rule.adminBypass === 'show' || facts.adminBypass === false) return [];
  const what = facts.adminBypass === null ? 'GitHub does not say whether administrators may' : 'Administrators may';
  // A private repository on such a plan has environments, but not this switch.
  const without = rule.public
    ? ''
    : ', or write `admin-bypass: show` in the policy: on GitHub Pro and Team a private repository has no such switch';
  return [
    `${what} bypass the rules of the environment "${name}", which the policy forbids. Untick "Allow administrators to bypass configured protection rules" there${without}.`,
  ];
}

function notices(name: string, facts: EnvironmentFacts): string[] {
  const list: string[] = [];
  if (facts.adminBypass !== false) list.push(`Administrators may bypass the rules of the environment ${name}.`);
  // What GitHub asks and waits for in debug-approval comes before anybody is asked, and keeps no debug job back.
  if (sameName(name, APPROVAL_ENVIRONMENT)) return list;
  if (facts.reviewers.length > 0) {
    list.push(`GitHub will ask its own reviewers of ${name} again: ${facts.reviewers.join(', ')}.`);
  }
  if (facts.waitMinutes > 0) list.push(`GitHub will wait ${facts.waitMinutes} min before the debug job starts.`);
  return list;
}

/** Why the gateway could not hold this environment's job back, each with what to do. `app` is the policy's, null where it names none. */
export function judgeGate(name: string, app: number | null, gates: readonly number[], isPublic: boolean): string[] {
  if (app === null) {
    return [
      '`wait: gateway` was asked for, but the policy names no gateway. Write `gateway: { app: … }` and its keys into the policy, or leave `wait` out: then the ask job waits.',
    ];
  }
  if (gates.includes(app)) return [];
  const plan = isPublic
    ? ''
    : ' A private repository has such rules on GitHub Enterprise alone; elsewhere leave `wait` out.';
  return [
    `No rule of the app ${app} is switched on for the environment "${name}": nothing would hold the debug job back until it is approved. Switch it on under Settings → Environments → ${name} → Deployment protection rules.${plan}`,
  ];
}
