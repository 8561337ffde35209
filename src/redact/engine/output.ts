/** Gathers the output's pieces without an object for each. */

export interface Output {
  copy(bytes: Buffer, from: number, to: number): void;
  text(text: string): void;
  /** The usual marker: its beginning, the number, and its end. */
  marker(prefix: Buffer, number: number): void;
  /** What was gathered since the last call, as bytes of its own. */
  take(): Buffer;
}

/** More than this is not kept from one call to the next. */
const KEPT = 256 * 1024;
/** A call of the engine costs more than so many bytes copied one by one. */
const FEW = 48;
const MOST_DIGITS = 10;
const CLOSING = Buffer.from('›');

export function createOutput(): Output {
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * (length + more), 4_096));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  }

  return {
    copy(source, from, to) {
      reserve(to - from);
      if (to - from > FEW) source.copy(bytes, length, from, to);
      else for (let at = from, into = length; at < to; at++, into++) bytes[into] = source[at] ?? 0;
      length += to - from;
    },
    text(text) {
      reserve(3 * text.length);
      length += bytes.write(text, length);
    },
    marker(prefix, number) {
      reserve(prefix.length + MOST_DIGITS + CLOSING.length);
      for (let at = 0; at < prefix.length; at++) bytes[length++] = prefix[at] ?? 0;
      let digits = 1;
      for (let least = 10; number >= least; least *= 10) digits += 1;
      let rest = number;
      for (let at = length + digits - 1; at >= length; at--) {
        bytes[at] = 0x30 + (rest % 10);
        rest = Math.floor(rest / 10);
      }
      length += digits;
      for (let at = 0; at < CLOSING.length; at++) bytes[length++] = CLOSING[at] ?? 0;
    },
    take() {
      const taken = Buffer.allocUnsafe(length);
      bytes.copy(taken, 0, 0, length);
      length = 0;
      if (bytes.length > KEPT) bytes = Buffer.alloc(0);
      return taken;
    },
  };
}
