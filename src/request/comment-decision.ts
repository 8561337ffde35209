/** What an issue comment decides: a command such as `/approve` or `/deny` as its very first word, and nothing else. */
import type { Deed } from './events.ts';

/** A deed as somebody wrote it; the comment may be empty. */
export interface WrittenDecision {
  decision: Deed;
  comment: string;
  /** The texts of the task list items that an approval ticked: `- [x] text`. */
  ticked: string[];
}

const COMMAND = /^\/(approve|deny|withdraw|cancel|review)(?=\s|$)(.*)$/is;
/** What takes an approval away wherever it stands beside it. */
const DOUBT = /(?:^|\s)\/(?:deny|withdraw|cancel)(?=\s|$)/i;
/** White space within the line only: across lines, a comment of nothing but line breaks would take seconds to judge. */
const APPROVES_TOO = /^[^\S\r\n\u2028\u2029]*\/approve(?=\s|$)/im;

const DEEDS: Record<string, Deed> = {
  approve: 'approve',
  deny: 'deny',
  withdraw: 'withdraw',
  cancel: 'cancel',
  review: 'review',
};

/**
 * Reads a comment's body; null: it decides nothing. The command is the comment's first word, in any letter case (phones
 * capitalise it), followed by white space or nothing: quoted text, `/approved` and "not approved" decide nothing, and so
 * does an approval beside a doubt and a denial that approves too (at the beginning of a line). The other commands only
 * ever take away, so they stand whatever else is said. A denial without a reason is a denial.
 */
export function parseDecision(body: string): WrittenDecision | null {
  const [, word = '', rest = ''] = COMMAND.exec(body) ?? [];
  const decision = DEEDS[word.toLowerCase()];
  if (decision === undefined) return null;
  if (decision === 'approve' && DOUBT.test(rest)) return null;
  if (decision === 'deny' && APPROVES_TOO.test(rest)) return null;
  return { decision, comment: rest.trim(), ticked: decision === 'approve' ? tickedIn(rest) : [] };
}

const TASK = /^[^\S\r\n]*[-*+][^\S\r\n]+\[([ xX])\][^\S\r\n]+(\S.*)$/;

/** The ticked items, each once; one that stands there unticked too is in doubt, hence not ticked. */
function tickedIn(text: string): string[] {
  const ticked = new Set<string>();
  const open = new Set<string>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, mark, item = ''] = TASK.exec(line) ?? [];
    if (mark !== undefined) (mark === ' ' ? open : ticked).add(item.trim());
  }
  return [...ticked].filter((item) => !open.has(item));
}
