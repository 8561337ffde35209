/** Detectors of credentials that only their surroundings give away. */
import {
  ALNUM,
  allBut,
  byteAt,
  type Check,
  chars,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
  startsWord,
  textOf,
} from '../engine/input.ts';
import { assigned, standsForValue } from './assignment.ts';
import { type Detector, hasDigit, trimmed } from './detector.ts';
import { looksRandom } from './random.ts';

const AUTHORITY = allBut(chars(' ', '\x00-\x1f', '/?#"\'`<>\\(),;|^'));
const BLANK = chars(' ', '\t');
const BEARER = chars('bB');
const OPENING = chars(' ', '\t', '"\'`\\:=>[](){}');
const TOKEN = chars('0-9', 'a-z', 'A-Z', '-._~+/=');
const COLON = 0x3a;
const AT = 0x40;
const MOST_AUTHORITY = 1_024;
const MOST_TOKEN = 8_192;

/** `scheme://user:password@host`: the password; without one the user, where it looks like a token. */
const userinfo: Check = (input, at) => {
  if (!isIn(LETTER, input, input.anchor - 1) && !isIn(ALNUM, input, input.anchor - 1)) return NONE;
  const end = runEnd(input, at, AUTHORITY, MOST_AUTHORITY);
  let host = end - 1;
  while (host > at && byteAt(input, host) !== AT) host--;
  if (host <= at || (!isIn(ALNUM, input, host + 1) && byteAt(input, host + 1) !== 0x5b)) return NONE;
  let from = at;
  while (from < host && byteAt(input, from) !== COLON) from++;
  if (from < host) {
    input.from = from + 1;
    return host > from + 1 && !standsForValue(textOf(input, from + 1, host)) ? host : NONE;
  }
  input.from = at;
  return host - at >= 20 && looksRandom(textOf(input, at, host)) ? host : NONE;
};

const SCHEMES =
  /^(?:bearer|basic|token|digest|negotiate|apikey|api-key|key|jwt|bot|ghp|hawk|splunk|genie[kK]ey|aws4-hmac-sha256)$/;

/** The credentials behind `Authorization:` and its scheme. */
const authorization: Check = (input, at) => {
  let from = runEnd(input, at, OPENING, 24);
  if (from === at) return NONE;
  // Go prints headers as map[string][]string.
  if (textOf(input, from, from + 6) === 'string') from = runEnd(input, from + 6, OPENING, 12);
  const word = runEnd(input, from, TOKEN, MOST_TOKEN);
  const next = runEnd(input, word, BLANK, 4);
  if (next > word && SCHEMES.test(textOf(input, from, Math.min(word, from + 20)).toLowerCase())) {
    return credential(input, next, 6);
  }
  return credential(input, from, 16);
};

/** `Bearer` and a token, wherever it stands. */
const bearer: Check = (input, at) => (startsWord(input, input.anchor) ? credential(input, at, 20) : NONE);

function credential(input: Input, from: number, least: number): number {
  const run = runEnd(input, from, TOKEN, MOST_TOKEN);
  const to = trimmed(input, from, run);
  const length = to - from;
  if (length < least || run - from === MOST_TOKEN || standsForValue(textOf(input, from, to))) return NONE;
  if (!hasDigit(input, from, to) && !isMixed(textOf(input, from, to))) return NONE;
  input.from = from;
  return to;
}

function isMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value.slice(1)) && value.length >= 12;
}

export const CREDENTIALS: readonly Detector[] = [
  {
    id: 'url-credentials',
    severity: 'critical',
    title: 'Password in a URL',
    anchors: ['://'],
    check: userinfo,
    examples: {
      masked: ['postgres://app:<a12>@db.internal/app', 'https://<h40>@git.example.com/app.git'],
      kept: ['https://user@example.com/x', `https://\${USER}:\${TOKEN}@example.com/`, 'http://example.com:8080/@vite'],
    },
  },
  {
    id: 'connection-string',
    severity: 'critical',
    title: 'Password in a connection string',
    anchors: ['(?i);[ ]?(password|pwd)'],
    check: assigned({ least: 3, accept: (value) => !standsForValue(value) }),
    examples: { masked: ['Server=db;User ID=app;Password=<a9>;'], kept: ['Server=db;Password=;', 'a;pwd is here'] },
  },
  {
    id: 'authorization',
    severity: 'critical',
    title: 'Authorization header or bearer token',
    anchors: ['(?i)authorization["\':=\\\\\\] ]', '(?i)bearer '],
    check: (input, at) => (isIn(BEARER, input, input.anchor) ? bearer(input, at) : authorization(input, at - 1)),
    examples: {
      masked: ['Authorization: Bearer <a32>', '"authorization": "Basic YW5hOjEyMzQ1Ng=="', 'curl with bearer <a32>'],
      kept: ['Authorization: Bearer <token>', 'authorization: none', 'Bearer of bad news'],
    },
  },
];
