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
import { assigned, standsForValue, type Written } from './assignment.ts';
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

const CODE = /^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$/;

function isPassword(value: string, { quoted, loose }: Written): boolean {
  if (value.length < 4 || value.length > 256 || standsForValue(value)) return false;
  if (quoted) return !/^\s|\s$/.test(value) && (!/ .* /.test(value) || /\d/.test(value));
  if (/^[a-z_]+$/i.test(value)) return !loose && value.length >= 6 && !/^[a-z]+[A-Z_]/.test(value);
  return value.length >= 6 && (!loose || !CODE.test(value)) && !/^\d{1,5}$/.test(value);
}

const KEY_OF =
  /(?:api|access|secret|private|auth|encryption|signing|client|master|service|account|storage|shared|app|application|consumer|deploy|license|licence|hmac|webhook|session|ssh|symmetric|subscription|functions?|admin|user|integration|write|read|ingest|security|cipher|crypto)[_. -]?key$/;
const NO_SECRET =
  /(?:public|next|page|continuation|sync|cursor|cancellation|num|max|min|total|count|of|input|output|prompt|completion|primary|foreign|cache|sort|partition|idempotency|id)[_. -]?(?:key|token|secret)s?$/;

function namesSecret(name: string): boolean {
  if (NO_SECRET.test(name)) return false;
  return /(?:key)$/.test(name) ? KEY_OF.test(name) : true;
}

function isSecret(value: string): boolean {
  return value.length >= 16 && value.length <= 1_024 && looksRandom(value) && !standsForValue(value);
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
    check: assigned({ accept: (value) => value.length >= 3 && !standsForValue(value) }),
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
  {
    id: 'password',
    severity: 'high',
    title: 'Password that is assigned',
    anchors: [
      '(?i)(passw(or)?d|passphrase|passwort|passcode|[_.-]pass)',
      { after: allBut(chars('a-z', 'A-Z', '0-9')), is: '(?i)pw[d]?["\'=:\\\\ ]' },
    ],
    check: (input, at) => passwords(input, isIn(ENDS_NAME, input, at - 1) ? at - 1 : at),
    examples: {
      masked: ['password=<a9>', '{"password":"correct horse"}', 'mysql --password <a9>', '<password><a9></password>'],
      kept: ['password: required', `password: \${DB_PASSWORD}`, 'Password must have 8 characters', 'password=***'],
    },
  },
  {
    id: 'named-secret',
    severity: 'high',
    title: 'Random value that is assigned to a key, token or secret',
    anchors: ['(?i)(secret|token|credential|signature)s?["\'=:>\\\\ ]', '(?i)[_. a-z-]key["\'=:>\\\\ ]'],
    check: (input, at) => secrets(input, at - 1),
    examples: {
      masked: ['api_key=<h32>', '"refresh_token": "<a40>"', 'x-api-key: <a24>', '--token <a24>'],
      kept: ['token: null', 'secret: patience', 'tokenizer: cl100k_base', 'cache_key=<h40>'],
    },
  },
];

const ENDS_NAME = chars('"\'=:\\ ');
const passwords = assigned({ accept: isPassword });
const secrets = assigned({ accept: isSecret, name: namesSecret });
