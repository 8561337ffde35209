/** The deployment that GitHub makes for a job which names an environment, in the JSON of its webhooks. */
import { anyUser, apiOf, type Json, nodeId, seconds } from './render.ts';
import type { Run } from './runs.ts';
import type { World } from './world.ts';

/** A job's deployment; `at` is RFC 3339. */
export function deployment(
  world: World,
  { start }: Run,
  { id, environment, at }: { id: number; environment: string; at: string },
): Json {
  const url = `${apiOf(world)}/deployments/${id}`;
  return {
    url,
    id,
    node_id: nodeId('DE', id),
    task: 'deploy',
    original_environment: environment,
    environment,
    description: null,
    created_at: seconds(at),
    updated_at: seconds(at),
    statuses_url: `${url}/statuses`,
    repository_url: apiOf(world),
    creator: anyUser(world, start.triggeringActor),
    sha: start.sha,
    ref: start.ref.replace(/^refs\/(heads|tags)\//, ''),
    payload: {},
    transient_environment: false,
    production_environment: false,
    performed_via_github_app: null,
  };
}
