/** E-mail addresses (RFC 5321, 5322, 6531), also as URLs and JSON write them. */
import type { Anchor } from '../engine/anchors.ts';
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
  textOf,
  wordStart,
} from '../engine/input.ts';

/** Letters of Latin, Greek, Cyrillic and their like beyond ASCII by their bytes. */
const beyondAscii = (set: Uint8Array) => Uint8Array.from(set).fill(1, 0x80, 0xc0).fill(1, 0xc3, 0xe2);
/** With those of scripts that are written without blanks; the signs and quotes that stand around words are left out. */
const ofAnyScript = (set: Uint8Array) => beyondAscii(set).fill(1, 0xe3, 0xee);
const ATEXT = chars('0-9', 'a-z', 'A-Z', "._+'&!#~-");
const LOCAL = beyondAscii(ATEXT);
const LOCAL_OF_ANY_SCRIPT = ofAnyScript(ATEXT);
/** Between angle brackets nothing else can stand than an address: all that RFC 5322 lets be there. */
const LOCAL_IN_ANGLES = beyondAscii(chars('0-9', 'a-z', 'A-Z', "._+'&!#~-", '/=$%*?^`{|}'));
const DOMAIN = ofAnyScript(chars('0-9', 'a-z', 'A-Z', '.-'));
const QUOTE_LIKE = chars(".+'&#~-");
const QUOTED = chars(' -!', '#-~');
const BACKSLASHES = chars('\\');
const LITERAL = chars('0-9', 'a-f', 'A-F', 'IPv', ':.');
const MOST_LOCAL = 64;
const DOT = 0x2e;
const COLON = 0x3a;
const SLASH = 0x2f;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const LESS = 0x3c;
const AT = 0x40;
const OPEN = 0x5b;
const CLOSE = 0x5d;

const BEFORE = ofAnyScript(LOCAL_IN_ANGLES).fill(1, QUOTE, QUOTE + 1);

/** The sign, plain, in a URL, or in a URL within a URL, between what may end a name and begin a domain. */
export const EMAIL_ANCHORS: readonly Anchor[] = [
  '@[a-zA-Z0-9\\[]',
  '@[^ -~]',
  '%40[a-zA-Z0-9]',
  '%2540[a-zA-Z0-9]',
].map((is) => ({ after: BEFORE, is }));

/** What stands behind a dot and is no domain: files' kinds, and systemd's. */
const NO_DOMAIN =
  /^(?:png|jpe?g|gif|webp|svg|avif|ico|css|s[ac]ss|less|[mc]?jsx?|[mc]?tsx?|map|html?|json|ya?ml|vue|md|txt|log|lock|tgz|gz|whl|jar|service|slice|socket|target|timer|mount|scope|device)$/i;
/** Their first letters, and their last. */
const BEGINS_KIND = chars('acdghijlmpstvwyACDGHIJLMPSTVWY');
const ENDS_KIND = chars('defgklmnoprstxzDEFGKLMNOPRSTXZ');

/** The address around the sign at the anchor. */
export const emailAt: Check = (input) => {
  const sign = input.anchor;
  const plain = byteAt(input, sign) === AT;
  const domain = sign + (plain ? 1 : byteAt(input, sign + 1) === 0x34 ? 3 : 5);
  const to = byteAt(input, domain) === OPEN ? literalEnd(input, domain) : domainEnd(input, domain);
  if (to === NONE) return NONE;
  const from = localStart(input, sign);
  if (from === sign || isUserOfHost(input, from, sign, to)) return NONE;
  input.from = from;
  return to;
};

