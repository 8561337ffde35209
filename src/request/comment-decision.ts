/** What an issue comment decides: a command such as `/approve` or `/deny` as its very first word, and nothing else. */
import type { Deed } from './events.ts';

/** A deed as somebody wrote it; the comment may be empty. */
export interface WrittenDecision {
  decision: Deed;
  comment: string;
  /** The texts of the task list items that an approval ticked: `- [x] text`. */
  ticked: string[];
}

/** White space as Unicode has it: to `\s` U+FEFF is some, which nobody sees between two letters. */
const COMMAND = /^\/(approve|deny|withdraw|cancel|review)(?=\p{White_Space}|$)(.*)$/isu;
/** What takes an approval away wherever it stands beside it, whatever marks stand around it. */
const DOUBT = /(?<![\p{L}\p{N}])\/(?:deny|withdraw|cancel)(?!['’_-]?[\p{L}\p{N}])/iu;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
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
  if (decision === 'approve') return approval(rest);
  if (decision === 'deny' && APPROVES_TOO.test(rest)) return null;
  return { decision, comment: rest.trim(), ticked: [] };
}

/** What stands ticked are the policy's words, not the approver's: it is no doubt, and no part of the comment. */
function approval(rest: string): WrittenDecision | null {
  const lines = rest.split(LINE_END);
  const own = lines.filter((line) => tickedOn(line) === null);
  const comment = (own.length === lines.length ? rest : own.join('\n')).trim();
  // `- [x] /deny` is a command all the same.
  const doubtful = lines.filter((line) => tickedOn(line)?.startsWith('/') !== false).join('\n');
  if (DOUBT.test(doubtful.replace(UNSEEN, ''))) return null;
  return { decision: 'approve', comment, ticked: tickedIn(lines) };
}

const LINE_END = /\r\n|\n|\r/;
const TASK = /^[^\S\r\n]*[-*+][^\S\r\n]+\[([ xX])\][^\S\r\n]+(\S.*)$/;

/** What a line ticks, from its first letter, digit or slash on; null: it ticks nothing. */
function tickedOn(line: string): string | null {
  const [, mark = ' ', item = ''] = TASK.exec(line) ?? [];
  return mark === ' ' ? null : item.replace(/^[^\p{L}\p{N}/]+/u, '');
}

/** The ticked items, each once; one that stands there unticked too is in doubt, hence not ticked. */
function tickedIn(lines: readonly string[]): string[] {
  const ticked = new Set<string>();
  const open = new Set<string>();
  for (const line of lines) {
    const [, mark, item = ''] = TASK.exec(line) ?? [];
    if (mark !== undefined) (mark === ' ' ? open : ticked).add(item.trim());
  }
  return [...ticked].filter((item) => !open.has(item));
}
