/** Who may sign which event: the table of DESIGN §5 as data. */
import type { Event } from '../request/events.ts';
import type { Request } from '../request/request.ts';
import { sameName } from './names.ts';
import type { Trust } from './trust.ts';

/** Who a record is from, as the table asks for it. */
export type Signer = JobSigner | { gateway: string };

export interface JobSigner {
  run: number;
  attempt: number;
  environment: string | null;
  /** What started the run, as its token says; null: the record is unsigned and was accepted so (src/log/unsigned.ts). */
  event: string | null;
}

/** One kind of job that may sign an event, or the gateway. */
type Role = JobRole | 'gateway';

interface JobRole {
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

const ASK_OWN: JobRole = { environment: 'approval', run: 'own', startedBy: ['workflow_dispatch'] };
const ASK_ANY: JobRole = { environment: 'approval', run: 'any', startedBy: ['workflow_dispatch'] };
const DEBUG: JobRole = { environment: 'target', run: 'own', startedBy: ['workflow_dispatch'] };
const CLOSE_OR_SWEEP: JobRole = { environment: 'approval', run: 'any', startedBy: ['workflow_dispatch', 'schedule'] };

export const ROLES: { readonly [type in Event['type']]: readonly Role[] } = {
  requested: [ASK_OWN],
  decided: [ASK_ANY, 'gateway'],
  refused: [ASK_ANY, { ...CLOSE_OR_SWEEP, reviewOnly: true }, 'gateway'],
  'refusals-counted': [CLOSE_OR_SWEEP, 'gateway'],
  withdrawn: [ASK_ANY, 'gateway'],
  reminded: [ASK_ANY, 'gateway'],
  discussed: [ASK_ANY, 'gateway'],
  reviewed: [CLOSE_OR_SWEEP, 'gateway'],
  'review-overdue': [CLOSE_OR_SWEEP, 'gateway'],
  started: [DEBUG],
  ended: [DEBUG, { ...CLOSE_OR_SWEEP, interruptedOnly: true }],
  expired: [CLOSE_OR_SWEEP, 'gateway'],
  cancelled: [CLOSE_OR_SWEEP, 'gateway'],
  errored: [CLOSE_OR_SWEEP, 'gateway'],
  purge: [CLOSE_OR_SWEEP, 'gateway'],
  purged: [CLOSE_OR_SWEEP, 'gateway'],
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
  const who = 'gateway' in signer ? `the gateway (key ${signer.gateway})` : jobText(signer);
  return { ok: false, why: `${who} may not sign "${refused.type}" for request ${request.id}` };
}

function jobText(signer: JobSigner): string {
  const place = signer.environment === null ? 'no environment' : `environment "${signer.environment}"`;
  const start = signer.event === null ? 'unsigned' : `started by ${signer.event}`;
  return `a job in ${place} of run ${signer.run} attempt ${signer.attempt}, ${start},`;
}

/** Whether the signer may archive the issuer's keys: the row "keys" of the table, which is about no request. */
export function mayArchive(signer: Signer, trust: Trust): boolean {
  if ('gateway' in signer) return false;
  const { environment, event } = signer;
  if (environment === null || !sameName(environment, trust.approvalEnvironment)) return false;
  return CLOSE_OR_SWEEP.startedBy.some((name) => name === event);
}

function fits(role: Role, signer: Signer, event: Event, request: Request, trust: Trust): boolean {
  if (role === 'gateway' || 'gateway' in signer) return role === 'gateway' && 'gateway' in signer;
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

function sameRun(signer: JobSigner, run: { id: number; attempt: number }): boolean {
  return signer.run === run.id && signer.attempt === run.attempt;
}
