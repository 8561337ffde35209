/** The repository in the JSON of GitHub's REST interface, short as in runs and in full. */

import type { CommitFacts } from './git.ts';
import { account, apiOf, htmlOf, type Json, nodeId, seconds } from './render.ts';
import type { World } from './world.ts';

/** The links below a repository, by the names that GitHub gives them. */
const LINKS: Record<string, string> = {
  archive: '{archive_format}{/ref}',
  assignees: 'assignees{/user}',
  blobs: 'git/blobs{/sha}',
  branches: 'branches{/branch}',
  collaborators: 'collaborators{/collaborator}',
  comments: 'comments{/number}',
  commits: 'commits{/sha}',
  compare: 'compare/{base}...{head}',
  contents: 'contents/{+path}',
  contributors: 'contributors',
  deployments: 'deployments',
  downloads: 'downloads',
  events: 'events',
  forks: 'forks',
  git_commits: 'git/commits{/sha}',
  git_refs: 'git/refs{/sha}',
  git_tags: 'git/tags{/sha}',
  hooks: 'hooks',
  issue_comment: 'issues/comments{/number}',
  issue_events: 'issues/events{/number}',
  issues: 'issues{/number}',
  keys: 'keys{/key_id}',
  labels: 'labels{/name}',
  languages: 'languages',
  merges: 'merges',
  milestones: 'milestones{/number}',
  notifications: 'notifications{?since,all,participating}',
  pulls: 'pulls{/number}',
  releases: 'releases{/id}',
  stargazers: 'stargazers',
  statuses: 'statuses/{sha}',
  subscribers: 'subscribers',
  subscription: 'subscription',
  tags: 'tags',
  teams: 'teams',
  trees: 'git/trees{/sha}',
};

/** As in a workflow run. */
export function minimalRepository(world: World): Json {
  const { id, name, owner, ownerId, ownerType } = world.repository;
  const api = apiOf(world);
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: `${owner}/${name}`,
    private: !world.repository.public,
    owner: account(world, { id: ownerId, login: owner }, ownerType),
    html_url: htmlOf(world),
    description: null,
    fork: false,
    url: api,
    ...linksOf(world, api),
  };
}

/** They stand in every event: as long as the repository keeps its name, they are made once. */
const links = new WeakMap<World, { api: string; json: Json }>();

function linksOf(world: World, api: string): Json {
  const known = links.get(world);
  if (known?.api === api) return known.json;
  const json = Object.fromEntries(Object.entries(LINKS).map(([key, path]) => [`${key}_url`, `${api}/${path}`]));
  links.set(world, { api, json });
  return json;
}

/** As `GET /repos/{owner}/{repo}` answers. */
export function fullRepository(world: World): Json {
  const { owner, name, createdAt, defaultBranch } = world.repository;
  const open = world.store.openIssues();
  const { issues = true, archived = false } = world.options.repository;
  const has = { has_issues: issues, has_projects: false, has_wiki: false, has_pages: false, has_discussions: false };
  const counts = { forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0, network_count: 0 };
  return {
    ...minimalRepository(world),
    ...has,
    ...counts,
    has_downloads: false,
    subscribers_count: 0,
    size: 1,
    open_issues: open,
    open_issues_count: open,
    visibility: world.repository.public ? 'public' : 'private',
    default_branch: defaultBranch,
    homepage: null,
    language: null,
    license: null,
    mirror_url: null,
    archived,
    disabled: false,
    clone_url: `${htmlOf(world)}.git`,
    git_url: `${htmlOf(world).replace(/^http/, 'git')}.git`,
    ssh_url: `git@localhost:${owner}/${name}.git`,
    svn_url: htmlOf(world),
    created_at: createdAt,
    pushed_at: createdAt,
    updated_at: createdAt,
  };
}

/** A commit as in a branch's answer. */
export function commit(world: World, found: CommitFacts): Json {
  const url = `${apiOf(world)}/commits/${found.oid}`;
  return {
    sha: found.oid,
    node_id: nodeId('C', found.oid),
    url,
    html_url: `${htmlOf(world)}/commit/${found.oid}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${apiOf(world)}/git/commits/${found.oid}`,
      author: found.author,
      committer: found.committer,
      message: found.message,
      comment_count: 0,
      tree: { sha: found.tree, url: `${apiOf(world)}/git/trees/${found.tree}` },
    },
    author: null,
    committer: null,
    parents: found.parents.map((sha) => ({ sha, url: `${apiOf(world)}/commits/${sha}` })),
  };
}

/** A commit as in a run. */
export function simpleCommit(found: CommitFacts): Json {
  const { name, email } = found.author;
  const committer = { name: found.committer.name, email: found.committer.email };
  const { oid, tree, message } = found;
  return {
    id: oid,
    tree_id: tree,
    message,
    timestamp: seconds(found.committer.date),
    author: { name, email },
    committer,
  };
}
