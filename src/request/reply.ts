/** What a reply in the card's thread decides: one plain word at its beginning, and nothing else. */

/** A deed as somebody wrote it in a thread. */
export interface RepliedDecision {
  decision: 'approve' | 'deny' | 'withdraw' | 'cancel';
  comment: string;
}

/**
 * The word alone, or with white space or a colon behind it: `approved`, `approve?` and `not approved` decide nothing. White
 * space as Unicode has it: to a regular expression's `\s` U+FEFF is some, which nobody sees between two letters.
 */
const WORD = /^\p{White_Space}*(approve|deny|withdraw|cancel)(?:$|:|(?=\p{White_Space}))(.*)$/isu;
// From line feed to carriage return: the vertical tab and the form feed are between them.
const LINE_ENDS = /[\n-\r\u0085\u2028\u2029]/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
/** A line that begins with the opposite, whatever marks stand before or behind the word: a bullet, a quote, a full stop. */
const DOUBT = /^[^\p{L}\p{N}]*(?:deny|withdraw|cancel)(?!['’_-]?[\p{L}\p{N}])/iu;

const DEEDS: Record<string, RepliedDecision['decision']> = {
  approve: 'approve',
  deny: 'deny',
  withdraw: 'withdraw',
  cancel: 'cancel',
};

/**
 * Reads a reply's text, already unescaped; null: it decides nothing and is only discussion. The word counts in any letter
 * case, since phones capitalise it; an approval with a line below that begins with one of the others decides nothing.
 */
export function parseReply(text: string): RepliedDecision | null {
  const [, word = '', rest = ''] = WORD.exec(text) ?? [];
  const decision = DEEDS[word.toLowerCase()];
  if (decision === undefined) return null;
  return decision === 'approve' && isDoubted(rest) ? null : { decision, comment: rest.trim() };
}

function isDoubted(rest: string): boolean {
  const below = rest.split(LINE_ENDS).slice(1);
  return below.some((line) => DOUBT.test(line.replace(UNSEEN, '')));
}
