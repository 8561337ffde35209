/** The archive of keys: what is believed years later, and that nothing which an attacker puts there gives a key. */
import { expect, test } from 'vitest';
import { readArchive, readArchiveLines, withArchive } from '../../src/log/archive.ts';
import { lacking } from '../../src/log/archive-next.ts';
import { type LogComment, readLog } from '../../src/log/chain.ts';
import { gradeOf } from '../../src/log/grade.ts';
import { signedRecord } from '../../src/log/record.ts';
import {
  A,
  B,
  C,
  commentOf,
  EVIL,
  forged,
  held,
  issueOf,
  kids,
  publishing,
  swept,
  threeYears,
  unsigned,
} from './archive-build.ts';
import * as b from './build.ts';

const read = (comments: LogComment[], live = publishing(C)) => readArchive([issueOf(comments)], live);
const thumbprints = (...keys: { thumbprint: string }[]) => new Set(keys.map(({ thumbprint }) => thumbprint));

/** A request whose opening was signed with the first key. */
async function oldRequest() {
  const record = b.draft(b.EMPTY, b.ASK, [b.opening()]);
  const token = await b.sign(b.claimsFor(b.ASK, record.hash, 10), A.privateKey, { kid: A.kid });
  return b.issueOf([b.asComment(signedRecord(record, token), 10)]);
}

test('years later the keys of each year are believed: each new one signed while the one before was still published', async () => {
  const archive = await read(await threeYears());
  expect(kids(archive)).toEqual(['a', 'b', 'c']);
  expect(archive).toMatchObject({ findings: [], broken: [], signers: [A, B, C].map(({ thumbprint }) => thumbprint) });
  expect(archive.vouched).toEqual([...thumbprints(A, B, C)].sort());
});

test('a request of the first year verifies with the archive alone, as unproven until a trusted export vouches for its key', async () => {
  const request = await oldRequest();
  const live = publishing(C);
  expect((await readLog(request, live)).findings).toMatchObject([{ code: 'not-signed' }]);
  const { entries, findings } = await readLog(request, withArchive(live, await read(await threeYears())));
  expect([entries.length, findings]).toEqual([1, []]);
  const known = { live: thumbprints(C), vouched: thumbprints() };
  expect(gradeOf(entries, known).grade).toBe('unproven');
  expect(gradeOf(entries, { ...known, vouched: thumbprints(A) }).grade).toBe('archived');
});

test('where no sweep saw the old key and the new one published together, nothing live vouches for the old one', async () => {
  const first = await swept([], [A], 10);
  const both = await swept(first, [B], 20);
  const archive = await read(both, publishing(B));
  expect(kids(archive)).toEqual(['b']);
  expect(archive.vouched).toEqual([B.thumbprint]);
  expect(archive.findings).toMatchObject([{ code: 'not-signed', commentId: 10, signature: 'signature' }]);
  // Whoever has the old key from an export that was kept elsewhere believes what it signed.
  expect(kids(await read(both, publishing(B, A)))).toEqual(['a', 'b']);
});

test('a key that was published long before it signs vouches for the others as soon as it signs', async () => {
  const together = await swept([], [A, B], 10);
  expect(kids(await read(together, publishing(B)))).toEqual([]);
  const switched = await swept(together, [B, A], 20);
  expect(kids(await read(switched, publishing(B)))).toEqual(['a', 'b']);
  expect(await swept(switched, [B, A], 30)).toBe(switched);
});

