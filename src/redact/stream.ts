/** Redacts a command's output in a stream of bytes. */
import { Transform } from 'node:stream';
import { colourFilter } from './colours.ts';
import { createRedactor, type RedactionChoice, type Redactions } from './redactor.ts';
import type { RefusedValue } from './values/values.ts';

export interface RedactedStream {
  /** Bytes in, masked bytes out; they need be no valid UTF-8. */
  stream: Transform;
  /** The count so far; final once the stream has ended. */
  counts(): Redactions;
  /** The values that are not masked; the output may add to them as long as it lasts. The caller warns about them. */
  refused: readonly RefusedValue[];
}

/**
 * A stream that masks registered values in all their forms, what the detectors find, and log commands, and drops a
 * terminal's colours: commands write to a pipe, where few of them give any, and within a value they would hide it. What comes out
 * does not depend on how the input is cut into chunks. A line goes out as soon as its end is there, unless it is
 * part of what may become a private key or a registered value of several lines. Memory is bounded.
 * The stream fails with a RangeError if the values leave no character free to mark their place.
 */
export function redactedStream(setting: { secrets: readonly string[]; choice?: RedactionChoice }): RedactedStream {
  const redactor = createRedactor({ ...setting, commands: true });
  const colours = colourFilter();
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      pass(() => redactor.push(colours.push(chunk)), done);
    },
    flush(done) {
      pass(() => Buffer.concat([redactor.push(colours.end()), redactor.end()]), done);
    },
  });
  return { stream, counts: redactor.counts, refused: redactor.refused };
}

function pass(work: () => Buffer, done: (error: Error | null, out?: Buffer) => void): void {
  let out: Buffer;
  try {
    out = work();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  if (out.length === 0) done(null);
  else done(null, out);
}
