/** What a card's button carries, so that any listener can read log and policy at once and compare: untrusted when it comes back. */
import * as v from 'valibot';
import { Digest, RequestId } from './request.ts';

const Value = v.strictObject({
  i: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  r: RequestId,
  d: Digest,
  p: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)),
});

/** The claim of a button: which issue, request, digest and policy blob it was made for. */
export interface ButtonClaim {
  issue: number;
  request: string;
  digest: string;
  policyBlob: string;
}

/** The button's value: compact JSON, far below Slack's 2,000 characters. */
export function encodeButton(claim: ButtonClaim): string {
  return JSON.stringify({ i: claim.issue, r: claim.request, d: claim.digest, p: claim.policyBlob });
}

/** The claim that a button's value makes; null when the value is not one of ours. */
export function decodeButton(value: string): ButtonClaim | null {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    return null;
  }
  const parsed = v.safeParse(Value, json);
  if (!parsed.success) return null;
  const { i, r, d, p } = parsed.output;
  return { issue: i, request: r, digest: d, policyBlob: p };
}