const OTHER_YML = 'acme/shop/.github/workflows/other.yml@refs/heads/main';
const NOT_MAIN = 'acme/shop/.github/workflows/sweep.yml@refs/heads/feature';
const key = held(EVIL);
const rival = { ...key, kid: A.kid };
const ATTACKS: Record<string, [code: string, made: () => LogComment | Promise<LogComment>]> = {
  'no signature': ['not-signed', () => unsigned(forged(), 20)],
  'the signature of its own key': ['not-signed', () => commentOf(forged(), 20, { by: EVIL })],
  'the signature of a debug job': ['wrong-role', () => commentOf(forged({}, b.DEBUG), 20, { job: b.DEBUG })],
  'the signature of a job without environment': [
    'wrong-role',
    () => {
      const job = { ...b.SWEEP, environment: null };
      return commentOf(forged({}, job), 20, { job });
    },
  ],
  'the signature of a push': ['wrong-role', () => commentOf(forged(), 20, { claims: { event_name: 'push' } })],
  'the signature of another workflow': [
    'not-signed',
    () => commentOf(forged(), 20, { claims: { workflow_ref: OTHER_YML, job_workflow_ref: OTHER_YML } }),
  ],
  'the signature of another branch': [
    'not-signed',
    () => commentOf(forged(), 20, { claims: { workflow_ref: NOT_MAIN, job_workflow_ref: NOT_MAIN } }),
  ],
  'the signature of another repository': [
    'not-signed',
    () => commentOf(forged(), 20, { claims: { repository_id: '71' } }),
  ],
  'a record of another repository': ['other-issue', () => commentOf(forged({ repository: 71 }), 20)],
  'a record of another issue': ['other-issue', () => commentOf(forged({ issue: 4 }), 20)],
  "a person's comment": ['not-a-bot', () => commentOf(forged(), 20, { change: { author: b.DI } })],
  'a comment of a deleted account': ['not-a-bot', () => commentOf(forged(), 20, { change: { author: null } })],
  'an older token': ['not-signed', () => commentOf(forged(), 20, { change: { createdAt: b.instant(200) } })],
  'the signature of another record': [
    'not-signed',
    async () => {
      const [honest] = await swept([], [A], 10);
      const token = /"token":"([^"]+)"/.exec(honest?.body ?? '')?.[1] ?? '';
      return unsigned({ ...forged(), sig: { type: 'oidc', token } }, 20);
    },
  ],
  'the name of a live key': ['key-conflict', () => commentOf(forged({ keys: [rival] }), 20, { by: EVIL })],
  'the thumbprint of a live key': [
    'malformed',
    () => commentOf(forged({ keys: [{ ...key, thumbprint: A.thumbprint }] }), 20, { by: EVIL }),
  ],
  'a changed field': [
    'malformed',
    async () => {
      const honest = await commentOf(forged({ keys: [] }), 20);
      return { ...honest, body: honest.body.replace('"keys":[]', `"keys":[${JSON.stringify(key)}]`) };
    },
  ],
  'half a character, which has no canonical form': [
    'malformed',
    async () => {
      const honest = await commentOf(forged(), 20);
      return { ...honest, body: honest.body.replace('"kid":"evil"', '"kid":"\\ud800"') };
    },
  ],
  'words of its own': [
    'malformed',
    async () => {
      const honest = await commentOf(forged(), 20);
      return { ...honest, body: `Trust me.\n\n${honest.body}` };
    },
  ],
};

test.each(Object.entries(ATTACKS))('a comment with %s gives no key', async (_, [code, made]) => {
  const honest = await swept([], [A], 10);
  const archive = await read([...honest, await made()], publishing(A));
  expect(kids(archive)).toEqual(['a']);
  expect(archive.vouched).toEqual([A.thumbprint]);
  expect(archive.findings).toMatchObject([{ code, commentId: 20 }]);
  expect(archive.broken).toEqual([]);
});

test('a sweep vouches for no key that somebody else put there', async () => {
  const before = [...(await swept([], [A], 10)), await commentOf(forged(), 20, { by: EVIL })];
  const after = await swept(before, [B, A], 30);
  expect(kids(await read(after, publishing(B)))).toEqual(['a', 'b']);
});

test('an archived key that has the name of a live one is refused, and the live one stays', async () => {
  const reused = { ...C, kid: B.kid, jwk: { ...C.jwk, kid: B.kid } };
  const archive = await read(await swept([], [A, B], 10), publishing(A, reused));
  expect(kids(archive)).toEqual(['a']);
  expect(archive.findings).toMatchObject([{ code: 'key-conflict', commentId: 10 }]);
  const forB = withArchive(publishing(A), { keys: [{ ...held(B), kid: A.kid }] });
  expect((await readLog(await oldRequest(), forB)).entries).toHaveLength(1);
});

test('an edited record gives no key, and shows', async () => {
  const [first, ...rest] = await threeYears();
  const archive = await read(first === undefined ? [] : [{ ...first, editedAt: b.instant(99) }, ...rest]);
  expect(kids(archive)).toEqual(['b', 'c']);
  expect(archive.broken).toMatchObject([
    { code: 'edited', commentId: 10 },
    { code: 'missing', commentId: 20 },
  ]);
});

test.each([
  ['first', 0, ['b', 'c'], ['deleted', 'missing']],
  ['middle', 1, ['a', 'c'], ['deleted', 'missing']],
  ['last', 2, [], ['deleted']],
])('a deleted record shows: the %s', async (_, at, left, broken) => {
  const comments = (await threeYears()).toSpliced(at, 1);
  const deletions = [{ at: b.instant(99), authorId: b.BOT.id }];
  const archive = await readArchive([issueOf(comments, { deletions })], publishing(C));
  expect(kids(archive)).toEqual(left);
  expect(archive.broken.map(({ code }) => code)).toEqual(broken);
});

