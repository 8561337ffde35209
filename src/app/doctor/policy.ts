/** The policy: that there is one without mistakes, that every request it allows could be approved, and that its commands are there. */
import { sourceText } from '../../policy/group-source.ts';
import { namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { unsignedWarning } from '../../policy/unsigned.ts';
import { policyOf } from '../allowed.ts';
import { Fault } from '../fault.ts';
import { serverOf } from '../init/server.ts';
import type { PolicyFile, RepositoryFacts } from '../ports.ts';
import { examineRules } from './approvable.ts';
import { examineCommands } from './commands.ts';
import { examineDeadlines } from './deadlines.ts';
import type { Filled } from './filled.ts';
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
  { api, inJob, filled }: { api: GitHubApi; inJob: boolean; filled: Promise<Filled> },
): Promise<Finding[]> {
  const known = await filled;
  return [
    // A job has a token at hand, which names the issuer itself.
    ...(inJob ? [] : issuer(policy, file.path, api)),
    ...unsigned(policy, file.path),
    ...examineRules(known, file.path),
    ...groups(known, file.path),
    ...examineDeadlines(known, file.path),
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

/** What the policy's author chose stops no request; that nobody proves who wrote the log is said each time. */
function unsigned({ signers }: Policy, path: string): Finding[] {
  if (signers.unsigned !== 'accept') return [];
  return [
    note(
      'policy.unsigned',
      unsignedWarning(path),
      `Give every job \`id-token: write\`, then take \`unsigned\` out from under \`signers\` in ${path}.`,
    ),
  ];
}

function groups({ policy, unseen }: Filled, path: string): Finding[] {
  const names = Object.keys(policy.groups);
  if (names.length === 0) return [];
  const text = JSON.stringify([
    policy.requesters,
    policy.rules,
    [...Object.values(policy.runbooks), ...Object.values(policy.targets)].map(({ requesters }) => requesters),
    [policy.slack?.quiet, policy.escalation?.to, policy.breakGlass?.who, policy.breakGlass?.review.by],
  ]);
  const idle = names.filter((name) => !text.includes(JSON.stringify(name)));
  const sizes = Object.entries(policy.groups).map(([name, { members, source }]) => {
    const from = sourceText(source);
    const who = unseen.includes(name) ? 'not looked up' : namesOf(policy, members) || 'nobody of the policy';
    return `${name} (${who}${from === null ? '' : `, from ${from}`})`;
  });
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
