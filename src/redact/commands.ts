/** The runner's log commands in a command's own output: none of them works, and what `add-mask` names is masked. */
import type { Searched } from './engine/find.ts';
import { AHEAD, allBut, byteAt, chars, type Input, NONE, runEnd, runStart } from './engine/input.ts';

/** The runner looks for `::` behind the blanks at a line's beginning, whatever blanks they are. */
const BLANK = allBut(chars('!-~'));
const INDENT = allBut(chars('!-~', '\r', '\n'));
const REST = allBut(chars('\r', '\n'));
const NO_CLOSING = allBut(chars('\r', '\n', ']'));
const CLOSING = 0x5d;
const MOST_INDENT = 1_000;
const MOST_VALUE = 8_000;

/** What stands in place of `::` and `##[`: people read it as before, the runner does not. */
export const INERT: Record<number, string> = { 58: ': :', 35: '# #[' };

/** Finds the beginning of a command; see INERT for what comes in its place. */
export const COMMANDS: Searched = {
  anchors: [{ after: BLANK, is: '::' }, '##\\['],
  check(input, at) {
    input.from = input.anchor;
    if (byteAt(input, input.anchor) === 0x23) {
      // The first of a line is the command, and all that follows belongs to it.
      const last = input.asked.at(-1)?.at ?? NONE;
      const first = last === NONE || runEnd(input, last, REST, AHEAD) < input.anchor;
      const closed = byteAt(input, runEnd(input, at, NO_CLOSING, MOST_VALUE)) === CLOSING;
      if (first && closed) ask(input, input.anchor, /^add-mask(?: [^\]]*)?\]/i, at);
      return at;
    }
    const line = runStart(input, input.anchor, INDENT, MOST_INDENT);
    const begins = input.anchor - line === MOST_INDENT || '\r\n'.includes(String.fromCharCode(byteAt(input, line - 1)));
    if (!begins) return NONE;
    ask(input, line, /^add-mask(?: .*?)?::/i, at);
    return at;
  },
};

function ask(input: Input, line: number, command: RegExp, at: number): void {
  if ((byteAt(input, at) | 0x20) !== 0x61) return;
  const text = input.bytes.toString('utf8', at, runEnd(input, at, REST, MOST_VALUE));
  const [before] = command.exec(text) ?? [];
  if (before === undefined) return;
  // The first form escapes its own signs as well. Blanks around a value are of the line that was put together, not of it.
  const value = text.slice(before.length).replace(/%(0D|0A|25|3B|5D)/gi, (code) => decodeURIComponent(code));
  input.asked.push({ value: value.trim(), at: line });
}
