/** What an issue comment decides: `/approve` and `/deny` at its very start, and nothing else. */
import type { Decision } from '../app/ports.ts';

export type ParsedDecision =
  | { kind: 'decision'; decision: Decision; comment: string }
  /** A denial must say why. */
  | { kind: 'needs-reason' }
  /** The comment holds both commands; nobody guesses which one counts. */
  | { kind: 'contradictory' };

/**
 * Reads a comment's body; null: it decides nothing. The command is the comment's first word, in any letter case (phones
 * capitalise it), and followed by white space or nothing: quoted text, `/approved` and "not approved" decide nothing.
 */
export function parseDecision(body: string): ParsedDecision | null {
  const match = /^\/(approve|deny)(?=\s|$)(.*)$/is.exec(body);
  if (match?.[1] === undefined) return null;
  const decision: Decision = match[1].toLowerCase() === 'approve' ? 'approve' : 'deny';
  const comment = (match[2] ?? '').trim();
  const other = decision === 'approve' ? /^\s*\/deny(?=\s|$)/im : /^\s*\/approve(?=\s|$)/im;
  if (other.test(match[2] ?? '')) return { kind: 'contradictory' };
  if (decision === 'deny' && comment === '') return { kind: 'needs-reason' };
  return { kind: 'decision', decision, comment };
}
