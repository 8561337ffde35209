/** Makes what people are shown (the view) from a request's state. */
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { endSentence } from './ending.ts';
import { isOpen, type OpenedState } from './state.ts';
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
    verdict: state.verdict,
    decisions: state.decisions.map(({ by, decision, comment, at }) => ({ name: by.name, decision, comment, at })),
    approvers: approvers.map((person) => nameOf(policy, person)),
    notices,
    outcome: outcomeOf(state),
    button: isOpen(state) ? button : null,
  };
}

/** A command given by a relative path stands in the repository; a bare name is looked up on the runner's PATH. */
function isRepositoryFile(command: string): boolean {
  return command.includes('/') && !command.startsWith('/') && !command.split('/').includes('..');
}

/** How a request ended or what runs, as one sentence; null while it is open. */
export function outcomeOf(state: OpenedState): string | null {
  switch (state.status) {
    case 'pending':
    case 'approved':
      return null;
    case 'running':
      return 'The debug job is running.';
    case 'denied':
      return `Denied by ${state.denial.by.name}; nothing runs.`;
    case 'expired':
      return `Expired at ${state.opening.request.expiresAt}; silence is never consent, nothing runs.`;
    case 'cancelled':
      return 'Cancelled; nothing runs.';
    case 'error':
      return `Error: nothing runs. ${state.message}`;
    case 'finished':
    case 'failed':
      return endSentence(state.end);
  }
}
