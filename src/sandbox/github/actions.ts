/** REST routes of workflow runs and their jobs, and of the rate limit. */

import { holderOf } from './holder.ts';
import { page } from './paging.ts';
import { anyUser, apiOf, htmlOf, type Json, nodeId } from './render.ts';
import { minimalRepository, simpleCommit } from './render-repository.ts';
import { notFound, type Reply } from './reply.ts';
import type { Attempt, Job, Run } from './runs.ts';
import type { Call, World } from './world.ts';

function runOf({ world, params }: Call): Run {
  const run = world.runs.find(Number(params['run_id']));
  if (run === null) throw notFound();
  return run;
}

export async function getRun(call: Call): Promise<Reply> {
  const run = runOf(call);
  const attempt = run.attempts.at(-1);
  if (attempt === undefined) throw notFound();
  return { status: 200, json: await renderRun(call.world, run, attempt) };
}

/** All runs, newest first, each by its latest attempt. */
export async function listRuns(call: Call): Promise<Reply> {
  const { world, query } = call;
  const status = query.get('status');
  const event = query.get('event');
  const [from = '', to = ''] = (query.get('created') ?? '').split('..');
  const fits = (run: Run): boolean => {
    const { attempts, start, createdAt } = run;
    if (event !== null && start.event !== event) return false;
    if (from !== '' && (createdAt < from || createdAt > to)) return false;
    const last = attempts.at(-1);
    if (status === null || last === undefined) return status === null;
    return world.runs.status(run, last) === status || last.conclusion === status;
  };
  const found = world.runs.all().filter(fits).toReversed();
  const rendered: Promise<Json>[] = [];
  const answer = page(call, `${apiOf(world)}/actions/runs`, found, (run) => {
    const attempt = run.attempts.at(-1);
    if (attempt !== undefined) rendered.push(renderRun(world, run, attempt));
  });
  return { ...answer, json: { total_count: found.length, workflow_runs: await Promise.all(rendered) } };
}

export async function getAttempt(call: Call): Promise<Reply> {
  const run = runOf(call);
  const attempt = run.attempts.find(({ number }) => number === Number(call.params['attempt_number']));
  if (attempt === undefined) throw notFound();
  return { status: 200, json: await renderRun(call.world, run, attempt) };
}

const branchOf = ({ start }: Run): string => start.ref.replace(/^refs\/(heads|tags)\//, '');

/** A run by one of its attempts, as GitHub's REST interface and its webhooks give it. */
export async function renderRun(world: World, run: Run, attempt: Attempt): Promise<Json> {
  const { start, id } = run;
  const url = `${apiOf(world)}/actions/runs/${id}`;
  const head = await world.git.resolve(`${start.sha}^{commit}`);
  const links = Object.fromEntries(
    ['jobs', 'logs', 'artifacts', 'cancel', 'rerun'].map((key) => [`${key}_url`, `${url}/${key}`]),
  );
  return {
    id,
    name: start.workflowPath,
    display_title: start.workflowPath,
    node_id: nodeId('WFR', id),
    check_suite_id: id,
    check_suite_node_id: nodeId('CS', id),
    check_suite_url: `${apiOf(world)}/check-suites/${id}`,
    head_branch: branchOf(run),
    head_sha: start.sha,
    path: start.workflowPath,
    run_number: run.number,
    run_attempt: attempt.number,
    referenced_workflows: [],
    event: start.event,
    status: world.runs.status(run, attempt),
    conclusion: attempt.conclusion,
    workflow_id: 80_000_001,
    workflow_url: `${apiOf(world)}/actions/workflows/80000001`,
    url,
    html_url: `${htmlOf(world)}/actions/runs/${id}`,
    ...links,
    previous_attempt_url: attempt.number === 1 ? null : `${url}/attempts/${attempt.number - 1}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: attempt.updatedAt,
    run_started_at: attempt.startedAt,
    actor: anyUser(world, start.actor),
    triggering_actor: anyUser(world, attempt.triggeringActor),
    head_commit: head === null ? null : simpleCommit(await world.git.commit(head.oid)),
    repository: minimalRepository(world),
    head_repository: minimalRepository(world),
  };
}

/** Jobs of the latest attempt, or of all with `filter=all`. */
export async function getJobs(call: Call): Promise<Reply> {
  const run = runOf(call);
  const attempt = call.query.get('filter') === 'all' ? null : run.attempts.length;
  const jobs = call.world.runs.jobs(run, attempt).map((job) => renderJob(call.world, job));
  return { status: 200, json: { total_count: jobs.length, jobs } };
}

const NO_RUNNER = { runner_id: null, runner_name: null, runner_group_id: null, runner_group_name: null };
const RUNNER = { runner_id: 1, runner_name: 'sandbox', runner_group_id: 1, runner_group_name: 'GitHub Actions' };

function renderJob(world: World, job: Job): Json {
  const { run } = job;
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${apiOf(world)}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CR', job.id),
    head_sha: run.start.sha,
    head_branch: branchOf(run),
    workflow_name: run.start.workflowPath,
    name: job.key,
    url: `${apiOf(world)}/actions/jobs/${job.id}`,
    html_url: `${htmlOf(world)}/actions/runs/${run.id}/job/${job.id}`,
    check_run_url: `${apiOf(world)}/check-runs/${job.checkRunId}`,
    status: job.ended !== null ? 'completed' : job.waits ? 'waiting' : 'in_progress',
    conclusion: job.ended?.conclusion ?? null,
    created_at: job.startedAt,
    started_at: job.startedAt,
    completed_at: job.ended?.at ?? null,
    labels: ['ubuntu-latest'],
    steps: [],
    ...(job.waits ? NO_RUNNER : RUNNER),
  };
}

export async function getRateLimit({ world, who }: Call): Promise<Reply> {
  const holder = holderOf(who);
  const core = world.limits.state(holder, 'core');
  const search = world.limits.state(holder, 'search');
  const resources = { core, graphql: world.limits.state(holder, 'graphql'), search };
  return { status: 200, json: { resources, rate: core } };
}
