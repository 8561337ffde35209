/** Generated damage: no change of an export is ever whole, the place of a changed record is told, and nothing throws. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { verifyExport } from '../../src/log/export-verify.ts';
import type { ExportContent } from '../../src/log/export-write.ts';
import type { Trust } from '../../src/log/trust.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

// Unsigned, so that no signature hides what the frame itself must find.
const trust: Trust = { ...b.trust, unsigned: 'accept' };
const all = await x.repository(4, { trust, signed: false });
const write = (requests: typeof all, change: Partial<ExportContent> = {}) => x.fileOf(requests, { trust, ...change });
const file = await write(all.slice(0, 2));
const lines = x.linesOf(file);
const foreign = x.linesOf(await write(all.slice(2)));
const bytes = Buffer.from(file);
const firstLine = (lines[0] ?? '').length + 1;
const joined = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');
const statusOf = async (text: string | Buffer) => (await verifyExport(typeof text === 'string' ? text : [text])).status;
const place = (count: number) => fc.nat({ max: count - 1 });
const RUNS = { numRuns: 150 };

beforeAll(async () => {
  expect(await statusOf(file)).toBe('whole');
});

test('any changed byte is broken', async () => {
  const change = fc.tuple(place(bytes.length), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(change, async ([at, flip]) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(await statusOf(changed)).toBe('broken');
    }),
    RUNS,
  );
});

test('a changed byte within a record names its request, its number and its comment', async () => {
  const records = lines.flatMap((line, i) => (line.includes('"record":') ? [i] : []));
  const change = fc.tuple(fc.constantFrom(...records), fc.nat(), fc.integer({ min: 1, max: 94 }));
  await fc.assert(
    fc.asyncProperty(change, async ([i, seed, shift]) => {
      const line = lines[i] ?? '';
      const from = line.indexOf('"record":') + '"record":'.length;
      const at = from + (seed % (line.length - from));
      const printable = String.fromCharCode(32 + ((line.charCodeAt(at) - 32 + shift) % 95));
      const { status, first } = await verifyExport(
        joined(lines.with(i, line.slice(0, at) + printable + line.slice(at + 1))),
      );
      const issue = i < 9 ? 1 : 2;
      const record = i - (issue === 1 ? 2 : 9);
      expect({ status, first }).toMatchObject({
        status: 'broken',
        first: { issue, record, commentId: issue * 100 + record - 1 },
      });
    }),
    RUNS,
  );
});

test('a file cut anywhere is never whole, and broken once its first line is there', async () => {
  await fc.assert(
    fc.asyncProperty(place(bytes.length), async (length) => {
      const status = await statusOf(bytes.subarray(0, length));
      expect(length < firstLine ? 'broken or unknown' : status).toBe(
        length < firstLine ? 'broken or unknown' : 'broken',
      );
      expect(status).not.toBe('whole');
    }),
    RUNS,
  );
});

test('lines removed, doubled, swapped or moved are broken', async () => {
  const places = fc.tuple(
    place(lines.length),
    place(lines.length),
    fc.constantFrom('remove', 'double', 'swap', 'move'),
  );
  await fc.assert(
    fc.asyncProperty(places, async ([i, j, how]) => {
      const [one = '', other = ''] = [lines[i], lines[j]];
      const changed = {
        remove: lines.toSpliced(i, 1),
        double: lines.toSpliced(j, 0, one),
        swap: lines.with(i, other).with(j, one),
        move: lines.toSpliced(i, 1).toSpliced(j, 0, one),
      }[how];
      fc.pre(joined(changed) !== file);
      expect(await statusOf(joined(changed))).toBe('broken');
    }),
    RUNS,
  );
});

test('lines of another export put in or taken over are broken', async () => {
  const splice = fc.tuple(
    place(lines.length + 1),
    fc.nat({ max: 3 }),
    place(foreign.length),
    fc.integer({ min: 1, max: 9 }),
  );
  await fc.assert(
    fc.asyncProperty(splice, async ([at, removed, from, count]) => {
      const changed = lines.toSpliced(at, removed, ...foreign.slice(from, from + count));
      fc.pre(joined(changed) !== file);
      expect(await statusOf(joined(changed))).toBe('broken');
    }),
    RUNS,
  );
});

test('much damage at once is broken too, and text or bytes of any kind never throw', async () => {
  const damage = fc.array(fc.tuple(place(bytes.length), fc.uint8Array({ maxLength: 20 }), fc.nat({ max: 200 })), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(damage, fc.array(fc.oneof(fc.uint8Array(), fc.string(), fc.json())), async (holes, pieces) => {
      let changed = bytes;
      for (const [at, put, removed] of holes) {
        changed = Buffer.concat([changed.subarray(0, at), put, changed.subarray(at + removed)]);
      }
      fc.pre(!changed.equals(bytes));
      expect(await statusOf(changed)).not.toBe('whole');
      expect((await verifyExport(pieces)).status).toBe('unknown');
    }),
    RUNS,
  );
});

test('an honest export is whole in whatever order its requests stand and in whatever pieces it comes', async () => {
  const some = fc.shuffledSubarray(all, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(some, fc.integer({ min: 1, max: 5000 }), async (requests, size) => {
      const range = { since: null, until: b.instant(9_999), states: null, issues: null };
      const text = Buffer.from(await write(requests, { range }));
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.subarray(i * size, (i + 1) * size),
      );
      const { status, counts } = await verifyExport(pieces);
      expect({ status, requests: counts.requests }).toEqual({ status: 'whole', requests: requests.length });
    }),
    { numRuns: 40 },
  );
});
