/** What the verifier has to say about a comment or its loss, for people. */
import type { SignatureCode } from './signature.ts';

export type FindingCode =
  /** Additions that are ignored. */
  | 'malformed'
  | 'other-issue'
  | 'other-request'
  | 'not-a-bot'
  | 'not-signed'
  | 'wrong-role'
  | 'bad-opening'
  | 'second-opening'
  | 'copy'
  /** In the archive of keys: a key under the name (`kid`) of another one that is believed. */
  | 'key-conflict'
  /** Losses and contradictions. `edited` and `deleted` are harmless where they stand among the findings. */
  | 'edited'
  | 'deleted'
  | 'missing'
  | 'order'
  | 'sequence'
  | 'no-opening';

/** So many characters of a reason are told: what strangers write must not make findings many times its size. */
const MOST = 500;

/** A text that may repeat what somebody wrote, bounded and well-formed: a lone surrogate has no canonical form. */
export function inShort(text: string): string {
  return (text.length <= MOST ? text : `${text.slice(0, MOST)}…`).toWellFormed();
}

export interface Finding {
  code: FindingCode;
  /** null: it is about no comment that is there. */
  commentId: number | null;
  why: string;
  /** For `not-signed`: what the signature lacks. */
  signature?: SignatureCode;
}

/** The same, told in short. */
export function brief(finding: Finding): Finding {
  return { ...finding, why: inShort(finding.why) };
}
