/** What an issue comment decides: `/approve` and `/deny` as its very first word, and nothing else. */

/** A decision as somebody wrote it; the reason may be empty. */
export interface WrittenDecision {
  decision: 'approve' | 'deny';
  comment: string;
}

/**
 * Reads a comment's body; null: it decides nothing. The command is the comment's first word, in any letter case (phones
 * capitalise it), followed by white space or nothing: quoted text, `/approved` and "not approved" decide nothing, and
 * so does a comment that holds both commands (after `/deny`: at the beginning of a line). A denial without a reason is a denial.
 */
export function parseDecision(body: string): WrittenDecision | null {
  const match = /^\/(approve|deny)(?=\s|$)(.*)$/is.exec(body);
  if (match?.[1] === undefined) return null;
  const decision = match[1].toLowerCase() === 'approve' ? 'approve' : 'deny';
  const rest = match[2] ?? '';
  // Doubt takes an approval away wherever it stands; a denial may well say what its author would rather not /approve.
  // White space within the line only: across lines, a comment of nothing but line breaks would take seconds to judge.
  const other = decision === 'approve' ? /(?:^|\s)\/deny(?=\s|$)/i : /^[^\S\r\n\u2028\u2029]*\/approve(?=\s|$)/im;
  return other.test(rest) ? null : { decision, comment: rest.trim() };
}
