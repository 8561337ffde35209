/** Masks registered values in a stream of bytes, each as `‹secret#N›`, where N stays the same for one value. */
import { Transform } from 'node:stream';
import { markerFor } from './marker.ts';
import { patternsOf, type RefusedValue } from './patterns.ts';
import { createScanner } from './scanner.ts';
import type { Redactions } from './text.ts';

export interface Masking {
  /** Bytes in, masked bytes out; they need be no valid UTF-8. */
  stream: Transform;
  /** The count so far; final once the stream has ended. */
  redactions(): Redactions;
  /** Values too short to mask: the caller warns about them. */
  refused: RefusedValue[];
}

/**
 * A stream that masks the values. What comes out does not depend on how the input is cut into chunks. A line goes out
 * as soon as it is there, unless it ends in what may be the beginning of a secret. Memory is bounded by the longest
 * value. Throws a RangeError if the values leave no character free to mark their place.
 */
export function maskStream(secrets: readonly string[]): Masking {
  const { list, refused } = patternsOf(secrets);
  const scanner = createScanner(list, markerFor(list));
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const out = scanner.push(chunk);
      done(null, out.length === 0 ? undefined : out);
    },
    flush(done) {
      const out = scanner.end();
      done(null, out.length === 0 ? undefined : out);
    },
  });
  return { stream, redactions: () => ({ registered: scanner.replaced() }), refused };
}
