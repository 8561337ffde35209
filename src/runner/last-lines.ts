/** The last lines of what a command printed, kept while it prints: bounded, as plain text, for people who look into a thread. */
import { stripVTControlCharacters } from 'node:util';
import { LAST_LINES } from '../policy/last-lines.ts';
import { LAST_CHARACTERS, lastOf } from '../request/last-lines.ts';

/** UTF-8 needs four bytes at most, and colours take some more. */
const KEPT_BYTES = 4 * LAST_CHARACTERS;
const NEWLINE = 0x0a;

export interface LastLines {
  /** Takes what was printed next, masked already. */
  push(chunk: Uint8Array): void;
  /** The last lines so far, at most {@link LAST_LINES}: without colours, and whole but for a first one that is too long. */
  text(): string;
}

export function lastLines(): LastLines {
  let kept = Buffer.alloc(0);
  let cut = false;
  return {
    push(chunk) {
      const all = Buffer.concat([kept, chunk]);
      cut ||= all.length > KEPT_BYTES;
      kept = Buffer.from(all.subarray(Math.max(0, all.length - KEPT_BYTES)));
    },
    text() {
      // Where something is lost, the first line lost its beginning, and with it perhaps a part of a colour or of a character.
      const from = cut ? kept.subarray(0, -1).indexOf(NEWLINE) + 1 : 0;
      const text = kept
        .subarray(from)
        .toString('utf8')
        .replace(/^\ufffd+/, '');
      return lastOf(asShown(stripVTControlCharacters(text)), LAST_LINES);
    },
  };
}

/** Without what a terminal would write over: a progress bar is one line, not a hundred. */
function asShown(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\n]*\r(?=[^\r\n])/g, '');
}
