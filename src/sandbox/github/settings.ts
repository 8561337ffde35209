/** REST routes of what stands under a repository's Settings: rules of a branch, Actions, and the names of secrets. */
import { findEnvironment } from './environments.ts';
import { page } from './paging.ts';
import { apiOf, htmlOf, nodeId } from './render.ts';
import { notFound, type Reply } from './reply.ts';
import type { Call, World } from './world.ts';

/** Rules come from rulesets; the sandbox's branch has protection of the older kind, hence none. */
export const getBranchRules = async (_: Call): Promise<Reply> => ({ status: 200, json: [] });

export async function getActions({ world }: Call): Promise<Reply> {
  const enabled = world.options.repository.actions ?? true;
  return {
    status: 200,
    json: { enabled, ...(enabled ? { allowed_actions: 'all', sha_pinning_required: false } : {}) },
  };
}

/** The workflows of the default branch, each with its number. */
export async function workflowPaths(world: World): Promise<{ id: number; path: string }[]> {
  const folder = await world.git.resolve(`refs/heads/${world.repository.defaultBranch}:.github/workflows`);
  const files = folder === null ? [] : await world.git.tree(folder.oid);
  const names = files.map(({ name }) => name).filter((name) => /\.ya?ml$/.test(name));
  return names.map((name, index) => ({ id: 80_000_001 + index, path: `.github/workflows/${name}` }));
}

/** The workflows of the default branch, and whether somebody disabled them. */
export async function listWorkflows(call: Call): Promise<Reply> {
  const { world } = call;
  const { createdAt, defaultBranch } = world.repository;
  const disabled = world.options.repository.disabledWorkflows ?? [];
  const found = await workflowPaths(world);
  const answer = page(call, `${apiOf(world)}/actions/workflows`, found, ({ id, path }) => {
    return {
      ...{ id, node_id: nodeId('W', id), name: path, path },
      state: disabled.includes(path) ? 'disabled_manually' : 'active',
      ...{ created_at: createdAt, updated_at: createdAt, url: `${apiOf(world)}/actions/workflows/${id}` },
      html_url: `${htmlOf(world)}/blob/${defaultBranch}/${path}`,
      badge_url: `${htmlOf(world)}/workflows/${encodeURIComponent(path)}/badge.svg`,
    };
  });
  return { ...answer, json: { total_count: found.length, workflows: answer.json } };
}

export const listSecrets = async (call: Call): Promise<Reply> =>
  secrets(call, 'actions/secrets', call.world.options.repository.secrets ?? []);

/** None: the sandbox's organization has no secrets. */
export const listSharedSecrets = async (call: Call): Promise<Reply> =>
  secrets(call, 'actions/organization-secrets', []);

export async function listEnvironmentSecrets(call: Call): Promise<Reply> {
  const found = findEnvironment(call.world.options, call.params['environment_name'] ?? '');
  if (found === null) throw notFound();
  return secrets(call, `environments/${encodeURIComponent(found.name)}/secrets`, Object.keys(found.secrets));
}

/** Names and times; GitHub never gives the value of a secret back. */
function secrets(call: Call, path: string, names: string[]): Reply {
  const at = call.world.repository.createdAt;
  const answer = page(call, `${apiOf(call.world)}/${path}`, names, (name) => ({
    name,
    created_at: at,
    updated_at: at,
  }));
  return { ...answer, json: { total_count: names.length, secrets: answer.json } };
}
