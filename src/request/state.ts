/** A request's state: the fold of its accepted records under the policy that it names. */
import { sameName } from '../log/names.ts';
import type { Verdict } from '../policy/evaluate.ts';
import type { Policy } from '../policy/schema.ts';
import { excludedPersons, isOver } from './asked.ts';
import { isReviewable, mayReview, reviewOf, saysSomething } from './break-glass.ts';
import { type Claimed, counts, isDenied, verdictOver } from './counting.ts';
import type { Actor, Event, EventOf } from './events.ts';
import { NOTHING_PURGED, type Sharing, sharingAfter } from './sharing.ts';

export { askOf, excludedPersons, isOver } from './asked.ts';
export { breakGlassVerdict, type DueReview, reviewOf } from './break-glass.ts';
export { mayDecide } from './counting.ts';

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
  /** Groups from a directory that the person had left by then: for these it does not count. */
  left: string[];
}

/** An approval that its author took back, and when and with what words. */
export interface Withdrawal extends CountedDecision {
  withdrawn: { commentId: number; at: string; by: Actor; comment: string };
}

/** Those who may decide were reminded. `escalatedTo`: groups and people who were asked too from then on. */
export interface Reminder {
  step: number;
  at: string;
  escalatedTo: string[];
}

/** The after-review that somebody signed. */
export interface Review {
  person: string;
  name: string;
  at: string;
  comment: string;
}