test('what others write there, edit or delete changes nothing and is no loss', async () => {
  const talk = { ...unsigned(forged(), 40, { author: b.DI, editedAt: b.instant(50) }), body: 'What is this?' };
  const deletions = [{ at: b.instant(99), authorId: b.DI.id }];
  const archive = await readArchive([issueOf([...(await threeYears()), talk], { deletions })], publishing(C));
  expect(kids(archive)).toEqual(['a', 'b', 'c']);
  expect(archive.broken).toEqual([]);
  expect(archive.findings.map(({ code }) => code)).toEqual(['edited', 'deleted']);
});

test('a sweep after the loss of a record archives what is live anew', async () => {
  const comments = (await threeYears()).slice(0, 2);
  const again = await swept(comments, [C, B], 40);
  expect(kids(await read(again))).toEqual(['a', 'b', 'c']);
});

test('two sweeps at once write two records, or open two issues: all of them count, each key once', async () => {
  const before = await swept([], [A], 10);
  const [one, two] = [await swept(before, [B, A], 20), await swept(before, [B, A], 21)];
  const both = await read([...one, ...two.slice(1)], publishing(B));
  expect([kids(both), both.lines.length, both.findings, both.broken]).toEqual([['a', 'b'], 3, [], []]);
  const elsewhere = await commentOf(forged({ issue: 4, keys: [held(A)], vouched: [A.thumbprint] }), 22, { by: B });
  const issues = [issueOf(one), issueOf([elsewhere], { number: 4 })];
  const archive = await readArchive(issues.toReversed(), publishing(B));
  expect([kids(archive), archive.findings, archive.broken]).toEqual([['a', 'b'], [], []]);
});

test('a copy of a record counts once', async () => {
  const comments = await threeYears();
  const copy = comments.map((comment) => ({ ...comment, id: comment.id + 1 }));
  const archive = await read([...comments, ...copy].toReversed());
  expect(archive.lines.map(({ comment }) => comment.id)).toEqual([10, 20, 30]);
  expect(archive.findings.map(({ code }) => code)).toEqual(['copy', 'copy', 'copy']);
});

test('nothing is written while nothing is new, nor as long as nobody could verify it', async () => {
  const archive = await read(await threeYears());
  expect(await lacking(archive, publishing(C, B), 'c')).toBeNull();
  expect(await lacking(archive, publishing(B), 'c')).toBeNull();
  expect(await lacking(archive, publishing(C, EVIL), 'c')).toMatchObject({ keys: [{ kid: 'evil' }], anchor: false });
});

test('keys that no record can be signed with are not archived', async () => {
  const archive = await read([]);
  const other = { ...EVIL, jwk: { ...EVIL.jwk, use: 'enc' } };
  const elliptic = { ...EVIL, jwk: { kty: 'EC', crv: 'P-256', kid: 'ec' } };
  const twin = { ...EVIL, jwk: { ...EVIL.jwk, kid: 'c' } };
  const due = await lacking(archive, publishing(C, other, elliptic, twin), 'c');
  expect(due?.keys.map(({ kid }) => kid)).toEqual(['c']);
});

test('an export carries the archive: the same keys by the same rule, and none for a changed line', async () => {
  const { lines, keys } = await read(await threeYears());
  const carried = JSON.parse(JSON.stringify(lines));
  expect((await readArchiveLines(carried, publishing(C))).keys).toEqual(keys);
  const [first] = lines;
  const changed = first === undefined ? [] : [{ ...first, record: { ...first.record, keys: [held(EVIL)] } }];
  const archive = await readArchiveLines([...changed, ...lines.slice(1)], publishing(C));
  expect(kids(archive)).toEqual(['b', 'c']);
  expect(archive.findings).toMatchObject([{ code: 'malformed', commentId: 10 }]);
});

test('a deletion of nobody knows whose comment is a loss only where a deleted account wrote a record, or none stands', async () => {
  const deletions = [{ at: b.instant(99), authorId: null }];
  const brokenBy = async (comments: LogComment[]) =>
    (await readArchive([issueOf(comments, { deletions })], publishing(C))).broken.map(({ code }) => code);
  const all = await threeYears();
  expect(await brokenBy(all)).toEqual([]);
  expect(await brokenBy([])).toEqual(['deleted']);
  expect(await brokenBy(all.map((one, i) => (i === 0 ? { ...one, author: null } : one)))).toContain('deleted');
});