function localStart(input: Input, sign: number): number {
  if (byteAt(input, sign - 1) === QUOTE) return quotedStart(input, sign);
  const angle = runStart(input, sign, LOCAL_IN_ANGLES, MOST_LOCAL);
  if (angle < sign && byteAt(input, angle - 1) === LESS) return angle;
  const set = byteAt(input, sign - 1) < 0x80 ? LOCAL : LOCAL_OF_ANY_SCRIPT;
  let from = sign;
  for (let escaped = 1; escaped > 0; from -= escaped) {
    from = wordStart(input, from, set, MOST_LOCAL);
    escaped = sign - from < MOST_LOCAL ? escapedBefore(input, from) : 0;
  }
  // The run may have begun within a sign of several bytes.
  while (from < sign && (isIn(QUOTE_LIKE, input, from) || (byteAt(input, from) & 0xc0) === 0x80)) from++;
  return from;
}

/** How many bytes long the escape is that ends here and stands for a character of a name, as %2B or \u00fc; else 0. */
function escapedBefore(input: Input, at: number): number {
  const isOfName = (code: string) => (LOCAL[Math.min(Number.parseInt(code, 16), 0xc3)] ?? 0) === 1;
  if (byteAt(input, at - 3) === PERCENT && runStart(input, at, HEX, 2) === at - 2)
    return isOfName(textOf(input, at - 2, at)) ? 3 : 0;
  if (byteAt(input, at - 6) === BACKSLASH && byteAt(input, at - 5) === 0x75 && runStart(input, at, HEX, 4) === at - 4)
    // JSON within JSON doubles the backslash.
    return isOfName(textOf(input, at - 4, at)) ? at - runStart(input, at - 5, BACKSLASHES, 4) : 0;
  return byteAt(input, at - 1) === PERCENT && isIn(ALNUM, input, at - 2) ? 1 : 0;
}

/** `"any text"@`, where the quotes may be escaped. */
function quotedStart(input: Input, sign: number): number {
  const open = runStart(input, sign - 1, QUOTED, MOST_LOCAL) - 1;
  if (byteAt(input, open) !== QUOTE || open >= sign - 2) return sign;
  return byteAt(input, open - 1) === BACKSLASH && byteAt(input, sign - 2) === BACKSLASH ? open - 1 : open;
}

function domainEnd(input: Input, domain: number): number {
  let to = runEnd(input, domain, DOMAIN, 253);
  while (to > domain && !isIn(ALNUM, input, to - 1) && byteAt(input, to - 1) < 0x80) to--;
  let dot = to - 1;
  while (dot > domain && byteAt(input, dot) !== DOT) dot--;
  if (dot <= domain || to - dot < 3 || isIn(DIGIT, input, dot + 1) || byteAt(input, dot - 1) === DOT) return NONE;
  // Of a text in another script right behind it nothing belongs to it.
  const ascii = runEnd(input, dot + 1, ALNUM, to - dot - 1);
  if (ascii > dot + 2 && byteAt(input, ascii) >= 0xe3) to = ascii;
  const mayBeFile = isIn(BEGINS_KIND, input, dot + 1) && isIn(ENDS_KIND, input, to - 1);
  return mayBeFile && NO_DOMAIN.test(textOf(input, dot + 1, to)) ? NONE : to;
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]`, RFC 5321 §4.1.3. */
function literalEnd(input: Input, open: number): number {
  const to = runEnd(input, open + 1, LITERAL, 50);
  const text = textOf(input, open + 1, to);
  const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9a-f:.]{2,45})$/i;
  return byteAt(input, to) === CLOSE && address.test(text) ? to + 1 : NONE;
}

/** `scheme://user@host`, `git@host:path` and `user@host:/path` name an account of a machine. */
function isUserOfHost(input: Input, from: number, sign: number, to: number): boolean {
  if (byteAt(input, from - 1) === SLASH && byteAt(input, from - 2) === SLASH && byteAt(input, from - 3) === COLON)
    return true;
  if (byteAt(input, to) !== COLON) return false;
  const isPath = byteAt(input, to + 1) === SLASH || byteAt(input, to + 1) === 0x7e;
  return isPath || (sign - from === 3 && textOf(input, from, sign) === 'git');
}
