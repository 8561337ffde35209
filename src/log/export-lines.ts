/** Bytes that come in pieces, as whole lines: no more than one line and one piece is held. */
import { LINE_LIMIT } from './export-format.ts';

/** A file in pieces of any size, as bytes or as text, or all of it as one text. Where bytes are at hand, bytes: a decoder may hide a change. */
export type Chunks = string | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** A line without its line break; null: it is no UTF-8 text. */
export type LineText = string | null;

export interface Lines {
  lines: LineText[];
  /** In the last part only: what stands after the last line break (empty: nothing), and why nothing more could be read. */
  end: { rest: LineText; failed: Failure | null } | null;
}

/** `source`: what gives the pieces failed. `too-long`: no line of an export is like that. */
export interface Failure {
  kind: 'too-long' | 'source';
  why: string;
}

const LINE_BREAK = 10;
const REPLACEMENT = '\ufffd';

/** The lines of a file, in order, as many at once as a piece brings. What the source throws becomes its `failed`. */
export async function* linesOf(chunks: Chunks): AsyncGenerator<Lines, void, undefined> {
  const begun: { pieces: Buffer[]; length: number } = { pieces: [], length: 0 };
  try {
    for await (const chunk of typeof chunks === 'string' ? [chunks] : chunks) {
      const lines = split(begun, bytesOf(chunk));
      const long = lines.findIndex((line) => (line?.length ?? 0) > LINE_LIMIT);
      if (lines.length > 0) yield { lines: long === -1 ? lines : lines.slice(0, long), end: null };
      if (long !== -1 || begun.length > LINE_LIMIT) return yield { lines: [], end: { rest: '', failed: tooLong } };
    }
  } catch (error) {
    const why = `it could not be read to its end (${String(error)})`;
    return yield { lines: [], end: { rest: '', failed: { kind: 'source', why } } };
  }
  yield { lines: [], end: { rest: textOf(Buffer.concat(begun.pieces)), failed: null } };
}

const tooLong: Failure = { kind: 'too-long', why: `a line in it is longer than ${LINE_LIMIT} characters` };

/** The lines that a piece completes; what follows the last line break is kept for the next piece. */
function split(begun: { pieces: Buffer[]; length: number }, bytes: Buffer): LineText[] {
  const lines: LineText[] = [];
  let from = 0;
  for (let to = bytes.indexOf(LINE_BREAK); to !== -1; to = bytes.indexOf(LINE_BREAK, from)) {
    const line = bytes.subarray(from, to);
    lines.push(textOf(begun.length === 0 ? line : Buffer.concat([...begun.pieces.splice(0), line])));
    begun.length = 0;
    from = to + 1;
  }
  if (from < bytes.length) begun.pieces.push(bytes.subarray(from));
  begun.length += bytes.length - from;
  return lines;
}

function bytesOf(chunk: string | Uint8Array): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** What is no UTF-8 is replaced when it is decoded: only then must the bytes be compared. */
function textOf(bytes: Buffer): LineText {
  const text = bytes.toString();
  return !text.includes(REPLACEMENT) || bytes.equals(Buffer.from(text)) ? text : null;
}
