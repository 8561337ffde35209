/** Environments: what GitHub says of them, and whether their gate opens for a ref. */
import type { EnvironmentOptions, GitHubOptions } from './options.ts';

/** What a plan leaves of an environment's protection (PLATFORM §0.3): in private repositories it has a price. */
export function effective(
  environment: EnvironmentOptions,
  repository: GitHubOptions['repository'],
): EnvironmentOptions {
  if (repository.public || repository.plan === 'enterprise') return environment;
  const bare = { adminBypass: true, reviewers: [], waitMinutes: 0, customRule: false };
  const unreviewed: EnvironmentOptions = { ...environment, ...bare };
  if (repository.plan === 'team') return unreviewed;
  return { ...unreviewed, branches: { kind: 'all' }, secrets: {} };
}

/** Names of environments compare without regard to case. */
export function findEnvironment(options: GitHubOptions, name: string): EnvironmentOptions | null {
  const found = options.environments.find((environment) => environment.name.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : effective(found, options.repository);
}

/** null: the gate opens for this ref; otherwise GitHub's sentence. `refs/heads/main` is the only branch that can be protected. */
export function gate(environment: EnvironmentOptions, ref: string, mainProtected: boolean): string | null {
  if (admits(environment, ref, mainProtected)) return null;
  const kind = ref.startsWith('refs/tags/') ? 'Tag' : 'Branch';
  const name = ref.replace(/^refs\/(heads|tags)\//, '');
  return `${kind} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
}

function admits({ branches }: EnvironmentOptions, ref: string, mainProtected: boolean): boolean {
  switch (branches.kind) {
    case 'all':
      return true;
    case 'protected':
      // Without any protected branch in the repository GitHub lets every branch deploy.
      return !mainProtected || ref === 'refs/heads/main';
    case 'named':
      return branches.patterns.some(({ name, type }) => {
        const prefix = type === 'branch' ? 'refs/heads/' : 'refs/tags/';
        return ref.startsWith(prefix) && fits(name, ref.slice(prefix.length));
      });
  }
}

/** GitHub's patterns are Ruby's File.fnmatch with FNM_PATHNAME: `*` stops at a slash, `**` + `/` crosses it. */
function fits(pattern: string, name: string): boolean {
  const parts = pattern.split(/(\*\*\/|\*|\?)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`).test(name);
}
