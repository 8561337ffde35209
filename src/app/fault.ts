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
