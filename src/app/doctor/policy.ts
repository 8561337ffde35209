/** The policy: that there is one without mistakes, that every request it allows could be approved, and that its commands are there. */
import { evaluate, rulesFor, type Verdict } from '../../policy/evaluate.ts';
import { expandMembers, nameOf, namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyOf } from '../allowed.ts';
import { Fault } from '../fault.ts';
import { serverOf } from '../init/server.ts';
import type { PolicyFile, RepositoryFacts } from '../ports.ts';
import { examineCommands } from './commands.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { counted, judgeOf, listed } from './judge.ts';

const { ok, wrong, note, look } = judgeOf('Policy');

/** Where GitHub's API is; `loopback`: on this very machine. */
export interface GitHubApi {
  url: string;
  loopback: boolean;
}

export interface FoundPolicy {
  policy: Policy;
  file: PolicyFile;
}

/** The policy of the default branch, or null with the finding that says why. */
export function findPolicy(
  facts: RepositoryFacts,
  path: string,
  apiIsLoopback: boolean,
): { found: FoundPolicy | null; findings: Finding[] } {
  try {
    const found = policyOf(facts, path, apiIsLoopback);
    const { people, runbooks, targets } = found.policy;
    const holds = [
      counted(Object.keys(people).length, 'person', 'people'),
      counted(Object.keys(runbooks).length, 'runbook', 'runbooks'),
      counted(Object.keys(targets).length, 'target', 'targets'),
    ];
    return { found, findings: [ok('policy', `${path} has no mistakes: ${listed(holds)}.`)] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { found: null, findings: [wrong('policy', error.message, error.remedy)] };
  }
}

/** Everything of a policy without mistakes that only the repository, or all its parts together, can tell. */
export async function examinePolicy(
  inspector: Inspector,
  { policy, file }: FoundPolicy,
  { api, inJob }: { api: GitHubApi; inJob: boolean },
): Promise<Finding[]> {
  return [
    // A job has a token at hand, which names the issuer itself.
    ...(inJob ? [] : issuer(policy, file.path, api)),
    ...rules(policy, file.path),
    ...groups(policy, file.path),
    ...(await look('policy.commands', () => examineCommands(inspector, policy, file))),
  ];
}

const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** Whether records are believed that the jobs of this GitHub sign. Nothing is said where its address does not tell. */
function issuer({ signers }: Policy, path: string, api: GitHubApi): Finding[] {
  const id = 'policy.issuer';
  const { issuer: own, issuerKnown } = serverOf(api);
  if (!issuerKnown) return [];
  const trusted = signers.issuer ?? GITHUB_ISSUER;
  const here = own ?? GITHUB_ISSUER;
  if (trusted === here) return [ok(id, `The policy believes what ${here} signs, which is this GitHub's issuer.`)];
  if (own === null && trusted.startsWith(`${GITHUB_ISSUER}/`)) {
    // An enterprise may have an issuer of its own there, which only a job's token tells.
    return [
      note(id, `The policy believes what ${trusted} signs alone, as it must where that is the enterprise's own.`),
    ];
  }
  const remedy =
    own === null
      ? `Take \`issuer\` out from under \`signers\` in ${path}.`
      : `Write \`issuer: ${own}\` under \`signers\` in ${path}.`;
  return [
    wrong(
      id,
      `The policy believes what ${trusted} signs, but the jobs of this GitHub have their tokens from ${here}: every request fails at its first record.`,
      remedy,
    ),
  ];
}

interface Hopeless {
  runbook: string;
  target: string;
  /** The name of who asks. */
  who: string;
  /** null: no rule covers it at all. */
  why: string | null;
}

/** Would every request that the policy allows be approved if everybody else agreed? */
function rules(policy: Policy, path: string): Finding[] {
  const [first, ...more] = hopelessRequests(policy);
  if (first === undefined) {
    return [ok('policy.rules', 'Every request that the policy allows can be approved by others.')];
  }
  const { runbook, target, who, why } = first;
  const likewise = why === null ? uncovered(more, first) : shortened(more);
  const rest = likewise === '' ? '' : ` Likewise ${likewise}.`;
  const [what, remedy] =
    why === null
      ? [
          `No rule covers ${runbook} on ${target}, so nobody could approve it.`,
          `Add a rule to ${path} that covers ${runbook} on ${target}; one without \`when\` covers everything.`,
        ]
      : [
          `${who} may ask for ${runbook} on ${target}, but nobody could approve it: ${why}`,
          `In ${path} put another person into the group that the rule counts, lower its \`count\`, or take ${who} out of \`requesters\`.`,
        ];
  return [wrong('policy.rules', `${what}${rest}`, remedy)];
}

/** What somebody may ask for and nobody could approve. */
function hopelessRequests(policy: Policy): Hopeless[] {
  // What the same rules say of the same requester is the same: with many people and runbooks that is nearly all.
  const known = new Map<string, string | null>();
  return requests(policy).flatMap(({ runbook, target, requester }): Hopeless[] => {
    const covering = rulesFor(policy, { runbook, target });
    const who = nameOf(policy, requester);
    if (covering.length === 0) return [{ runbook, target, who, why: null }];
    const key = JSON.stringify([requester, covering.map((rule) => policy.rules.indexOf(rule))]);
    const why = known.has(key) ? (known.get(key) ?? null) : objection(policy, { runbook, target, requester });
    known.set(key, why);
    return why === null ? [] : [{ runbook, target, who, why }];
  });
}

/** Why the others together could not approve it; null: they could. */
function objection(
  policy: Policy,
  { runbook, target, requester }: { runbook: string; target: string; requester: string },
): string | null {
  const others = Object.keys(policy.people).filter((person) => person !== requester);
  const verdict = evaluate(policy, { runbook, target, excluded: [requester] }, others);
  return verdict.status === 'met' ? null : unmet(verdict);
}

function requests(policy: Policy): { runbook: string; target: string; requester: string }[] {
  return Object.entries(policy.runbooks).flatMap(([runbook, { targets, requesters }]) =>
    targets.flatMap((target) =>
      expandMembers(policy, requesters ?? policy.requesters).map((requester) => ({ runbook, target, requester })),
    ),
  );
}

/** The first sentence of the part that cannot be met, as deep down as it is. */
function unmet(verdict: Verdict): string {
  const child = verdict.children.find(({ status }) => status !== 'met');
  return child === undefined ? verdict.sentence.replace(/(?<=\.) .*$/s, '') : unmet(child);
}

/** What no rule covers besides the first. */
function uncovered(more: readonly Hopeless[], first: Hopeless): string {
  const what = more.filter(({ why }) => why === null).map(({ runbook, target }) => `${runbook} on ${target}`);
  return listed([...new Set(what)].filter((one) => one !== `${first.runbook} on ${first.target}`));
}

/** `hello on production asked by Bo or Cy`, so many of them. */
function shortened(hopeless: readonly Hopeless[]): string {
  const what = new Map<string, string[]>();
  for (const { runbook, target, who } of hopeless) {
    const key = `${runbook} on ${target}`;
    what.set(key, [...(what.get(key) ?? []), who]);
  }
  const shown = [...what].slice(0, 5).map(([key, who]) => `${key} asked by ${listed(who)}`);
  return listed(what.size > shown.length ? [...shown, `${what.size - shown.length} more`] : shown);
}

function groups(policy: Policy, path: string): Finding[] {
  const names = Object.keys(policy.groups);
  if (names.length === 0) return [];
  const text = JSON.stringify([
    policy.requesters,
    policy.rules,
    Object.values(policy.runbooks).map(({ requesters }) => requesters),
  ]);
  const idle = names.filter((name) => !text.includes(JSON.stringify(name)));
  const sizes = Object.entries(policy.groups).map(([name, { members }]) => `${name} (${namesOf(policy, members)})`);
  return [
    ok('policy.groups', `${counted(names.length, 'group has', 'groups have')} members: ${listed(sizes)}.`),
    ...(idle.length === 0
      ? []
      : [
          note(
            'policy.groups.idle',
            `Nothing in the policy names ${listed(idle)}.`,
            `Remove what is left over from ${path}.`,
          ),
        ]),
  ];
}
