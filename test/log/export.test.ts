/** An export: whole as it was made, broken by any change, and no export at all is neither. */
import { expect, test } from 'vitest';
import type { Entry } from '../../src/log/chain.ts';
import type { ExportHeader } from '../../src/log/export-format.ts';
import type { RequestVerdict } from '../../src/log/export-request.ts';
import { told, verifyExport } from '../../src/log/export-verify.ts';
import type { Trust } from '../../src/log/trust.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

const requests = await x.repository(3);
const file = await x.fileOf(requests);
const lines = x.linesOf(file);
const at = (type: string, nth = 0) =>
  lines.map((line, i) => (line.includes(`"type":"${type}"`) ? i : -1)).filter((i) => i >= 0)[nth] ?? -1;
const line = (i: number) => lines[i] ?? '';
const RECORDS = { first: 3, second: 10 };
const joined = (all: readonly string[]) => all.map((text) => `${text}\n`).join('');
const headOf = (issue: number) => requests[issue - 1]?.log.head ?? '';
const NONE = { live: new Set<string>(), vouched: new Set<string>() };
test('an export of several requests is whole, each of its requests told with its records and head', async () => {
  const told: RequestVerdict[] = [];
  const verdict = await verifyExport(file, { onRequest: (request) => void told.push(request) });
  expect(verdict).toMatchObject({
    status: 'whole',
    why: 'All 15 records of 3 requests of acme/shop hold.',
    counts: { requests: 3, records: 15, broken: 0, none: 0, faults: 0 },
    cursor: b.instant(180 - 600),
    heads: { checked: 3, unchecked: [] },
  });
  expect(told.map(({ issue, status, records, head }) => ({ issue, status, records, head }))).toEqual(
    [1, 2, 3].map((issue) => ({ issue, status: 'whole', records: 5, head: headOf(issue) })),
  );
});

test('an export of one request is the same format, and its verdict names the issue and the head of its log', async () => {
  const log = requests[0]?.log ?? b.EMPTY;
  const verdict = await verifyExport(await x.fileOf([x.exported(1, log)]));
  expect(verdict).toMatchObject({ status: 'whole', head: log.head });
  expect(verdict.why).toBe(`All 5 records of issue #1 of acme/shop hold; the last is ${log.head}.`);
});

test.each([
  ['line breaks', file.replaceAll('\n', '\r\n'), 'it ends in CR LF'],
  ['text', `\ufeff${file}`, 'it begins with a byte order mark'],
])('a file of which a program converted the %s is told as that', async (_, converted, why) => {
  expect(await verifyExport(converted)).toMatchObject({ status: 'broken', why: expect.stringContaining(why) });
});

test('a file is read alike in pieces of any size, as text or as bytes', async () => {
  const whole = await verifyExport(file);
  const bytes = Buffer.from(file);
  for (const size of [1, 977, 65_536]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(await verifyExport(size === 1 ? (file.match(/[\s\S]{1,7}/g) ?? []) : pieces)).toEqual(whole);
  }
});

test('a forged log with keys of its own is whole by those keys, and broken by those of the caller', async () => {
  expect(await verifyExport(file)).toMatchObject({ status: 'whole', grading: { grade: 'unproven' } });
  const trust: Trust = { ...b.trust, issuers: [{ issuer: 'https://elsewhere.example', keys: [] }] };
  const verdict = await verifyExport(file, { trusted: { trust, known: NONE } });
  expect(verdict).toMatchObject({ status: 'broken', unusedKeys: [{ why: 'its issuer is not trusted' }] });
});

test.each([0, 1, 2, 3, 4])('a removed record %i is broken, even where all sums are made to fit', async (i) => {
  const removed = lines.toSpliced(RECORDS.second + i, 1);
  expect(await verifyExport(joined(removed))).toMatchObject({ status: 'broken', first: { issue: 2 } });
  const sealed = await verifyExport(x.resealed(removed));
  // Of the last one nothing in its own request tells: the opening of the next request does, which names it as the head.
  expect(sealed).toMatchObject({ status: 'broken', first: { issue: 2 } });
});

