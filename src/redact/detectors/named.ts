/** Detectors of passwords and keys that only their names or the options before them give away. */
import {
  allBut,
  byteAt,
  type Chars,
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
} from '../engine/input.ts';
import { assigned, type Written } from './assigned.ts';
import { APART, FETCHING, isArgumentOf, JOINED } from './command.ts';
import type { Detector } from './detector.ts';
import { stands } from './gap.ts';
import { BEGINS_REFERENCE, standsForValue } from './placeholder.ts';
import { looksRandom, looksShuffled, MOST_LOOKED_AT } from './random.ts';

/** Words of sentences, which stand where a password is spoken of. */
const PROSE =
  /\b(?:is|are|was|were|be|has|have|must|should|may|can|cannot|not|no|the|an?|of|to|in|at|for|with|your|please|and|or|too|than|required|invalid)\b/i;
/** Names of variables, which code assigns. */
const IDENTIFIER =
  /_|(?:[a-z]|^)(?:Pass(?:word|wd)?|Pwd|Secret|Value|Input|Param|Field|Var|Env|Arg|Name|Token|Key|Str|Text|Hash)s?$/;
const CODE = /^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$/;

function isPassword(input: Input, from: number, end: number, { quoted, loose, last, query, bare }: Written): boolean {
  const length = end - from;
  if (length < 4 || length > 256 || standsForValue(input, from, end)) return false;
  const value = textOf(input, from, end);
  if (bare) return length >= 6 && /\d/.test(value) && /\D/.test(value);
  if (quoted) return !/^\s|\s$/.test(value) && !(/ .* /.test(value) && PROSE.test(value));
  if (/^[a-z_]+$/i.test(value)) {
    return looksShuffled(input, from, end) || ((!loose || last) && length >= 6 && (query || !IDENTIFIER.test(value)));
  }
  return length >= 6 && (!loose || !CODE.test(value)) && !/^\d{1,5}$/.test(value);
}

const KEY_OF =
  /(?:api|access|secret|private|auth|encryption|signing|client|master|service|account|storage|shared|app|application|consumer|deploy|license|licence|hmac|webhook|session|ssh|symmetric|subscription|function|admin|user|integration|write|read|ingest|security|cipher|crypto)[_. -]?key(?:_base)?$/;
const NO_SECRET =
  /(?:public|next|page|continuation|sync|cursor|cancellation|total|input|output|prompt|completion|primary|foreign|cache|sort|partition|idempotency|(?<![a-z])(?:num|max|min|count|of|id))[_. -]?(?:key|token|secret)s?$/;

function namesSecret(name: string): boolean {
  if (NO_SECRET.test(name)) return false;
  return /key(?:_base)?$/.test(name) ? KEY_OF.test(name) : true;
}

/** What has no digit where it is looked at is letters alone, with what fills up base32; see isSecret. */
function mayBeSecret(input: Input, from: number, end: number): boolean {
  const looked = Math.min(end, from + MOST_LOOKED_AT);
  return runEnd(input, from, NO_DIGIT, looked - from) < looked || runEnd(input, from, FILLED, looked - from) === looked;
}

function isSecret(input: Input, from: number, end: number): boolean {
  const length = end - from;
  if (length < 16 || length > 1_024 || !(looksRandom(input, from, end) || isBase32(input, from, end))) return false;
  if (standsForValue(input, from, end)) return false;
  const value = textOf(input, from, end);
  return !(/[-_]/.test(value) && (KUBERNETES.test(value) || TEMPLATE.test(value)));
}

