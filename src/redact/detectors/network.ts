/** Detectors of addresses of machines. */
import {
  ALNUM,
  byteAt,
  type Check,
  chars,
  DIGIT,
  HEX,
  type Input,
  isIn,
  NONE,
  runEnd,
  runStart,
  startsWord,
  textOf,
  WORD,
} from '../engine/input.ts';
import { type Detector, hasDigit } from './detector.ts';

const DOTTED = chars('0-9', '.');
const GROUPS = chars('0-9', 'a-f', 'A-F', ':.');
const SEPARATOR = chars(' ', '=', ':', '"', "'", '/', '.');
const DOT = 0x2e;
const COLON = 0x3a;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const EQUALS = 0x3d;
/** Before an address these make it a part of a name or version. */
const JOINED = chars('-', '@', '.');
const MOST_V4 = 24;
const MOST_V6 = 48;

/** Four numbers up to 255 that no word calls a version. */
const ipv4: Check = (input, at) => {
  const from = runStart(input, at, DOTTED, MOST_V4);
  const end = runEnd(input, at, DOTTED, MOST_V4);
  input.doneFrom = from;
  input.doneTo = end;
  const to = byteAt(input, end - 1) === DOT ? end - 1 : end;
  const after = byteAt(input, to);
  if (!isQuad(input, from, to) || !startsWord(input, from) || isIn(WORD, input, end)) return NONE;
  if (isIn(JOINED, input, from - 1) || (after === HYPHEN && isIn(ALNUM, input, to + 1) && !isIn(DIGIT, input, to + 1)))
    return NONE;
  if (isNobody(input, from, to) || isVersion(input, from)) return NONE;
  input.from = from;
  return to;
};

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

/** Loopback, any, masks, and the three zeros that browsers put into their versions. */
function isNobody(input: Input, from: number, to: number): boolean {
  const first = byteAt(input, from);
  if (first === 0x30 && byteAt(input, from + 1) === DOT) return true;
  if (byteAt(input, to - 1) === 0x30 && byteAt(input, to - 2) === DOT && textOf(input, to - 6, to) === '.0.0.0')
    return true;
  return begins(input, from, LOOPBACK) || begins(input, from, MASK);
}

const LOOPBACK = Buffer.from('127.');
const MASK = Buffer.from('255.');

function begins({ bytes }: Input, from: number, text: Buffer): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false;
  return true;
}

const VERSION_WORDS = [
  'version',
  'versions',
  'ver',
  'v',
  'release',
  'build',
  'section',
  'chapter',
  'revision',
  'rev',
  'nt',
  'sdk',
  'firmware',
  'clause',
].map((word) => Buffer.from(word));

/** Whether the word before, in whatever case, says that a version follows; or a product's name and a slash, or `==`. */
function isVersion(input: Input, from: number): boolean {
  const to = runStart(input, from, SEPARATOR, 4);
  if (to === from) return false;
  const before = byteAt(input, from - 1);
  if (before === SLASH && isIn(PRODUCT, input, from - 2)) return true;
  if (before === EQUALS && byteAt(input, from - 2) === EQUALS) return true;
  if (!isIn(VERSION_ENDS, input, to - 1)) return false;
  return VERSION_WORDS.some((word) => {
    for (let at = word.length - 1, place = to - 1; at >= 0; at--, place--) {
      if ((byteAt(input, place) | 0x20) !== word[at]) return false;
    }
    return !isIn(ALNUM, input, to - word.length - 1) || isIn(UPPER, input, to - word.length);
  });
}

const VERSION_ENDS = chars(
  ...VERSION_WORDS.map((word) => word.toString().slice(-1)).flatMap((end) => [end, end.toUpperCase()]),
);
const PRODUCT = chars('0-9', 'a-z', 'A-Z', '_)');
const UPPER = chars('A-Z');

/** Eight groups, or fewer with one `::` behind a first group of three digits or more; the last two may be an IPv4 address. */
const ipv6: Check = (input, at) => {
  const from = runStart(input, at, GROUPS, MOST_V6);
  let to = runEnd(input, at, GROUPS, MOST_V6);
  input.doneFrom = from;
  input.doneTo = to;
  if (!startsWord(input, from) || isIn(WORD, input, to) || to - from < 6 || to - from >= MOST_V6) return NONE;
  while (
    to > from &&
    (byteAt(input, to - 1) === DOT || (byteAt(input, to - 1) === COLON && byteAt(input, to - 2) !== COLON))
  )
    to--;
  if (!isIpv6(input, from, to)) return NONE;
  input.from = from;
  return to;
};

/** Whether the groups are 16 bytes' worth: eight, or fewer with one `::`; no `::` alone, and no word such as face::feed. */
function isIpv6(input: Input, from: number, to: number): boolean {
  let groups = 0;
  let pairs = 0;
  let digits = false;
  let doubled = byteAt(input, from) === COLON;
  if (doubled && byteAt(input, from + 1) !== COLON) return false;
  for (let at = doubled ? from + 2 : from; at < to; ) {
    const end = runEnd(input, at, HEX, 5);
    if (end === at || end - at > 4) return false;
    if (end < to && byteAt(input, end) === DOT) return isEmbedded(input, from, at, to, groups, doubled);
    groups += 1;
    if (end - at === 2) pairs += 1;
    digits ||= hasDigit(input, at, end);
    at = end + 1;
    if (at >= to || byteAt(input, at) !== COLON) continue;
    if (doubled) return false;
    doubled = true;
    at += 1;
  }
  if (!doubled) return groups === 8 && pairs < 8;
  return groups < 8 && digits && (runEnd(input, from, HEX, 4) >= from + 3 || isNat64(input, from));
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

/** Six pairs of hex digits with the same sign between, or three groups of four with dots; neither all zero nor all ones. */
const mac: Check = (input) => {
  const from = input.anchor;
  const sign = byteAt(input, from + 2);
  const dotted = isIn(HEX, input, from + 2);
  const to = from + (dotted ? 14 : 17);
  if (dotted ? !isDotted(input, from) : !isPaired(input, from, sign)) return NONE;
  const before = byteAt(input, from - 1);
  const after = byteAt(input, to);
  const gap = dotted ? DOT : sign;
  if (!startsWord(input, from) || before === gap || isIn(ALNUM, input, to)) return NONE;
  if (after === gap && isIn(HEX, input, to + 1)) return NONE;
  if (/^(?:[0.:-]+|[f.:-]+)$/i.test(textOf(input, from, to))) return NONE;
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
  return /[a-f]/i.test(textOf(input, from, from + 14));
}

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
