/** Detectors of passwords and keys that only their names or the options before them give away. */
import {
  allBut,
  byteAt,
  type Check,
  chars,
  type Input,
  isIn,
  NONE,
  runEnd,
  runStart,
  startsWord,
  textOf,
} from '../engine/input.ts';
import { assigned, standsForValue, type Written } from './assignment.ts';
import type { Detector } from './detector.ts';
import { looksRandom, looksShuffled } from './random.ts';

/** Words of sentences, which stand where a password is spoken of. */
const PROSE =
  /\b(?:is|are|was|were|be|has|have|must|should|may|can|cannot|not|no|the|an?|of|to|in|at|for|with|your|please|and|or|too|than|required|invalid)\b/i;
/** Names of variables, which code assigns. */
const IDENTIFIER =
  /_|(?:[a-z]|^)(?:Pass(?:word|wd)?|Pwd|Secret|Value|Input|Param|Field|Var|Env|Arg|Name|Token|Key|Str|Text|Hash)s?$/;
const CODE = /^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$/;

function isPassword(value: string, { quoted, loose, last, query }: Written): boolean {
  if (value.length < 4 || value.length > 256 || standsForValue(value)) return false;
  if (quoted) return !/^\s|\s$/.test(value) && !(/ .* /.test(value) && PROSE.test(value));
  if (/^[a-z_]+$/i.test(value)) {
    return looksShuffled(value) || ((!loose || last) && value.length >= 6 && (query || !IDENTIFIER.test(value)));
  }
  return value.length >= 6 && (!loose || !CODE.test(value)) && !/^\d{1,5}$/.test(value);
}

const KEY_OF =
  /(?:api|access|secret|private|auth|encryption|signing|client|master|service|account|storage|shared|app|application|consumer|deploy|license|licence|hmac|webhook|session|ssh|symmetric|subscription|function|admin|user|integration|write|read|ingest|security|cipher|crypto)[_. -]?key(?:_base)?$/;
const NO_SECRET =
  /(?:public|next|page|continuation|sync|cursor|cancellation|num|max|min|total|count|of|input|output|prompt|completion|primary|foreign|cache|sort|partition|idempotency|id)[_. -]?(?:key|token|secret)s?$/;

/** Names come again and again; so many are kept. */
const MOST_NAMES = 256;
const judged = new Map<string, boolean>();

function namesSecret(name: string): boolean {
  let secret = judged.get(name);
  if (secret === undefined) {
    if (judged.size === MOST_NAMES) judged.clear();
    secret = isSecretName(name);
    judged.set(name, secret);
  }
  return secret;
}

function isSecretName(name: string): boolean {
  if (NO_SECRET.test(name)) return false;
  return /key(?:_base)?$/.test(name) ? KEY_OF.test(name) : true;
}

function isSecret(value: string): boolean {
  return value.length >= 16 && value.length <= 1_024 && looksRandom(value) && !standsForValue(value);
}

const ENDS_NAME = chars('"\'=:\\ ');
const BLANK = chars(' ', '\t');
const QUOTES = chars('"\'');
const PART = allBut(chars(' ', '\x00-\x1f', '"\'`\\'));
const NAMED = allBut(chars(' ', '\x00-\x1f', '"\'`\\:'));
const LINE = allBut(chars('\x00-\x1f'));
const COLON = 0x3a;

const assignedPassword = assigned({ least: 4, most: 256, accept: isPassword });
const assignedSecret = assigned({ least: 16, most: 1_024, yields: true, accept: isSecret, name: namesSecret });

/** What the anchor is decides what comes next: its last letters, in lower case, tell it. */
const password: Check = (input, at) => {
  const last = byteAt(input, at - 1);
  if (last === LETTER_P) return part(input, at);
  if (last === SPACE) {
    const before = byteAt(input, at - 2) | 0x20;
    if (before === LETTER_Y) return part(input, at);
    if (before === LETTER_N) return behindLogin(input, at);
    if (before === LETTER_U || before === LETTER_R) return behindUser(input, at);
  }
  return assignedPassword(input, ENDS_NAME[last] === 1 ? at - 1 : at);
};

/** The ends of `sshpass -p`, `identified by `, ` login `, `-u ` and `user `; of the others none ends like them. */
const LETTER_P = 0x70;
const SPACE = 0x20;
const LETTER_Y = 0x79;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;
const LETTER_R = 0x72;

/** A value that stands alone, quoted or not. */
function part(input: Input, at: number): number {
  const begin = runEnd(input, at, BLANK, 4);
  const from = isIn(QUOTES, input, begin) ? begin + 1 : begin;
  const to = runEnd(input, from, PART, 512);
  if (to - from < 3 || standsForValue(textOf(input, from, to))) return NONE;
  input.from = from;
  return to;
}

/** `login NAME password VALUE`, as in .netrc. */
function behindLogin(input: Input, at: number): number {
  const name = runEnd(input, at, PART, 128);
  const word = runEnd(input, name, BLANK, 4);
  return textOf(input, word, word + 9) === 'password ' ? part(input, word + 9) : NONE;
}

/** `-u NAME:VALUE` of curl and its like. */
function behindUser(input: Input, at: number): number {
  const name = isIn(QUOTES, input, at) ? at + 1 : at;
  const colon = runEnd(input, name, NAMED, 128);
  if (colon === name || byteAt(input, colon) !== COLON || !startsWord(input, input.anchor)) return NONE;
  const line = runStart(input, input.anchor, LINE, 256);
  return /curl|http|wget/i.test(textOf(input, line, input.anchor)) ? part(input, colon + 1) : NONE;
}

export const NAMED_VALUES: readonly Detector[] = [
  {
    id: 'password',
    severity: 'high',
    title: 'Password that is assigned',
    anchors: [
      '(?i)(passw(or)?d|passphrase|passwort|passcode|[_.-]pass)',
      '(?i)pwd["\'=:\\\\ ]',
      'sshpass -p',
      '(?i)identified by ',
      '(?i)(-u|--user|--proxy-user) ',
      '(?i) login ',
    ],
    check: password,
    examples: {
      masked: ['password=<a9>', '{"password":"correct horse"}', 'mysql --password <a9>', '<password><a9></password>'],
      kept: ['password: required', `password: \${DB_PASSWORD}`, 'Password must have 8 characters', 'password=***'],
    },
  },
  {
    id: 'named-secret',
    severity: 'high',
    title: 'Random value that is assigned to a key, token or secret',
    anchors: ['(?i)(secret|token|credential|signature)s?["\'=:>\\\\ ]', '(?i)[_. a-z-]key(_base)?["\'=:>\\\\ ]'],
    check: (input, at) => assignedSecret(input, at - 1),
    examples: {
      masked: ['api_key=<h32>', '"refresh_token": "<a40>"', 'x-api-key: <a24>', '--token <a24>'],
      kept: ['token: null', 'secret: patience', 'tokenizer: cl100k_base', 'cache_key=<h40>'],
    },
  },
];
