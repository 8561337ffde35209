/** `POST …/workflows/{workflow_id}/dispatches`: starts a run for whoever calls, and hands it to whoever runs workflows here. */
import * as v from 'valibot';
import type { Dispatched } from '../host.ts';
import { readInputs } from '../workflow/inputs.ts';
import { parseWorkflow } from '../workflow/parse.ts';
import { WorkflowRefused } from '../workflow/refusal.ts';
import type { Workflow } from '../workflow/schema.ts';
import { apiOf, htmlOf } from './render.ts';
import { notFound, problem, type Reply } from './reply.ts';
import { workflowPaths } from './settings.ts';
import type { Call, World } from './world.ts';

/** GitHub's limit of all inputs together, in characters (PLATFORM §6). */
const INPUTS_MOST = 65_535;

const Text = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
const Body = v.object({
  ref: v.pipe(v.string(), v.minLength(1)),
  inputs: v.optional(v.record(v.string(), Text), {}),
  return_run_details: v.optional(v.boolean(), false),
});

/** The run begins in the name of whoever's token it is: an App's is its bot's. Its inputs are checked as a person's are. */
export async function dispatchWorkflow(call: Call): Promise<Reply> {
  const { world, who } = call;
  const parsed = v.safeParse(Body, call.body);
  if (!parsed.success) throw problem(422, `Invalid request.\n\n${parsed.issues[0].message}.`);
  const { inputs, return_run_details: details } = parsed.output;
  const workflowPath = await pathOf(call);
  const at = await commitOf(world, parsed.output.ref);
  checkInputs(await workflowAt(world, at.sha, workflowPath), inputs);
  const actor = { id: who.account.id, login: who.account.login };
  const start = { workflowPath, event: 'workflow_dispatch', ...at, actor, triggeringActor: actor } as const;
  const run = world.runs.startRun(start);
  world.dispatches.tell({ ...run, ...at, workflowPath, inputs, actor });
  if (!details) return { status: 204 };
  const path = `actions/runs/${run.id}`;
  const urls = { run_url: `${apiOf(world)}/${path}`, html_url: `${htmlOf(world)}/${path}` };
  return { status: 200, json: { workflow_run_id: run.id, ...urls } };
}

/** A workflow is named by its file's name or its number, and must be on the default branch. */
async function pathOf({ world, params }: Call): Promise<string> {
  const asked = params['workflow_id'] ?? '';
  const paths = await workflowPaths(world);
  const found = paths.find(({ id, path }) => String(id) === asked || path.split('/').at(-1) === asked);
  if (found === undefined) throw notFound();
  if (world.options.repository.disabledWorkflows?.includes(found.path))
    throw problem(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  return found.path;
}

async function commitOf(world: World, asked: string): Promise<{ ref: string; sha: string }> {
  const names = asked.startsWith('refs/') ? [asked] : [`refs/heads/${asked}`, `refs/tags/${asked}`];
  for (const ref of names) {
    const found = await world.git.resolve(`${ref}^{commit}`);
    if (found !== null) return { ref, sha: found.oid };
  }
  throw problem(422, `No ref found for: ${asked}`);
}

async function workflowAt(world: World, sha: string, path: string): Promise<Workflow> {
  const found = await world.git.resolve(`${sha}:${path}`);
  if (found === null) throw notFound();
  try {
    return parseWorkflow((await world.git.blob(found.oid)).toString(), path);
  } catch (error) {
    if (error instanceof WorkflowRefused) throw problem(422, `Failed to parse workflow: ${error.problems.join(' ')}`);
    throw error;
  }
}

function checkInputs(workflow: Workflow, inputs: Record<string, string>): void {
  const { workflow_dispatch: trigger } = workflow.on;
  if (trigger === undefined) throw problem(422, "Workflow does not have 'workflow_dispatch' trigger");
  const length = Object.entries(inputs).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  if (length > INPUTS_MOST) throw problem(422, 'inputs are too large.');
  const read = readInputs(trigger?.inputs ?? {}, inputs);
  if (!read.ok) throw problem(422, read.problems.join(' '));
}

export interface Dispatches {
  tell(dispatched: Dispatched): void;
  /** Tells of each run that was dispatched; what it gives ends that. */
  follow(listener: (dispatched: Dispatched) => void): () => void;
}

/** Nobody follows yet: what is dispatched then stays queued, as where no runner is there. */
export function createDispatches(): Dispatches {
  const listeners = new Set<(dispatched: Dispatched) => void>();
  return {
    tell(dispatched) {
      for (const listener of listeners) listener(dispatched);
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
