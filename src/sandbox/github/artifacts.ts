/** REST routes of what runs leave behind: their artifacts and logs. */
import type { Artifact } from './leavings.ts';
import { page } from './paging.ts';
import { apiOf, type Json, nodeId, seconds } from './render.ts';
import { notFound, problem, type Reply } from './reply.ts';
import type { Run } from './runs.ts';
import type { Call, World } from './world.ts';

/** Where GitHub's storage would be: an address that needs no token. */
export const LOGS_PATH = '/storage/logs/';

function runOf({ world, params }: Call): Run {
  const run = world.runs.find(Number(params['run_id']));
  if (run === null) throw notFound();
  return run;
}

function render(world: World, { id, run, name, size, digest, createdAt, expiresAt }: Artifact): Json {
  const url = `${apiOf(world)}/actions/artifacts/${id}`;
  return {
    id,
    node_id: nodeId('A', id),
    name,
    size_in_bytes: size,
    url,
    archive_download_url: `${url}/zip`,
    expired: Date.parse(expiresAt) <= Date.now(),
    digest,
    created_at: seconds(createdAt),
    updated_at: seconds(createdAt),
    expires_at: seconds(expiresAt),
    workflow_run: { id: run, repository_id: world.repository.id, head_repository_id: world.repository.id },
  };
}

function listed(call: Call, path: string, artifacts: Artifact[]): Reply {
  const name = call.query.get('name');
  const found = artifacts.filter((one) => name === null || one.name === name);
  const answer = page(call, path, found, (one) => render(call.world, one));
  return { ...answer, json: { total_count: found.length, artifacts: answer.json } };
}

export const listArtifacts = async (call: Call): Promise<Reply> =>
  listed(call, `${apiOf(call.world)}/actions/artifacts`, call.world.leavings.artifacts());

export async function listRunArtifacts(call: Call): Promise<Reply> {
  const { id } = runOf(call);
  const own = call.world.leavings.artifacts().filter(({ run }) => run === id);
  return listed(call, `${apiOf(call.world)}/actions/runs/${id}/artifacts`, own);
}

export async function deleteArtifact({ world, params }: Call): Promise<Reply> {
  if (!world.leavings.remove(Number(params['artifact_id']))) throw notFound();
  return { status: 204 };
}

/** An address that is good for a minute, as GitHub gives it. */
export async function getAttemptLogs(call: Call): Promise<Reply> {
  const { id, attempts } = runOf(call);
  const attempt = Number(call.params['attempt_number']);
  if (!attempts.some(({ number }) => number === attempt)) throw notFound();
  if (!call.world.leavings.hasLogs(id)) throw problem(410, 'Server Error');
  return { status: 302, headers: { location: `${call.world.url}${LOGS_PATH}${id}/${attempt}` } };
}

export async function deleteLogs(call: Call): Promise<Reply> {
  const { id, attempts } = runOf(call);
  if (attempts.at(-1)?.status !== 'completed') throw problem(403, 'The workflow run is still in progress.');
  if (!call.world.leavings.removeLogs(id)) throw notFound();
  return { status: 204 };
}
