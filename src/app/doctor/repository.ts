/** The repository itself: whether requests can be kept in it, and who could change the policy. */
import type { Policy } from '../../policy/schema.ts';
import type { RepositoryFacts } from '../ports.ts';
import { unownedOf } from './code-owners.ts';
import { scriptsOf } from './commands.ts';
import type { Finding } from './finding.ts';
import type { Inspector, RepositorySettings } from './inspector.ts';
import { judgeOf, listed } from './judge.ts';

const { ok, wrong, note, unknown, look } = judgeOf('Repository');

/** Where GitHub looks for CODEOWNERS, in its order. */
const OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** `policy` null: there is none that can be read. In a job it is plain that Actions run. */
export async function examineRepository(
  inspector: Inspector,
  facts: RepositoryFacts,
  { policy, inJob }: { policy: Policy | null; inJob: boolean },
): Promise<Finding[]> {
  const found = await Promise.all([
    look('repository.settings', async () => settings(await inspector.settings())),
    look('repository.branch', () => branch(inspector, facts)),
    look('repository.codeowners', () => codeowners(inspector, facts, policy)),
    inJob ? [ok('repository.actions', 'GitHub Actions run here: this is one of their jobs.')] : actions(inspector),
  ]);
  const visibility = facts.public ? 'public' : 'not public';
  return [
    ok('repository', `${facts.name} is found and readable; it is ${visibility}.`),
    ...open(facts, policy),
    ...found.flat(),
  ];
}

function open(facts: RepositoryFacts, policy: Policy | null): Finding[] {
  if (!facts.public || policy === null) return [];
  if (policy.public) return [ok('repository.public', 'It is public, and the policy says `public: true`.')];
  return [
    wrong(
      'repository.public',
      `${facts.name} is public, so anybody could read reasons, people and records; the policy does not allow that, and every request is refused.`,
      'Make the repository private (Settings → General → Change visibility), or write `public: true` into the policy if everybody may read it all.',
    ),
  ];
}

function settings({ name, issues, archived, disabled }: RepositorySettings): Finding[] {
  return [
    issues
      ? ok('repository.issues', 'Issues are switched on.')
      : wrong(
          'repository.issues',
          `Issues are switched off in ${name}: a request is an issue, so none can be made.`,
          'Tick Settings → General → Features → Issues.',
        ),
    ...(archived
      ? [
          wrong(
            'repository.archived',
            `${name} is archived: nothing can be written, and no workflow runs.`,
            'Unarchive it under Settings → General → Danger Zone.',
          ),
        ]
      : []),
    ...(disabled
      ? [
          wrong(
            'repository.disabled',
            `GitHub has disabled ${name}.`,
            'Ask GitHub Support why, at https://support.github.com.',
          ),
        ]
      : []),
  ];
}

async function branch(inspector: Inspector, { defaultBranch }: RepositoryFacts): Promise<Finding[]> {
  const guarded = await inspector.branchGuarded(defaultBranch);
  return [
    guarded
      ? ok('repository.branch', `${defaultBranch} is protected.`)
      : note(
          'repository.branch',
          `${defaultBranch} is not protected: whoever can push to it can change the policy, the runbooks and the workflows.`,
          `Add a ruleset for ${defaultBranch} under Settings → Rules → Rulesets: require a pull request, with review from Code Owners.`,
        ),
  ];
}

async function codeowners(inspector: Inspector, facts: RepositoryFacts, policy: Policy | null): Promise<Finding[]> {
  const id = 'repository.codeowners';
  const commit = facts.policy?.commit ?? facts.defaultBranch;
  const files = await inspector.files(commit, OWNERS);
  const path = OWNERS.find((one) => files.get(one) != null);
  const remedy =
    'Write a line such as `/.github/ @your-org/security` into .github/CODEOWNERS (the last line that fits a file decides), and require review from Code Owners.';
  if (path === undefined)
    return [note(id, 'No CODEOWNERS file guards .github, where policy, runbooks and workflows are.', remedy)];
  const guarded = worthGuarding(facts, policy, path);
  const unowned = unownedOf(files.get(path) ?? '', guarded);
  if (unowned.length === 0) return [ok(id, `${path} names owners of the policy, the workflows and the scripts.`)];
  if (unowned.length === guarded.length)
    return [note(id, `${path} names no owner of the policy, nor of the workflows and the scripts.`, remedy)];
  const shown = unowned.length > 8 ? [...unowned.slice(0, 6), `${unowned.length - 6} more`] : unowned;
  return [note(id, `${path} names no owner of ${listed(shown)}.`, remedy)];
}

/** The files by which somebody could approve or run anything, and the one that guards them, each once. */
function worthGuarding(facts: RepositoryFacts, policy: Policy | null, owners: string): string[] {
  // A called workflow of another repository is guarded there.
  const workflows = (policy?.signers.workflows ?? []).filter((path) => path.startsWith('.github/'));
  const scripts = policy === null ? [] : scriptsOf(policy);
  return [...new Set([...(facts.policy === null ? [] : [facts.policy.path]), ...workflows, ...scripts, owners])];
}

async function actions(inspector: Inspector): Promise<Finding[]> {
  const id = 'repository.actions';
  const [found] = await look(id, async () => {
    const { enabled, allowed } = await inspector.actions();
    if (!enabled) {
      const remedy = 'Allow them under Settings → Actions → General → Actions permissions.';
      return [wrong(id, 'GitHub Actions are switched off here: no request can be made.', remedy)];
    }
    if (allowed === 'selected') {
      const what = 'GitHub Actions are switched on; only selected actions may be used.';
      return [
        note(id, what, "See under Settings → Actions → General that Debug Approval's own and GitHub's are among them."),
      ];
    }
    if (allowed !== 'local_only') return [ok(id, 'GitHub Actions are switched on.')];
    const what =
      'Only actions of this owner may be used: actions/checkout of GitHub, which the workflows use, is refused.';
    return [note(id, what, 'Under Settings → Actions → General allow actions created by GitHub.')];
  });
  // Only administrators may read it, and most of who runs this is none: no news of the set-up.
  if (found?.health !== 'unknown') return found === undefined ? [] : [found];
  const how = 'An administrator sees it under Settings → Actions → General, or runs doctor with a token of their own.';
  return [unknown(id, 'Whether GitHub Actions are switched on is told to administrators only.', how)];
}
