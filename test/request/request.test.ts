/** The digest covers everything that is asked, and its document's published schema is that of the code. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { requestJsonSchema } from '../../scripts/request-schema.ts';
import { Request, requestDigest, requestId } from '../../src/request/request.ts';
import * as g from './given.ts';

const SAMPLE = g.request();
const DIGEST = requestDigest(SAMPLE);

type Path = (string | number)[];
function leaves(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
function changedAt(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) {
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    return value === 'high' ? 'low' : `${String(value)}1`;
  }
  if (Array.isArray(value)) return value.map((inner: unknown, i) => (i === key ? changedAt(inner, rest) : inner));
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, inner]) => [name, name === key ? changedAt(inner, rest) : inner]),
  );
}
/** The digest of any JSON in the place of a request: the compiler cannot know what an attacker changes. */
const digestOf = (document: unknown): string => {
  const parsed = v.parse(
    v.custom<Request>((value) => typeof value === 'object' && value !== null),
    document,
  );
  return requestDigest(parsed);
};

test.each(leaves(SAMPLE).map((path) => [path.join('.'), path] as const))(
  '§4.1 a change of %s changes the digest',
  (_, path) => {
    expect(digestOf(changedAt(SAMPLE, path))).not.toBe(DIGEST);
  },
);

test('§4.1 the sample has every field of a request, so none escapes the digest', () => {
  expect(Object.keys(SAMPLE).sort()).toEqual(Object.keys(Request.entries).sort());
  expect(v.safeParse(Request, { ...SAMPLE, more: 1 }).success).toBe(false);
});

test.each([
  ['an argument more', { argv: [...SAMPLE.argv, ''] }],
  ['two arguments joined', { argv: [SAMPLE.argv.join(' ')] }],
  ['arguments in another order', { argv: SAMPLE.argv.toReversed() }],
  ['an input more', { inputs: { ...SAMPLE.inputs, more: '' } }],
  ['a number instead of its text', { inputs: { ...SAMPLE.inputs, note: 1 } }],
  ['an unknown owner of the run', { actor: { ...SAMPLE.actor, person: null } }],
])('§4.1 %s changes the digest', (_, change) => {
  expect(requestDigest(g.request(change))).not.toBe(requestDigest(g.request()));
});

test('the order of fields is not part of the digest, so every reader computes the same', () => {
  expect(digestOf(Object.fromEntries(Object.entries(SAMPLE).toReversed()))).toBe(DIGEST);
  expect(DIGEST).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('a request is named by repository, run and attempt, so that a re-run is another one', () => {
  expect(requestId(70, { id: 9001, attempt: 2 })).toBe('70/9001/2');
});

const published = () => readFileSync(new URL('../../schema/request.schema.json', import.meta.url), 'utf8');

test('the published JSON Schema of the digest document is current', () => {
  expect(published()).toBe(requestJsonSchema());
});

test('the published JSON Schema takes the digest document and refuses one with a field less or more', () => {
  const valid = new Ajv({ allErrors: true }).compile(JSON.parse(published()));
  expect(valid(SAMPLE)).toBe(true);
  expect(valid({ ...SAMPLE, more: 1 })).toBe(false);
  for (const name of Object.keys(SAMPLE)) {
    expect(valid(Object.fromEntries(Object.entries(SAMPLE).filter(([key]) => key !== name))), name).toBe(false);
  }
});
