/** Detectors of people's addresses and numbers. */
import { FOUR_DIGITS } from '../engine/anchors.ts';
import {
  ALNUM,
  allBut,
  byteAt,
  type Check,
  chars,
  DIGIT,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
  startsWord,
  textOf,
  wordStart,
} from '../engine/input.ts';
import { cardAt } from './card.ts';
import type { Detector } from './detector.ts';
import { COUNTRIES, ibanEnd } from './iban.ts';
import { international, isFree, national, northAmerican } from './phone.ts';

/** Letters beyond ASCII by their bytes, without the signs and quotes that stand around words. */
const beyondAscii = (set: Uint8Array) =>
  Uint8Array.from(set).fill(1, 0x80, 0xc0).fill(1, 0xc3, 0xe2).fill(1, 0xe3, 0xee);
const LOCAL = beyondAscii(chars('0-9', 'a-z', 'A-Z', "._+'&!#~-"));
const DOMAIN = beyondAscii(chars('0-9', 'a-z', 'A-Z', '.-'));
const QUOTE_LIKE = chars("._+'&!#~-");
const DOT = 0x2e;
const COLON = 0x3a;
const SLASH = 0x2f;

/** What stands behind a dot and is no domain: files' kinds, and systemd's. */
const NO_DOMAIN =
  /^(?:png|jpe?g|gif|webp|svg|avif|ico|css|s[ac]ss|less|[mc]?jsx?|[mc]?tsx?|map|html?|json|ya?ml|vue|md|txt|log|lock|tgz|gz|whl|jar|service|slice|socket|target|timer|mount|scope|device|local:)$/i;

/** An address around an `@` or `%40` that stands behind the anchor's first byte. */
const email: Check = (input, at) => {
  const sign = input.anchor + 1;
  const domain = at - 1;
  let to = runEnd(input, domain, DOMAIN, 253);
  while (to > domain && !isIn(ALNUM, input, to - 1) && byteAt(input, to - 1) < 0x80) to--;
  let dot = to - 1;
  while (dot > domain && byteAt(input, dot) !== DOT) dot--;
  if (dot <= domain || to - dot < 3 || isIn(DIGIT, input, dot + 1) || byteAt(input, dot - 1) === DOT) return NONE;
  const from = localStart(input, sign);
  if (from === sign || isUserOfHost(input, from, sign, to) || NO_DOMAIN.test(textOf(input, dot + 1, to))) return NONE;
  input.from = from;
  return to;
};

function localStart(input: Input, sign: number): number {
  let from = wordStart(input, sign, LOCAL, 64);
  // The run may have begun within a sign of several bytes.
  while (from < sign && (isIn(QUOTE_LIKE, input, from) || (byteAt(input, from) & 0xc0) === 0x80)) from++;
  return Math.min(from, sign);
}

/** `scheme://user@host` and `git@host:path` name an account of a machine. */
function isUserOfHost(input: Input, from: number, sign: number, to: number): boolean {
  if (byteAt(input, from - 1) === SLASH && byteAt(input, from - 2) === SLASH && byteAt(input, from - 3) === COLON)
    return true;
  return sign - from === 3 && textOf(input, from, sign) === 'git' && byteAt(input, to) === COLON;
}

const HYPHEN = 0x2d;
const SPACE = 0x20;

/** Area, group and serial with a hyphen between, or with blanks behind the name of the number. */
function ssnAt(input: Input, at: number, gap: number): number {
  const area = Number(textOf(input, at, at + 3));
  if (byteAt(input, at + 3) !== gap || byteAt(input, at + 6) !== gap || runEnd(input, at, DIGIT, 4) !== at + 3)
    return NONE;
  if (runEnd(input, at + 4, DIGIT, 3) !== at + 6 || runEnd(input, at + 7, DIGIT, 5) !== at + 11) return NONE;
  if (area === 0 || area === 666 || area >= 900) return NONE;
  if (textOf(input, at + 4, at + 6) === '00' || textOf(input, at + 7, at + 11) === '0000') return NONE;
  input.from = at;
  return isFree(input, at, at + 11) ? at + 11 : NONE;
}