interface Opened {
  opening: EventOf<'requested'>;
  /** Decisions that count, in comment order; one of each human. */
  decisions: CountedDecision[];
  withdrawals: Withdrawal[];
  reminders: Reminder[];
  review: Review | null;
  /** Whether a record says that the after-review was not signed in time. */
  overdue: boolean;
  /** Timestamps of the messages of the card's thread that are on record. */
  mirrored: string[];
  /** How much that is, in records and in characters. */
  discussed: { records: number; characters: number };
  verdict: Verdict;
  /** Accounts of whom a refused attempt is already on record. */
  refused: string[];
  /** Of whom of these it is on record that they had left the groups by which they might decide. */
  gone: string[];
  /** What became of the things that the request shared. */
  sharing: Sharing;
  /** Comment ids of what came as issue comments and is on record, so that none is recorded twice. */
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
  /** `by`: the name of whoever cancelled it, null for the product itself. */
  | (Opened & { status: 'cancelled'; reason: string; by: string | null })
  | (Opened & { status: 'error'; code: string; message: string })
  | (Opened & { status: 'running'; start: Start })
  | (Opened & { status: 'finished' | 'failed'; start: Start; end: EventOf<'ended'> });

/** `none`: the log has no opening. */
export type State = { status: 'none' } | OpenedState;

export const initialState: State = { status: 'none' };

/** Folds accepted records, in comment-id order, into the state. The same records give every reader the same state. */
export function fold(policy: Policy, records: readonly LoggedRecord[]): State {
  return [...records]
    .sort((a, b) => a.commentId - b.commentId)
    .reduce((state, one) => stateAfter(policy, state, one), initialState);
}

/** The state after one more record, which must be newer than all those that made `state`. */
export function stateAfter(policy: Policy, state: State, record: LoggedRecord): State {
  return record.record.events.reduce((before, event) => evolve(policy, before, event, record), state);
}

/** True while the request may still be decided or started. */
export function isOpen(state: State): state is OpenState {
  return state.status === 'pending' || state.status === 'approved';
}

/** `github:<id>` or `slack:<team>/<user>`: the account behind an attempt. */
export function accountOf(by: Actor): string {
  if (by.slack !== null) return `slack:${by.slack.team}/${by.slack.user}`;
  return `github:${by.github?.id ?? 0}`;
}

function evolve(policy: Policy, state: State, event: Event, at: LoggedRecord): State {
  if (state.status === 'none') return event.type === 'requested' ? opened(policy, event) : state;
  switch (event.type) {
    case 'decided':
      return answered(isOpen(state) ? decided(policy, state, event, at) : state, at.record.by);
    case 'withdrawn':
      return answered(isOpen(state) ? withdrawn(policy, state, event, at) : state, at.record.by);
    case 'refused':
      return answered(refused(state, event), at.record.by);
    case 'started':
      return mayStart(state, event, at)
        ? { ...state, status: 'running', start: { commentId: at.commentId, at: at.createdAt, event } }
        : state;
    case 'ended':
      return state.status === 'running' ? { ...state, status: event.outcome, end: event } : state;
    case 'expired':
      return isOpen(state) ? { ...state, status: 'expired' } : state;
    case 'cancelled':
      return answered(cancelled(state, event, at), at.record.by);
    case 'errored':
      return isOpen(state) ? { ...state, status: 'error', code: event.code, message: event.message } : state;
    case 'reviewed':
      return answered(reviewed(policy, state, event, at), at.record.by);
    case 'review-overdue':
      return isOverdue(policy, state, at) ? { ...state, overdue: true } : state;
    case 'purge':
    case 'purged':
      return isOpen(state) || state.status === 'running'
        ? state
        : { ...state, sharing: sharingAfter(state.sharing, event) };
    case 'reminded':
      return reminded(state, event, at);
    case 'discussed':
      return discussed(state, event);
    case 'requested':
    case 'refusals-counted':
      return state;
  }
}

function discussed(state: OpenedState, { messages }: EventOf<'discussed'>): OpenedState {
  const { records, characters } = state.discussed;
  return {
    ...state,
    mirrored: [...new Set([...state.mirrored, ...messages.map(({ ts }) => ts)])],
    discussed: {
      records: records + 1,
      characters: messages.reduce((sum, { text }) => sum + text.length, characters),
    },
  };
}

function opened(policy: Policy, opening: EventOf<'requested'>): State {
  return derive(policy, {
    opening,
    decisions: [],
    withdrawals: [],
    reminders: [],
    review: null,
    overdue: false,
    mirrored: [],
    discussed: { records: 0, characters: 0 },
    refused: [],
    gone: [],
    sharing: NOTHING_PURGED,
    answeredComments: [],
  });
}

/** `approved` is derived here and nowhere recorded: two approvals written at the same moment are enough. */
function derive(policy: Policy, open: Omit<Opened, 'verdict'>): OpenState {
  const verdict = verdictOver(policy, open.opening, open.decisions);
  return { ...open, verdict, status: verdict.status === 'met' ? 'approved' : 'pending' };
}

function decided(policy: Policy, state: OpenState, event: EventOf<'decided'>, at: LoggedRecord): OpenedState {
  const { commentId, createdAt, record } = at;
  const { person, decision, comment, left } = event;
  const counted: CountedDecision = { commentId, at: createdAt, by: record.by, person, decision, comment, left };
  const claimed: Claimed = { ...counted, shown: event.shown, checklist: event.checklist };
  if (!counts(policy, state, claimed)) return state;
  // Whoever denies takes their own approval back with it.
  const others = state.decisions.filter((one) => one.person !== person);
  const open = derive(policy, { ...state, decisions: [...others, counted] });
  const deniers = open.decisions.filter((one) => one.decision === 'deny').map((one) => one.person);
  // Only a denial makes them enough: where they were enough before, the request is no longer open.
  return isDenied(policy, state.opening, deniers) ? { ...open, status: 'denied', denial: counted } : open;
}

/** Only an approval can be withdrawn, by whoever gave it and in time; whether they may still decide is no matter. */
function withdrawn(policy: Policy, state: OpenState, event: EventOf<'withdrawn'>, at: LoggedRecord): OpenState {
  const { by } = at.record;
  const approval = state.decisions.find((one) => one.person === event.person && one.decision === 'approve');
  if (approval === undefined || by.person !== event.person) return state;
  if (isOver(state.opening.request.expiresAt, at.createdAt)) return state;
  const deed = { commentId: at.commentId, at: at.createdAt, by, comment: event.comment };
  return derive(policy, {
    ...state,
    decisions: state.decisions.filter((one) => one !== approval),
    withdrawals: [...state.withdrawals, { ...approval, withdrawn: deed }],
  });
}

/** By the product itself, or by whoever asked. */
function cancelled(state: OpenedState, event: EventOf<'cancelled'>, at: LoggedRecord): OpenedState {
  const { person, name } = at.record.by;
  if (!isOpen(state)) return state;
  if (person !== null && !excludedPersons(state.opening.request).includes(person)) return state;
  return { ...state, status: 'cancelled', reason: event.reason, by: person === null ? null : name };
}

function reviewed(policy: Policy, state: OpenedState, event: EventOf<'reviewed'>, at: LoggedRecord): OpenedState {
  const { by } = at.record;
  const { person, comment } = event;
  if (by.person !== person || !saysSomething(comment)) return state;
  if (!isReviewable(policy, state) || !mayReview(policy, state, person)) return state;
  return { ...state, review: { person, name: by.name, at: at.createdAt, comment } };
}

function isOverdue(policy: Policy, state: OpenedState, at: LoggedRecord): boolean {
  const review = reviewOf(policy, state);
  return review !== null && review.signed === null && Date.parse(at.createdAt) > review.dueAt;
}

/** Two jobs may have reminded at the same moment: each step and the escalation count once. */
function reminded(state: OpenedState, { step, escalatedTo }: EventOf<'reminded'>, at: LoggedRecord): OpenedState {
  const known = state.reminders.some((one) => one.step >= step);
  const escalated = escalatedTo.length === 0 || state.reminders.some((one) => one.escalatedTo.length > 0);
  if (known && escalated) return state;
  return { ...state, reminders: [...state.reminders, { step, at: at.createdAt, escalatedTo }] };
}

function refused<S extends OpenedState>(state: S, { code, account }: EventOf<'refused'>): S {
  const gone = code === 'left-group' ? [...new Set([...state.gone, account])] : state.gone;
  return { ...state, gone, refused: [...new Set([...state.refused, account])] };
}

function answered<S extends OpenedState>(state: S, by: Actor): S {
  const comment = by.via === 'issue-comment' ? by.evidence['comment'] : undefined;
  if (comment === undefined || state.answeredComments.includes(comment)) return state;
  return { ...state, answeredComments: [...state.answeredComments, comment] };
}

function mayStart(state: OpenedState, event: EventOf<'started'>, at: LoggedRecord): state is OpenState {
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
