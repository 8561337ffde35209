/** The port {@link Gate}: how a GitHub App answers for the jobs that its own deployment protection rule holds back. */
import * as v from 'valibot';
import type { Gate, GateComment, Held } from '../app/gateway/ports.ts';
import { runInBody } from '../request/run-in-body.ts';
import { ask, askMaybe, type Scope } from './ask.ts';
import type { GitHubClient } from './client.ts';
import { answerOf, faultOf } from './faults.ts';
import { link, shortened, words } from './markdown.ts';
import { scopeOf } from './repository.ts';
import { RestPendingDeployments, RestRequestIssues, RestRunIds } from './shapes.ts';

/** What GitHub takes as a comment, in characters. */
const COMMENT_MOST = 1024;
/** "There is no such thing" and "nothing waits there": GitHub tells neither apart any further. */
const GONE = [404, 410, 422];

/**
 * The rule of the App whose client this is, in the repository `owner/name`. `warn` is told what could not be said to people, since
 * nothing follows from that. Throws a Fault `input` for any other form of name.
 */
export function createGate(client: GitHubClient, fullName: string, warn: (text: string) => void): Gate {
  const scope = scopeOf(client, fullName);
  return {
    review: (held, state, comment) => review(scope, held, state, comment),
    say: (held, comment) => say(scope, held, comment, warn),
    waiting: () => waiting(scope),
    openedBy: (run) => openedBy(scope, run),
  };
}

/** A review that went through is `gone` at its repetition: so it may be sent again after a lost answer. */
function review(
  scope: Scope,
  held: Held,
  state: 'approved' | 'rejected',
  comment: GateComment,
): Promise<'done' | 'gone'> {
  const doing = `answer "${state}" for run ${held.run} in the environment ${held.environment}`;
  return ask(scope, doing, v.picklist(['done', 'gone']), async () => {
    try {
      await answer(scope, held, { state, comment });
      return 'done';
    } catch (error) {
      if (GONE.includes(answerOf(error)?.status ?? 0)) return 'gone';
      throw error;
    }
  });
}

async function say(scope: Scope, held: Held, comment: GateComment, warn: (text: string) => void): Promise<void> {
  try {
    await answer(scope, held, { comment });
  } catch (error) {
    if (GONE.includes(answerOf(error)?.status ?? 0)) return;
    const doing = `say at run ${held.run} what its job waits for`;
    warn(faultOf(error, { doing, job: scope.job }).message);
  }
}

async function answer(
  scope: Scope,
  { run, environment }: Held,
  body: { state?: 'approved' | 'rejected'; comment: GateComment },
) {
  await scope.octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule', {
    ...at(scope),
    ...{ run_id: run, environment_name: environment },
    ...body,
    comment: markdown(body.comment),
  });
}

/** Inert, and with a link that is whole. */
function markdown({ text, issue }: GateComment): string {
  const address = issue === null ? '' : `\n\n${link('The debug request', issue)}`;
  const room = COMMENT_MOST - address.length;
  let said = words(text);
  // A character that cannot be seen is written as up to ten that can.
  for (let most = room; said.length > room; most -= Math.ceil((said.length - room) / 10)) {
    said = words(shortened(text, most));
  }
  return said + address;
}

/** Whatever waits for whomever: a review of what is not this App's to answer is `gone`. */
async function waiting(scope: Scope): Promise<Held[]> {
  const runs = await ask(scope, 'list the runs that wait', RestRunIds, () =>
    scope.octokit.paginate(scope.octokit.rest.actions.listWorkflowRunsForRepo, {
      ...at(scope),
      ...{ status: 'waiting', exclude_pull_requests: true, per_page: 100 },
    }),
  );
  const held: Held[] = [];
  for (const { id } of runs) {
    const pending = await askMaybe(scope, `read what run ${id} waits for`, RestPendingDeployments, async () => {
      const found = await scope.octokit.rest.actions.getPendingDeploymentsForRun({ ...at(scope), run_id: id });
      return found.data;
    });
    held.push(...(pending ?? []).map(({ environment }) => ({ run: id, environment: environment.name })));
  }
  return held;
}

/** Among the newest hundred; where that many are newer than the run's, among all that are open, as is whatever may still start. */
async function openedBy(scope: Scope, run: number): Promise<number[]> {
  const doing = `look for the request of run ${run}`;
  const { listForRepo } = scope.octokit.rest.issues;
  const which = { ...at(scope), ...NEWEST_REQUESTS };
  const newest = await ask(scope, doing, RestRequestIssues, async () => {
    const found = await listForRepo({ ...which, state: 'all' });
    return found.data;
  });
  const found = ofRun(newest, run);
  if (found.length > 0 || newest.length < NEWEST_REQUESTS.per_page) return found;
  const open = await ask(scope, doing, RestRequestIssues, () =>
    scope.octokit.paginate(listForRepo, { ...which, state: 'open' }),
  );
  return ofRun(open, run);
}

const NEWEST_REQUESTS = { labels: 'debug-request', sort: 'created', direction: 'desc', per_page: 100 } as const;

/** Jobs open requests, and who opened an issue never changes: one that a person opened is none. */
function ofRun(issues: v.InferOutput<typeof RestRequestIssues>, run: number): number[] {
  return issues
    .filter(({ pull_request, user }) => pull_request === undefined && user?.type === 'Bot')
    .filter(({ body }) => runInBody(body ?? '')?.id === run)
    .map(({ number }) => number);
}

function at(scope: Scope): { owner: string; repo: string } {
  return { owner: scope.owner, repo: scope.name };
}
