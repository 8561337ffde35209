/** Gathers the output's pieces without an object for each. */

export interface Output {
  copy(bytes: Buffer, from: number, to: number): void;
  text(text: string): void;
  /** What was gathered since the last call, as bytes of its own. */
  take(): Buffer;
}

/** More than this is not kept from one call to the next. */
const KEPT = 256 * 1024;
/** A call of the engine costs more than so many bytes copied one by one. */
const FEW = 48;

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
    take() {
      const taken = Buffer.allocUnsafe(length);
      bytes.copy(taken, 0, 0, length);
      length = 0;
      if (bytes.length > KEPT) bytes = Buffer.alloc(0);
      return taken;
    },
  };
}
