/** The approval dialog between two deeds: what it carries from the press to its submission, and whether it showed the log's words. */
import * as v from 'valibot';
import { type ApprovalDialog, asRead, textsOf } from '../request/dialog.ts';
import type { Card } from '../request/events.ts';
import { Card as CardSchema } from '../request/events.ts';

/** What the dialog hands back when it is sent off: text that Slack kept, to be checked like any other. */
export interface Carried {
  /** The repository's id: whoever listens for several must know whose dialog it is. */
  repository: number;
  issue: number;
  /** The value of the button that was pressed; null for a slash command. */
  value: string | null;
  /** The message that was pressed; null for a slash command. */
  card: Card | null;
}

const Metadata = v.strictObject({
  repository: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  issue: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  value: v.nullable(v.string()),
  card: v.nullable(CardSchema),
});

/** What `decodeCarried` takes back. Nobody sees it, and whoever else holds the bot token may write it: it holds nobody's words. */
export function encodeCarried(carried: Carried): string {
  return JSON.stringify(carried);
}

/** null: no dialog of ours was given this. */
export function decodeCarried(metadata: string): Carried | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Metadata), metadata);
  return parsed.success ? parsed.output : null;
}

/** Whether Slack showed exactly the dialog's texts, with nothing between their words that pushes some of them out of sight. */
export function sameTexts(shown: readonly string[], dialog: ApprovalDialog): boolean {
  const [given = [], wanted = []] = [shown, textsOf(dialog)].map((texts) =>
    texts.filter((text) => asRead(text) !== ''),
  );
  return given.length === wanted.length && given.every((text, index) => isSame(text, wanted[index] ?? ''));
}

/** Slack may fold white space, and the view sets two spaces behind a label; more than that nobody honest adds. */
function isSame(given: string, wanted: string): boolean {
  const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;
  const lines = /[\n\v\f\r\u2028\u2029]/gu;
  return (
    asRead(given) === asRead(wanted) &&
    count(given, lines) <= count(wanted, lines) &&
    count(given, /\s/gu) <= count(wanted, /\s/gu) + 2
  );
}
