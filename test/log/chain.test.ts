/** What makes a log hold, what breaks it, and what strangers cannot do to it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/log/canonical.ts';
import { containsHead, type LogComment, nextRecord, readLog } from '../../src/log/chain.ts';
import { parseComment } from '../../src/log/comment.ts';
import { type Record as LogRecord, sealRecord, signedRecord } from '../../src/log/record.ts';
import type { Event } from '../../src/request/events.ts';
import * as b from './build.ts';

const codes = (findings: { code: string }[]) => findings.map(({ code }) => code);
const honest = await b.eight();
const log = await b.read(honest);

function recordOf(comment: LogComment | undefined): LogRecord {
  const parsed = parseComment(comment?.body ?? '');
  if (parsed.kind !== 'record') throw new Error('no record');
  return parsed.record;
}
const at = (i: number): LogComment => {
  const comment = honest[i];
  if (comment === undefined) throw new Error(`no comment ${i}`);
  return comment;
};
const without = (i: number) => honest.filter((_, n) => n !== i);

test('an honest log of eight records holds, with its head, length and tip', () => {
  expect(log.broken).toEqual([]);
  expect(log.findings).toEqual([]);
  expect(log.entries.map(({ record }) => record.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(log.length).toBe(8);
  expect(log.tips).toEqual([log.head]);
  expect(log.request).toBe('70/9001/1');
});

test.each([0, 1, 3, 6])('a deleted record %i, which a later one names, breaks the log', async (i) => {
  expect((await b.read(without(i))).broken.length).toBeGreaterThan(0);
});

test('the last record deleted breaks the log by the timeline, and the head that debug was handed is missing', async () => {
  const cut = await b.read(without(7), { deletions: [{ at: b.instant(600), authorId: b.BOT.id }] });
  expect(codes(cut.broken)).toEqual(['deleted']);
  expect(containsHead(cut, log.head ?? '', 8).ok).toBe(false);
});

test('the head that debug was handed counts only with exactly its length, and more may follow', () => {
  const sixth = log.entries[5]?.record.hash ?? '';
  expect(containsHead(log, sixth, 6)).toEqual({ ok: true });
  expect(containsHead(log, sixth, 5).ok).toBe(false);
  expect(containsHead(log, `sha256:${'0'.repeat(64)}`, 6).ok).toBe(false);
});

function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => paths(inner, [...path, key]));
}
function changedAt(value: unknown, path: (string | number)[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (typeof value === 'string') return value.startsWith('sha256:') ? `sha256:${'0'.repeat(64)}` : `${value}1`;
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    if (value === null) return 'x';
    return Array.isArray(value) ? ['x'] : { x: 'x' };
  }
  if (Array.isArray(value)) return value.map((inner, i) => (i === key ? changedAt(inner, rest) : inner));
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, inner]) => [name, name === key ? changedAt(inner, rest) : inner]),
  );
}

test('a change of any single field of any of the eight records breaks the log, though GitHub told of no edit', async () => {
  const silent: string[] = [];
  for (const [i, original] of honest.entries()) {
    const record = recordOf(original);
    for (const path of paths(record)) {
      const body = original.body.replace(/\{.*\}/, () => canonicalJson(changedAt(record, path)));
      expect(body).not.toBe(original.body);
      const changed = await b.read(honest.with(i, { ...original, body }));
      const lost =
        changed.broken.length > 0 || changed.request === null || !containsHead(changed, log.head ?? '', 8).ok;
      if (!lost) silent.push(`${i} ${path.join('.')}`);
    }
  }
  expect(silent).toEqual([]);
});

test('a record that is changed and sealed anew does not count: its signature is for another hash', async () => {
  const { hash: _, sig, ...content } = recordOf(at(3));
  const events: Event[] = [b.decided('ed')];
  const forged = signedRecord(sealRecord({ ...content, events }), sig?.token ?? '');
  const read = await b.read(honest.with(3, b.asComment(forged, at(3).id)));
  expect(codes(read.findings)).toEqual(['not-signed']);
  expect(codes(read.broken)).toEqual(['missing']);
});

test('an edit of a record breaks the log, even one that was undone', async () => {
  const read = await b.read(honest.with(7, { ...at(7), editedAt: b.instant(900) }));
  expect(codes(read.broken)).toContain('edited');
  const emptied = await b.read(honest.with(7, { ...at(7), body: 'gone', editedAt: b.instant(900) }));
  expect(codes(emptied.broken)).toEqual(['edited']);
});

test('an edited opening, the only record, opens nothing', async () => {
  const read = await b.read([{ ...at(0), editedAt: b.instant(900) }]);
  expect(read.request).toBeNull();
  expect(codes(read.broken)).toContain('edited');
});

test('records whose comments changed places break the log', async () => {
  const [third, fourth] = [at(2), at(3)];
  const swapped = honest.with(2, { ...third, id: fourth.id }).with(3, { ...fourth, id: third.id });
  expect(codes((await b.read(swapped)).broken)).toEqual(['order']);
});

test('a record that names a lost record breaks the log, and so does one that counts wrongly', async () => {
  const loose = { ...log, tips: [`sha256:${'0'.repeat(64)}`] };
  const orphan = await b.comment(b.draft(loose, b.ASK, [b.decided('bo')]), b.ASK, 500);
  expect(codes((await b.read([...honest, orphan])).broken)).toEqual(['missing']);
  const { hash: _, sig: __, ...content } = b.draft(log, b.ASK, [b.decided('bo')]);
  const skipped = await b.comment(sealRecord({ ...content, seq: 12 }), b.ASK, 500);
  expect(codes((await b.read([...honest, skipped])).broken)).toEqual(['sequence']);
  const rootless = await b.comment(sealRecord({ ...content, seq: 1, prev: [] }), b.ASK, 500);
  expect(codes((await b.read([...honest, rootless])).broken)).toEqual(['missing']);
});

test('signed records without an opening are a broken log, an issue without records is none at all', async () => {
  const headless = await b.read(honest.slice(1));
  expect(headless.request).toBeNull();
  expect(codes(headless.broken)).toEqual(['no-opening']);
  expect(await b.read([])).toEqual(b.EMPTY);
});

test('a copy of a record is ignored: the lowest comment id counts', async () => {
  const read = await b.read([...honest, { ...at(3), id: 41 }]);
  expect(codes(read.findings)).toEqual(['copy']);
  expect(read.broken).toEqual([]);
  expect(read.head).toBe(log.head);
});

test("a record copied from another request's issue is ignored", async () => {
  const read = await readLog({ number: 18, comments: [...honest], deletions: [] }, b.trust);
  expect(new Set(codes(read.findings))).toEqual(new Set(['other-issue']));
  expect(read.request).toBeNull();
});

test('a record of another request that names this issue is ignored', async () => {
  const run = { id: 9002, attempt: 1 };
  const foreign = b.draft(b.EMPTY, b.OTHER_ASK, [b.opening(b.request(run))], { request: '70/9002/1' });
  const read = await b.read([...honest, await b.comment(foreign, b.OTHER_ASK, 500)]);
  expect(codes(read.findings)).toEqual(['other-request']);
  expect(read.broken).toEqual([]);
});

test('one opening counts, the first; a second of the same request is ignored', async () => {
  const second = b.draft(b.EMPTY, b.ASK, [b.opening(b.request(b.RUN, { reason: 'Another one' }))]);
  const read = await b.read([...honest, await b.comment(second, b.ASK, 500)]);
  expect(codes(read.findings)).toEqual(['second-opening']);
  expect(read.broken).toEqual([]);
});

test.each([
  [
    'whose digest is of another request',
    { ...b.opening(), digest: b.opening(b.request({ id: 1, attempt: 1 })).digest },
    {},
  ],
  ["of another run's request", b.opening(b.request({ id: 9002, attempt: 1 })), {}],
  ['with another request id', b.opening(), { request: '70/9001/2' }],
  ['for another repository', b.opening(b.request(b.RUN, { repositoryId: 71 })), {}],
  ['whose target is the approval environment', b.opening(b.request(b.RUN, { environment: 'Debug-Approval' })), {}],
])('an opening %s opens nothing', async (_, event, change) => {
  const read = await b.read([await b.comment(b.draft(b.EMPTY, b.ASK, [event], change), b.ASK, 10)]);
  expect(read.request).toBeNull();
  expect(read.findings).toHaveLength(1);
});

const expired: Event = { type: 'expired' };
const cancelled: Event = { type: 'cancelled', reason: 'no longer needed' };

test('a person who deletes all records and posts copies of some of them within the two minutes has no log accepted', async () => {
  const [first, second] = [at(0), at(1)];
  const copies = [first, second].map((comment, i) => ({ ...comment, id: 60 + i, author: b.DI }));
  const read = await b.read(copies, { deletions: [{ at: b.instant(50), authorId: b.BOT.id }] });
  expect(read.request).toBeNull();
  expect(codes(read.findings)).toEqual(['not-a-bot', 'not-a-bot', 'deleted']);
});

test("what strangers add, copy, edit and delete stops nothing: the log's readers see the same state", async () => {
  const unsigned = b.asComment(b.draft(log, b.ASK, [b.decided('bo', 'deny')]), 601);
  const branch = 'acme/shop/.github/workflows/evil.yml@refs/heads/evil';
  const fromBranch = await b.comment(b.draft(log, b.ASK, [cancelled]), b.ASK, 602, {
    workflow_ref: branch,
    job_workflow_ref: branch,
  });
  const additions: LogComment[] = [
    { ...at(3), id: 11, author: b.DI },
    { ...at(0), id: 5, author: b.DI, editedAt: b.instant(700) },
    { ...at(2), id: 603, author: { id: 99, login: 'helper', bot: true }, editedAt: b.instant(700) },
    { ...unsigned, author: b.DI },
    { ...unsigned, id: 604 },
    fromBranch,
    { ...at(1), id: 605, body: `${at(1).body}\n\n${at(2).body}` },
    { ...at(1), id: 606, body: at(1).body.replace('"v":1', '"v":1,"v":1') },
    { ...at(1), id: 607, author: null, body: '<details><summary>Record 9</summary>' },
    { ...at(1), id: 608, author: b.DI, body: '/deny', editedAt: b.instant(701) },
  ];
  const read = await b.read([...additions, ...honest], { deletions: [{ at: b.instant(1), authorId: b.DI.id }] });
  expect(read.broken).toEqual([]);
  expect(read.entries).toEqual(log.entries);
  expect(read.head).toBe(log.head);
  expect(read.findings.map(({ commentId, code }) => `${commentId} ${code}`)).toEqual([
    '5 not-a-bot',
    '5 edited',
    '11 not-a-bot',
    '601 not-a-bot',
    '602 not-signed',
    '603 edited',
    '604 not-signed',
    '605 malformed',
    '606 malformed',
    '607 malformed',
    '608 edited',
    'null deleted',
  ]);
});

test('a cache of verified signatures changes no answer, whatever trust it is used with next', async () => {
  const cache = new Map();
  await readLog(b.issueOf(honest), b.trust, cache);
  expect(await readLog(b.issueOf(honest), b.trust, cache)).toEqual(log);
  const elsewhere = await readLog(b.issueOf(honest), { ...b.trust, issuers: [] }, cache);
  expect(elsewhere.entries).toEqual([]);
});

test('a record of another request cannot follow', () => {
  expect(() => nextRecord(log, { ...recordOf(at(1)), request: '70/9002/1' })).toThrow(/70\/9002\/1/);
});

test('however writers race and lists lag, no reader of an honest history finds it broken and all agree', async () => {
  const first = at(0);
  const writers = [
    [b.ASK, b.decided('bo')],
    [b.OTHER_ASK, b.decided('cy', 'deny')],
    [b.SWEEP, expired],
  ] as const;
  const steps = fc.array(fc.record({ who: fc.nat(2), lag: fc.nat(4) }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.nat(1000)), async (plan, order) => {
      const comments = [first];
      for (const { who, lag } of plan) {
        // The writer's list lacks the newest comments; the opening it knows.
        const seen = await b.read(comments.slice(0, Math.max(1, comments.length - lag)));
        const [job, event] = writers[who] ?? writers[0];
        const id = 20 + comments.length;
        // Distinct instants: the same words written twice are two deeds.
        comments.push(await b.comment(b.draft(seen, job, [event], { at: b.instant(id) }), job, id));
      }
      const whole = await b.read(comments);
      expect(whole.broken).toEqual([]);
      expect(whole.findings).toEqual([]);
      expect(whole.entries).toHaveLength(comments.length);
      const shuffled = comments.map((c) => [order.next().value ?? 0, c] as const).sort(([x], [y]) => x - y);
      expect(await b.read(shuffled.map(([, c]) => c))).toEqual(whole);
      for (let n = 1; n < comments.length; n++) expect((await b.read(comments.slice(0, n))).broken).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
