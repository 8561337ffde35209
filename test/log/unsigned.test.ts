/** What counts of records without a signature: nothing unless the policy accepts it, and then by the same role table. */
import fc from 'fast-check';
import { generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { type Log, type LogComment, readLog } from '../../src/log/chain.ts';
import { signedRecord } from '../../src/log/record.ts';
import type { Trust } from '../../src/log/trust.ts';
import type { Event } from '../../src/request/events.ts';
import * as b from './build.ts';

const ACCEPT: Trust = { ...b.trust, unsigned: 'accept' };
const read = (comments: LogComment[], trust = ACCEPT) => readLog(b.issueOf(comments), trust);
const codes = (findings: { code: string }[]) => findings.map(({ code }) => code);
const strangers = await generateKeyPair('RS256');

/** How a record of an otherwise honest history is signed. */
type Signing = 'signed' | 'unsigned' | 'forged' | 'of another record' | 'no token';
async function written(log: Log, job: b.Job, events: Event[], id: number, signing: Signing): Promise<LogComment> {
  const record = b.draft(log, job, events, { at: b.instant(id) });
  const claims = b.claimsFor(job, record.hash, id);
  switch (signing) {
    case 'signed':
      return b.asComment(signedRecord(record, await b.sign(claims)), id);
    case 'unsigned':
      return b.asComment(record, id);
    case 'forged':
      return b.asComment(signedRecord(record, await b.sign(claims, strangers.privateKey)), id);
    case 'of another record':
      return b.asComment(signedRecord(record, await b.sign(b.claimsFor(job, `sha256:${'0'.repeat(64)}`, id))), id);
    case 'no token':
      return b.asComment(signedRecord(record, 'e30.e30.'), id);
  }
}

const STEPS: readonly (readonly [b.Job, Event[]])[] = [
  [b.ASK, [b.opening()]],
  [b.ASK, [b.decided('bo')]],
  [b.OTHER_ASK, [b.decided('cy')]],
  [b.DEBUG, [b.started()]],
  [b.DEBUG, [b.ended()]],
  [b.SWEEP, [{ type: 'errored', code: 'slack', message: 'The card could not be updated.' }]],
];

/** The steps in order, each by a writer who reads what counts so far. */
async function history(signings: readonly Signing[], trust = ACCEPT): Promise<LogComment[]> {
  const comments: LogComment[] = [];
  for (const [i, [job, events]] of STEPS.entries()) {
    const seen = comments.length === 0 ? b.EMPTY : await read(comments, trust);
    comments.push(await written(seen, job, events, 10 * (i + 1), signings[i] ?? 'unsigned'));
  }
  return comments;
}

const unsigned = await history([]);

test('where the policy accepts it an unsigned log holds, and each entry says that nobody vouches for it', async () => {
  const log = await read(unsigned);
  expect(log.broken).toEqual([]);
  expect(log.findings).toEqual([]);
  expect(log.length).toBe(STEPS.length);
  expect(log.entries.map(({ claims, key }) => claims ?? key)).toEqual(STEPS.map(() => null));
});

test('where the policy refuses it no unsigned record counts, and each is named', async () => {
  const log = await read(unsigned, b.trust);
  expect(log.request).toBeNull();
  expect(log.entries).toEqual([]);
  expect(log.findings.map(({ code, signature, commentId }) => [code, signature, commentId])).toEqual(
    unsigned.map(({ id }) => ['not-signed', 'unsigned', id]),
  );
});

test('a record with a bad signature counts in neither mode, whatever is signed beside it', async () => {
  const signing = fc.constantFrom<Signing>('signed', 'unsigned', 'forged', 'of another record', 'no token');
  await fc.assert(
    fc.asyncProperty(fc.array(signing, { minLength: 6, maxLength: 6 }), async (signings) => {
      const comments = await history(signings);
      const bad = new Set(
        comments.filter((_, i) => !['signed', 'unsigned'].includes(signings[i] ?? '')).map((c) => c.id),
      );
      const plain = new Set(comments.filter((_, i) => signings[i] === 'unsigned').map((c) => c.id));
      for (const trust of [ACCEPT, b.trust]) {
        const log = await read(comments, trust);
        const counted = log.entries.map(({ commentId }) => commentId);
        expect(counted.filter((id) => bad.has(id))).toEqual([]);
        if (trust === b.trust) expect(counted.filter((id) => plain.has(id))).toEqual([]);
        const refused = log.findings.filter(({ code }) => code === 'not-signed').map(({ commentId }) => commentId);
        expect(refused).toEqual(expect.arrayContaining([...bad]));
        expect(log.entries.every(({ commentId, key }) => (key === null) === plain.has(commentId))).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test('a log may mix: jobs that can sign do, and the weaker ones count beside them', async () => {
  const log = await read(await history(['signed', 'signed', 'signed', 'unsigned', 'unsigned', 'unsigned']));
  expect(log.broken).toEqual([]);
  expect(log.findings).toEqual([]);
  expect(log.entries.map(({ key }) => key !== null)).toEqual([true, true, true, false, false, false]);
});

const opened = await written(b.EMPTY, b.ASK, [b.opening()], 10, 'signed');
test.each<[string, Event]>([
  ['an approval', b.decided('bo')],
  ['a denial', b.decided('bo', 'deny')],
  ['a withdrawal', { type: 'withdrawn', person: 'bo', comment: '' }],
])('where the opening is signed %s must be too: its job has shown that it can sign', async (_, event) => {
  const log = await read([opened, await written(await read([opened]), b.ASK, [event], 20, 'unsigned')]);
  expect(codes(log.findings)).toEqual(['not-signed']);
  expect(log.broken).toEqual([]);
  expect(log.length).toBe(1);
});

test('a signed opening counts, however early an unsigned one of the same run stands', async () => {
  const other = b.opening(b.request(b.RUN, { reason: 'Another one' }));
  const early = b.asComment(b.draft(b.EMPTY, b.ASK, [other]), 5);
  const log = await read([early, opened]);
  expect(log.entries.map(({ commentId }) => commentId)).toEqual([opened.id]);
  expect(log.findings).toMatchObject([{ code: 'second-opening', commentId: 5 }]);
  expect(log.broken).toEqual([]);
});

const first = b.asComment(b.draft(b.EMPTY, b.ASK, [b.opening()]), 10);
const begun = await read([first]);
const NEXT_ATTEMPT = { id: b.RUN.id, attempt: 2 };
test.each<[string, b.Job, Event[]]>([
  ['a decision by the debug job', b.DEBUG, [b.decided('bo')]],
  ['a decision by a job without environment', { ...b.ASK, environment: null }, [b.decided('bo')]],
  ['a start by another run', { ...b.DEBUG, run: { id: 9002, attempt: 1 } }, [b.started()]],
  ['a start by another attempt', { ...b.DEBUG, run: NEXT_ATTEMPT }, [b.started(NEXT_ATTEMPT)]],
  ['a start in another environment', { ...b.DEBUG, environment: 'staging' }, [b.started()]],
  ['a start by the ask job', b.ASK, [b.started()]],
  ['an end that the ask job did not see', b.ASK, [b.ended()]],
])('an unsigned record is held against the same roles: %s does not count', async (_, job, events) => {
  const log = await read([first, await written(begun, job, events, 20, 'unsigned')]);
  expect(codes(log.findings)).toEqual(['wrong-role']);
  expect(log.length).toBe(1);
});

test.each<[string, LogComment]>([
  ['by a person', { ...first, author: b.DI }],
  ['by nobody', { ...first, author: null }],
  ["of another run's request", b.asComment(b.draft(b.EMPTY, b.OTHER_ASK, [b.opening()]), 10)],
  ["by the debug job's word", b.asComment(b.draft(b.EMPTY, b.DEBUG, [b.opening()]), 10)],
])('an unsigned opening %s opens nothing', async (_, comment) => {
  expect((await read([comment])).request).toBeNull();
});

test('what was unsigned and edited breaks the log as what was signed does', async () => {
  const [last] = unsigned.slice(-1);
  const edited = unsigned.map((comment) => (comment === last ? { ...comment, editedAt: b.instant(900) } : comment));
  expect(codes((await read(edited)).broken)).toEqual(['edited']);
});

test.each<[string, Event, b.Job]>([
  ['an after-review', { type: 'reviewed', person: 'bo', comment: 'All fine' }, b.SWEEP],
  [
    'what people said',
    { type: 'discussed', messages: [{ name: 'Bo', slack: { team: 'T1', user: 'U2' }, ts: '1.2', text: 'It is fine' }] },
    b.ASK,
  ],
  ['a refused attempt', { type: 'refused', code: 'left-group', decision: 'deny', account: 'slack:T1/U1' }, b.ASK],
])('where the opening is signed, %s must be too', async (_, event, job) => {
  const breakGlass = b.opening(b.request(b.RUN, { breakGlass: true }));
  const comments = await b.history([
    [b.ASK, [breakGlass]],
    [b.DEBUG, [b.started()]],
    [b.DEBUG, [b.ended()]],
  ]);
  const record = b.draft(await read(comments), job, [event]);
  const { entries, findings } = await read([...comments, b.asComment(record, 900)]);
  expect([entries.length, findings]).toMatchObject([3, [{ code: 'not-signed', commentId: 900 }]]);
});
