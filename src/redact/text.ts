/** Masks registered values in a text, each as `‹secret#N›`, where N stays the same for one value. */
import { markerFor } from './marker.ts';
import { patternsOf, type RefusedValue } from './patterns.ts';
import { createScanner } from './scanner.ts';

/** How many markers were written, per kind of detector. */
export type Redactions = { registered: number };

export interface MaskedText {
  text: string;
  redactions: Redactions;
  /** Values too short to mask: the caller warns about them. */
  refused: RefusedValue[];
}

/** Masks the values in a text. Throws a RangeError if the values leave no character free to mark their place. */
export function maskText(text: string, secrets: readonly string[]): string {
  return maskAndCount(text, secrets).text;
}

/** As {@link maskText}, and tells how much was masked and which values could not be. */
export function maskAndCount(text: string, secrets: readonly string[]): MaskedText {
  const { list, refused } = patternsOf(secrets);
  const scanner = createScanner(list, markerFor(list));
  const masked = Buffer.concat([scanner.push(Buffer.from(text, 'utf8')), scanner.end()]);
  return { text: masked.toString('utf8'), redactions: { registered: scanner.replaced() }, refused };
}
