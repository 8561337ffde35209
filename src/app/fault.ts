/** A failure of the outside world or of a set-up, in words for the person who must mend it. */

export type FaultCode =
  | 'input'
  | 'policy'
  | 'environment'
  | 'permission'
  | 'not-found'
  | 'rate-limited'
  | 'unavailable'
  | 'invalid'
  | 'not-written'
  | 'not-confirmed'
  | 'slack'
  | 'oidc'
  | 'log'
  /** The log is whole, but what people judge by, the text, was changed. */
  | 'changed'
  | 'refused';

/** What the outside world cannot do now and can do later. */
export const OUTAGE: readonly FaultCode[] = ['unavailable', 'rate-limited'];

/** `message` says what happened and why, with real values that are no secrets; `remedy` what to do next. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly remedy: string;
  constructor(code: FaultCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
    this.remedy = remedy;
  }
}

/** Of a job that GitHub gives no ID token. */
export function noIdToken(): Fault {
  return new Fault(
    'oidc',
    'This job may not ask GitHub for an ID token, and records are signed with one.',
    'Add "permissions: id-token: write" to this job (runs from forks never have it).',
  );
}

/** What a failure says, for people: of a Fault what happened, why, and what to do. */
export function whyOf(error: unknown): string {
  return error instanceof Fault ? `${error.message} ${error.remedy}` : messageOf(error);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
