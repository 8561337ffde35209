/** What a report tells of one request: plain data, made of its verified log and of how that log was judged. */
import type { Entry } from '../../log/chain.ts';
import type { Grade, Grading } from '../../log/grade.ts';
import { rulesFor } from '../../policy/evaluate.ts';
import { nameOf } from '../../policy/people.ts';
import { countsIn } from '../../policy/requirement.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyAsOf } from '../../policy/snapshot.ts';
import { askOf } from '../../request/asked.ts';
import type { Actor, Deed, RefusalCode } from '../../request/events.ts';
import { instant } from '../../request/instant.ts';
import { oneLine, visible } from '../../request/plain-text.ts';
import { outcomeOf, outcomeText } from '../../request/present.ts';
import type { Request } from '../../request/request.ts';
import { initialState, type OpenedState, reviewOf, type State, type Status, stateAfter } from '../../request/state.ts';
import { type Fact, factsOf, openingIn } from './facts.ts';
import { type TimelineEntry, timelineOf } from './timeline.ts';

/** What the verifier found. `commentId`: the comment it is about; null: none that is there. */
export interface Remark {
  commentId: number | null;
  why: string;
}

/** What the verifier said of a log. `unknown`: it could not be determined, `why` says what was missing. */
export interface Judgement {
  status: 'whole' | 'broken' | 'unknown';
  why: string;
  /** null: not graded, since the log is not whole. */
  graded: Grading | null;
  /** All that breaks it, the first first. */
  broken: readonly Remark[];
  /** What is ignored: additions of others, harmless edits and deletions. */
  findings: readonly Remark[];
}

/** The part of a log's entry that a report tells. */
export type ReportedEntry = Pick<Entry, 'commentId' | 'createdAt' | 'record' | 'key'>;

/** A request as whoever verified it hands it to the report. */
export interface AuditedLog {
  issue: number;
  url: string;
  /** Accepted records, in the order of comment ids. */
  entries: readonly ReportedEntry[];
  /** The policy that the opening names; null: it could not be had or read; then only what was asked and its records are told. */
  policy: Policy | null;
  judgement: Judgement;
}

/** A decision or withdrawal that counted when it was made. */
export interface Decision {
  /** The policy's key. */
  person: string;
  name: string;
  decision: 'approve' | 'deny' | 'withdraw';
  via: Actor['via'];
  /** From the opening's comment to the decision's, by GitHub's clock. */
  afterMs: number;
  /**
   * Their groups that the rules which applied count, as the policy and its directories had them when it was asked; those left since
   * are not here.
   */
  groups: string[];
}

/** What one account tried and was refused. */
export interface Refusal {
  /** Why its first attempt was refused. */
  code: RefusalCode;
  deed: Deed;
  name: string;
  /** Further attempts, which the log counts without their reasons. */
  further: number;
}

/** The after-review of a break-glass. Times are RFC 3339. */
export interface ReviewSummary {
  dueAt: string;
  signed: { name: string; at: string } | null;
  /** A record says that it was not signed in time. */
  overdue: boolean;
}

/** `unknown`: nobody can tell without the policy that it was opened under. */
export type ReportedStatus = Status | 'unknown';

/** What was asked and what became of it: enough to count, to draw and to find it by. */
export interface Asked {
  /** When its opening record was written, RFC 3339, by GitHub's clock. */
  at: string;
  status: ReportedStatus;
  runbook: string;
  target: string;
  requester: string;
  ticket: string;
  reason: string;
  breakGlass: boolean;
  decisions: Decision[];
  /** From the opening until the first decision that counted; null: nobody decided. */
  firstDecisionMs: number | null;
  /** From the opening until the record after which the policy was met; null: it never was, or nobody had to approve. */
  quorumMs: number | null;
  refusals: Refusal[];
  review: ReviewSummary | null;
}

export interface RequestSummary {
  issue: number;
  url: string;
  verification: { status: Judgement['status']; grade: Grade | null; why: string };
  /** Without its policy no state, decision or after-review can be told, but what was asked. null: no record opens a request. */
  asked: Asked | null;
  /** What only the request's own page shows. */
  detail: {
    facts: Fact[];
    outcome: string;
    keys: Grading['keys'];
    grade: string | null;
    broken: Remark[];
    findings: Remark[];
    timeline: TimelineEntry[];
  };
}

/** How a request stands is told by its policy alone. */
const UNTOLD = 'No state can be told: no record opens a request, or its policy could not be read.';

/** The summary of one request. Pure; the same log gives the same summary. Texts of others come out with nothing hidden in them. */
export function summaryOf({ issue, url, entries, policy, judgement }: AuditedLog): RequestSummary {
  const { status, why, graded, broken, findings } = judgement;
  const steps = policy === null ? [] : stepsOf(policy, entries);
  const state = steps.at(-1)?.state ?? null;
  const told = policy === null || state === null ? null : { policy: policyAsOf(policy, state.opening), state };
  return {
    issue,
    // Whoever opens the report follows it by a click.
    url: /^https?:\/\//.test(url) ? url : '',
    verification: { status, grade: graded?.grade ?? null, why: oneLine(why) },
    asked: told === null ? askedAlone(entries) : askedOf(told.policy, told.state, steps),
    detail: {
      facts: factsOf(told?.policy ?? null, entries),
      outcome: told === null ? UNTOLD : outcomeIn(told.state, status),
      keys: graded?.keys ?? [],
      grade: graded === null ? null : oneLine(graded.why),
      broken: broken.map(plain),
      findings: findings.map(plain),
      timeline: timelineOf(entries, broken),
    },
  };
}

