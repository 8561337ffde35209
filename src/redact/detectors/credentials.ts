/** Detectors of credentials that only their surroundings give away. */
import {
  ALNUM,
  allBut,
  byteAt,
  type Check,
  chars,
  endsWith,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
  startsWord,
  textOf,
} from '../engine/input.ts';
import { assigned } from './assigned.ts';
import { type Detector, hasDigit, trimmed } from './detector.ts';
import { stands } from './gap.ts';
import { pastColours, valueOfPair } from './notation.ts';
import { BEGINS_REFERENCE, standsForValue } from './placeholder.ts';
import { looksRandom } from './random.ts';

const AUTHORITY = allBut(chars(' ', '\x00-\x1f', '/?#"\'`<>\\(),;|^'));
const BEARER = chars('bB');
const OPENING = chars(' ', '\t', '"\'`\\:=>[](){}');
const QUOTES = chars('"\'\\');
const TOKEN = chars('0-9', 'a-z', 'A-Z', '-._~+/=');
const COLON = 0x3a;
const AT = 0x40;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const DOUBLE = 0x22;
const ORACLE = chars('0-9', 'a-z', 'A-Z', '_$#-');
const ORACLE_PASSWORD = allBut(chars('\x00-\x1f', ' ', '"\'`@/\\'));
const MOST_AUTHORITY = 1_024;
const MOST_TOKEN = 8_192;

/** `scheme://user:password@host`: the password; without one the user, where it looks like a token. */
const userinfo: Check = (input, place) => {
  const at = pastSlashes(input, place);
  if (at === NONE) return NONE;
  if (!isIn(LETTER, input, input.anchor - 1) && !isIn(ALNUM, input, input.anchor - 1)) return NONE;
  const end = runEnd(input, at, AUTHORITY, MOST_AUTHORITY);
  let host = end - 1;
  while (host > at && byteAt(input, host) !== AT) host--;
  if (host <= at || (!isIn(ALNUM, input, host + 1) && byteAt(input, host + 1) !== 0x5b)) return NONE;
  let from = at;
  while (from < host && byteAt(input, from) !== COLON) from++;
  if (from < host && !NO_PASSWORD.test(textOf(input, from + 1, host))) {
    input.from = from + 1;
    return standsForValue(input, from + 1, host) ? NONE : host;
  }
  input.from = at;
  if (from - at < 20 || PUBLISHED.test(textOf(input, host + 1, end))) return NONE;
  return looksRandom(input, at, from) ? host : NONE;
};

const NO_PASSWORD = /^(?:x-oauth-basic|x-token-auth)?$/;

/** Behind both slashes, the second of which may be escaped as the first is. */
function pastSlashes(input: Input, at: number): number {
  if (byteAt(input, at - 2) !== BACKSLASH) return at;
  const slash = runEnd(input, at, ESCAPES, 4);
  return slash > at && byteAt(input, slash) === SLASH ? slash + 1 : NONE;
}

const BACKSLASH = 0x5c;
const ESCAPES = chars('\\');

/** Where Sentry takes events in: the user is a key for everybody. */
const PUBLISHED = /^o\d+\.ingest\./;

const SCHEMES =
  /^(?:bearer|basic|token|negotiate|apikey|api-key|key|jwt|bot|ghp|hawk|splunk|ssws|genie[kK]ey|aws4-hmac-sha256)$/;
const WORD_ALONE = /^[A-Za-z][A-Za-z-]{1,19}$/;
const BLANK = chars(' ', '\t');
/** A blank as URLs and shells write it. */
const BLANKS = ['%20', '\\ '].map((blank) => Buffer.from(blank));
const STRING = Buffer.from('string');
const DIGEST = Buffer.from('digest');

function pastBlank(input: Input, at: number): number {
  for (const blank of BLANKS) if (stands(input, at, blank)) return at + blank.length;
  return runEnd(input, at, BLANK, 4);
}

/** The credentials behind `Authorization:` and its scheme. */
const authorization: Check = (input, at) => {
  const paired = valueOfPair(input, at);
  let from = pastColours(input, runEnd(input, paired === NONE ? at : paired, OPENING, 24));
  if (from === at) return NONE;
  // Go prints headers as map[string][]string.
  if (stands(input, from, STRING)) from = runEnd(input, from + STRING.length, OPENING, 12);
  const word = runEnd(input, from, TOKEN, MOST_TOKEN);
  const next = pastColours(input, pastBlank(input, word));
  if (word - from === DIGEST.length && endsWith(input, word, DIGEST)) return answer(input, next);
  if (next === word) return credential(input, from, 16);
  const scheme = textOf(input, from, Math.min(word, from + 20)).toLowerCase();
  if (SCHEMES.test(scheme)) return credential(input, runEnd(input, next, QUOTES, 4), 6);
  const found = credential(input, from, 16);
  return found === NONE && WORD_ALONE.test(scheme) ? signed(input, next) : found;
};

