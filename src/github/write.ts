/** Writes of issues and comments: what creates something is sent once, and a doubtful outcome is called doubtful. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { IssueContent, Repository } from '../app/ports.ts';
import { ask, type Scope } from './ask.ts';
import { answerOf, faultOf, reasonOf } from './faults.ts';
import { RestWrittenComment, RestWrittenIssue } from './shapes.ts';

const OPENING = 'open an issue';
const DEADLINE_MS = 10_000;
/** Failures before a connection stood: nothing can have arrived. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * The port's `comment`: each comment is written once, past a lock if there is one, for GitHub lets no job's token comment
 * on a locked issue, whatever its permissions. Throws a Fault `not-written` or `not-confirmed`.
 */
export function commentWriter(scope: Scope): Repository['comment'] {
  const turns: Turns = new Map();
  return async (issue, body, deadlineMs) => {
    const signal = AbortSignal.timeout(deadlineMs ?? DEADLINE_MS);
    const post = async () => {
      const content = { issue_number: issue, body, request: { signal } };
      return (await scope.once.rest.issues.createComment({ ...at(scope), ...content })).data;
    };
    const written = await once(scope, `write a comment to issue #${issue}`, RestWrittenComment, async () => {
      try {
        return await post();
      } catch (error) {
        if (!saysLocked(error)) throw error;
      }
      // A person who pressed a button does not wait for the lock; a job that leaves next would take it along.
      return pastLock(scope, turns, { issue, post, signal, untilLocked: deadlineMs === undefined });
    });
    return { id: written.id, createdAt: written.created_at };
  };
}

/** Opens one issue, once. Throws a Fault `not-written` or `not-confirmed`. */
export async function openIssue(scope: Scope, content: IssueContent): Promise<{ number: number; url: string }> {
  const written = await once(scope, OPENING, RestWrittenIssue, async () => {
    const request = { signal: AbortSignal.timeout(DEADLINE_MS) };
    const answer = await scope.once.rest.issues.create({ ...at(scope), ...content, request });
    return answer.data;
  });
  return { number: written.number, url: written.html_url };
}

/** Changes an issue; safe to repeat. `completed` tells GitHub why a closed issue is closed. */
export async function changeIssue(
  scope: Scope,
  issue: number,
  change: Partial<IssueContent> & { open?: boolean; completed?: boolean },
): Promise<void> {
  const { open, completed, ...content } = change;
  await ask(scope, `change issue #${issue}`, v.unknown(), () =>
    scope.octokit.rest.issues.update({ ...at(scope), issue_number: issue, ...content, ...state(open, completed) }),
  );
}

/** Lets only people with write access comment; safe to repeat. */
export async function lockIssue(scope: Scope, issue: number, reason?: 'resolved'): Promise<void> {
  const lock = reason === undefined ? {} : { lock_reason: reason };
  await ask(scope, `lock issue #${issue}`, v.unknown(), () =>
    scope.octokit.rest.issues.lock({ ...at(scope), issue_number: issue, ...lock }),
  );
}

/** Puts one label on an issue; safe to repeat. */
export async function addLabel(scope: Scope, issue: number, label: string): Promise<void> {
  await ask(scope, `put the label ${label} on issue #${issue}`, v.unknown(), () =>
    scope.octokit.rest.issues.addLabels({ ...at(scope), issue_number: issue, labels: [label] }),
  );
}

/** Takes one label off an issue; safe to repeat: that it is not there is what was wanted. */
export async function removeLabel(scope: Scope, issue: number, label: string): Promise<void> {
  await ask(scope, `take the label ${label} off issue #${issue}`, v.unknown(), async () => {
    try {
      return await scope.octokit.rest.issues.removeLabel({ ...at(scope), issue_number: issue, name: label });
    } catch (error) {
      if (answerOf(error)?.status === 404) return { data: null };
      throw error;
    }
  });
}

/** By issue: settles once the latest write past its lock has locked it again. Two at once would lock each other out. */
type Turns = Map<number, Promise<void>>;

