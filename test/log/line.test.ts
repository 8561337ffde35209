/** One line of canonical JSON is read as a record by exactly the long way's rules, however short the way is. */
import serialize from 'canonicalize';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { canonicalJson, sha256 } from '../../src/log/canonical.ts';
import { recordOfLine } from '../../src/log/comment.ts';
import { hashOfCanonical, Record, recordHash, sealRecord, signedRecord } from '../../src/log/record.ts';
import type { Event } from '../../src/request/events.ts';
import { anyCharacter } from '../any-character.ts';
import * as b from './build.ts';

/** Whether a line is a record, said the long way: by the schema, the library's canonical form and the hash of the fields. */
function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    const parsed = v.safeParse(Record, value);
    if (!parsed.success) return false;
    const { output } = parsed;
    return serialize(value) === line && serialize(output) === line && recordHash(output) === output.hash;
  } catch {
    // What is no JSON, or has no canonical form, is no record either.
    return false;
  }
}

const text = fc.string({ unit: anyCharacter, maxLength: 40 });
/** Names that mean something to a parser or to whoever looks for a member in a text. */
const name = fc.oneof(text, fc.constantFrom('hash', 'sig', 'v', 'writer', '9', '10', 'a","hash":"x', ',"sig":', '\\"'));
/** Without -0, which is written as 0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((some) => some + 0);
const inputs = fc.dictionary(name, fc.oneof(text, number, fc.boolean()), {
  maxKeys: 4,
});
const events: fc.Arbitrary<Event[]> = fc.oneof(
  fc.record({ inputs, reason: text }).map((change) => [b.opening(b.request(b.RUN, change))]),
  text.map((comment) => [{ ...b.decided('bo'), comment } as Event]),
  fc.dictionary(name, fc.nat(), { maxKeys: 4 }).map((counts): Event[] => [{ type: 'refusals-counted', counts }]),
);
const token = fc.oneof(
  fc.constant(null),
  fc.string({ unit: anyCharacter, minLength: 1, maxLength: 40 }),
  fc.constantFrom('","type":"oidc"},"v":1,"writer":{', ',"sig":null', '\\'),
);
/** Sealed records of any content that a record may have. */
const record = fc.record({ events, token, evidence: fc.dictionary(name, text, { maxKeys: 3 }) }).map((made) => {
  const { hash: _, sig: __, ...draft } = b.draft(b.EMPTY, b.ASK, made.events);
  const sealed = sealRecord({ ...draft, by: { ...draft.by, evidence: made.evidence } });
  return made.token === null ? sealed : signedRecord(sealed, made.token);
});

test('the hash taken over the line without its hash and signature is the hash over the fields', () => {
  fc.assert(
    fc.property(record, (sealed) => {
      const line = canonicalJson(sealed);
      expect(hashOfCanonical(line)).toBe(recordHash(sealed));
      expect(recordOfLine(line)).toEqual({ kind: 'record', record: sealed });
    }),
    { numRuns: 300 },
  );
});

