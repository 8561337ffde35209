/** Makes what people are shown (the view) from a request's state. */
import type { Verdict } from '../policy/evaluate.ts';
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { endSentence } from './ending.ts';
import { type CountedDecision, isOpen, type OpenedState } from './state.ts';
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
  const { request, digest, approvers, notices } = state.opening;
  const requester = policy.people[request.requester.person];
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
      title: policy.runbooks[request.runbook]?.title ?? request.runbook,
      url: isRepositoryFile(script) ? `${repositoryUrl}/blob/${request.commit}/${encodeURI(script)}` : null,
    },
    requester: { name: nameOf(policy, request.requester.person), slack: requester?.slack ?? null },
    verdict: verdictOf(state),
    decisions: state.decisions.map(({ by, decision, comment, at }) => ({ name: by.name, decision, comment, at })),
    approvers: approvers.map((person) => ({
      name: nameOf(policy, person),
      slack: policy.people[person]?.slack ?? null,
      decided: state.decisions.some((decision) => decision.person === person),
    })),
    notices,
    ...outcomeOf(state),
    button: isOpen(state) ? button : null,
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
      return said(`Approved by ${approversIn(state)}; the debug job may start.`);
    case 'running':
      return said('The debug job is running.');
    case 'denied':
      return denied(state.denial);
    case 'expired':
      return said(
        state.verdict.status === 'met'
          ? `Approved by ${approversIn(state)}, but expired before the debug job started; nothing ran.`
          : 'Expired without enough approvals; nothing ran.',
      );
    case 'cancelled':
      return said('Cancelled; nothing ran.', state.reason);
    case 'error':
      // A log may break after the job ran: of that nobody can tell.
      return state.code === 'log'
        ? said('Stopped: the log cannot be believed.', state.message)
        : said('Ended in an error; nothing ran.', state.message);
    case 'finished':
    case 'failed':
      return said(endSentence(state.end));
  }
}

function denied({ by, comment }: CountedDecision): Outcome {
  const sentence = `Denied by ${by.name}; nothing ran.`;
  return comment.trim() === '' ? said(sentence) : said(`${sentence} Reason:`, comment);
}

function said(outcome: string | null, detail: string | null = null): Outcome {
  return { outcome, detail };
}

const LIST = new Intl.ListFormat('en');

function approversIn({ decisions }: OpenedState): string {
  return LIST.format(decisions.filter(({ decision }) => decision === 'approve').map(({ by }) => by.name));
}

/** Once nobody is asked any more, only what was met is of interest: nobody is to be waited for. */
function verdictOf({ status, verdict }: OpenedState): Verdict | null {
  if (status === 'pending') return verdict;
  return verdict.status === 'met' ? metPart(verdict) : null;
}

function metPart(verdict: Verdict): Verdict {
  return { ...verdict, children: verdict.children.filter(({ status }) => status === 'met').map(metPart) };
}
