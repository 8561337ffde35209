/** Numbers for values, equal ones for equal values, in bounded memory and without keeping any value. */

export interface Numbers {
  /** The value's number among those of its detector, from 1; 0 once no more values can be kept. */
  numberOf(rank: number, bytes: Uint8Array, from: number, to: number): number;
}

/** Three places a value: two hashes, which differ for different values except by a chance of one in 2^64, and its number. */
const PLACES = 3;

/** Keeps at most `most` different values. */
export function createNumbers(ranks: number, most: number): Numbers {
  const slots = 2 ** Math.ceil(Math.log2(2 * most));
  const table = new Int32Array(slots * PLACES);
  const last = new Int32Array(ranks);
  let kept = 0;
  return {
    numberOf(rank, bytes, from, to) {
      let one = 0x811c9dc5 ^ rank;
      let two = to - from;
      for (let at = from; at < to; at++) {
        const byte = bytes[at] ?? 0;
        one = Math.imul(one ^ byte, 0x01000193);
        two = Math.imul(two ^ (two >>> 15) ^ byte, 0x2c1b3c6d);
      }
      one = Math.imul(one ^ (one >>> 15), 0x85ebca6b);
      for (let slot = (one ^ (two >>> 7)) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
        const place = slot * PLACES;
        const number = table[place + 2] ?? 0;
        if (number === 0) {
          if (kept === most) return 0;
          kept += 1;
          const next = (last[rank] ?? 0) + 1;
          last[rank] = next;
          table.set([one, two, next], place);
          return next;
        }
        if (table[place] === one && table[place + 1] === two) return number;
      }
    },
  };
}
