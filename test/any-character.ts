/** Any character at all for property tests. fast-check's own `binary` takes seconds to make ready, in each process anew. */
import fc from 'fast-check';

/** Of every code point; half a character becomes U+FFFD. */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10_ffff })
  .map((code) => String.fromCodePoint(code).toWellFormed());