/** A token, or `NAME:SIGNATURE` as the clouds' older schemes have it. */
function signed(input: Input, at: number): number {
  const colon = runEnd(input, at, TOKEN, 64);
  const to = credential(input, byteAt(input, colon) === COLON ? colon + 1 : at, 20);
  if (to === NONE || !hasDigit(input, at, to)) return NONE;
  input.from = at;
  return to;
}

/** What a client answers to a server's challenge: a hash that a password can be guessed by. */
function answer(input: Input, at: number): number {
  const line = textOf(input, at, at + 1_024);
  const found = /^[^\r\n]*?\bresponse=\\{0,3}"?([0-9a-f]{32,64})/i.exec(line);
  if (found === null || found[1] === undefined) return NONE;
  const to = at + found[0].length;
  input.from = to - found[1].length;
  return to;
}

/** `Bearer` and a token, wherever it stands. */
const bearer: Check = (input, at) => (startsWord(input, input.anchor) ? credential(input, at, 20) : NONE);

function credential(input: Input, from: number, least: number): number {
  const run = runEnd(input, from, TOKEN, MOST_TOKEN);
  const to = trimmed(input, from, run);
  const length = to - from;
  if (length < least || run - from === MOST_TOKEN) return NONE;
  if (!hasDigit(input, from, to) && !isMixed(input, from, to)) return NONE;
  if (standsForValue(input, from, to)) return NONE;
  input.from = from;
  return to;
}

const BRACE = 0x7b;
const assignedInPair = assigned({
  least: 3,
  no: BEGINS_REFERENCE,
  accept: (input, from, end) => !standsForValue(input, from, end),
});

/** `Password=VALUE`; ODBC writes `PWD={VALUE}` where it holds a semicolon. */
const pair: Check = (input, at) => {
  if (byteAt(input, at + 1) !== BRACE) return assignedInPair(input, at);
  const braces = /^={([^{}\r\n]{1,128})}/.exec(textOf(input, at, at + 132))?.[1];
  // {password} is a placeholder.
  if (braces === undefined || /^[A-Za-z_.]*$/.test(braces)) return assignedInPair(input, at);
  input.from = at + 2;
  return at + 2 + braces.length;
};

/** `NAME/PASSWORD@` of Oracle. */
const oracle: Check = (input, at) => {
  const options = byteAt(input, at) === HYPHEN;
  const name = !options ? at : at + (/^(?:-\w+ +)+/.exec(textOf(input, at, at + 32))?.[0].length ?? 0);
  const slash = runEnd(input, name, ORACLE, 64);
  if (slash === name || byteAt(input, slash) !== SLASH) return NONE;
  const quoted = byteAt(input, slash + 1) === DOUBLE;
  const from = quoted ? slash + 2 : slash + 1;
  const to = runEnd(input, from, ORACLE_PASSWORD, 128);
  if (to - from < 3 || standsForValue(input, from, to)) return NONE;
  input.from = from;
  return to;
};

/** Whether small letters and capital ones, more than the first, are in it. */
function isMixed(input: Input, from: number, to: number): boolean {
  return (
    to - from >= 12 &&
    runEnd(input, from, NO_SMALL, to - from) < to &&
    runEnd(input, from + 1, NO_CAPITAL, to - from - 1) < to
  );
}

const NO_SMALL = allBut(chars('a-z'));
const NO_CAPITAL = allBut(chars('A-Z'));

export const CREDENTIALS: readonly Detector[] = [
  {
    id: 'url-credentials',
    severity: 'critical',
    title: 'Password in a URL',
    anchors: ['://', ':\\\\{1,4}/'],
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
    anchors: ['(?i);[ ]?(password|pwd)', 'oracle:thin:', '(?i)sqlplus '],
    check: (input, at) =>
      (byteAt(input, at - 1) === COLON || byteAt(input, at - 1) === SPACE ? oracle : pair)(input, at),
    examples: {
      masked: ['Server=db;User ID=app;Password=<a9>;', 'jdbc:oracle:thin:app/<a9>@//db:1521/x'],
      kept: ['Server=db;Password=;', 'a;pwd is here'],
    },
  },
  {
    id: 'authorization',
    severity: 'critical',
    title: 'Authorization header or bearer token',
    anchors: ['(?i)authorization["\':=\\\\\\]> ]', '(?i)bearer '],
    check: (input, at) => (isIn(BEARER, input, input.anchor) ? bearer(input, at) : authorization(input, at - 1)),
    examples: {
      masked: [
        'Authorization: Bearer <a32>',
        'Authorization: Digest username="a", response="<h32>"',
        '"authorization": "Basic YW5hOjEyMzQ1Ng=="',
        'curl with bearer <a32>',
      ],
      kept: ['Authorization: Bearer <token>', 'authorization: none', 'Bearer of bad news'],
    },
  },
];
