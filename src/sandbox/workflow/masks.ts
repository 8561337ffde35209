/** Hides secret values in everything that leaves a job, as GitHub's runner does. */

export interface Masks {
  /** Registers a value, each of its lines, and the common encodings of both. */
  add(value: string): void;
  /** The text with every registered value replaced by `***`. */
  mask(text: string): string;
}

function encodings(value: string): string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), Buffer.from(value).toString('base64')];
}

function occurrences(text: string, value: string): [number, number][] {
  const found: [number, number][] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) found.push([at, at + value.length]);
  return found;
}

/** Overlapping values become one `***`, so that no half of either remains. */
function replaceRanges(text: string, ranges: [number, number][]): string {
  let result = '';
  let done = 0;
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start >= done) result += `${text.slice(done, start)}***`;
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

/** The masks of one job; empty at first. */
export function createMasks(): Masks {
  const values = new Set<string>();
  return {
    add(value) {
      for (const part of [value, ...value.split(/\r?\n/)]) {
        const trimmed = part.trim();
        if (trimmed !== '') for (const encoded of encodings(trimmed)) values.add(encoded);
      }
    },
    mask: (text) =>
      replaceRanges(
        text,
        [...values].flatMap((value) => occurrences(text, value)),
      ),
  };
}
