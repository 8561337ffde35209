/** What `doctor` reads of a repository beyond what the jobs read, and the one thing that it writes to try whether it may. */
import * as v from 'valibot';
import type { Inspector } from '../app/ports.ts';
import { ask, askMaybe, type Scope } from './ask.ts';
import type { GitHubClient } from './client.ts';
import { answerOf } from './faults.ts';
import { readFiles, readFolders } from './files.ts';
import { readProfile } from './profile.ts';
import { scopeOf } from './repository.ts';
import { RestBranch, RestIssueList, RestProfile } from './shapes.ts';
import { tryWrites } from './trial.ts';

const Settings = v.looseObject({
  full_name: v.string(),
  has_issues: v.boolean(),
  archived: v.boolean(),
  disabled: v.boolean(),
});
const Rules = v.array(v.looseObject({ type: v.string() }));
const Actions = v.looseObject({
  enabled: v.boolean(),
  allowed_actions: v.optional(v.nullable(v.picklist(['all', 'local_only', 'selected'])), null),
});
const Secrets = v.array(v.looseObject({ name: v.string() }));
const Permission = v.looseObject({ permission: v.picklist(['admin', 'write', 'read', 'none']) });
const Runs = v.array(v.looseObject({ path: v.string() }));
const Workflows = v.array(v.looseObject({ path: v.string(), state: v.string() }));
const Content = v.looseObject({ type: v.literal('file'), encoding: v.literal('base64'), content: v.string() });

/** Rules of a ruleset that keep somebody with write access from simply pushing. */
const GUARDS = ['update', 'pull_request', 'required_status_checks', 'required_signatures', 'merge_queue'];
const ACTIVE = ['queued', 'in_progress', 'waiting'] as const;

/** The inspector of the repository `owner/name`. Throws a Fault `input` for any other form of name. */
export function createInspector(client: GitHubClient, fullName: string): Inspector {
  const scope = scopeOf(client, fullName);
  return {
    settings: () => readSettings(scope),
    branchGuarded: (branch) => branchGuarded(scope, branch),
    actions: () => readActions(scope),
    folders: (commit, paths) => readFolders(scope, commit, paths),
    files: (commit, paths) => readFiles(scope, commit, paths),
    fileElsewhere: (repository, commit, path) => fileElsewhere(scopeOf(client, repository), commit, path),
    secrets: (environment) =>
      environment === null ? repositorySecrets(scope) : environmentSecrets(scope, environment),
    sharedSecrets: () => sharedSecrets(scope),
    account: (id) => account(scope, id),
    accountOf: (login) => readProfile(scope, login),
    permission: (login) => permission(scope, login),
    disabledWorkflows: () => disabledWorkflows(scope),
    activeRuns: () => activeRuns(scope),
    readIssues: async () => void (await ask(scope, 'list the issues', RestIssueList, () => issuesPage(scope))),
    tryWrites: (at) => tryWrites(scope, at),
  };
}

const at = ({ owner, name }: Scope): { owner: string; repo: string } => ({ owner, repo: name });

async function readSettings(scope: Scope): ReturnType<Inspector['settings']> {
  const found = await ask(scope, `read the repository ${scope.owner}/${scope.name}`, Settings, async () => {
    const answer = await scope.octokit.rest.repos.get(at(scope));
    return answer.data;
  });
  return { name: found.full_name, issues: found.has_issues, archived: found.archived, disabled: found.disabled };
}

async function branchGuarded(scope: Scope, branch: string): Promise<boolean> {
  const found = await ask(scope, `read the branch ${branch}`, RestBranch, async () => {
    const answer = await scope.octokit.rest.repos.getBranch({ ...at(scope), branch });
    return answer.data;
  });
  if (found.protected) return true;
  const rules = await ask(scope, `read the rules of the branch ${branch}`, Rules, async () => {
    try {
      const answer = await scope.octokit.rest.repos.getBranchRules({ ...at(scope), branch, per_page: 100 });
      return answer.data;
    } catch (error) {
      // "Upgrade to GitHub Pro or make this repository public": where the plan has no rules, there are none.
      if (answerOf(error)?.message.startsWith('Upgrade to') === true) return [];
      throw error;
    }
  });
  return rules.some(({ type }) => GUARDS.includes(type));
}

