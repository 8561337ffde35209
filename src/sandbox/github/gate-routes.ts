/** REST routes of custom deployment protection rules: which are enabled, what waits for them, and the App's answer. */
import * as v from 'valibot';
import { findEnvironment } from './environments.ts';
import type { EnvironmentOptions } from './options.ts';
import { apiOf, htmlOf, type Json, nodeId, user } from './render.ts';
import { notFound, problem, type Reply } from './reply.ts';
import { environmentId } from './repository.ts';
import type { Run } from './runs.ts';
import type { Call, World } from './world.ts';

/** GitHub's limit of a review's comment, in characters (PLATFORM §1). */
const COMMENT_MOST = 1024;

/** The rules of an environment: of the sandbox's one App. Where the plan has none, none is listed, as it holds nothing. */
export async function listRules({ world, params }: Call): Promise<Reply> {
  const found = findEnvironment(world.options, params['environment_name'] ?? '');
  if (found === null) throw notFound();
  const rules = found.customRule === true && world.app !== null ? [world.app.options] : [];
  const json = rules.map(({ id, slug }) => ({
    id: environmentId(world, found) * 10,
    node_id: nodeId('GA', environmentId(world, found) * 10),
    enabled: true,
    app: { id, slug, node_id: nodeId('A', id), integration_url: `${world.url}/apps/${slug}` },
  }));
  return { status: 200, json: { total_count: json.length, custom_deployment_protection_rules: json } };
}

function runOf({ world, params }: Call): Run {
  const run = world.runs.find(Number(params['run_id']));
  if (run === null) throw notFound();
  return run;
}

/** The environments whose rules did not pass yet. Whoever asks is never one of GitHub's own reviewers here. */
export async function listPending(call: Call): Promise<Reply> {
  const { world } = call;
  const names = new Set(world.runs.waiting(runOf(call)).map(({ environment }) => environment));
  const json = [...names].flatMap((name) => {
    const found = findEnvironment(world.options, name);
    return found === null ? [] : [pending(world, found)];
  });
  return { status: 200, json };
}

function shownEnvironment(world: World, found: EnvironmentOptions): Json {
  const id = environmentId(world, found);
  return {
    id,
    node_id: nodeId('EN', id),
    name: found.name,
    url: `${apiOf(world)}/environments/${encodeURIComponent(found.name)}`,
    html_url: `${htmlOf(world)}/deployments/activity_log?environments_filter=${encodeURIComponent(found.name)}`,
  };
}

function pending(world: World, found: EnvironmentOptions): Json {
  return {
    environment: shownEnvironment(world, found),
    wait_timer: found.waitMinutes,
    wait_timer_started_at: null,
    current_user_can_approve: false,
    reviewers: [],
  };
}

const Body = v.pipe(
  v.object({
    environment_name: v.pipe(v.string(), v.minLength(1)),
    state: v.optional(v.picklist(['approved', 'rejected'])),
    comment: v.optional(v.pipe(v.string(), v.maxLength(COMMENT_MOST))),
  }),
  v.check(({ state, comment }) => state !== undefined || comment !== undefined, 'Provide a state, a comment, or both'),
);

/** The App's answer to its own rule, or its report of how it stands. An App alone may give it (PLATFORM §0.2). */
export async function reviewRule(call: Call): Promise<Reply> {
  const { world, who } = call;
  if (who.kind !== 'installation' || world.app === null) throw problem(403, 'Resource not accessible by integration');
  const run = runOf(call);
  const parsed = v.safeParse(Body, call.body);
  if (!parsed.success) throw problem(422, `Invalid request.\n\n${parsed.issues[0].message}.`);
  const { environment_name: environment, state = 'pending', comment = '' } = parsed.output;
  world.runs.review(run, { environment, state, comment, by: who.account });
  return { status: 204 };
}

/** What was answered at the gates of a run, the latest first. */
export async function listApprovals(call: Call): Promise<Reply> {
  const { world } = call;
  const json = world.runs.reviews(runOf(call)).map(({ environment, state, comment, by }) => {
    const found = findEnvironment(world.options, environment);
    const times = { created_at: world.repository.createdAt, updated_at: world.repository.createdAt };
    const environments = found === null ? [] : [{ ...shownEnvironment(world, found), ...times }];
    return { environments, state, comment, user: user(world, by) };
  });
  return { status: 200, json: json.toReversed() };
}
