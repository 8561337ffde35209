/** Detectors of private keys and signed tokens. */
import {
  BASE64,
  BASE64URL,
  byteAt,
  type Check,
  chars,
  type Input,
  isIn,
  NONE,
  runEnd,
  runStart,
  startsWord,
} from '../engine/input.ts';
import { type Detector, prefixed } from './detector.ts';

/** Blanks are + or %20 in URLs. */
const LABEL = chars('A-Z', '0-9', ' %+');
const KEY_TEXT = chars('0-9', 'a-z', 'A-Z', '+/=', '\\', ' ', '"\',');
const BECH32 = chars('0-9', 'A-Z');
const DASHES = Buffer.from('-----');
const END = Buffer.from('-----END');
const BEGIN = Buffer.from('-----BEGIN');
const MOST_KEY = 16_000;
const MOST_LINES = 600;
/** Lines of other things that may stand among those of a key, as another process prints them. */
const MOST_STRANGE = 3;
/** So many characters of base64 in a row are no word. */
const LEAST_RUN = 24;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const DOT = 0x2e;

/**
 * From `-----BEGIN … PRIVATE KEY` to the end of its END line, in one line or many; without an END line, to the end of the
 * last line that holds a part of it.
 */
const privateKey: Check = (input, at) => {
  const label = runEnd(input, at, LABEL, 40);
  const name = input.bytes.toString('latin1', at, label).replace(/%20|\+/g, ' ');
  if (!/PRIVATE KEY(?: BLOCK)?$/.test(name) || !stands(DASHES, input, label)) {
    if (label === input.end) input.open = true;
    return NONE;
  }
  const body = label + DASHES.length;
  const to = keyEnd(input, body);
  if (input.open || to <= body) return NONE;
  input.from = input.anchor;
  return to;
};

/** The same in base64, as kubectl shows secrets: the label tells keys from certificates. */
const encodedKey: Check = (input, at) => {
  const end = runEnd(input, at, BASE64, MOST_KEY);
  const begin = Buffer.from(input.bytes.toString('latin1', input.anchor, Math.min(end, input.anchor + 80)), 'base64');
  if (!/^-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY/.test(begin.toString('latin1'))) return NONE;
  input.from = input.anchor;
  return runEnd(input, end, PADDING, 2);
};

/** PuTTY's, and those that RFC 4716 has the form of. */
const otherKey: Check = (input, at) => {
  const to = keyEnd(input, at);
  if (input.open || to <= at) return NONE;
  input.from = at;
  return to;
};

const LAST_OF_BASE64 = 0x69;
const COLON = 0x3a;
const PADDING = chars('=');
const DASH = 0x2d;

/** Where the key ends whose first line's dashes end at `body`; `body` if none follows. */
function keyEnd(input: Input, body: number): number {
  const most = Math.min(input.end, body + MOST_KEY);
  const again = input.bytes.subarray(body, most).indexOf(BEGIN);
  const stop = again < 0 ? most : body + again;
  let last = body;
  let strange = 0;
  let from = body;
  for (let lines = 0; from < stop && lines < MOST_LINES && strange < MOST_STRANGE; lines++) {
    const to = lineEnd(input.bytes, from, stop);
    const line = input.bytes.subarray(from, to);
    const end = line.indexOf(END);
    if (end >= 0)
      return last > body || hasRun(input, from, from + end) ? endLine(input, from + end + END.length) : body;
    if (hasRun(input, from, to) || isShortPart(input, from, to, last > body)) {
      last = to;
      strange = 0;
    } else if (!isHeader(line)) strange += 1;
    from = to + 1;
  }
  if (from >= input.end && strange < MOST_STRANGE && !input.final) input.open = true;
  return last;
}

function lineEnd(bytes: Buffer, from: number, stop: number): number {
  let to = from;
  while (to < stop && bytes[to] !== NEWLINE && bytes[to] !== RETURN) to++;
  return to;
}

