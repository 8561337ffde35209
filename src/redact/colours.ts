/** Takes a terminal's control sequences out of bytes: colours within a value would hide it from whoever looks for it. */

const ESC = 0x1b;
const BEL = 0x07;
/** Longer ones are no sequences of any terminal, and what only looks like the beginning of one must swallow nothing. In bytes. */
const CSI_LIMIT = 64;
const OSC_LIMIT = 4_096;

export interface ColourFilter {
  /** The bytes without sequences; what may be the beginning of one is kept until more of it comes. */
  push(chunk: Buffer): Buffer;
  /** What was kept and is none. */
  end(): Buffer;
}

/** CSI sequences (`ESC [`, colours among them) and OSC strings (`ESC ]`, links and titles) of ECMA-48, whole or in pieces. */
export function colourFilter(): ColourFilter {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      if (kept.length === 0 && !chunk.includes(ESC)) return chunk;
      const all = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      const pieces: Buffer[] = [];
      let from = 0;
      let at = all.indexOf(ESC);
      while (at !== -1) {
        const end = endOf(all, at);
        if (end === 'open') break;
        pieces.push(all.subarray(from, at));
        // What begins no sequence stays as it is.
        from = end ?? at;
        at = all.indexOf(ESC, end ?? at + 1);
      }
      kept = at === -1 ? Buffer.alloc(0) : Buffer.from(all.subarray(at));
      pieces.push(all.subarray(from, at === -1 ? all.length : at));
      return Buffer.concat(pieces);
    },
    end() {
      const rest = kept;
      kept = Buffer.alloc(0);
      return rest;
    },
  };
}

/** Behind the sequence that begins here; null: none does; `open`: it may end in bytes to come. */
function endOf(bytes: Buffer, at: number): number | null | 'open' {
  if (at + 1 >= bytes.length) return 'open';
  const kind = bytes[at + 1];
  if (kind === 0x5b) return endOfCsi(bytes, at);
  return kind === 0x5d ? endOfOsc(bytes, at) : null;
}

function endOfCsi(bytes: Buffer, at: number): number | null | 'open' {
  const most = Math.min(bytes.length, at + CSI_LIMIT);
  for (let i = at + 2; i < most; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return i + 1;
    if (byte < 0x20 || byte > 0x3f) return null;
  }
  return most - at < CSI_LIMIT ? 'open' : null;
}

/** It ends by BEL or by `ESC \`, on the same line. */
function endOfOsc(bytes: Buffer, at: number): number | null | 'open' {
  const most = Math.min(bytes.length, at + OSC_LIMIT);
  for (let i = at + 2; i < most; i += 1) {
    const byte = bytes[i];
    if (byte === BEL) return i + 1;
    if (byte === 0x0a) return null;
    if (byte !== ESC) continue;
    if (i + 1 >= bytes.length) return most - at < OSC_LIMIT ? 'open' : null;
    return bytes[i + 1] === 0x5c ? i + 2 : null;
  }
  return most - at < OSC_LIMIT ? 'open' : null;
}