/** Unlocks, sends, and locks again whatever came of it: whoever locked the issue wanted it so. */
async function pastLock(
  scope: Scope,
  turns: Turns,
  write: { issue: number; post: () => Promise<unknown>; signal: AbortSignal; untilLocked: boolean },
): Promise<unknown> {
  const { issue, post, signal } = write;
  const before = turns.get(issue);
  const turn = Promise.withResolvers<void>();
  turns.set(issue, turn.promise);
  await Promise.race([before, aborted(signal)]);
  try {
    await unlock(scope, issue, signal);
    return await post();
  } catch (error) {
    throw saysLocked(error) ? lockedMeanwhile(issue, error) : error;
  } finally {
    // That the lock is lost shows on the issue; it is no reason to call a comment lost that stands there.
    lockIssue(scope, issue).then(turn.resolve, () => turn.resolve());
    if (write.untilLocked) await turn.promise;
  }
}

/** Throws a Fault `not-written`: whatever failed here, the comment was not sent. */
async function unlock(scope: Scope, issue: number, signal: AbortSignal): Promise<void> {
  try {
    await scope.once.rest.issues.unlock({ ...at(scope), issue_number: issue, request: { signal } });
  } catch (error) {
    const fault = faultOf(error, { doing: 'unlock it', job: scope.job });
    const may = fault.code === 'permission' ? 'may not' : 'could not';
    const message = `Issue #${issue} is locked and this job ${may} unlock it, so nothing was written. ${fault.message}`;
    throw new Fault('not-written', message, `Unlock the issue on GitHub and try again. ${fault.remedy}`, {
      cause: error,
    });
  }
}

function lockedMeanwhile(issue: number, cause: unknown): Fault {
  return new Fault(
    'not-written',
    `Issue #${issue} is locked. This job unlocked it, but it was locked again before anything was written.`,
    'Unlock the issue on GitHub and try again.',
    { cause },
  );
}

function saysLocked(error: unknown): boolean {
  const answer = answerOf(error);
  return answer?.status === 403 && answer.message.includes('issue is locked');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function state(open: boolean | undefined, completed: boolean | undefined) {
  if (open === undefined) return {};
  if (open) return { state: 'open' as const };
  return {
    state: 'closed' as const,
    state_reason: completed === true ? ('completed' as const) : ('not_planned' as const),
  };
}

async function once<S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
  scope: Scope,
  doing: string,
  schema: S,
  send: () => Promise<unknown>,
): Promise<v.InferOutput<S>> {
  let answer: unknown;
  try {
    answer = await send();
  } catch (error) {
    throw outcome(error, doing, scope);
  }
  const written = v.safeParse(schema, answer);
  if (!written.success) throw notConfirmed(doing, 'its answer was cut short', null);
  return written.output;
}

/** A 4xx is GitHub's own no. A 5xx may come from a proxy after GitHub has written, so it is as doubtful as silence. */
function outcome(error: unknown, doing: string, scope: Scope): Fault {
  if (error instanceof Fault) return error;
  const answer = answerOf(error);
  if (answer !== null && answer.status >= 500) return notConfirmed(doing, `it answered ${answer.status}`, error);
  if (answer === null && !neverSent(error)) return notConfirmed(doing, reasonOf(error), error);
  const fault = faultOf(error, { doing, job: scope.job });
  return new Fault('not-written', fault.message, fault.remedy, { cause: error });
}

function notConfirmed(doing: string, why: string, cause: unknown): Fault {
  return new Fault(
    'not-confirmed',
    `GitHub did not confirm that it could ${doing}: ${why}. It may have been written.`,
    doing === OPENING
      ? 'Look for a new issue with the label debug-request before trying again; the sweep closes it.'
      : 'Look at the issue before trying again.',
    { cause },
  );
}

function neverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && NEVER_SENT.includes(error.code)) return true;
  return neverSent(error.cause);
}

function at(scope: Scope): { owner: string; repo: string } {
  return { owner: scope.owner, repo: scope.name };
}