/** What the records say became of it; of a broken log that may be less than the truth. */
function outcomeIn(state: OpenedState, status: Judgement['status']): string {
  const outcome = visible(outcomeText(outcomeOf(state)) ?? 'It waits for decisions.');
  return status === 'whole' ? outcome : `The records that are left say: “${outcome}”`;
}

function plain({ commentId, why }: Remark): Remark {
  return { commentId, why: oneLine(why) };
}

/** An accepted record and how the request stood before and after it. */
interface Step {
  entry: ReportedEntry;
  before: State;
  state: OpenedState;
}

function stepsOf(policy: Policy, entries: readonly ReportedEntry[]): Step[] {
  let state: State = initialState;
  return entries.flatMap((entry) => {
    const before = state;
    state = stateAfter(policy, before, entry);
    return state.status === 'none' ? [] : [{ entry, before, state }];
  });
}

/** What the opening says by itself. */
function askedAlone(entries: readonly ReportedEntry[]): Asked | null {
  const opened = entries.find(({ record }) => record.events.some(({ type }) => type === 'requested'));
  const opening = openingIn(entries);
  if (opened === undefined || opening === null) return null;
  return {
    ...{ at: opened.createdAt, status: 'unknown', ...whatWasAsked(opening.request) },
    requester: oneLine(opening.request.requester.person),
    ...{ decisions: [], firstDecisionMs: null, quorumMs: null, refusals: refusalsOf(entries), review: null },
  };
}

function whatWasAsked({ runbook, target, ticket, reason, breakGlass }: Request) {
  const words = {
    runbook: oneLine(runbook),
    target: oneLine(target),
    ticket: oneLine(ticket),
    reason: oneLine(reason),
  };
  return { ...words, breakGlass };
}

function askedOf(policy: Policy, state: OpenedState, steps: readonly Step[]): Asked {
  const { request } = state.opening;
  const at = steps[0]?.entry.createdAt ?? request.askedAt;
  const groups = groupsCounted(policy, request);
  const decisions = steps.flatMap((step) => decisionsOf({ policy, groups, at }, step));
  // Where nobody had to approve there is no quorum to wait for.
  const met = steps.find(({ state: { status } }) => status === 'approved');
  const asked = met === undefined || met === steps[0] ? null : since(at, met.entry);
  return {
    at,
    status: state.status,
    ...whatWasAsked(request),
    requester: oneLine(nameOf(policy, request.requester.person)),
    decisions,
    firstDecisionMs: decisions[0]?.afterMs ?? null,
    quorumMs: asked,
    refusals: refusalsOf(steps.map(({ entry }) => entry)),
    review: reviewSummary(policy, state),
  };
}

function since(at: string, { createdAt }: ReportedEntry): number {
  return Math.max(0, Date.parse(createdAt) - Date.parse(at));
}

/** What a record decided, as far as the fold counted it. */
function decisionsOf(
  { policy, groups, at }: { policy: Policy; groups: readonly string[]; at: string },
  { entry, before, state }: Step,
): Decision[] {
  const { commentId, record } = entry;
  const taken = before.status === 'none' ? 0 : before.withdrawals.length;
  const counted = [
    ...state.decisions.filter((one) => one.commentId === commentId),
    ...state.withdrawals.slice(taken).map((one) => ({ ...one, decision: 'withdraw' as const })),
  ];
  return counted.map(({ person, decision, left }) => ({
    person,
    name: oneLine(nameOf(policy, person)),
    decision,
    via: record.by.via,
    afterMs: since(at, entry),
    groups: groups.filter((group) => policy.groups[group]?.members.includes(person) && !left.includes(group)),
  }));
}

/** The groups of the policy of which a rule that applies counts people, in its order. */
function groupsCounted(policy: Policy, request: Request): string[] {
  const counts = rulesFor(policy, askOf(request)).flatMap(({ require }) =>
    require === 'none' ? [] : countsIn(require),
  );
  const named = new Set(counts.flatMap(({ of }) => of));
  return Object.keys(policy.groups).filter((group) => named.has(group));
}

function refusalsOf(entries: readonly ReportedEntry[]): Refusal[] {
  const byAccount = new Map<string, Refusal>();
  const events = entries.flatMap(({ record }) => record.events.map((event) => ({ by: record.by, event })));
  for (const { by, event } of events) {
    if (event.type === 'refused') {
      const { account, code, decision } = event;
      const known = byAccount.get(account);
      if (known !== undefined) known.further += 1;
      else byAccount.set(account, { code, deed: decision, name: oneLine(by.name), further: 0 });
    } else if (event.type === 'refusals-counted') {
      for (const [account, count] of Object.entries(event.counts)) {
        const known = byAccount.get(account);
        if (known !== undefined) known.further += count;
      }
    }
  }
  return [...byAccount.values()];
}

function reviewSummary(policy: Policy, state: OpenedState): ReviewSummary | null {
  const review = reviewOf(policy, state);
  if (review === null) return null;
  const { dueAt, signed, overdue } = review;
  return {
    dueAt: instant(dueAt),
    signed: signed === null ? null : { name: oneLine(signed.name), at: signed.at },
    overdue,
  };
}
