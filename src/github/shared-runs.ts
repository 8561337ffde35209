/** The runs and artifacts of many requests: a page of a list where that holds them, one call for each of the others. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { SharedOnGithub } from '../app/ports.ts';
import { instant } from '../request/instant.ts';
import { ask, askMaybe, type Scope } from './ask.ts';
import { faultOf } from './faults.ts';

const Run = v.looseObject({ id: v.number(), run_attempt: v.number(), status: v.string() });
const RunList = v.looseObject({ workflow_runs: v.array(Run) });
const Artifact = v.looseObject({
  id: v.number(),
  expired: v.boolean(),
  digest: v.optional(v.nullable(v.string()), null),
  workflow_run: v.nullish(v.looseObject({ id: v.optional(v.number()) })),
});
const ArtifactList = v.looseObject({ artifacts: v.array(Artifact) });
type Artifact = v.InferOutput<typeof Artifact>;

const PAGE = 100;
/** A run is created before its first job opens the request: as long as that may wait for a runner. */
const QUEUED_MS = 24 * 3_600_000;

/** The port's `runs`. */
export async function runsOf(
  scope: Scope,
  wanted: Parameters<SharedOnGithub['runs']>[0],
): Promise<Awaited<ReturnType<SharedOnGithub['runs']>>> {
  const times = wanted.map(({ opened }) => Date.parse(opened));
  const created = `${instant(Math.min(...times) - QUEUED_MS)}..${instant(Math.max(...times))}`;
  const { workflow_runs } = await ask(scope, 'list the runs', RunList, async () => {
    const asked = { event: 'workflow_dispatch', created, per_page: PAGE };
    const answer = await scope.octokit.rest.actions.listWorkflowRunsForRepo({ ...at(scope), ...asked });
    return answer.data;
  });
  const found = new Map(workflow_runs.map((run) => [run.id, run]));
  for (const { id } of wanted) {
    if (found.has(id)) continue;
    const run = await askMaybe(scope, `read the workflow run ${id}`, Run, async () => {
      const answer = await scope.octokit.rest.actions.getWorkflowRun({ ...at(scope), run_id: id });
      return answer.data;
    });
    if (run !== null) found.set(id, run);
  }
  const ids = new Set(wanted.map(({ id }) => id));
  return new Map(
    [...found.values()]
      .filter(({ id }) => ids.has(id))
      .map(({ id, run_attempt, status }) => [id, { attempt: run_attempt, over: status === 'completed' }]),
  );
}

/** The port's `artifacts`: the newest come first, so that pages are read only while one call for each would cost more. */
export async function artifactsOf(
  scope: Scope,
  name: string,
  runs: readonly number[],
): Promise<Awaited<ReturnType<SharedOnGithub['artifacts']>>> {
  const found: Awaited<ReturnType<SharedOnGithub['artifacts']>> = new Map();
  const missing = new Set(runs);
  const take = (artifacts: readonly Artifact[]): void => {
    for (const { id, digest, expired, workflow_run } of artifacts) {
      const run = workflow_run?.id;
      if (run === undefined || !missing.delete(run) || expired) continue;
      found.set(run, { id, digest });
    }
  };
  for (let page = 1; missing.size > 0 && page <= missing.size; page += 1) {
    const { artifacts } = await ask(scope, 'list the artifacts', ArtifactList, async () => {
      const answer = await scope.octokit.rest.actions.listArtifactsForRepo({
        ...at(scope),
        name,
        per_page: PAGE,
        page,
      });
      return answer.data;
    });
    take(artifacts);
    if (artifacts.length < PAGE) return found;
  }
  for (const run of [...missing]) {
    const list = await askMaybe(scope, `list the artifacts of run ${run}`, ArtifactList, async () => {
      const answer = await scope.octokit.rest.actions.listWorkflowRunArtifacts({ ...at(scope), run_id: run, name });
      return answer.data;
    });
    take(list?.artifacts ?? []);
  }
  return found;
}

/**
 * The port's `logs`: hashed as they come, since those of a long run are large. Octokit itself would give nothing, and no error, of
 * an answer that breaks off: the hash of nothing would stand on record.
 */
export async function logsHash(scope: Scope, run: { id: number; attempt: number }): Promise<string | null> {
  const doing = `read the logs of run ${run.id}`;
  const { fetch, longestMs } = scope.download;
  const body = await askMaybe(scope, doing, v.instance(ReadableStream), async () => {
    const request = { fetch, parseSuccessResponseBody: false };
    const wanted = { ...at(scope), run_id: run.id, attempt_number: run.attempt, request };
    return (await scope.once.rest.actions.downloadWorkflowRunAttemptLogs(wanted)).data;
  });
  if (body === null) return null;
  const hash = createHash('sha256');
  try {
    for await (const piece of body) hash.update(v.parse(v.instance(Uint8Array), piece));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw faultOf(error, { doing, job: scope.job });
    throw new Fault(
      'refused',
      `Could not ${doing} to the end in ${longestMs / 1000} s, and what has no hash is not deleted.`,
      "They stay until GitHub's own retention is over; shorten that under Settings → Actions → General.",
      { cause: error },
    );
  }
  return `sha256:${hash.digest('hex')}`;
}

function at(scope: Scope): { owner: string; repo: string } {
  return { owner: scope.owner, repo: scope.name };
}
