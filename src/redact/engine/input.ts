/** The bytes that detectors look at, and the few ways in which they read them. */

/** How far before the place of its anchor a value may begin, and a check may look. In bytes. */
export const BACK = 1_024;

/** How far behind the place of its anchor a check may look. In bytes. */
export const AHEAD = 16_384;

/**
 * Where checks read. A line is never left: what stands around the bytes that have arrived reads as a line end, so that
 * a run of bytes of a set always ends without asking where the input does.
 */
export interface Input {
  bytes: Buffer;
  /** Where what has arrived ends. */
  end: number;
  /** Nothing more will arrive. */
  final: boolean;
  /** Where the anchor begins; set before each check. */
  anchor: number;
  /** What a check found: where the value begins. */
  from: number;
  /** Anchors of the same detector from here … */
  doneFrom: number;
  /** … to here need no check: it would find the same. */
  doneTo: number;
  /** The runs that the detector at work has looked at, the last of each set: many anchors within one read it once. */
  runs: Run[];
  /** Where the last value begins that was found behind its name. */
  assigned: number;
  /** What was read last behind a name: several detectors ask for the same. */
  assignment: Assignment;
  /** As it, where the name is the value of another name: the value stands behind the word for it. */
  pairedAssignment: Assignment;
  /** Set by a check that cannot tell before more input is there. */
  open: boolean;
  /** Values that the output itself asks to mask, and from where on. */
  asked: { value: string; at: number }[];
}

/** A name, a sign and a value, as they are written. */
export interface Assignment {
  /** Where the name ends. */
  at: number;
  /** Where the name begins, once that was asked; else NONE. */
  start: number;
  /** Where the sign ends; NONE: there is none. */
  sign: number;
  /** The sign is blanks alone, which do as one only in some places. */
  blank: boolean;
  /** Where the value begins with its quote, and without. */
  begin: number;
  from: number;
  to: number;
  quoted: boolean;
}

/** Nothing that was read. */
export function noAssignment(): Assignment {
  const value = { begin: NONE, from: NONE, to: NONE, quoted: false };
  return { at: NONE, start: NONE, sign: NONE, blank: false, ...value };
}

/** Bytes that are all of a set, or where none of what is sought begins; what stands before and behind may be so too. */
export interface Run {
  set: Chars | Sought;
  from: number;
  to: number;
}

/** The end of the value that a check found, its beginning in `input.from`; or NONE. `at` is where the anchor ends. */
export type Check = (input: Input, at: number) => number;

export const NONE = -1;

/** Of an escape's characters, those that may be part of a word. */
const LONGEST_ESCAPE = 5;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;

/** A set of bytes as a table of 256 flags. */
export type Chars = Uint8Array;

/** The set of the given ASCII characters; two of them in order with a hyphen between, such as `a-z`, are a range. */
export function chars(...ranges: readonly string[]): Chars {
  const set = new Uint8Array(256);
  for (const range of ranges) {
    const [first, last] = [range.charCodeAt(0), range.charCodeAt(2)];
    if (range.length === 3 && range[1] === '-' && first < last) set.fill(1, first, last + 1);
    else for (const byte of Buffer.from(range, 'latin1')) set[byte] = 1;
  }
  return set;
}

export function allBut(set: Chars): Chars {
  return set.map((flag) => 1 - flag);
}

/** The set together with all bytes beyond ASCII. */
export function orBeyondAscii(set: Chars): Chars {
  return Uint8Array.from(set).fill(1, 0x80);
}

export const DIGIT = chars('0-9');
export const HEX = chars('0-9', 'a-f', 'A-F');
export const ALNUM = chars('0-9', 'a-z', 'A-Z');
export const WORD = chars('0-9', 'a-z', 'A-Z', '_');
export const BASE64URL = chars('0-9', 'a-z', 'A-Z', '_-');
export const BASE64 = chars('0-9', 'a-z', 'A-Z', '+/');
export const LETTER = chars('a-z', 'A-Z');
/** What is no part of a line's text. */
export const CONTROL = chars('\x00-\x1f', '\x7f');
const COLOUR = chars('0-9', ';');

export function byteAt(input: Input, at: number): number {
  return input.bytes[at] ?? 0x0a;
}

export function isIn(set: Chars, input: Input, at: number): boolean {
  return set[input.bytes[at] ?? 0x0a] === 1;
}

/** Where the run of bytes of the set that begins at `at` ends, `most` bytes on at the latest. */
export function runEnd(input: Input, at: number, set: Chars, most: number): number {
  const { bytes } = input;
  const stop = Math.min(at + most, input.end);
  if (most > SHORT) return Math.min(grown(input, at, set, stop), stop);
  let to = at;
  while (to < stop && set[bytes[to] ?? 0] === 1) to++;
  return to;
}

/** Where the run of bytes of the set that ends at `at` begins, `most` bytes back at the earliest. */
export function runStart(input: Input, at: number, set: Chars, most: number): number {
  const { bytes } = input;
  const stop = Math.max(0, at - most);
  if (most > SHORT) return Math.max(grownBack(input, at, set, stop), stop);
  let from = at;
  while (from > stop && set[bytes[from - 1] ?? 0] === 1) from--;
  return from;
}

