/** What a reply in the card's thread decides: one plain word at its beginning, and nothing else. */

/** A deed as somebody wrote it in a thread. */
export interface RepliedDecision {
  decision: 'approve' | 'deny' | 'withdraw' | 'cancel';
  comment: string;
}

/** The word alone, or with white space or a colon behind it: `approved`, `approve?` and `not approved` decide nothing. */
const WORD = /^\s*(approve|deny|withdraw|cancel)(?:$|:|(?=\s))(.*)$/is;
/** A later line that begins with the opposite. */
const DOUBT = /[\r\n\u2028\u2029][^\S\r\n\u2028\u2029]*(?:deny|withdraw|cancel)(?=$|[\s:])/i;

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
  return decision === 'approve' && DOUBT.test(rest) ? null : { decision, comment: rest.trim() };
}
