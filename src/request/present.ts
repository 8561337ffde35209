/** Makes what people are shown (the view) from a request's state. */
import type { Verdict } from '../policy/evaluate.ts';
import { lookup } from '../policy/lookup.ts';
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import { decisionOf, denialsFor } from './counting.ts';
import { pingedBy } from './deadlines.ts';
import { endSentence } from './ending.ts';
import { checklistOf, modeOf } from './manner.ts';
import { listed } from './names.ts';
import { isOpen, type OpenedState, reviewOf } from './state.ts';
import type { RequestView } from './view.ts';

/** Facts about the place where the request lives. */
export interface Place {
  /** `owner/name`. */
  repository: string;
  /** `https://github.com`, without a slash at its end. */
  serverUrl: string;
  issue: { number: number; url: string };
}

/** The view of a request. `button` is what the card's buttons carry while they may stand, null where they may not. */
export function present(policy: Policy, state: OpenedState, place: Place, button: string | null): RequestView {
  const { opening } = state;
  const { request, digest, notices } = opening;
  const then = policyAsOf(policy, opening);
  const repositoryUrl = `${place.serverUrl}/${place.repository}`;
  const script = request.argv[0] ?? '';
  return {
    status: state.status,
    request,
    digest,
    repository: place.repository,
    issue: place.issue,
    runUrl: `${repositoryUrl}/actions/runs/${request.run.id}/attempts/${request.run.attempt}`,
    runbook: {
      title: lookup(policy.runbooks, request.runbook)?.title ?? request.runbook,
      url: isRepositoryFile(script) ? `${repositoryUrl}/blob/${request.commit}/${encodeURI(script)}` : null,
    },
    requester: { name: nameOf(policy, request.requester.person), slack: slackOf(then, request.requester.person) },
    askedInSlack: opening.envelope !== undefined,
    verdict: verdictOf(state),
    mode: modeOf(then, opening),
    checklist: checklistOf(then, opening),
    denialsNeeded: denialsFor(then, opening),
    decisions: decisionsOf(state),
    approvers: approversOf(then, state),
    review: reviewShown(then, state),
    notices,
    ...outcomeOf(state),
    button: isOpen(state) ? button : null,
  };
}

function slackOf(policy: Policy, person: string): { team: string; user: string } | null {
  return lookup(policy.people, person)?.slack ?? null;
}

/** What counts and what was taken back, in the order in which it was said. */
function decisionsOf({ decisions, withdrawals }: OpenedState): RequestView['decisions'] {
  const said = [
    ...decisions.map(({ commentId, by, decision, comment, at }) => ({ commentId, by, decision, comment, at })),
    ...withdrawals.map(({ withdrawn }) => ({ ...withdrawn, decision: 'withdraw' as const })),
  ];
  return said
    .sort((a, b) => a.commentId - b.commentId)
    .map(({ by, decision, comment, at }) => ({ name: by.name, decision, comment, at }));
}

function approversOf(policy: Policy, state: OpenedState): RequestView['approvers'] {
  const pinged = pingedBy(policy, state);
  // Whoever denied decides nothing more.
  const may = state.opening.approvers.filter((person) => decisionOf(state, person) !== 'deny');
  return may.map((person) => ({
    name: nameOf(policy, person),
    slack: slackOf(policy, person),
    decided: decisionOf(state, person) !== null,
    pinged: pinged.includes(person),
  }));
}

function reviewShown(policy: Policy, state: OpenedState): RequestView['review'] {
  const review = reviewOf(policy, state);
  if (review === null) return null;
  const { by, dueAt, signed, overdue } = review;
  return {
    dueAt: new Date(dueAt).toISOString().replace('.000Z', 'Z'),
    by: by.map((person) => nameOf(policy, person)),
    signed: signed === null ? null : { name: signed.name, at: signed.at, comment: signed.comment },
    overdue,
  };
}

/** A command given by a relative path stands in the repository; a bare name is looked up on the runner's PATH. */
function isRepositoryFile(command: string): boolean {
  return command.includes('/') && !command.startsWith('/') && !command.split('/').includes('..');
}