/** So many bytes are read again sooner than it is found out whether they were read before. */
const SHORT = 64;

/**
 * Where what is known of the run around `at` ends, once it reaches to `stop` if it can. It grows from where the check
 * before has left it: however many anchors stand within a run, its bytes are read once.
 */
function grown(input: Input, at: number, set: Chars, stop: number): number {
  const { bytes } = input;
  const run = runOf(input, set);
  if (at < run.from || at > run.to) {
    run.from = at;
    run.to = at;
  }
  let { to } = run;
  while (to < stop && set[bytes[to] ?? 0] === 1) to++;
  run.to = to;
  return to;
}

/** As {@link grown}, towards the beginning. What is known mostly ends before `at`, and is joined. */
function grownBack(input: Input, at: number, set: Chars, stop: number): number {
  const { bytes } = input;
  const run = runOf(input, set);
  let from = at;
  if (at > run.to || at < run.from) {
    const least = at > run.to ? Math.max(stop, run.to) : stop;
    while (from > least && set[bytes[from - 1] ?? 0] === 1) from--;
    if (from !== run.to) run.from = from;
    run.to = at;
  }
  from = run.from;
  while (from > stop && set[bytes[from - 1] ?? 0] === 1) from--;
  run.from = from;
  return from;
}

/** Gives the place if what is sought begins there, else the next place where it may. */
export type Sought = (input: Input, place: number) => number;

/** The first place in [at, stop) where what is sought begins, else `stop`: however many anchors ask, bytes are read once. */
export function placeOf(input: Input, sought: Sought, at: number, stop: number): number {
  const run = runOf(input, sought);
  if (at < run.from || at > run.to) {
    run.from = at;
    run.to = at;
  }
  while (run.to < stop) {
    const next = sought(input, run.to);
    if (next === run.to) return next;
    run.to = next;
  }
  return stop;
}

const OPENING = 0x5b;
const SEMICOLON = 0x3b;
const WITHIN_ESCAPE = chars('\\', '%', '[', ';');

function runOf({ runs }: Input, set: Run['set']): Run {
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index];
    if (run !== undefined && run.set === set) return run;
  }
  const run = { set, from: 0, to: -1 };
  runs.push(run);
  return run;
}

/** As {@link runStart}, without the letters of an escape that the run may begin with, as in \\tsk-… or %3Dana%40example.com. */
export function wordStart(input: Input, at: number, set: Chars, most: number): number {
  const from = runStart(input, at, set, most);
  // The signs of an escape that are none of the set stand right before its letters that are.
  const outside = set[BACKSLASH] === 0 && set[PERCENT] === 0 && set[OPENING] === 0 && set[SEMICOLON] === 0;
  if (outside && at - from < most && !isIn(WITHIN_ESCAPE, input, from - 1)) return from;
  for (let escaped = from + 1; escaped <= Math.min(from + LONGEST_ESCAPE, at); escaped++) {
    if (endsEscape(input, escaped)) return escaped;
  }
  return from;
}

/** Whether no word ends right before `at`; an escape such as \n or %3D before it is no word. */
export function startsWord(input: Input, at: number): boolean {
  return !isIn(WORD, input, at - 1) || endsEscape(input, at);
}

/** Whether right before `at` stands the end of an escape as JSON (\n, \u0022), a URL (%3D) or a terminal (ESC[1m, \x1b[1m) has it. */
export function endsEscape(input: Input, at: number): boolean {
  const before = byteAt(input, at - 1);
  if (before === 0x6d) {
    const codes = runStart(input, at - 1, COLOUR, 12);
    if (byteAt(input, codes - 1) === 0x5b && isEscape(input, codes - 1)) return true;
  }
  if (byteAt(input, at - 2) === BACKSLASH) return before === 0x6e || before === 0x72 || before === 0x74;
  if (byteAt(input, at - 3) === PERCENT) return HEX[before] === 1 && isIn(HEX, input, at - 2);
  return (
    byteAt(input, at - 6) === BACKSLASH && byteAt(input, at - 5) === 0x75 && runStart(input, at, HEX, 4) === at - 4
  );
}

/** Whether the character ESC ends at `at`, be it as itself or spelt as texts of JSON and shells have it. */
function isEscape(input: Input, at: number): boolean {
  const before = byteAt(input, at - 1);
  if (before === 0x1b) return true;
  return (before === 0x62 || before === 0x42 || before === 0x33) && SPELT_ESCAPE.test(textOf(input, at - 6, at));
}

const SPELT_ESCAPE = /\\(?:u001b|x1b|033)$/i;

/** Whether the word, of small letters, ends right before `at`, in whatever case. */
export function endsWith(input: Input, at: number, word: Uint8Array): boolean {
  const from = at - word.length;
  for (let place = word.length - 1; place >= 0; place--) {
    const byte = byteAt(input, from + place);
    if ((LETTER[byte] === 1 ? byte | CASE : byte) !== word[place]) return false;
  }
  return true;
}

/** The bit by which small letters differ from capital ones. */
const CASE = 0x20;

/** The bytes as a text with one character a byte. */
export function textOf(input: Input, from: number, to: number): string {
  return input.bytes.toString('latin1', Math.max(0, from), Math.min(to, input.end));
}
