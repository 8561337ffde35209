/** The SHA-256 of an export as a whole: kept elsewhere, it covers what no signature does (times, order, what was broken). */
import { createHash, type Hash } from 'node:crypto';
import { Fault } from '../../app/fault.ts';
import { type ExportVerdict, told } from '../../log/export-verify.ts';

/** Passes lines on and counts them in. */
export async function* summed(lines: AsyncIterable<string>, hash: Hash): AsyncGenerator<string> {
  for await (const line of lines) {
    hash.update(line);
    yield line;
  }
}

/** A file's bytes as they are read, and once all were its SHA-256 in hex; null before. */
export function summing(bytes: AsyncIterable<Uint8Array>): {
  bytes: AsyncIterable<Uint8Array>;
  sum: () => string | null;
} {
  const hash = createHash('sha256');
  let sum: string | null = null;
  async function* read() {
    for await (const piece of bytes) {
      hash.update(piece);
      yield piece;
    }
    sum = hash.digest('hex');
  }
  return { bytes: read(), sum: () => sum };
}

/** 64 hex digits, in small letters. Throws a Fault `input` for any other text. */
export function sumOf(text: string): string {
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text)?.[1];
  if (hex !== undefined) return hex.toLowerCase();
  throw new Fault(
    'input',
    `--sha256 takes 64 hex digits, not ${JSON.stringify(text)}.`,
    'Give what `audit export` or `sha256sum` printed for this file.',
  );
}

/** The verdict on a file whose SHA-256 was kept elsewhere: another file is broken, whatever stands in it. `found` null: unread. */
export function heldAgainst(verdict: ExportVerdict, kept: string, found: string | null): ExportVerdict {
  if (found === null || found === kept) return verdict;
  const why = `its SHA-256 is ${found}, not ${kept}: it is not the file of which that was kept`;
  const fault = { line: null, issue: null, record: null, commentId: null, why };
  const { faults, counts } = verdict;
  return {
    ...{ ...verdict, status: 'broken', why: told(fault), first: fault, faults: [fault, ...faults], head: null },
    counts: { ...counts, faults: counts.faults + 1 },
  };
}
