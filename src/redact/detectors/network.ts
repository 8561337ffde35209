/** Detectors of addresses of machines. */
import {
  ALNUM,
  allBut,
  byteAt,
  type Check,
  chars,
  DIGIT,
  endsWith,
  HEX,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
  runStart,
  startsWord,
  textOf,
  WORD,
} from '../engine/input.ts';
import { type Detector, hasDigit } from './detector.ts';
import { stands, withoutEscape } from './gap.ts';

const DOTTED = chars('0-9', '.');
const GROUPS = chars('0-9', 'a-f', 'A-F', ':.');
const SEPARATOR = chars(' ', '=', ':', '"', "'", '/', '.', '(');
const NO_DIGIT = allBut(DIGIT);
const DOT = 0x2e;
const COLON = 0x3a;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const SIGN = 0x40;
const NAME = chars('0-9', 'a-z', 'A-Z', '._-');
const PATH = chars('0-9', 'a-z', 'A-Z', '._-', '/~');
const MOST_V4 = 24;
const LEAST_V6 = 6;
const MOST_V6 = 48;
/** The bytes of `::ffff:`. */
const MAPPED = 7;

/** Four numbers up to 255 that no word calls a version. */
const ipv4: Check = (input, at) => {
  const first = runStart(input, at, DOTTED, MOST_V4);
  const from = withoutEscape(input, first);
  const end = runEnd(input, at, DOTTED, MOST_V4);
  input.doneFrom = first;
  input.doneTo = end;
  const to = withoutPort(input, from, byteAt(input, end - 1) === DOT ? end - 1 : end);
  if (!isQuad(input, from, to) || !startsWord(input, from) || isIn(WORD, input, end)) return NONE;
  if (isJoined(input, from) || isVersioned(input, to)) return NONE;
  if (isNobody(input, from, to) || isVersion(input, from)) return NONE;
  input.from = from;
  return to;
};

const ARROW = Buffer.from(' > ');

/** Where the address ends that has its port behind a further dot, as tcpdump writes both sides of an arrow. */
function withoutPort(input: Input, from: number, to: number): number {
  const isSide = stands(input, to, ARROW) || (byteAt(input, to) === COLON && stands(input, from - 3, ARROW));
  const port = isSide ? runStart(input, to, DIGIT, 5) - 1 : to;
  return isSide && isQuad(input, from, port) ? port : to;
}

/** What makes it a part of a name or version: a hyphen but of a range, a dot, or a package's sign but a person's at a host. */
function isJoined(input: Input, from: number): boolean {
  const before = byteAt(input, from - 1);
  if (before === DOT) return true;
  if (before === HYPHEN) return !isQuad(input, runStart(input, from - 1, DOTTED, MOST_V4), from - 1);
  if (before !== SIGN) return false;
  const user = runStart(input, from - 1, NAME, 64);
  return byteAt(input, user - 1) === SLASH && byteAt(input, user - 2) !== SLASH;
}

/** `-rc1`, `-1ubuntu2` and the like behind, but no range's end. */
function isVersioned(input: Input, to: number): boolean {
  if (byteAt(input, to) !== HYPHEN) return false;
  return isIn(ALNUM, input, to + 1) && isIn(WORD, input, runEnd(input, to + 1, DIGIT, 4));
}

function isQuad(input: Input, from: number, to: number): boolean {
  let at = from;
  for (let part = 0; part < 4; part++) {
    let value = 0;
    let end = at;
    for (; end < to && byteAt(input, end) !== DOT; end++) value = value * 10 + byteAt(input, end) - 0x30;
    const length = end - at;
    if (length === 0 || value > 255 || length > 3 || (length > 1 && byteAt(input, at) === 0x30)) return false;
    if ((part === 3) !== (end === to)) return false;
    at = end + 1;
  }
  return true;
}

/** Loopback, any, masks, and the three zeros that browsers put into their versions, unless they are of a network. */
function isNobody(input: Input, from: number, to: number): boolean {
  const first = byteAt(input, from);
  if (first === 0x30 && byteAt(input, from + 1) === DOT) return true;
  if (byteAt(input, to - 1) === 0x30 && byteAt(input, to - 2) === DOT && textOf(input, to - 6, to) === '.0.0.0')
    return byteAt(input, to) !== SLASH;
  return begins(input, from, LOOPBACK) || begins(input, from, MASK);
}

const LOOPBACK = Buffer.from('127.');
const MASK = Buffer.from('255.');

function begins({ bytes }: Input, from: number, text: Buffer): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false;
  return true;
}