/** Replaces, adds, takes away or moves something, mostly so that it is still JSON. */
const change: fc.Arbitrary<(line: string) => string> = fc.oneof(
  fc.constantFrom<(line: string) => string>(
    (line) => line,
    (line) => ` ${line}`,
    (line) => `${line}\n`,
    (line) => line.replace('"v":1', '"v":1.0'),
    (line) => line.replace('"v":1', '"v":1,"v":1'),
    (line) => line.replace('"seq":', '"__proto__":{},"seq":'),
    (line) => line.replace('"evidence":{', '"evidence":{"constructor":"x",'),
    (line) => line.replace(/"evidence":\{[^{}]*\}/, '"evidence":[]'),
    (line) => line.replace(/"evidence":\{[^{}]*\}/, '"evidence":["x"]'),
    (line) => line.replace(/"inputs":\{[^{}]*\}/, '"inputs":{"a":1e999}'),
    (line) => line.replace(/"inputs":\{[^{}]*\}/, '"inputs":{"a":-0}'),
    (line) => line.replace(/"inputs":\{[^{}]*\}/, '"inputs":{"10":1,"9":1}'),
    (line) => line.replace(/"inputs":\{[^{}]*\}/, '"inputs":{"9":1,"10":1}'),
    (line) => line.replace(/"(comment|reason)":"/, '"$1":"\\ud800'),
    (line) => line.replace(/"(comment|reason)":"/, '"$1":"\\u0041'),
    (line) => line.replace(/"(comment|reason)":"/, '"$1":"A'),
    (line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).reverse())),
  ),
  fc
    .tuple(fc.double({ min: 0, max: 0.999 }), fc.constantFrom('', '0', '"', ',', '{}', 'a'))
    .map(([where, piece]) => (line: string) => {
      const at = Math.floor(where * line.length);
      return line.slice(0, at) + piece + line.slice(at + 1);
    }),
);
/** The same line with the hash that a careless writer would give its content as it is now. */
function resealed(line: string): string {
  try {
    const { hash: _, sig: __, ...content } = JSON.parse(line);
    return line.replace(/,"hash":"sha256:[0-9a-f]{64}"/, `,"hash":"${sha256(JSON.stringify(content))}"`);
  } catch {
    // A line that is no JSON any more cannot be sealed anew; it is tried as it is.
    return line;
  }
}

test('a changed line is a record by the short way exactly where it is one by the long way, sealed anew or not', () => {
  fc.assert(
    fc.property(record, change, fc.boolean(), (sealed, make, reseal) => {
      const changed = make(canonicalJson(sealed));
      const line = reseal ? resealed(changed) : changed;
      expect(recordOfLine(line).kind === 'record').toBe(isRecord(line));
    }),
    { numRuns: 1000 },
  );
});

/** What a function gives, or that it throws: which words a refusal has does not matter here. */
function outcome(make: () => string | undefined): string | null {
  try {
    return make() ?? null;
  } catch {
    return null;
  }
}

test('the canonical form of any JSON is that of the library, or there is none for both', () => {
  const json = fc.oneof(
    fc.json(),
    fc.json().map((some) => serialize(JSON.parse(some)) ?? some),
    fc.constantFrom(
      '"\\ud800"',
      '{"\\udfff":1}',
      '1e999',
      '[-0]',
      '{"9":0,"10":0}',
      '{"10":0,"9":0}',
      '{"__proto__":[]}',
    ),
  );
  fc.assert(
    fc.property(json, (line) => {
      const value: unknown = JSON.parse(line);
      expect(outcome(() => canonicalJson(value))).toBe(outcome(() => serialize(value)));
    }),
    { numRuns: 500 },
  );
});

const cycle: { self?: unknown } = {};
cycle.self = cycle;
const holed: unknown[] = [];
holed[1] = 'x';
test.each<[string, unknown]>([
  ['nothing', undefined],
  ['nothing in a list', [undefined]],
  ['nothing in an object', { a: undefined }],
  ['a hole', holed],
  ['a function', () => 1],
  ['a function in an object', { a: () => 1 }],
  ['a big integer', 1n],
  ['no number', { a: Number.NaN }],
  ['a date', new Date(0)],
  ['a date in an object', { a: new Date(0) }],
  ['what writes itself in another order', { a: { toJSON: () => ({ c: 1, b: 2 }) } }],
  ['a map', new Map([['a', 1]])],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ['a boxed text', { a: Object('x') }],
  ['a cycle', cycle],
])('the canonical form of %s is that of the library, or there is none for both', (_, value) => {
  expect(outcome(() => canonicalJson(value))).toBe(outcome(() => serialize(value)));
});

test.each(['', 'null', '[]', '{}', '"x"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`])(
  'what is no record at all is malformed, and no crash',
  (line) => {
    expect(recordOfLine(line).kind).toBe('malformed');
  },
);