test('a changed record is named, with its number, its comment and its line', async () => {
  const i = RECORDS.second + 2;
  const changed = lines.with(i, line(i).replace('Fine by me', 'Fine by us'));
  for (const text of [joined(changed), x.resealed(changed)]) {
    const { status, first, why } = await verifyExport(text);
    expect({ status, first }).toMatchObject({
      status: 'broken',
      first: { issue: 2, record: 3, commentId: 202, line: i + 1 },
    });
    expect(why).toMatch(/^Record 3 of issue 2 \(comment 202, line 13\): .*hash/);
  }
});

test('of several changed records all are told, the first one first', async () => {
  const changed = [RECORDS.first + 1, RECORDS.second + 3].reduce(
    (all, i) => all.with(i, line(i).replace('"bo"', '"xo"')),
    lines,
  );
  const { first, faults, counts } = await verifyExport(x.resealed(changed));
  expect(first).toMatchObject({ issue: 1, record: 2 });
  expect(faults.map(({ issue, record }) => `${issue}:${record}`)).toEqual(expect.arrayContaining(['1:2', '2:4']));
  expect(counts).toMatchObject({ broken: 2, requests: 3 });
});

test('swapped, doubled and moved records are named, even where all sums are made to fit', async () => {
  const [i, j] = [RECORDS.first + 1, RECORDS.first + 2];
  const place = (record: number) => ({ status: 'broken', first: { issue: 1, record } });
  expect(await verifyExport(x.resealed(lines.with(i, line(j)).with(j, line(i))))).toMatchObject(place(2));
  expect(await verifyExport(x.resealed(lines.toSpliced(j, 0, line(i))))).toMatchObject(place(3));
  const moved = lines.toSpliced(RECORDS.second + 1, 0, line(j));
  expect(await verifyExport(x.resealed(moved))).toMatchObject({
    status: 'broken',
    first: { issue: 2, record: 2, commentId: 102 },
  });
});