const AROUND_NUMBER = chars(' ', ':', '=', '"', "'", '#', '.', '\\');

const ssn: Check = (input, at) => {
  if (isIn(DIGIT, input, input.anchor)) return ssnAt(input, input.anchor, HYPHEN);
  if (!startsWord(input, input.anchor)) return NONE;
  return ssnAt(input, runEnd(input, at - 1, AROUND_NUMBER, 16), SPACE);
};

export const PERSONAL: readonly Detector[] = [
  {
    id: 'email',
    severity: 'medium',
    title: 'E-mail address',
    anchors: ["[a-zA-Z0-9._+'&!#~\\-]@[a-zA-Z0-9]", "[a-zA-Z0-9._+'&!#~\\-]%40[a-zA-Z0-9]"].flatMap((anchor) => [
      anchor,
    ]),
    check: email,
    examples: {
      masked: ['ana@example.com', 'mail=bo.cy%40example.org&x=1', 'di@müller.example'],
      kept: ['icon@2x.png', 'git@github.com:owner/repo.git', 'lodash@4.17.21', 'actions/checkout@v4'],
    },
  },
  {
    id: 'phone',
    severity: 'medium',
    title: 'Phone number (E.164, North American, and national ones behind a word that says so)',
    anchors: [
      { after: allBut(chars('+/')), is: '\\+[1-9][0-9 (.-]' },
      '-\\d\\d\\d-\\d\\d\\d\\d',
      '\\.\\d\\d\\d\\.\\d\\d\\d\\d',
      '\\(\\d\\d\\d\\)[ -]?\\d\\d\\d',
      '(?i)(phone|mobile|mobil|cell|handy|telefon|whatsapp|contact)',
      '(?i)(tel|fax|sms|call)[ .:="\'\\\\_>]',
    ],
    check: phone,
    examples: {
      masked: ['+49 30 12345678', '212-555-0123', '(212) 555-0123', 'Tel. 030 12345678', '"phone":"07700 900123"'],
      kept: ['UTC+0200', '1 + 2222222', '800-555', 'phone: none', '2026-01-31T12:00:00+02:00'],
    },
  },
  {
    id: 'card',
    severity: 'high',
    title: 'Payment card number with a right check digit',
    anchors: [FOUR_DIGITS],
    check: cardAt,
    examples: {
      masked: ['4242 4242 4242 4242', 'card 378282246310005'],
      kept: ['4242 4242 4242 4243', '1234 5678 9012 3456', '1769860800000000'],
    },
  },
  {
    id: 'iban',
    severity: 'high',
    title: 'Bank account number (IBAN) with right check digits',
    anchors: [`(${COUNTRIES.join('|')})\\d\\d`],
    check: ibanEnd,
    examples: {
      masked: ['DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19'],
      kept: ['DE12 3456 7890 1234 5678 90', 'GB29 is not an account'],
    },
  },
  {
    id: 'ssn',
    severity: 'high',
    title: 'US social security number',
    anchors: ['[0-8]\\d\\d-\\d\\d-\\d\\d\\d\\d', '(?i)ssn[:= "#\'\\\\]', '(?i)security number[: ]'],
    check: ssn,
    examples: { masked: ['123-45-6789', 'SSN: 123 45 6789'], kept: ['000-12-3456', '123-45-67890', '2026-01-31'] },
  },
];

function phone(input: Input, at: number): number {
  const first = byteAt(input, input.anchor);
  if (first === 0x2b) return international(input, input.anchor);
  if (first === HYPHEN || first === DOT) return northAmerican(input, input.anchor + 1);
  if (first === 0x28) return northAmerican(input, input.anchor);
  const word = isIn(LETTER, input, at - 1);
  return word || startsWord(input, input.anchor) ? national(input, word ? at : at - 1) : NONE;
}
