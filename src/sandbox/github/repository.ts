/** REST routes of the repository itself: its branch, files, environments, and who may write. */
import { findEnvironment } from './environments.ts';
import type { EnvironmentOptions } from './options.ts';
import { page } from './paging.ts';
import { apiOf, htmlOf, type Json, nodeId, user } from './render.ts';
import { commit, fullRepository } from './render-repository.ts';
import { notFound, problem, type Reply } from './reply.ts';
import { type Call, key, type World } from './world.ts';

export const getRepository = async ({ world }: Call): Promise<Reply> => ({ status: 200, json: fullRepository(world) });

export async function getBranch({ world, params }: Call): Promise<Reply> {
  const name = params['branch'] ?? '';
  const head = await world.git.resolve(`refs/heads/${name}`);
  if (head === null) throw problem(404, 'Branch not found');
  const guarded = world.repository.mainProtected && name === world.repository.defaultBranch;
  const url = `${apiOf(world)}/branches/${name}`;
  const json = {
    name,
    commit: commit(world, await world.git.commit(head.oid)),
    _links: { self: url, html: `${htmlOf(world)}/tree/${name}` },
    protected: guarded,
    protection: { enabled: guarded, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  };
  return { status: 200, json };
}

export async function getBlob({ world, params }: Call): Promise<Reply> {
  const sha = params['file_sha'] ?? '';
  const found = /^[0-9a-f]{40,64}$/.test(sha) ? await world.git.resolve(sha) : null;
  if (found?.type !== 'blob') throw notFound();
  const content = await world.git.blob(found.oid);
  const url = `${apiOf(world)}/git/blobs/${found.oid}`;
  const common = { sha: found.oid, node_id: nodeId('B', found.oid), url, size: content.length };
  return { status: 200, json: { ...common, content: base64(content), encoding: 'base64' } };
}

/** Base64 in lines, as GitHub gives it. */
const base64 = (content: Buffer): string => content.toString('base64').replace(/.{60}/g, '$&\n');

export async function getContents(call: Call): Promise<Reply> {
  const { world, params, query } = call;
  const ref = query.get('ref') ?? world.repository.defaultBranch;
  const git = world.others.get(key(params['owner'] ?? '', params['repo'] ?? '')) ?? world.git;
  const head = await git.resolve(`${ref}^{commit}`);
  if (head === null) throw problem(404, `No commit found for the ref ${ref}`);
  const path = (params['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const found = await git.resolve(`${head.oid}:${path}`);
  if (found === null) throw notFound();
  const at = { world, ref };
  if (found.type === 'blob')
    return { status: 200, json: file(at, path, { ...found, content: await git.blob(found.oid) }) };
  const entries = await git.tree(found.oid);
  const json = entries.map((entry) => {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    return { ...links(at, below, entry.oid), size: 0, type: entry.type === 'tree' ? 'dir' : 'file' };
  });
  return { status: 200, json };
}

function file(
  at: { world: World; ref: string },
  path: string,
  { oid, content }: { oid: string; content: Buffer },
): Json {
  const small = content.length <= 1_000_000;
  return {
    ...links(at, path, oid),
    type: 'file',
    size: content.length,
    content: small ? base64(content) : '',
    encoding: small ? 'base64' : 'none',
  };
}

function links({ world, ref }: { world: World; ref: string }, path: string, oid: string): Json {
  const self = `${apiOf(world)}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const git = `${apiOf(world)}/git/blobs/${oid}`;
  const html = `${htmlOf(world)}/blob/${encodeURIComponent(ref)}/${encodeURI(path)}`;
  const name = path.split('/').at(-1) ?? '';
  return {
    name,
    path,
    sha: oid,
    url: self,
    git_url: git,
    html_url: html,
    download_url: html,
    _links: { self, git, html },
  };
}

/** The number that an environment has by its place. */
export const environmentId = (world: World, { name }: EnvironmentOptions): number =>
  5_000_001 + world.options.environments.findIndex((environment) => environment.name === name);

function environmentOf({ world, params }: Call): EnvironmentOptions {
  const found = findEnvironment(world.options, params['environment_name'] ?? '');
  if (found === null) throw notFound();
  return found;
}

export async function getEnvironment(call: Call): Promise<Reply> {
  const { world } = call;
  const found = environmentOf(call);
  const id = environmentId(world, found);
  const { branches } = found;
  const json = {
    id,
    node_id: nodeId('EN', id),
    name: found.name,
    url: `${apiOf(world)}/environments/${encodeURIComponent(found.name)}`,
    html_url: `${htmlOf(world)}/deployments/activity_log?environments_filter=${encodeURIComponent(found.name)}`,
    created_at: world.repository.createdAt,
    updated_at: world.repository.createdAt,
    can_admins_bypass: found.adminBypass,
    protection_rules: rulesOf(world, found, id),
    deployment_branch_policy:
      branches.kind === 'all'
        ? null
        : { protected_branches: branches.kind === 'protected', custom_branch_policies: branches.kind === 'named' },
  };
  return { status: 200, json };
}

function rulesOf(world: World, found: EnvironmentOptions, id: number): Json[] {
  const rule = (n: number, type: string, more: Json = {}): Json => ({
    id: id * 10 + n,
    node_id: nodeId('GA', id * 10 + n),
    type,
    ...more,
  });
  const reviewers = found.reviewers.map((login) => {
    const reviewer = world.accounts.find(login);
    if (reviewer === null)
      throw new Error(`The environment ${found.name} names the reviewer ${login}, whom the sandbox does not know.`);
    return { type: 'User', reviewer: user(world, reviewer) };
  });
  return [
    ...(found.waitMinutes > 0 ? [rule(1, 'wait_timer', { wait_timer: found.waitMinutes })] : []),
    ...(reviewers.length > 0 ? [rule(2, 'required_reviewers', { prevent_self_review: false, reviewers })] : []),
    ...(found.branches.kind === 'all' ? [] : [rule(3, 'branch_policy')]),
  ];
}

/** GitHub answers an empty list where no patterns are in use. */
export async function getBranchPolicies(call: Call): Promise<Reply> {
  const found = environmentOf(call);
  const patterns = found.branches.kind === 'named' ? found.branches.patterns : [];
  const first = environmentId(call.world, found) * 100;
  const path = `${apiOf(call.world)}/environments/${encodeURIComponent(found.name)}/deployment-branch-policies`;
  const answer = page(call, path, patterns, (pattern) => {
    const id = first + patterns.indexOf(pattern);
    return { id, node_id: nodeId('DBP', id), ...pattern };
  });
  return { ...answer, json: { total_count: patterns.length, branch_policies: answer.json } };
}

const ROLES = { admin: 'admin', write: 'write', read: 'read', none: '' } as const;

export async function getPermission({ world, params }: Call): Promise<Reply> {
  const found = world.accounts.find(params['username'] ?? '');
  if (found === null) throw notFound();
  const level = found.permission === 'none' && world.repository.public ? 'read' : found.permission;
  const may = { admin: level === 'admin', maintain: level === 'admin', push: level === 'admin' || level === 'write' };
  const permissions = { ...may, triage: may.push, pull: level !== 'none' };
  const json = {
    permission: level,
    role_name: ROLES[level],
    user: { ...user(world, found), permissions, role_name: ROLES[level] },
  };
  return { status: 200, json };
}
