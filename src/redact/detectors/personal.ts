/** Detectors of people's addresses and numbers. */
import {
  byteAt,
  type Check,
  chars,
  DIGIT,
  endsEscape,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
} from '../engine/input.ts';
import { CARD_ANCHORS, cardAt } from './card.ts';
import type { Detector } from './detector.ts';
import { EMAIL_ANCHORS, emailAt } from './email.ts';
import { IBAN_ANCHORS, ibanEnd } from './iban.ts';
import { isFree, PHONE_ANCHORS, phoneAt } from './phone.ts';

const HYPHEN = 0x2d;
const SPACE = 0x20;

/** Area, group and serial with the gap between; 0: with none. */
function ssnAt(input: Input, at: number, gap: number): number {
  const width = gap === 0 ? 0 : 1;
  const group = at + 3 + width;
  const serial = group + 2 + width;
  const to = serial + 4;
  if (width === 1 && (byteAt(input, group - 1) !== gap || byteAt(input, serial - 1) !== gap)) return NONE;
  if (!isNumber(input, at, 3) || !isNumber(input, group, 2) || !isNumber(input, serial, 4)) return NONE;
  // The SSA issued no areas from 900 on, nor 666.
  if (byteAt(input, at) === NINE || runEnd(input, at, SIX, 3) === at + 3 || !isFree(input, at, to)) return NONE;
  input.from = at;
  return to;
}

/** Whether so many digits stand there, not all of them zero. */
function isNumber(input: Input, from: number, digits: number): boolean {
  return runEnd(input, from, DIGIT, digits) === from + digits && runEnd(input, from, ZERO, digits) < from + digits;
}

const NINE = 0x39;
const ZERO = chars('0');
const SIX = chars('6');

const SSN_ANCHORS = [
  '[0-8]\\d\\d-\\d\\d-\\d\\d\\d\\d',
  `(?i)(ssn|ssn[ _-]?(number|no|nr)|(social)?security[ _-]?(number|no))[:= "#'\\\\>]`,
];
const AROUND_NUMBER = chars(' ', ':', '=', '"', "'", '#', '.', '\\', '>');
const LOWER = chars('a-z');

const ssn: Check = (input, at) => {
  const { anchor } = input;
  if (isIn(DIGIT, input, anchor)) return ssnAt(input, anchor, HYPHEN);
  // The name may end another, as in user_ssn and userSsn.
  const isCamel = !isIn(LOWER, input, anchor) && isIn(LOWER, input, anchor - 1);
  if (isIn(LETTER, input, anchor - 1) && !isCamel && !endsEscape(input, anchor)) return NONE;
  const from = runEnd(input, at - 1, AROUND_NUMBER, 16);
  const gap = byteAt(input, from + 3);
  return ssnAt(input, from, gap === SPACE || gap === HYPHEN ? gap : 0);
};

export const PERSONAL: readonly Detector[] = [
  {
    id: 'email',
    severity: 'medium',
    title: 'E-mail address',
    anchors: EMAIL_ANCHORS,
    check: emailAt,
    examples: {
      masked: ['ana@example.com', 'mail=bo%2Bcy%40example.org&x=1', 'di@müller.example', '"Ed D."@[192.0.2.7]'],
      kept: ['icon@2x.png', 'git@github.com:owner/repo.git', 'lodash@4.17.21', 'bo@host.example.com:/srv'],
    },
  },
  {
    id: 'phone',
    severity: 'medium',
    title:
      'Phone number (E.164, North American and other national forms; what has no form, behind a word that says so)',
    anchors: PHONE_ANCHORS,
    check: phoneAt,
    examples: {
      masked: ['+49 30 12345678', '212-555-0123', '(212) 555-0123', '020 7946 0958', 'call me at 612 34 56 78'],
      kept: ['012-345678', 'UTC+0200', '1 + 2222222', '800-555', 'phone: none', '2026-01-31T12:00:00+02:00'],
    },
  },
  {
    id: 'card',
    severity: 'high',
    title: 'Payment card number with a right check digit',
    anchors: CARD_ANCHORS,
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
    anchors: IBAN_ANCHORS,
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
    anchors: SSN_ANCHORS,
    check: ssn,
    examples: { masked: ['123-45-6789', 'SSN: 123 45 6789'], kept: ['000-12-3456', '123-45-67890', '2026-01-31'] },
  },
];
