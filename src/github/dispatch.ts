/** Begins a run of a workflow by workflow_dispatch, as the App whose client this is. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import { ask, type Scope } from './ask.ts';
import type { GitHubClient } from './client.ts';
import { scopeOf } from './repository.ts';

/** GitHub says which run it is only where it was asked to, and an older GHES never: then its answer is empty (REST, "Create a workflow dispatch event"). */
const Began = v.optional(v.union([v.looseObject({ html_url: v.string() }), v.literal('')]));

const DEADLINE_MS = 10_000;

type Dispatch = (
  to: { workflow: string; branch: string },
  inputs: Record<string, string>,
) => Promise<{ runUrl: string | null }>;

/**
 * The port's `dispatch` in the repository `owner/name`; needs the permission "Actions: write". Sent once. Throws a Fault, of inputs that
 * the workflow does not have too; `not-confirmed` where it may have begun; `input` for any other form of name.
 */
export function dispatcher(client: GitHubClient, fullName: string): Dispatch {
  const scope = scopeOf(client, fullName);
  return async ({ workflow, branch }, inputs) => {
    const file = workflow.split('/').at(-1) ?? workflow;
    const answer = await confirmed(`start ${workflow} on ${branch}`, scope, async () => {
      const { data } = await scope.once.request(
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
        {
          ...{ owner: scope.owner, repo: scope.name, workflow_id: file, ref: branch, inputs },
          ...{ return_run_details: true, request: { signal: AbortSignal.timeout(DEADLINE_MS) } },
        },
      );
      return data;
    });
    return { runUrl: typeof answer === 'object' ? answer.html_url : null };
  };
}

/** After a lost answer nobody knows whether it began. */
async function confirmed(
  doing: string,
  scope: Scope,
  post: () => Promise<unknown>,
): Promise<v.InferOutput<typeof Began>> {
  try {
    return await ask(scope, doing, Began, post);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'unavailable') throw error;
    const why = `Whether the run began is not certain: ${error.message}`;
    throw new Fault('not-confirmed', why, 'Look at the runs of the workflow before you ask again.', { cause: error });
  }
}
