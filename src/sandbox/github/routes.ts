/** The REST routes that the sandbox serves, with what each asks of a token. Templates are those of GitHub's description. */
import { getAttempt, getJobs, getRateLimit, getRun, listRuns } from './actions.ts';
import {
  createInstallationToken,
  getApp,
  getInstallation,
  getRepositoryInstallation,
  listInstallationRepositories,
  listInstallations,
} from './app-routes.ts';
import { deleteArtifact, deleteLogs, getAttemptLogs, listArtifacts, listRunArtifacts } from './artifacts.ts';
import { dispatchWorkflow } from './dispatch.ts';
import { listApprovals, listPending, listRules, reviewRule } from './gate-routes.ts';
import {
  addLabels,
  changeComment,
  changeIssue,
  createComment,
  createIssue,
  deleteComment,
  getComment,
  getIssue,
  listComments,
  listIssues,
  lockIssue,
  removeLabel,
  unlockIssue,
} from './issues.ts';
import type { Need } from './permissions.ts';
import type { Reply } from './reply.ts';
import {
  getBlob,
  getBranch,
  getBranchPolicies,
  getContents,
  getEnvironment,
  getPermission,
  getRepository,
} from './repository.ts';
import { searchIssues } from './search.ts';
import {
  getActions,
  getBranchRules,
  listEnvironmentSecrets,
  listSecrets,
  listSharedSecrets,
  listWorkflows,
} from './settings.ts';
import { getMembership, listMembers } from './teams.ts';
import { getSelf, getUser, getUserById } from './users.ts';
import type { Call } from './world.ts';

export interface Route {
  method: string;
  template: string;
  /** null: everybody with a token. */
  need: Need | null;
  /** Creates an issue or a comment, which GitHub limits further. */
  creating: boolean;
  /** Counts against the limits. */
  counted: boolean;
  /** Served of other repositories too. */
  elsewhere?: boolean;
  /** For an App itself, by its JWT; other tokens are none here. */
  app?: true;
  handle(call: Call): Promise<Reply>;
}

const REPO = '/repos/{owner}/{repo}';

function route(
  method: string,
  path: string,
  permission: Need['permission'],
  handle: Route['handle'],
  more: { person?: Need['person']; creating?: boolean } = {},
): Route {
  const level = method === 'GET' ? 'read' : 'write';
  const need: Need = { permission, level, person: more.person ?? 'read' };
  return { method, template: `${REPO}${path}`, need, creating: more.creating ?? false, counted: true, handle };
}

/** Read by whoever the handler lets: a repository's permissions say nothing of an organization. */
function organization(path: string, handle: Route['handle']): Route {
  return unbound('GET', `/orgs/{org}${path}`, handle);
}

/** For an App itself, or (`app` undefined) for whoever the handler lets. */
function unbound(method: string, template: string, handle: Route['handle'], app?: true): Route {
  const open = { method, template, need: null, creating: false, counted: true, handle };
  return app === undefined ? open : { ...open, app };
}