const VERSION_WORDS = 'version versions ver v release build section chapter revision rev nt sdk firmware clause'
  .split(' ')
  .map((word) => Buffer.from(word));

/** Whether the word before, in whatever case, says that a version follows; or a product's name and a slash, or `==`. */
function isVersion(input: Input, from: number): boolean {
  const to = runStart(input, from, SEPARATOR, 4);
  if (to === from) return false;
  const before = byteAt(input, from - 1);
  if (before === SLASH && isIn(PRODUCT, input, from - 2)) return true;
  if (before === EQUALS && byteAt(input, from - 2) === EQUALS) return true;
  if (before === COLON && isCoordinate(input, from - 1)) return true;
  if (!isIn(VERSION_ENDS, input, to - 1)) return false;
  return VERSION_WORDS.some((word) => endsWith(input, to, word) && isWholeWord(input, to - word.length));
}

/** Whether a word begins there, if only within a name such as FileVersion; SERVER has no `VER` in it. */
function isWholeWord(input: Input, at: number): boolean {
  if (!isIn(ALNUM, input, at - 1)) return true;
  return isIn(UPPER, input, at) && !(isIn(UPPER, input, at - 1) && isIn(UPPER, input, at + 1));
}

/** `org.example:artifact:` of Maven or `owner/image:` of a registry, behind which a version stands; no file's path. */
function isCoordinate(input: Input, colon: number): boolean {
  const name = runStart(input, colon, NAME, 64);
  const before = byteAt(input, name - 1);
  if (!isIn(LETTER, input, name) || (before !== COLON && before !== SLASH)) return false;
  const owner = runStart(input, name - 1, before === SLASH ? PATH : NAME, 64);
  if (!isIn(LETTER, input, owner)) return false;
  return before === SLASH ? !textOf(input, name, colon).includes('.') : textOf(input, owner, name).includes('.');
}

const VERSION_ENDS = chars(
  ...VERSION_WORDS.map((word) => word.toString().slice(-1)).flatMap((end) => [end, end.toUpperCase()]),
);
const PRODUCT = chars('0-9', 'a-z', 'A-Z', '_)');
const UPPER = chars('A-Z');

/** Eight groups, or fewer with one `::` behind a first group of three digits or more; the last two may be an IPv4 address. */
const ipv6: Check = (input, at) => {
  const begin = runStart(input, at, GROUPS, MOST_V6);
  const first = withoutEscape(input, begin);
  let to = runEnd(input, at, GROUPS, MOST_V6);
  input.doneFrom = begin;
  input.doneTo = to;
  if (to - first < LEAST_V6 || isIn(WORD, input, to)) return NONE;
  // What names the address ends in letters or digits that a group may have, as in [IPv6:2001:db8::1].
  const named = startsWord(input, first) ? NONE : runEnd(input, first, HEX, MOST_V6);
  if (named === first || (named > first && byteAt(input, named) !== COLON)) return NONE;
  const from = named === NONE ? first : named + 1;
  // Of those that begin with a colon only ::ffff:203.0.113.7 is somebody's.
  const may =
    byteAt(input, from) === COLON ? isIn(DIGIT, input, from + MAPPED) : runEnd(input, from, HEX, 5) < from + 5;
  if (!may || to - from < LEAST_V6 || to - from >= MOST_V6) return NONE;
  while (
    to > from &&
    (byteAt(input, to - 1) === DOT || (byteAt(input, to - 1) === COLON && byteAt(input, to - 2) !== COLON))
  )
    to--;
  if (stands(input, to, ARROW) || stands(input, from - 3, ARROW)) to = withoutPortV6(input, from, to);
  if (!isIpv6(input, from, to)) return NONE;
  input.from = from;
  return to;
};

/** The end before the last dot, unless that is of an IPv4 address. */
function withoutPortV6(input: Input, from: number, to: number): number {
  const port = runStart(input, to, DIGIT, 5);
  return byteAt(input, port - 1) === DOT && isIpv6(input, from, port - 1) ? port - 1 : to;
}

/** Whether the groups are 16 bytes' worth: eight, or fewer with one `::`; no `::` alone, and no word such as face::feed. */
function isIpv6(input: Input, from: number, to: number): boolean {
  let groups = 0;
  let pairs = 0;
  let doubled = byteAt(input, from) === COLON;
  if (doubled && byteAt(input, from + 1) !== COLON) return false;
  for (let at = doubled ? from + 2 : from; at < to; ) {
    const end = runEnd(input, at, HEX, 5);
    if (end === at || end - at > 4) return false;
    if (end < to && byteAt(input, end) === DOT) return isEmbedded(input, from, at, to, groups, doubled);
    groups += 1;
    if (end - at === 2) pairs += 1;
    at = end + 1;
    if (at >= to || byteAt(input, at) !== COLON) continue;
    if (doubled) return false;
    doubled = true;
    at += 1;
  }
  if (!doubled) return groups === 8 && pairs < 8;
  return groups < 8 && hasDigit(input, from, to) && (runEnd(input, from, HEX, 4) >= from + 3 || isNat64(input, from));
}