/** The outcome with its detail, for plain text; null while the request waits for decisions. Holds words of others. */
export function outcomeText({ outcome, detail }: Pick<RequestView, 'outcome' | 'detail'>): string | null {
  return outcome === null || detail === null ? outcome : `${outcome} ${detail}`;
}

type Outcome = Pick<RequestView, 'outcome' | 'detail'>;

/** The only place that puts a request's state into words. */
export function outcomeOf(state: OpenedState): Outcome {
  switch (state.status) {
    case 'pending':
      return said(null);
    case 'approved':
      return said(`${howApproved(state)}; the debug job may start.`);
    case 'running':
      return said(isBreakGlass(state) ? 'BREAK-GLASS: the debug job is running.' : 'The debug job is running.');
    case 'denied':
      return denied(state);
    case 'expired':
      return said(
        state.verdict.status === 'met'
          ? `${isBreakGlass(state) ? 'BREAK-GLASS' : howApproved(state)}, but expired before the debug job started; nothing ran.`
          : 'Expired without enough approvals; nothing ran.',
      );
    case 'cancelled':
      return cancelled(state);
    case 'error':
      // A log may break after the job ran: of that nobody can tell.
      if (state.code === 'log') return said('Stopped: the log cannot be believed.', state.message);
      if (state.code === 'changed') return said("Stopped: the issue's text was changed; nothing ran.", state.message);
      return said('Ended in an error; nothing ran.', state.message);
    case 'finished':
    case 'failed':
      return ended(state);
  }
}

function isBreakGlass({ opening }: OpenedState): boolean {
  return opening.request.breakGlass;
}

function howApproved(state: OpenedState): string {
  const names = namesOfThose(state, 'approve');
  if (isBreakGlass(state)) return `BREAK-GLASS: ${names === '' ? 'nobody' : `only ${names}`} approved this beforehand`;
  return names === '' ? 'Pre-approved by the policy' : `Approved by ${names}`;
}

function denied(state: Extract<OpenedState, { status: 'denied' }>): Outcome {
  const sentence = `Denied by ${namesOfThose(state, 'deny')}; nothing ran.`;
  const { comment } = state.denial;
  return comment.trim() === '' ? said(sentence) : said(`${sentence} Reason:`, comment);
}

/** The reason of whoever cancelled it is in their own words. */
function cancelled({ by, reason }: Extract<OpenedState, { status: 'cancelled' }>): Outcome {
  if (by === null) return said('Cancelled; nothing ran.', reason);
  const sentence = `Cancelled by ${by}; nothing ran.`;
  return reason === '' ? said(sentence) : said(`${sentence} Reason:`, reason);
}

function ended(state: Extract<OpenedState, { status: 'finished' | 'failed' }>): Outcome {
  const sentence = endSentence(state.end);
  if (!isBreakGlass(state)) return said(sentence);
  const { review, overdue } = state;
  if (review !== null) {
    const signed = `${review.name} signed the after-review${overdue ? ' late' : ''}`;
    return said(`${sentence} BREAK-GLASS: ${signed}:`, review.comment);
  }
  return said(`${sentence} BREAK-GLASS: the after-review is ${overdue ? 'overdue' : 'to be signed'}.`);
}

function said(outcome: string | null, detail: string | null = null): Outcome {
  return { outcome, detail };
}

function namesOfThose({ decisions }: OpenedState, wanted: 'approve' | 'deny'): string {
  return listed(decisions.filter(({ decision }) => decision === wanted).map(({ by }) => by.name));
}

/** Once nobody is asked any more, only what was met is of interest: nobody is to be waited for. */
function verdictOf({ status, verdict }: OpenedState): Verdict | null {
  if (status === 'pending') return verdict;
  return verdict.status === 'met' ? metPart(verdict) : null;
}

function metPart(verdict: Verdict): Verdict {
  return { ...verdict, children: verdict.children.filter(({ status }) => status === 'met').map(metPart) };
}