/** Order matters: the first template that fits is the route. */
export const ROUTES: Route[] = [
  unbound('GET', '/app', getApp, true),
  unbound('GET', '/app/installations', listInstallations, true),
  unbound('GET', '/app/installations/{installation_id}', getInstallation, true),
  unbound('POST', '/app/installations/{installation_id}/access_tokens', createInstallationToken, true),
  unbound('GET', `${REPO}/installation`, getRepositoryInstallation, true),
  unbound('GET', '/installation/repositories', listInstallationRepositories),
  route('GET', '', 'metadata', getRepository),
  route('GET', '/branches/{branch}', 'contents', getBranch),
  route('GET', '/rules/branches/{branch}', 'metadata', getBranchRules),
  route('GET', '/actions/permissions', 'administration', getActions, { person: 'admin' }),
  route('GET', '/actions/secrets', 'secrets', listSecrets, { person: 'write' }),
  route('GET', '/actions/organization-secrets', 'secrets', listSharedSecrets, { person: 'write' }),
  route('GET', '/actions/workflows', 'actions', listWorkflows),
  route('POST', '/actions/workflows/{workflow_id}/dispatches', 'actions', dispatchWorkflow, { person: 'write' }),
  route('GET', '/actions/runs', 'actions', listRuns),
  route('GET', '/actions/runs/{run_id}', 'actions', getRun),
  route('GET', '/actions/runs/{run_id}/attempts/{attempt_number}', 'actions', getAttempt),
  route('GET', '/actions/runs/{run_id}/jobs', 'actions', getJobs),
  route('GET', '/actions/runs/{run_id}/artifacts', 'actions', listRunArtifacts),
  route('DELETE', '/actions/runs/{run_id}/logs', 'actions', deleteLogs, { person: 'write' }),
  route('GET', '/actions/runs/{run_id}/attempts/{attempt_number}/logs', 'actions', getAttemptLogs),
  route('GET', '/actions/runs/{run_id}/pending_deployments', 'actions', listPending),
  route('GET', '/actions/runs/{run_id}/approvals', 'actions', listApprovals),
  route('POST', '/actions/runs/{run_id}/deployment_protection_rule', 'deployments', reviewRule),
  route('GET', '/actions/artifacts', 'actions', listArtifacts),
  route('DELETE', '/actions/artifacts/{artifact_id}', 'actions', deleteArtifact, { person: 'write' }),
  route('GET', '/environments/{environment_name}', 'actions', getEnvironment),
  route('GET', '/environments/{environment_name}/deployment-branch-policies', 'actions', getBranchPolicies),
  route('GET', '/environments/{environment_name}/deployment_protection_rules', 'actions', listRules),
  route('GET', '/environments/{environment_name}/secrets', 'environments', listEnvironmentSecrets, { person: 'write' }),
  route('GET', '/issues', 'issues', listIssues),
  route('POST', '/issues', 'issues', createIssue, { creating: true }),
  route('GET', '/issues/comments/{comment_id}', 'issues', getComment),
  route('PATCH', '/issues/comments/{comment_id}', 'issues', changeComment),
  route('DELETE', '/issues/comments/{comment_id}', 'issues', deleteComment),
  route('GET', '/issues/{issue_number}', 'issues', getIssue),
  route('PATCH', '/issues/{issue_number}', 'issues', changeIssue),
  route('POST', '/issues/{issue_number}/labels', 'issues', addLabels, { person: 'write' }),
  route('DELETE', '/issues/{issue_number}/labels/{name}', 'issues', removeLabel, { person: 'write' }),
  route('PUT', '/issues/{issue_number}/lock', 'issues', lockIssue, { person: 'write' }),
  route('DELETE', '/issues/{issue_number}/lock', 'issues', unlockIssue, { person: 'write' }),
  route('GET', '/issues/{issue_number}/comments', 'issues', listComments),
  route('POST', '/issues/{issue_number}/comments', 'issues', createComment, { creating: true }),
  route('GET', '/git/blobs/{file_sha}', 'contents', getBlob),
  { ...route('GET', '/contents/{path}', 'contents', getContents), elsewhere: true },
  route('GET', '/collaborators/{username}/permission', 'metadata', getPermission, { person: 'write' }),
  organization('/teams/{team_slug}/members', listMembers),
  organization('/teams/{team_slug}/memberships/{username}', getMembership),
  unbound('GET', '/search/issues', searchIssues),
  unbound('GET', '/users/{username}', getUser),
  unbound('GET', '/user', getSelf),
  unbound('GET', '/user/{account_id}', getUserById),
  { method: 'GET', template: '/rate_limit', need: null, creating: false, counted: false, handle: getRateLimit },
];

const PATTERNS = ROUTES.map((found) => ({ found, pattern: patternOf(found.template) }));

/** `{path}` and `{branch}` may hold slashes. */
function patternOf(template: string): RegExp {
  const source = template
    .replace('/{path}', '(?:/(?<path>.*))?')
    .replace(/\{(\w+)\}/g, (_, name: string) => (name === 'branch' ? '(?<branch>.+)' : `(?<${name}>[^/]+)`));
  return new RegExp(`^${source}$`);
}

/** The route of a request with its decoded path parameters; null: GitHub (or the sandbox) has none. */
export function findRoute(method: string, path: string): { route: Route; params: Record<string, string> } | null {
  for (const { found, pattern } of PATTERNS) {
    const match = found.method === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const groups: [string, string | undefined][] = Object.entries(match.groups ?? {});
    const params = groups.map(([name, value = '']) => [name, decodeURIComponent(value)]);
    return { route: found, params: Object.fromEntries(params) };
  }
  return null;
}