/** An IPv4 address behind `::ffff:` or another prefix. */
function isEmbedded(input: Input, from: number, at: number, to: number, groups: number, doubled: boolean): boolean {
  if (!isQuad(input, at, to)) return false;
  if (byteAt(input, from) === COLON) return /^::ffff:$/i.test(textOf(input, from, at));
  return doubled ? groups < 6 : groups === 6;
}

function isNat64(input: Input, from: number): boolean {
  return /^64:ff9b:/i.test(textOf(input, from, from + 8));
}

/** All zero, all ones, or a moment such as 26-01-31-12-00-00. */
const NO_MAC =
  /^(?:[0.:-]+|[f.:-]+|\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])-(?:[01]\d|2[0-3])-[0-5]\d-[0-5]\d)$/i;

/** Six pairs of hex digits with the same sign between, or three groups of four with dots; neither all zero nor all ones. */
const mac: Check = (input) => {
  const from = input.anchor;
  const sign = byteAt(input, from + 2);
  const dotted = isIn(HEX, input, from + 2);
  const to = from + (dotted ? 14 : 17);
  const gap = dotted ? DOT : sign;
  if (byteAt(input, from - 1) === gap || !startsWord(input, from)) return NONE;
  if (dotted ? !isDotted(input, from) : !isPaired(input, from, sign)) return NONE;
  const after = byteAt(input, to);
  if (isIn(ALNUM, input, to)) return NONE;
  if (after === gap && isIn(HEX, input, to + 1)) return NONE;
  if (NO_MAC.test(textOf(input, from, to))) return NONE;
  input.from = from;
  return to;
};

function isPaired(input: Input, from: number, sign: number): boolean {
  for (let pair = 0; pair < 6; pair++) {
    const at = from + 3 * pair;
    if (!isIn(HEX, input, at) || !isIn(HEX, input, at + 1) || (pair > 0 && byteAt(input, at - 1) !== sign))
      return false;
  }
  return true;
}

function isDotted(input: Input, from: number): boolean {
  for (let group = 0; group < 3; group++) {
    const at = from + 5 * group;
    if (runEnd(input, at, HEX, 5) !== at + 4 || (group > 0 && byteAt(input, at - 1) !== DOT)) return false;
  }
  // Digits alone may be a version or an amount, but for a word before them.
  return runEnd(input, from, DOTTED, 14) < from + 14 || isNamed(input, from);
}

function isNamed(input: Input, from: number): boolean {
  return runStart(input, from, NO_DIGIT, 3) === from - 3 && MAC_WORD.test(textOf(input, from - 48, from));
}

/** The shortest has three letters. */
const MAC_WORD = /(?:\bmac|hwaddr|ether|lladdr|physical|hardware)[^\d]*$/i;

export const NETWORK: readonly Detector[] = [
  {
    id: 'ipv4',
    severity: 'low',
    title: 'IPv4 address, but for loopback, any and masks',
    anchors: ['\\d\\.\\d{1,3}\\.\\d'],
    check: ipv4,
    examples: {
      masked: ['203.0.113.7', 'http://10.1.2.3:8080/x'],
      kept: ['127.0.0.1:5432', '1.2.3', 'version 4.2.1.3', '300.1.1.1', '1.2.3.4.5'],
    },
  },
  {
    id: 'ipv6',
    severity: 'low',
    title: 'IPv6 address, but for loopback and any',
    anchors: ['[0-9a-fA-F]{3}:[0-9a-fA-F:]', '::[fF]{4}:', '64:[fF]{2}9[bB]:'],
    check: ipv6,
    examples: { masked: ['2001:db8::7', '::ffff:203.0.113.7'], kept: ['::1', 'std::vector', '12:34:56', 'face::feed'] },
  },
  {
    id: 'mac',
    severity: 'low',
    title: 'MAC address',
    anchors: ['([0-9a-fA-F]{2}:){3}', '([0-9a-fA-F]{2}-){3}', '[0-9a-fA-F]{4}\\.[0-9a-fA-F]{4}\\.'],
    check: mac,
    examples: { masked: ['00:1b:44:11:3a:b7', '001b.4411.3ab7'], kept: ['00:00:00:00:00:00', '12:34:56:78'] },
  },
];
