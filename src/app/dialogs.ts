/** The approval dialog between two deeds: what it carries from the press to its submission, and whether it showed the log's words. */
import * as v from 'valibot';
import { type ApprovalDialog, asRead, textsOf } from '../request/dialog.ts';
import type { Card } from '../request/events.ts';
import { Card as CardSchema } from '../request/events.ts';

/** What the dialog hands back when it is sent off: text that Slack kept, to be checked like any other. */
export interface Carried {
  issue: number;
  /** The value of the button that was pressed; null for a slash command. */
  value: string | null;
  /** The message that was pressed; null for a slash command. */
  card: Card | null;
  /** What a slash command said already; it stands where the dialog's own comment is empty. */
  comment: string;
}

const Metadata = v.strictObject({
  issue: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  value: v.nullable(v.string()),
  card: v.nullable(CardSchema),
  comment: v.optional(v.string(), ''),
});

/** As JSON. Slack takes 3,000 characters of metadata (docs.slack.dev, views); the rest of it is short. */
const LONGEST_COMMENT = 2_000;

/** What `decodeCarried` takes back. A comment that is too long is cut. */
export function encodeCarried({ comment, ...carried }: Carried): string {
  let kept = comment.slice(0, LONGEST_COMMENT);
  while (JSON.stringify(kept).length > LONGEST_COMMENT) kept = kept.slice(0, -50);
  return JSON.stringify({ ...carried, comment: kept.toWellFormed() });
}

/** null: no dialog of ours was given this. */
export function decodeCarried(metadata: string): Carried | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Metadata), metadata);
  return parsed.success ? parsed.output : null;
}

/** Whether Slack showed exactly the dialog's texts. */
export function sameTexts(shown: readonly string[], dialog: ApprovalDialog): boolean {
  const [given, wanted] = [shown, textsOf(dialog)].map((texts) => texts.map(asRead).filter((text) => text !== ''));
  return given?.length === wanted?.length && given?.every((text, index) => text === wanted?.[index]) === true;
}
