/** The policy: that there is one without mistakes, that every request it allows could be approved, and that its commands are there. */
import { evaluate, rulesFor, type Verdict } from '../../policy/evaluate.ts';
import { expandMembers, nameOf, namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyOf } from '../allowed.ts';
import { Fault } from '../fault.ts';
import type { PolicyFile, RepositoryFacts } from '../ports.ts';
import type { Finding } from './finding.ts';
import type { FolderEntry, Inspector } from './inspector.ts';
import { counted, judgeOf, listed } from './judge.ts';

const { ok, wrong, note, look } = judgeOf('Policy');

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
export async function examinePolicy(inspector: Inspector, { policy, file }: FoundPolicy): Promise<Finding[]> {
  return [
    ...rules(policy, file.path),
    ...groups(policy, file.path),
    ...(await look('policy.commands', () => commands(inspector, policy, file))),
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

/** Commands that are paths of the repository are there and may be executed; what is looked up in PATH is the runner's. */
async function commands(inspector: Inspector, policy: Policy, file: PolicyFile): Promise<Finding[]> {
  const scripts = Object.entries(policy.runbooks).flatMap(([runbook, { run }]) => {
    const path = repositoryPath(run[0] ?? '');
    return path === null ? [] : [{ runbook, path }];
  });
  if (scripts.length === 0) return [];
  const folders = await inspector.folders(file.commit, [...new Set(scripts.map(({ path }) => placeOf(path).folder))]);
  const problems = scripts.flatMap(({ runbook, path }) => {
    const { folder, name } = placeOf(path);
    const entry = folders.get(folder)?.find((one) => one.name === name);
    return command(`policy.runbook.${runbook}`, { runbook, path, entry });
  });
  if (problems.length > 0) return problems;
  return [
    ok(
      'policy.commands',
      `The commands of ${counted(scripts.length, 'runbook are', 'runbooks are')} in the repository and executable.`,
    ),
  ];
}

/** `./a//b.sh` as git names it; null for what is no path of the repository. */
function repositoryPath(command: string): string | null {
  if (!command.includes('/') || command.startsWith('/')) return null;
  const parts = command.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? null : parts.join('/');
}

function placeOf(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/');
  return at < 0 ? { folder: '.', name: path } : { folder: path.slice(0, at), name: path.slice(at + 1) };
}

function command(
  id: string,
  { runbook, path, entry }: { runbook: string; path: string; entry: FolderEntry | undefined },
): Finding[] {
  if (entry === undefined || entry.kind === 'folder' || entry.kind === 'other') {
    const what = `The runbook ${runbook} runs ${path}, which is no file on the default branch.`;
    return [wrong(id, what, `Add ${path}, or correct \`run\` of ${runbook} in the policy; letter case counts.`)];
  }
  // A link's own mode says nothing of what it leads to.
  if (entry.executable || entry.kind === 'link') return [];
  return [
    wrong(
      id,
      `The runbook ${runbook} runs ${path}, which is not executable (git mode 100644).`,
      `Run \`git update-index --chmod=+x ${path}\`, commit and merge it.`,
    ),
  ];
}
