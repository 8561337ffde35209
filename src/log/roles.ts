/** Who may sign which event: the table of DESIGN §5 as data. */
import type { Event } from '../request/events.ts';
import type { Request } from '../request/request.ts';
import { sameName } from './names.ts';
import type { Trust } from './trust.ts';

/** Who a record is from, as the table asks for it. */
export interface Signer {
  run: number;
  attempt: number;
  environment: string | null;
  /** What started the run, as its token says; null: the record is unsigned and was accepted so (src/log/unsigned.ts). */
  event: string | null;
}

/** One kind of job that may sign an event. */
interface Role {
  /** The job's environment: that of the ask, close and sweep jobs, or the one of the request's target. */
  environment: 'approval' | 'target';
  /** `own`: the very run and attempt that the request is about. */
  run: 'own' | 'any';
  /** The events that may have started the run. */
  startedBy: readonly ('workflow_dispatch' | 'schedule')[];
  /** This role may sign only those ends that it did not see itself. */
  interruptedOnly?: true;
  /** This role may sign only the refusals of after-reviews: no decision comes before it. */
  reviewOnly?: true;
}

const ASK_OWN: Role = { environment: 'approval', run: 'own', startedBy: ['workflow_dispatch'] };
const ASK_ANY: Role = { environment: 'approval', run: 'any', startedBy: ['workflow_dispatch'] };
const DEBUG: Role = { environment: 'target', run: 'own', startedBy: ['workflow_dispatch'] };
const CLOSE_OR_SWEEP: Role = { environment: 'approval', run: 'any', startedBy: ['workflow_dispatch', 'schedule'] };

export const ROLES: { readonly [type in Event['type']]: readonly Role[] } = {
  requested: [ASK_OWN],
  decided: [ASK_ANY],
  refused: [ASK_ANY, { ...CLOSE_OR_SWEEP, reviewOnly: true }],
  'refusals-counted': [CLOSE_OR_SWEEP],
  withdrawn: [ASK_ANY],
  reminded: [ASK_ANY],
  discussed: [ASK_ANY],
  reviewed: [CLOSE_OR_SWEEP],
  'review-overdue': [CLOSE_OR_SWEEP],
  started: [DEBUG],
  ended: [DEBUG, { ...CLOSE_OR_SWEEP, interruptedOnly: true }],
  expired: [CLOSE_OR_SWEEP],
  cancelled: [CLOSE_OR_SWEEP],
  errored: [CLOSE_OR_SWEEP],
  purge: [CLOSE_OR_SWEEP],
  purged: [CLOSE_OR_SWEEP],
};

/** Whether the signer may sign all of the events; if not, why not. A record counts whole or not at all. */
export function maySign(
  signer: Signer,
  events: readonly Event[],
  request: Request,
  trust: Trust,
): { ok: true } | { ok: false; why: string } {
  const refused = events.find((event) => !ROLES[event.type].some((role) => fits(role, signer, event, request, trust)));
  if (refused === undefined) return { ok: true };
  const place = signer.environment === null ? 'no environment' : `environment "${signer.environment}"`;
  const start = signer.event === null ? 'unsigned' : `started by ${signer.event}`;
  const job = `a job in ${place} of run ${signer.run} attempt ${signer.attempt}, ${start},`;
  return { ok: false, why: `${job} may not sign "${refused.type}" for request ${request.id}` };
}

/** Whether the signer may archive the issuer's keys: the row "keys" of the table, which is about no request. */
export function mayArchive({ environment, event }: Signer, trust: Trust): boolean {
  if (environment === null || !sameName(environment, trust.approvalEnvironment)) return false;
  return CLOSE_OR_SWEEP.startedBy.some((name) => name === event);
}

function fits(role: Role, signer: Signer, event: Event, request: Request, trust: Trust): boolean {
  const environment = role.environment === 'approval' ? trust.approvalEnvironment : request.environment;
  if (signer.environment === null || !sameName(signer.environment, environment)) return false;
  // A target in the approval environment would make the debug job a decider.
  if (role.environment === 'target' && sameName(environment, trust.approvalEnvironment)) return false;
  if (role.run === 'own' && !sameRun(signer, request.run)) return false;
  if (signer.event !== null && !role.startedBy.some((name) => name === signer.event)) return false;
  if (role.interruptedOnly && !(event.type === 'ended' && event.reason === 'interrupted')) return false;
  if (role.reviewOnly && !(event.type === 'refused' && event.decision === 'review')) return false;
  return event.type !== 'started' || sameRun(signer, event.run);
}

function sameRun(signer: Signer, run: { id: number; attempt: number }): boolean {
  return signer.run === run.id && signer.attempt === run.attempt;
}
