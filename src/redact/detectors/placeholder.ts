/** Tells values from what stands for one: placeholders, and references to where the value is. */
import { chars } from '../engine/input.ts';

/** What stands for a value and is none. */
const PLACEHOLDER =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|empty|unset|missing|required|optional|string|text|number|boolean|str|int|bytes|object|any|default|redacted|filtered|masked|hidden|removed|denied|rejected|failed|accepted|prompt|stdin|valid|secret|password|passwd|pwd|token|example|changed|invalid|expired|incorrect|wrong|unknown|disabled|enabled|not-?set|n\/a|todo|your.*|my-?(?:password|secret|token)|\[?\(?(?:redacted|filtered|masked|hidden|removed).*)$/i;
/** A reference to where the value is: $NAME, ${name}, {{ name }}, %s, <name>, @name@, vault:path, process.env.NAME */
const REFERENCE =
  /^(?:[$%]|\{|<|\[|@[\w.]+@$|#\{|(?:vault|ssm|op|env|file|secretsmanager|arn|https?|sm):|&|\*|!|(?:process|os|config|self|this|env|settings|options|opts|args|params|req|request|user|ctx|context|var|local|data|module)\.[A-Za-z_])/;

/** What alone makes a text that begins with it such a reference. */
export const BEGINS_REFERENCE = chars('$%{<[&*!');

/** The bytes of ‹, … and • as characters: texts have one character a byte. */
const SIGNS = ['***', '...', 'xxxxxx', 'XXXXXX', '\xe2\x80\xb9', '\xe2\x80\xa6'];
const BULLETS = /^(?:\xe2(?:\x80\xa2|\x97\x8f))+$/;

/** Whether the text is a placeholder or a reference rather than a value. */
export function standsForValue(value: string): boolean {
  if (PLACEHOLDER.test(value)) return true;
  const first = value.charCodeAt(0);
  if (first === value.charCodeAt(1) && /^(.)\1*$/s.test(value)) return true;
  const plain = value.length > 1 && isAlphanumeric(first) && !value.includes(':') && !value.includes('.');
  if (!plain && (REFERENCE.test(value) || BULLETS.test(value))) return true;
  return SIGNS.some((sign) => value.includes(sign));
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
