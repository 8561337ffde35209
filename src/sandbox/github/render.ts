/** Accounts, issues and comments in the JSON of GitHub's REST interface. */
import type { App } from './app.ts';
import type { AccountOptions } from './options.ts';
import type { Comment, Issue } from './store.ts';
import type { World } from './world.ts';

export type Json = Record<string, unknown>;

/** GitHub's times have no fractions of a second. */
export const seconds = (time: string): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
export const nodeId = (kind: string, id: number | string): string =>
  `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
export const apiOf = (world: World): string => `${world.url}/repos/${world.repository.owner}/${world.repository.name}`;
export const htmlOf = (world: World): string => `${world.url}/${world.repository.owner}/${world.repository.name}`;

/** Links of an account, all below its own address. */
export function account(world: World, { id, login }: { id: number; login: string }, type: string): Json {
  const url = `${world.url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${world.url}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export const user = (world: World, found: AccountOptions): Json => account(world, found, found.type);

/** The type of an account known by id and login only. */
export const anyUser = (world: World, found: { id: number; login: string }): Json =>
  account(world, found, world.accounts.find(found.login)?.type ?? 'User');

/** The app that a comment was written through: GitHub Actions for job tokens, the App for its own, some app for a person's. */
export function appOf(world: World, written: { author: AccountOptions; throughApp: boolean }): Json | null {
  if (world.app?.bot.id === written.author.id) return integration(world, world.app);
  const actions = written.author.login === 'github-actions[bot]';
  if (!actions && !written.throughApp) return null;
  const [id, slug, name] = actions ? [15_368, 'github-actions', 'GitHub Actions'] : [77_001, 'some-app', 'Some App'];
  return {
    id,
    slug,
    node_id: nodeId('A', id),
    owner: account(world, { id: 9919, login: 'github' }, 'Organization'),
    name,
    description: null,
    external_url: `${world.url}/apps/${slug}`,
    html_url: `${world.url}/apps/${slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2024-04-10T20:33:16Z',
    permissions: { issues: 'write', metadata: 'read' },
    events: [],
  };
}

/** An installed App as `GET /app` gives it, and whatever it wrote. */
export function integration(world: World, { options }: App): Json {
  const { id, slug, permissions, events } = options;
  const { owner, ownerId, ownerType, createdAt } = world.repository;
  return {
    id,
    slug,
    client_id: `Iv23li${String(id).padStart(14, '0')}`,
    node_id: nodeId('A', id),
    owner: account(world, { id: ownerId, login: owner }, ownerType),
    name: slug,
    description: null,
    external_url: `${world.url}/apps/${slug}`,
    html_url: `${world.url}/apps/${slug}`,
    created_at: createdAt,
    updated_at: createdAt,
    permissions,
    events,
  };
}

function association(world: World, author: AccountOptions): string {
  if (author.id === world.repository.ownerId) return 'OWNER';
  return author.type === 'Bot' || author.permission === 'none' ? 'NONE' : 'COLLABORATOR';
}

function reactions(url: string): Json {
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}

export function comment(world: World, found: Comment): Json {
  const url = `${apiOf(world)}/issues/comments/${found.id}`;
  return {
    url,
    html_url: `${htmlOf(world)}/issues/${found.issue}#issuecomment-${found.id}`,
    issue_url: `${apiOf(world)}/issues/${found.issue}`,
    id: found.id,
    node_id: nodeId('IC', found.id),
    user: user(world, found.author),
    created_at: seconds(found.created_at),
    updated_at: seconds(found.edits.at(-1)?.at ?? found.created_at),
    author_association: association(world, found.author),
    body: found.body,
    reactions: reactions(url),
    performed_via_github_app: appOf(world, found),
  };
}

export function issue(world: World, found: Issue): Json {
  const url = `${apiOf(world)}/issues/${found.number}`;
  return {
    url,
    repository_url: apiOf(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${htmlOf(world)}/issues/${found.number}`,
    id: found.id,
    node_id: nodeId('I', found.id),
    number: found.number,
    title: found.title,
    user: user(world, found.author),
    labels: found.labels.map((label) => ({
      ...label,
      node_id: nodeId('LA', label.id),
      url: `${apiOf(world)}/labels/${encodeURIComponent(label.name)}`,
    })),
    state: found.state,
    state_reason: found.state_reason,
    locked: found.locked,
    active_lock_reason: found.active_lock_reason,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: found.comments,
    created_at: seconds(found.created_at),
    updated_at: seconds(found.updated_at),
    closed_at: found.closed_at === null ? null : seconds(found.closed_at),
    closed_by: found.closedBy === null ? null : user(world, found.closedBy),
    author_association: association(world, found.author),
    body: found.body,
    reactions: reactions(url),
    performed_via_github_app: appOf(world, found),
  };
}
