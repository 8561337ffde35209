/** The environments: whether each holds its job back, which secrets they have, and what the plan of the account allows. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { formatDuration } from '../../policy/duration.ts';
import type { Policy } from '../../policy/schema.ts';
import { judgeEnvironment, judgeGate } from '../environment.ts';
import { showsAllProtection } from '../plan-signs.ts';
import type { EnvironmentFacts, Repository, RepositoryFacts } from '../ports.ts';
import type { Finding } from './finding.ts';
import { judgeOf, listed } from './judge.ts';

const { ok, wrong, note, look } = judgeOf('Environments');

/** All environments of the policy and debug-approval. `policy` null: debug-approval alone. */
export async function examineEnvironments(
  repository: Pick<Repository, 'environment' | 'gates'>,
  facts: RepositoryFacts,
  policy: Policy | null,
): Promise<Finding[]> {
  const names = environmentsOf(policy);
  const seen: EnvironmentFacts[] = [];
  const looks = await Promise.all(
    names.map((name) =>
      look(`environment.${name}`, async () => {
        const found = await repository.environment(name, facts.defaultBranch);
        if (found !== null) seen.push(found);
        // As ask has it: nobody deploys to debug-approval, so that who bypasses its rules gains no start.
        const adminBypass = name === APPROVAL_ENVIRONMENT ? 'show' : (policy?.adminBypass ?? 'show');
        return [
          ...judged(name, found, { adminBypass, ...facts }),
          ...(found === null ? [] : delays(name, found, policy)),
          ...(found === null ? [] : await gate(repository, name, { policy, public: facts.public })),
        ];
      }),
    ),
  );
  return [...looks.flat(), ...plan(facts, seen)];
}

/** debug-approval first, then the targets', each once. */
export function environmentsOf(policy: Policy | null): string[] {
  return [
    ...new Set([APPROVAL_ENVIRONMENT, ...Object.values(policy?.targets ?? {}).map(({ environment }) => environment)]),
  ];
}

function judged(
  name: string,
  found: EnvironmentFacts | null,
  rule: { adminBypass: 'forbid' | 'show'; defaultBranch: string; public: boolean },
): Finding[] {
  const id = `environment.${name}`;
  const lenient = judgeEnvironment(name, found, { ...rule, adminBypass: 'show' });
  const strict = judgeEnvironment(name, found, rule);
  const bypass = strict.problems.filter((problem) => !lenient.problems.includes(problem));
  const { problems } = lenient;
  const sound = `The environment ${name} admits ${rule.defaultBranch} alone.`;
  return [
    ...problems.map((problem) => problemOf(found === null ? id : `${id}.branches`, problem)),
    ...bypass.map((problem) => problemOf(`${id}.bypass`, problem)),
    ...(problems.length === 0 ? [ok(`${id}.branches`, sound)] : []),
    ...(strict.notices.length === 0 || bypass.length > 0 ? [] : [note(`${id}.notice`, strict.notices.join(' '))]),
  ];
}

/** What GitHub itself puts before a job that waits for it in vain: the product's own, or one whose approval is over by then. */
function delays(name: string, { reviewers, waitMinutes }: EnvironmentFacts, policy: Policy | null): Finding[] {
  const where = `under Settings → Environments → ${name}`;
  if (name === APPROVAL_ENVIRONMENT) {
    const held = [
      ...(waitMinutes > 0 ? [`waits ${waitMinutes} min`] : []),
      ...(reviewers.length > 0 ? [`asks its own reviewers (${listed(reviewers)})`] : []),
    ];
    if (held.length === 0) return [];
    const what = `GitHub ${listed(held)} before each job in ${name}: ask, close and every sweep are held back, before anybody is asked.`;
    const ticks = [
      ...(waitMinutes > 0 ? ['"Wait timer"'] : []),
      ...(reviewers.length > 0 ? ['"Required reviewers"'] : []),
    ];
    return [wrong(`environment.${name}.held`, what, `Untick ${listed(ticks)} ${where}.`)];
  }
  if (policy === null || waitMinutes * 60 < policy.expirySeconds) return [];
  const what = `GitHub waits ${waitMinutes} min before a job in ${name} starts, and a request is over after ${formatDuration(policy.expirySeconds)}: whatever is approved expires before it starts.`;
  return [
    wrong(
      `environment.${name}.wait`,
      what,
      `Make the wait timer ${where} much shorter than \`expiry\` in the policy, or untick it.`,
    ),
  ];
}

/** Whether the gateway could hold back what waits for it. Only a note where it could not: ask refuses such a request, and may wait itself. */
async function gate(
  repository: Pick<Repository, 'gates'>,
  name: string,
  { policy, public: isPublic }: { policy: Policy | null; public: boolean },
): Promise<Finding[]> {
  const app = policy?.gateway?.app;
  if (app === undefined || name === APPROVAL_ENVIRONMENT) return [];
  const id = `environment.${name}.gate`;
  const [problem] = judgeGate(name, app, await repository.gates(name), isPublic);
  return [
    problem === undefined
      ? ok(id, `The rule of the app ${app} holds back jobs in ${name}.`)
      : problemOf(id, problem, note),
  ];
}

/** Its first sentence says what is so, the rest what to do; a name in quotes may hold a dot. */
function problemOf(id: string, problem: string, judge = wrong): Finding {
  const [, what = problem, remedy = ''] = /^((?:"[^"]*"|[^"])*?\.) (.*)$/s.exec(problem) ?? [];
  return judge(id, what, remedy);
}

/** What GitHub lets this repository have, as far as its environments show it: plans are told to owners only. */
function plan(facts: RepositoryFacts, seen: readonly EnvironmentFacts[]): Finding[] {
  if (facts.public) {
    return [
      ok(
        'plan',
        'In a public repository every plan has branch rules, reviewers, wait timers and the switch against admin bypass.',
      ),
    ];
  }
  if (seen.length === 0) {
    const what = 'GitHub shows no environment here. On the Free plan private repositories have none.';
    return [
      note(
        'plan',
        what,
        'If the owner is on the Free plan: upgrade to GitHub Pro or Team, or make the repository public.',
      ),
    ];
  }
  if (showsAllProtection(seen))
    return [ok('plan', 'The plan has all protection of environments in private repositories (GitHub Enterprise).')];
  if (seen.every(({ branches }) => branches.kind === 'all')) {
    return [
      wrong(
        'plan',
        'This repository is private and none of its environments has a branch rule. On the Free plan GitHub ignores such rules, and environment secrets too, in private repositories.',
        'If the owner is on the Free plan: upgrade to GitHub Pro or Team (Settings → Billing), or make the repository public. Then set the rules of each environment.',
      ),
    ];
  }
  return [
    note(
      'plan',
      "The plan has branch rules and environment secrets in private repositories (GitHub Pro or Team). GitHub's own reviewers, wait timers and the switch against admin bypass need GitHub Enterprise there; Debug Approval does without them.",
    ),
  ];
}
