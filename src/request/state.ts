/** A request's state: the fold of its accepted records under the policy that it names. */
import { sameName } from '../log/names.ts';
import { eligibleApprovers, evaluate, type Verdict } from '../policy/evaluate.ts';
import type { Policy } from '../policy/schema.ts';
import type { Actor, Event, EventOf } from './events.ts';

export type Status =
  | 'pending'
  | 'approved'
  | 'running'
  | 'finished'
  | 'failed'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'error';

/** The part of an accepted record that the fold needs. `createdAt` is GitHub's time of the comment: the time that counts. */
export interface LoggedRecord {
  commentId: number;
  createdAt: string;
  record: { by: Actor; events: Event[]; sentence: string };
}

/** A decision that counts. */
export interface CountedDecision {
  commentId: number;
  at: string;
  by: Actor;
  person: string;
  decision: 'approve' | 'deny';
  comment: string;
}

interface Opened {
  opening: EventOf<'requested'>;
  /** Decisions that count, in comment order; at most one approval of each human. */
  decisions: CountedDecision[];
  verdict: Verdict;
  /** Accounts of whom a refused attempt is already on record. */
  refused: string[];
  /** Comment ids of decisions and refusals that came as issue comments, so that none is recorded twice. */
  answeredComments: string[];
}

export interface Start {
  commentId: number;
  at: string;
  event: EventOf<'started'>;
}

export type OpenState = Opened & ({ status: 'pending' } | { status: 'approved' });

export type OpenedState =
  | OpenState
  | (Opened & { status: 'denied'; denial: CountedDecision })
  | (Opened & { status: 'expired' })
  | (Opened & { status: 'cancelled'; reason: string })
  | (Opened & { status: 'error'; code: string; message: string })
  | (Opened & { status: 'running'; start: Start })
  | (Opened & { status: 'finished' | 'failed'; start: Start; end: EventOf<'ended'> });

/** `none`: the log has no opening. */
export type State = { status: 'none' } | OpenedState;

export const initialState: State = { status: 'none' };

/** Folds accepted records, in comment-id order, into the state. The same records give every reader the same state. */
export function fold(policy: Policy, records: readonly LoggedRecord[]): State {
  let state = initialState;
  for (const record of [...records].sort((a, b) => a.commentId - b.commentId)) {
    for (const event of record.record.events) state = evolve(policy, state, event, record);
  }
  return state;
}

/** True while the request may still be decided or started. */
export function isOpen(state: State): state is OpenState {
  return state.status === 'pending' || state.status === 'approved';
}

/** True once the request's time is over: from `expiresAt` on neither a decision nor a start counts. */
export function isOver(expiresAt: string, at: string | number): boolean {
  const instant = typeof at === 'number' ? at : Date.parse(at);
  return !(instant < Date.parse(expiresAt));
}

/** Persons who may not approve: the requester and whoever the run belongs to, when the policy knows them. */
export function excludedPersons(request: {
  requester: { person: string };
  actor: { person: string | null };
}): string[] {
  return [request.requester.person, request.actor.person].filter((person): person is string => person !== null);
}

/** `github:<id>` or `slack:<team>/<user>`: the account behind an attempt. */
export function accountOf(by: Actor): string {
  if (by.slack !== null) return `slack:${by.slack.team}/${by.slack.user}`;
  return `github:${by.github?.id ?? 0}`;
}

function evolve(policy: Policy, state: State, event: Event, at: LoggedRecord): State {
  switch (event.type) {
    case 'requested':
      return state.status === 'none' ? opened(policy, event) : state;
    case 'decided':
      return isOpen(state) ? decided(policy, state, event, at) : state;
    case 'refused':
      return state.status === 'none' ? state : refused(state, event.account, at.record.by);
    case 'refusals-counted':
      return state;
    case 'started':
      return mayStart(state, event, at)
        ? { ...state, status: 'running', start: { commentId: at.commentId, at: at.createdAt, event } }
        : state;
    case 'ended':
      return state.status === 'running' ? { ...state, status: event.outcome, end: event } : state;
    case 'expired':
      return isOpen(state) ? { ...state, status: 'expired' } : state;
    case 'cancelled':
      return isOpen(state) ? { ...state, status: 'cancelled', reason: event.reason } : state;
    case 'errored':
      return isOpen(state) ? { ...state, status: 'error', code: event.code, message: event.message } : state;
  }
}

function opened(policy: Policy, opening: EventOf<'requested'>): State {
  return derive(policy, {
    opening,
    decisions: [],
    verdict: { status: 'waiting', sentence: '', children: [] },
    refused: [],
    answeredComments: [],
  });
}

/** `approved` is derived here and nowhere recorded: two approvals written at the same moment are enough. */
function derive(policy: Policy, open: Opened): OpenState {
  const { request } = open.opening;
  const approvals = open.decisions.filter(({ decision }) => decision === 'approve').map(({ person }) => person);
  const verdict = evaluate(
    policy,
    { runbook: request.runbook, target: request.target, excluded: excludedPersons(request) },
    approvals,
  );
  return { ...open, verdict, status: verdict.status === 'met' ? 'approved' : 'pending' };
}

function decided(policy: Policy, state: OpenState, event: EventOf<'decided'>, at: LoggedRecord): State {
  const decision: CountedDecision = {
    commentId: at.commentId,
    at: at.createdAt,
    by: at.record.by,
    person: event.person,
    decision: event.decision,
    comment: event.comment,
  };
  if (!counts(policy, state, decision)) return answered(state, at.record.by);
  const open = answered({ ...state, decisions: [...state.decisions, decision] }, at.record.by);
  return event.decision === 'deny' ? { ...open, status: 'denied', denial: decision } : derive(policy, open);
}

/** Judged anew by every reader, whatever the writer thought: in time, by somebody eligible then and now, one human once. */
function counts(policy: Policy, state: OpenState, decision: CountedDecision): boolean {
  const { request, approvers } = state.opening;
  if (isOver(request.expiresAt, decision.at)) return false;
  if (decision.by.person !== decision.person) return false;
  if (!approvers.includes(decision.person) || !mayDecide(policy, state, decision.person)) return false;
  return decision.decision === 'deny' || !state.decisions.some(({ person }) => person === decision.person);
}

/** True when the policy lets this person decide on this request. */
export function mayDecide(policy: Policy, state: { opening: EventOf<'requested'> }, person: string): boolean {
  const { request } = state.opening;
  const ask = { runbook: request.runbook, target: request.target, excluded: excludedPersons(request) };
  return eligibleApprovers(policy, ask).includes(person);
}

function refused<S extends OpenedState>(state: S, account: string, by: Actor): S {
  const known = state.refused.includes(account) ? state.refused : [...state.refused, account];
  return answered({ ...state, refused: known }, by);
}

function answered<S extends Opened>(state: S, by: Actor): S {
  const comment = by.via === 'issue-comment' ? by.evidence['comment'] : undefined;
  if (comment === undefined || state.answeredComments.includes(comment)) return state;
  return { ...state, answeredComments: [...state.answeredComments, comment] };
}

function mayStart(state: State, event: EventOf<'started'>, at: LoggedRecord): state is OpenState {
  if (state.status !== 'approved') return false;
  const { request, digest } = state.opening;
  return (
    !isOver(request.expiresAt, at.createdAt) &&
    event.digest === digest &&
    event.run.id === request.run.id &&
    event.run.attempt === request.run.attempt &&
    sameName(event.environment, request.environment)
  );
}
