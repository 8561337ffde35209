/** Detectors of private keys and signed tokens. */
import {
  allBut,
  BASE64,
  BASE64URL,
  byteAt,
  type Check,
  chars,
  type Input,
  isIn,
  NONE,
  placeOf,
  runEnd,
  runStart,
  type Sought,
  startsWord,
  textOf,
} from '../engine/input.ts';
import { type Detector, prefixed } from './detector.ts';
import { stands } from './gap.ts';

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
const DOT = 0x2e;

/**
 * From `-----BEGIN … PRIVATE KEY` to the end of its END line, in one line or many; without an END line, to the end of the
 * last line that holds a part of it.
 */
const privateKey: Check = (input, at) => {
  const label = runEnd(input, at, LABEL, 40);
  if (!stands(input, label, DASHES) || !PRIVATE.test(textOf(input, at, label).replace(/%20|\+/g, ' '))) {
    if (label === input.end) input.open = true;
    return NONE;
  }
  return keyBehind(input, input.anchor, label + DASHES.length);
};

const PRIVATE = /PRIVATE KEY(?: BLOCK)?$/;

/** The same in base64, as kubectl shows secrets: the label tells keys from certificates. */
const encodedKey: Check = (input, at) => {
  // The blank ends here, and a letter, a digit or a blank begins.
  if (!isIn(BEHIND_BLANK, input, at)) return NONE;
  const end = runEnd(input, at, BASE64, MOST_KEY);
  const begin = Buffer.from(textOf(input, input.anchor, Math.min(end, input.anchor + 80)), 'base64');
  if (!/^-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY/.test(begin.toString('latin1'))) return NONE;
  input.from = input.anchor;
  return runEnd(input, end, PADDING, 2);
};

const BEHIND_BLANK = chars('A', 'B');

/** PuTTY's, and those that RFC 4716 has the form of. */
const otherKey: Check = (input, at) => keyBehind(input, at, at);

const LAST_OF_BASE64 = 0x69;
const COLON = 0x3a;
const PADDING = chars('=');
const DASH = 0x2d;

/** The end of the key, or of its part, whose first line begins at `body`; the value begins at `from`. */
function keyBehind(input: Input, from: number, body: number): number {
  const to = keyEnd(input, body);
  if (input.open || to <= body) return NONE;
  input.from = from;
  return to;
}

/** Where the key ends whose first line's dashes end at `body`; `body` if none follows. */
function keyEnd(input: Input, body: number): number {
  const most = Math.min(input.end, body + MOST_KEY);
  const again = placeOf(input, begin, body, most - BEGIN.length + 1);
  const stop = again > most - BEGIN.length ? most : again;
  let last = body;
  let strange = 0;
  let from = body;
  for (let lines = 0; from < stop && lines < MOST_LINES && strange < MOST_STRANGE; lines++) {
    const to = runEnd(input, from, LINE, stop - from);
    const end = placeOf(input, endOfKey, from, to);
    if (end + END.length <= to) {
      if (last === body && !hasRun(input, from, end)) return body;
      return whole(input, endLine(input, end + END.length));
    }
    if (hasRun(input, from, to) || isShortPart(input, from, to, last > body)) {
      last = to;
      strange = 0;
    } else if (!isHeader(input, from, to)) strange += 1;
    from = to + 1;
  }
  if (from >= input.end && strange < MOST_STRANGE && !input.final) input.open = true;
  return strange === MOST_STRANGE || stop === again ? whole(input, last) : last;
}

/** The end of a key that is not cut off: an anchor within it would find no more. */
function whole(input: Input, to: number): number {
  input.doneFrom = input.anchor;
  input.doneTo = to;
  return to;
}

const LINE = allBut(chars('\r', '\n'));

const begin: Sought = (input, place) => textFrom(input, place, BEGIN);
const endOfKey: Sought = (input, place) => textFrom(input, place, END);

/** The place if the text, which begins with a dash, stands there, else that of the next dash. */
function textFrom(input: Input, place: number, text: Buffer): number {
  return stands(input, place, text) ? place : runEnd(input, place + 1, NO_DASH, SHORT_WAY);
}

const NO_DASH = allBut(chars('-'));
/** Of what is passed over at once. */
const SHORT_WAY = 64;

function endLine(input: Input, at: number): number {
  const label = runEnd(input, at, LABEL, 40);
  return stands(input, label, DASHES) ? label + DASHES.length : label;
}

function hasRun(input: Input, from: number, to: number): boolean {
  const last = to - LEAST_RUN;
  return placeOf(input, longRun, from, last + 1) <= last;
}

const longRun: Sought = (input, place) => {
  const end = runEnd(input, place, BASE64, LEAST_RUN);
  return end - place === LEAST_RUN ? place : end + 1;
};

/** The last line of a key may be short. */
function isShortPart(input: Input, from: number, to: number, begun: boolean): boolean {
  return begun && to > from && runEnd(input, from, KEY_TEXT, to - from) === to && !isIn(SPACE, input, from);
}

const SPACE = chars(' ');

/** Empty, or one of the fields that may stand above the key itself. */
function isHeader(input: Input, from: number, to: number): boolean {
  if (runEnd(input, from, BLANK, to - from) === to) return true;
  return isIn(BEGINS_FIELD, input, from) && FIELD.test(textOf(input, from, Math.min(to, from + MOST_FIELD)));
}

const BLANK = chars('\t', '\v', '\f', ' ', '\xa0');
const FIELD = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):/;
const BEGINS_FIELD = chars('PDVCHM');
const MOST_FIELD = 12;

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
