/** How far long work has come, on one line that is written over; only where a person sits at a terminal. */
import type { WriteStream } from 'node:tty';
import { onTerminal } from '../terminal-text.ts';

export interface ProgressLine {
  /** Shows how far it is; at most some times a second, and only once the work takes long. */
  show(text: string): void;
  /** Says something that takes its time, at once. */
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** What is done sooner needs no line, in ms. */
const LONG_MS = 1_000;
const BETWEEN_MS = 200;

/** Progress on a stream, which gets nothing unless it is a terminal. */
export function progressOn(stream: Pick<WriteStream, 'write'> & { isTTY?: boolean }, now = Date.now): ProgressLine {
  if (stream.isTTY !== true) return { show() {}, say() {}, end() {} };
  let next = now() + LONG_MS;
  let shown = false;
  const say = (text: string) => {
    shown = true;
    stream.write(`\r\u001b[K${onTerminal(text)}`);
  };
  return {
    show(text) {
      if (now() < next) return;
      next = now() + BETWEEN_MS;
      say(text);
    },
    say,
    end() {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