function endLine(input: Input, at: number): number {
  const label = runEnd(input, at, LABEL, 40);
  return stands(DASHES, input, label) ? label + DASHES.length : label;
}

function stands(text: Buffer, { bytes }: Input, at: number): boolean {
  return bytes.compare(text, 0, text.length, at, at + text.length) === 0;
}

function hasRun(input: Input, from: number, to: number): boolean {
  for (let at = from; at + LEAST_RUN <= to; ) {
    const end = runEnd(input, at, BASE64, to - at);
    if (end - at >= LEAST_RUN) return true;
    at = end + 1;
  }
  return false;
}

/** The last line of a key may be short. */
function isShortPart(input: Input, from: number, to: number, begun: boolean): boolean {
  return begun && to > from && runEnd(input, from, KEY_TEXT, to - from) === to && !isIn(SPACE, input, from);
}

const SPACE = chars(' ');

/** Empty, or one of the fields that may stand above the key itself. */
function isHeader(line: Buffer): boolean {
  return (
    line.length === 0 ||
    /^\s*$|^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):/.test(line.toString('latin1'))
  );
}

/** Header, claims and signature; an encrypted one has two parts more. */
const jwt: Check = (input, at) => {
  if (!startsWord(input, input.anchor)) return NONE;
  const header = runEnd(input, at, BASE64URL, 4_000);
  if (header - at < 12 || byteAt(input, header) !== DOT) return NONE;
  const second = runEnd(input, header + 1, BASE64URL, 5);
  // Without a key of its own, the second part of an encrypted one is empty.
  if (second - header < 5 && !(second === header + 1 && byteAt(input, second) === DOT)) return NONE;
  let to = header;
  for (let parts = 0; parts < 4 && byteAt(input, to) === DOT; parts++) {
    const part = runEnd(input, to + 1, BASE64URL, at + MOST_KEY - to);
    if (part === to + 1 && parts !== 0) break;
    to = part;
  }
  if (to - header < 6) return NONE;
  input.from = input.anchor;
  // The end of a comment in XML.
  return byteAt(input, to) === GREATER ? runStart(input, to, HYPHENS, 3) : to;
};

const HYPHENS = chars('-');
const GREATER = 0x3e;

export const KEYS: readonly Detector[] = [
  {
    id: 'private-key',
    severity: 'critical',
    title: 'Private key (PEM, OpenSSH, PGP)',
    anchors: [
      '-----BEGIN( |%20|\\+)',
      'LS0tLS1CRUdJTi',
      'Private-Lines: ',
      '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----',
    ],
    check: (input, at) => {
      const byte = byteAt(input, at - 1);
      if (byte === LAST_OF_BASE64) return encodedKey(input, at);
      return byteAt(input, at - 2) === COLON || byte === DASH ? otherKey(input, at) : privateKey(input, at);
    },
    examples: {
      masked: ['-----BEGIN PRIVATE KEY-----\n<a64>\n<a30>==\n-----END PRIVATE KEY-----'],
      kept: ['-----BEGIN CERTIFICATE-----\n<a64>\n-----END CERTIFICATE-----', 'the -----BEGIN PRIVATE KEY----- line'],
    },
  },
  {
    id: 'age-key',
    severity: 'critical',
    title: 'age identity',
    anchors: ['AGE-SECRET-KEY-1'],
    check: prefixed({ least: 58, most: 58, set: BECH32 }),
    examples: { masked: ['AGE-SECRET-KEY-1<u58>'], kept: ['AGE-SECRET-KEY-1'] },
  },
  {
    id: 'jwt',
    severity: 'critical',
    title: 'JSON web token',
    anchors: ['eyJ', 'eyAi', 'ewog', 'ew0K'],
    check: jwt,
    examples: { masked: ['eyJ<a33>.eyJ<a40>.<b43>'], kept: ['eyJhIjoxfQ==', 'eyJ.b.c'] },
  },
];