/** Names with Kubernetes' own ending of five characters, as `default-token-x7k2p`. */
const KUBERNETES = /^(?:[a-z]{2,}-)+(?:[0-9a-f]{8,10}-)?[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** What documents write where readers put their own. */
const TEMPLATE = /your[-_]|change[-_]?me|replace[-_]|placeholder|[-_]here$/i;

/** Seeds of one-time passwords; words have more vowels. */
function isBase32(input: Input, from: number, end: number): boolean {
  const filled = runEnd(input, from, BASE32, 129);
  if (filled - from < 16 || filled - from > 128 || runEnd(input, filled, FILL, end - filled) < end) return false;
  let vowels = 0;
  for (let at = from; at < filled; at++) if (isIn(VOWEL, input, at)) vowels += 1;
  return vowels < 0.3 * (end - from);
}

const BASE32 = chars('A-Z', '2-7');
const FILL = chars('=');
const VOWEL = chars('AEIOU');
const NO_DIGIT = allBut(DIGIT);
const FILLED = chars('a-z', 'A-Z', '=');
const BLANK = chars(' ', '\t');
const QUOTES = chars('"\'');
const BACKSLASHES = chars('\\');
const PART = allBut(chars(' ', '\x00-\x1f', '"\'`\\'));
const NAMED = allBut(chars(' ', '\x00-\x1f', '"\'`\\:'));
const TO_SINGLE = allBut(chars('\x00-\x1f', "'"));
const TO_DOUBLE = allBut(chars('\x00-\x1f', '"\\'));
const COLON = 0x3a;
const SLASH = 0x2f;
const SPACE = 0x20;
const SINGLE = 0x27;
const HYPHEN = 0x2d;

const assignedPassword = assigned({ least: 4, most: 256, no: BEGINS_REFERENCE, accept: isPassword });
const DIRECTORY = /^(?:~|[A-Za-z]:)?[\\/][\w.@\\/~-]*$/;
/** Under this name shells keep the directory, too. */
const assignedPwd = assigned({
  least: 4,
  most: 256,
  no: BEGINS_REFERENCE,
  accept: (input, from, end, written) =>
    !DIRECTORY.test(textOf(input, from, end)) && isPassword(input, from, end, written),
});
const assignedSecret = assigned({
  least: 16,
  most: 1_024,
  yields: true,
  no: BEGINS_REFERENCE,
  may: mayBeSecret,
  accept: isSecret,
  name: namesSecret,
});

/** Most anchors are names, which end with a letter. */
const password: Check = (input, at) => {
  if (!isIn(LETTER, input, at - 1) || byteAt(input, at - 2) === HYPHEN) return behindWord(input, at);
  const length = at - input.anchor;
  // A path: /etc/passwd:1:root
  if (length === 'passwd'.length && byteAt(input, input.anchor - 1) === SLASH) return NONE;
  const found = assignedPassword(input, at);
  return found === NONE && length === 'password'.length ? told(input, at) : found;
};

/** Where the anchor is a word of a command, the word decides what comes next: its last letters tell it. */
function behindWord(input: Input, at: number): number {
  if (isIn(LETTER, input, at - 1))
    return byteAt(input, input.anchor) === SPACE ? behindOption(input, at) : part(input, at);
  switch (byteAt(input, at - 2) | 0x20) {
    case LETTER_D:
      return assignedPwd(input, at - 1);
    case LETTER_N:
      return behindLogin(input, at);
    case LETTER_U:
    case LETTER_R:
      return behindUser(input, at);
    default:
      return part(input, at);
  }
}

/** The last letters of `pwd`, ` login `, `-u ` and `user `; behind the other words the password stands at once. */
const LETTER_D = 0x64;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;
const LETTER_R = 0x72;

/** A value that stands alone, quoted or not. */
function part(input: Input, at: number): number {
  const begin = runEnd(input, at, BLANK, 4);
  const quote = runEnd(input, begin, BACKSLASHES, 3);
  const quoted = isIn(QUOTES, input, quote);
  const from = quoted ? quote + 1 : begin;
  if (isIn(BEGINS_REFERENCE, input, from)) return NONE;
  const to = runEnd(input, from, quoted ? closing(input, quote) : PART, 512);
  if (to - from < 3 || isIn(BLANK, input, from) || standsForValue(input, from, to)) return NONE;
  input.from = from;
  return to;
}

/** What may stand up to the quote that closes the one at the place. */
function closing(input: Input, at: number): Chars {
  return byteAt(input, at) === SINGLE ? TO_SINGLE : TO_DOUBLE;
}

/** `login NAME password VALUE`, as in .netrc. */
function behindLogin(input: Input, at: number): number {
  const name = runEnd(input, at, PART, 128);
  const word = runEnd(input, name, BLANK, 4);
  return stands(input, word, PASSWORD) ? part(input, word + PASSWORD.length) : NONE;
}

/** `-u NAME:VALUE` of curl and its like. */
function behindUser(input: Input, at: number): number {
  const quoted = isIn(QUOTES, input, at);
  const name = quoted ? at + 1 : at;
  const colon = runEnd(input, name, NAMED, 128);
  if (colon === name || byteAt(input, colon) !== COLON || !startsWord(input, input.anchor)) return NONE;
  if (!isArgumentOf(input, FETCHING)) return NONE;
  if (!quoted) return part(input, colon + 1);
  const to = runEnd(input, colon + 1, closing(input, at), 512);
  if (to - colon < 4 || standsForValue(input, colon + 1, to)) return NONE;
  input.from = colon + 1;
  return to;
}

const PASSWORD = Buffer.from('password ');

/** `-p` and the like of programs that take a password so. */
function behindOption(input: Input, at: number): number {
  const apart = isIn(BLANK, input, at);
  const option = String.fromCharCode(byteAt(input, at - 1));
  if (!apart && (option !== 'p' || isIn(BEGINS_REFERENCE, input, at))) return NONE;
  // Too short for a password, which costs less to see than what the line says before.
  if (!apart && !isIn(QUOTES, input, at) && runEnd(input, at, PART, 3) < at + 3) return NONE;
  const program = apart ? APART[option] : JOINED;
  return program !== undefined && isArgumentOf(input, program) ? part(input, at) : NONE;
}

/** `The initial password is VALUE`, `Generated password for NAME: VALUE`: where a password was made, it ends its line. */
function told(input: Input, at: number): number {
  if (!isIn(BLANK, input, at)) return NONE;
  const before = textOf(input, at - 60, input.anchor);
  const behind = textOf(input, at, at + 160);
  const [whole, value] = TOLD.exec(behind) ?? [];
  if (whole === undefined || value === undefined) return NONE;
  if (!whole.includes(' = ') && !MADE.test(before) && !MADE.test(whole.slice(0, whole.search(/[:=]/)))) return NONE;
  const from = at + whole.length - value.length;
  if (!/\d/.test(value) && !looksShuffled(input, from, from + value.length)) return NONE;
  input.from = from;
  return at + whole.length;
}

const TOLD =
  /^(?:(?: [\w@.%'-]+| \([^)\n]{1,60}\)){1,8}?(?::| =(?= ["']))|(?: [\w@.%'-]+){0,8}? is:?) ["'`]?([!-~]{8,80}?)(?=[.'"`]{0,2}(?:[^ -~]|$|\\{1,7}(?:[nr]|u001b|x1b|033)))/;
const MADE =
  /\b(?:generated|temporary|initial|default|new|random|bootstrap|one-time|admin(?:istrator)?|root|(?:set|changed|reset) to)\b[^:=\n]*$/i;

export const NAMED_VALUES: readonly Detector[] = [
  {
    id: 'password',
    severity: 'high',
    title: 'Password that is assigned',
    anchors: [
      '(?i)(passw(or)?d|passphrase|passwort|passcode|[_.-]pass|(store|key)pass)',
      '(?i)pwd["\'=:\\\\ ]',
      'sshpass -p',
      '(?i)identified by ',
      '(?i)(-u|--user|--proxy-user) ',
      '(?i) login ',
      'requirepass ',
      ' -[pPaw]',
      '-pass(in|out)? pass:',
      'SecureString ',
    ],
    check: password,
    examples: {
      masked: [
        'password=<a9>',
        'mysql -uroot -p<a9>',
        'Generated password for admin: <a12>',
        '{"password":"correct horse"}',
        'mysql --password <a9>',
        '<password><a9></password>',
      ],
      kept: [
        'password: required',
        `password: \${DB_PASSWORD}`,
        'Password must have 8 characters',
        'PWD=/home/ana',
        'mkdir -p /srv/a1b2',
        'password=***',
      ],
    },
  },
  {
    id: 'named-secret',
    severity: 'high',
    title: 'Random value that is assigned to a key, token or secret',
    anchors: [
      '(?i)(secret|token|credential|signature)s?["\'=:>\\\\ \t\r\n]',
      '(?i)[_. a-z-]key(_base)?["\'=:>\\\\ \t\r\n]',
      '(?i)secret_?id["\'=:>\\\\ \t]',
      '_auth["=\\\\]',
      '"auth["\\\\]',
    ],
    check: (input, at) => assignedSecret(input, at - 1),
    examples: {
      masked: ['api_key=<h32>', '"refresh_token": "<a40>"', 'x-api-key: <a24>', '--token <a24>'],
      kept: ['token: null', 'secret: patience', 'tokenizer: cl100k_base', 'cache_key=<h40>'],
    },
  },
];