async function readActions(scope: Scope): ReturnType<Inspector['actions']> {
  const found = await ask(scope, 'read the settings of Actions', Actions, async () => {
    const answer = await scope.octokit.rest.actions.getGithubActionsPermissionsRepository(at(scope));
    return answer.data;
  });
  return { enabled: found.enabled, allowed: found.allowed_actions };
}

async function fileElsewhere(scope: Scope, ref: string, path: string): Promise<string | null> {
  const doing = `read ${path} of ${scope.owner}/${scope.name} at ${ref}`;
  const found = await askMaybe(scope, doing, Content, async () => {
    const answer = await scope.octokit.rest.repos.getContent({ ...at(scope), path, ref });
    return answer.data;
  });
  return found === null ? null : textOf(found.content);
}

/** GitHub's base64 comes in lines. */
function textOf(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

async function repositorySecrets(scope: Scope): Promise<string[]> {
  const found = await ask(scope, "list the names of the repository's secrets", Secrets, () =>
    scope.octokit.paginate(scope.octokit.rest.actions.listRepoSecrets, { ...at(scope), per_page: 100 }),
  );
  return found.map(({ name }) => name);
}

async function sharedSecrets(scope: Scope): Promise<string[]> {
  const found = await ask(scope, "list the names of the organization's secrets", Secrets, () =>
    scope.octokit.paginate(scope.octokit.rest.actions.listRepoOrganizationSecrets, { ...at(scope), per_page: 100 }),
  );
  return found.map(({ name }) => name);
}

async function environmentSecrets(scope: Scope, name: string): Promise<string[]> {
  const found = await ask(scope, `list the names of the secrets of the environment ${name}`, Secrets, () => {
    const { listEnvironmentSecrets } = scope.octokit.rest.actions;
    return scope.octokit.paginate(listEnvironmentSecrets, { ...at(scope), environment_name: name, per_page: 100 });
  });
  return found.map((secret) => secret.name);
}

async function account(scope: Scope, id: number): ReturnType<Inspector['account']> {
  const found = await askMaybe(scope, `look up the GitHub account ${id}`, RestProfile, async () => {
    const answer = await scope.octokit.rest.users.getById({ account_id: id });
    return answer.data;
  });
  return found === null ? null : { id: found.id, login: found.login, type: found.type, name: found.name };
}

async function permission(scope: Scope, username: string): ReturnType<Inspector['permission']> {
  const found = await askMaybe(scope, `read what ${username} may do in the repository`, Permission, async () => {
    const answer = await scope.octokit.rest.repos.getCollaboratorPermissionLevel({ ...at(scope), username });
    return answer.data;
  });
  return found?.permission ?? null;
}

async function disabledWorkflows(scope: Scope): Promise<Map<string, string>> {
  const found = await ask(scope, 'list the workflows', Workflows, () =>
    scope.octokit.paginate(scope.octokit.rest.actions.listRepoWorkflows, { ...at(scope), per_page: 100 }),
  );
  return new Map(found.filter(({ state }) => state !== 'active').map(({ path, state }) => [path, state]));
}

async function activeRuns(scope: Scope): Promise<{ workflow: string }[]> {
  const lists = await Promise.all(
    ACTIVE.map((status) =>
      ask(scope, 'list the workflow runs', Runs, async () => {
        const { listWorkflowRunsForRepo } = scope.octokit.rest.actions;
        const answer = await listWorkflowRunsForRepo({ ...at(scope), status, per_page: 100 });
        return answer.data.workflow_runs;
      }),
    ),
  );
  // GitHub appends `@refs/heads/main` to the path of some runs.
  return lists.flat().map(({ path }) => ({ workflow: path.split('@', 1)[0] ?? path }));
}

async function issuesPage(scope: Scope): Promise<unknown> {
  const answer = await scope.octokit.rest.issues.listForRepo({ ...at(scope), state: 'all', per_page: 1 });
  return answer.data;
}