test('a record with a forged signature is named', async () => {
  const i = RECORDS.first + 4;
  const changed = lines.with(i, line(i).replace(/"token":"[^"]*"/, '"token":"e30.e30.e30"'));
  expect(await verifyExport(x.resealed(changed))).toMatchObject({
    status: 'broken',
    first: { issue: 1, record: 5, commentId: 104 },
  });
});

test.each([
  ['a changed policy text', 'policy', (text: string) => text.replace('version: 1', 'version: 2')],
  ['another policy commit', 'policy', (text: string) => text.replace('c'.repeat(40), 'd'.repeat(40))],
  ['another request id', 'request', (text: string) => text.replace('70/9001/1', '70/9009/1')],
  ['another issue', 'request', (text: string) => text.replace('"issue":1', '"issue":9')],
  ['another policy in its first line', 'request', (text: string) => text.replace('c'.repeat(40), 'd'.repeat(40))],
  ['another branch', 'debug-approval/export', (text: string) => text.replace('"main"', '"trunk"')],
  ['other workflows', 'debug-approval/export', (text: string) => text.replace('debug.yml', 'evil.yml')],
  ['another cursor', 'end', (text: string) => text.replace('09:53:00', '09:52:00')],
])('%s is broken, even where all sums are made to fit', async (_, type, change) => {
  const changed = lines.with(at(type), change(line(at(type))));
  expect(changed).not.toEqual(lines);
  expect((await verifyExport(x.resealed(changed))).status).toBe('broken');
});

test('a policy whose text could not be had any more is told, and breaks nothing', async () => {
  const verdict = await verifyExport(await x.fileOf(requests, { policyText: () => null }));
  expect(verdict).toMatchObject({ status: 'whole', counts: { policiesWithoutText: 1 } });
});

test('a changed byte that no record shows is located by the request that it is in', async () => {
  const i = RECORDS.second + 1;
  const changed = lines.with(i, line(i).replace('"login":"github-actions"', '"login":"github-octions"'));
  expect(await verifyExport(joined(changed))).toMatchObject({
    status: 'broken',
    first: { issue: 2, record: null },
    counts: { faults: 1 },
  });
});

test('a byte that is no UTF-8 is broken, though decoders would replace it', async () => {
  const bytes = Buffer.from(file);
  bytes[file.indexOf('Fine by me')] = 0xff;
  expect(await verifyExport([bytes])).toMatchObject({ status: 'broken', first: { issue: 1, record: 3 } });
});

test('something after the end line is broken', async () => {
  expect((await verifyExport(`${file}\n`)).status).toBe('broken');
  expect((await verifyExport(`${file}${line(4)}\n`)).status).toBe('broken');
  expect((await verifyExport(`${file}x`)).status).toBe('broken');
  expect((await verifyExport(file + file)).status).toBe('broken');
  expect((await verifyExport(file.replaceAll('\n', '\r\n'))).status).toBe('broken');
});

test.each(['', '\n', 'hello', '{}', '{"type":"end"}', '[1,2]\n[3]', '\u0000', '['.repeat(100_000)])(
  'text %# is no export, and nothing can be said of it',
  async (text) => {
    expect(await verifyExport(text)).toMatchObject({ status: 'unknown', first: null, faults: [] });
  },
);

test('a line without an end is no export; within an export it breaks it', async () => {
  const long = 'x'.repeat(3 * 1024 * 1024);
  expect(await verifyExport([long, long, long, file])).toMatchObject({
    status: 'unknown',
    why: expect.stringContaining('longer than'),
  });
  expect(await verifyExport([joined(lines.slice(0, 5)), long, long, long])).toMatchObject({
    status: 'broken',
    first: { line: 6 },
  });
});

test('a file that cannot be read to its end is unknown, and says why', async () => {
  async function* failing() {
    yield file.slice(0, 9000);
    throw new Error('EIO: i/o error, read');
  }
  expect(await verifyExport(failing())).toMatchObject({ status: 'unknown', why: expect.stringContaining('EIO') });
});

test('given a log that was broken when it was exported, then its file is never whole', async () => {
  const comments = (await b.eight()).map((one, i) => (i === 4 ? { ...one, editedAt: one.createdAt } : one));
  const edited = await b.read(comments);
  expect(edited.broken).not.toEqual([]);
  const verdict = await verifyExport(await x.fileOf([x.exported(b.ISSUE, edited)]));
  expect(verdict).toMatchObject({ status: 'broken', first: { issue: b.ISSUE } });
  expect(verdict.why).toContain('broken already when it was exported');
});

test('an issue that holds no request is in the file as such, and breaks nothing', async () => {
  const verdict = await verifyExport(await x.fileOf([...requests, x.exported(9, b.EMPTY)]));
  expect(verdict).toMatchObject({ status: 'whole', counts: { requests: 4, none: 1, records: 15 } });
});

test('what a callback throws is thrown', async () => {
  const onRequest = (_: RequestVerdict, log: { entries: Entry[] }) => {
    throw new Error(`${log.entries.length} seen`);
  };
  await expect(verifyExport(file, { onRequest })).rejects.toThrow('5 seen');
});

test('the header and each policy are told before the requests', async () => {
  const heard: string[] = [];
  const onHeader = ({ exportedAt }: ExportHeader) => void heard.push(exportedAt);
  const onPolicy = ({ text }: { text: string | null }) => void heard.push(text ?? '');
  await verifyExport(file, { onHeader, onPolicy, onRequest: ({ issue }) => void heard.push(`${issue}`) });
  expect(heard).toEqual([x.EXPORTED_AT, b.POLICY, '1', '2', '3']);
});

test('a fault is told with its place as far as there is one', () => {
  const fault = { line: null, issue: null, record: null, commentId: null, why: 'it is cut' };
  expect(told(fault)).toBe('The file does not hold: it is cut.');
  expect(told({ ...fault, line: 4 })).toBe('Line 4: it is cut.');
  expect(told({ ...fault, issue: 7, line: 4 })).toBe('The request of issue 7 (line 4): it is cut.');
});

test('what a file says in words of its own stays in one visible line of the verdict', async () => {
  const disguise = '\u001b[2K\nwhole: All 15 records hold.\u202e';
  const why = JSON.stringify(disguise);
  const broken = lines.with(
    at('request'),
    line(at('request')).replace('"broken":[]', `"broken":[{"code":"missing","commentId":null,"why":${why}}]`),
  );
  const verdict = await verifyExport(x.resealed(broken));
  expect(verdict.status).toBe('broken');
  expect(verdict.why + verdict.first?.why).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const named = lines.with(0, line(0).replace('"acme/shop"', why));
  expect(await verifyExport(x.resealed(named))).toMatchObject({
    status: 'broken',
    first: { line: 1 },
    repository: null,
  });
});
