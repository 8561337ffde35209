/** A button's value: what it carries so that any listener can record the decision (docs/ARCHITECTURE.md). */
import * as v from 'valibot';
import { Digest, RequestId } from './request.ts';

/** Slack's limit for the value of a button (docs.slack.dev, Block Kit button). */
export const BUTTON_VALUE_MAX = 2000;

/** Which request and which of its words a press is about. `policyBlob` is the git blob id of the policy. */
export interface ButtonValue {
  issue: number;
  request: string;
  digest: string;
  policyBlob: string;
}

const Value = v.strictObject({
  i: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  r: RequestId,
  d: Digest,
  p: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)),
});

/** The value as JSON text, far below Slack's limit. Throws a `TypeError` for what {@link decodeButton} would not take back. */
export function encodeButton(value: ButtonValue): string {
  const text = JSON.stringify({ i: value.issue, r: value.request, d: value.digest, p: value.policyBlob });
  if (decodeButton(text) === null) throw new TypeError(`A button cannot carry this request: ${text.slice(0, 200)}`);
  return text;
}

/** What {@link encodeButton} wrote, or null for any other text, however similar. */
export function decodeButton(text: string): ButtonValue | null {
  if (text.length > BUTTON_VALUE_MAX) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Value), text);
  if (!parsed.success) return null;
  const { i, r, d, p } = parsed.output;
  // Only the one spelling counts: doubled keys, other orders and white space are nobody's button.
  if (JSON.stringify({ i, r, d, p }) !== text) return null;
  return { issue: i, request: r, digest: d, policyBlob: p };
}
