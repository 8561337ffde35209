/** The archive of keys as the sweep keeps it: one locked issue, written only when something is new, in nobody's way. */
import { expect, test } from 'vitest';
import { readArchive } from '../../src/log/archive.ts';
import { ARCHIVE_LABEL, ARCHIVE_TITLE, parseArchiveComment } from '../../src/log/archive-record.ts';
import { trust as sampleTrust } from '../log/build.ts';
import { unavailable } from './fake-github.ts';
import { createWorld, eventsOf, type World } from './world.ts';

const CLOSE = { workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' }, event: 'workflow_dispatch' };
const archives = (w: World) => [...w.github.issues.values()].filter(({ labels }) => labels.includes(ARCHIVE_LABEL));

/** The names of the keys that a reader believes now. */
async function believed(w: World): Promise<(string | null)[]> {
  const issuers = sampleTrust.issuers.map(({ issuer }) => ({ issuer, keys: w.issuer.keys() }));
  const { keys } = await readArchive(await w.keyArchive.issues(), { ...sampleTrust, issuers });
  return keys.map(({ kid }) => kid);
}

const sentences = (w: World) =>
  archives(w).flatMap(({ comments }) =>
    comments.map(({ body }) => {
      const parsed = parseArchiveComment(body);
      return parsed.kind === 'record' ? parsed.record.sentence : `${parsed.kind}: ${body}`;
    }),
  );

test('the first sweep opens one issue for people to leave alone, and archives the live keys there', async () => {
  const w = await createWorld();
  expect(await w.sweep()).toEqual([]);
  expect(archives(w)).toMatchObject([{ title: ARCHIVE_TITLE, labels: [ARCHIVE_LABEL], open: false, locked: true }]);
  expect(await believed(w)).toEqual(['k1']);
});

test('years: the key of a request is believed long after its issuer has replaced it twice', async () => {
  const w = await createWorld();
  await w.sweep();
  for (const kid of ['k2', 'k3']) {
    await w.issuer.rotate(kid);
    await w.sweep();
    w.issuer.retire();
    await w.sweep();
  }
  expect(await believed(w)).toEqual(['k1', 'k2', 'k3']);
  expect(archives(w)).toHaveLength(1);
  expect(sentences(w)).toEqual([
    'Archived the key k1. Vouches for that key.',
    'Archived the key k2. Vouches for all 2 keys known so far.',
    'Archived the key k3. Vouches for all 3 keys known so far.',
  ]);
});

test('a sweep that finds nothing new writes nothing: it looks once', async () => {
  const w = await createWorld();
  await w.sweep();
  const written = () =>
    w.github.done.filter((one) => ['createIssue', 'comment', 'updateIssue', 'lockIssue'].includes(one));
  const before = written().length;
  let looks = 0;
  const look = w.keyArchive.issues;
  w.keyArchive.issues = async () => {
    looks += 1;
    return look();
  };
  await w.sweep();
  expect([looks, written().length]).toEqual([1, before]);
});

test('a close job neither reads nor writes the archive', async () => {
  const w = await createWorld();
  w.keyArchive.issues = () => Promise.reject(new Error('The archive was read.'));
  const told: string[] = [];
  await w.sweep({ what: { kind: 'own-run' }, debugResult: 'skipped' }, CLOSE, told);
  expect([archives(w), told]).toEqual([[], []]);
});

test('two sweeps at once may open two issues: what follows goes into the first, and all keys are believed', async () => {
  const w = await createWorld();
  await Promise.all([w.sweep(), w.sweep()]);
  expect(archives(w)).toHaveLength(2);
  await w.issuer.rotate('k2');
  await w.sweep();
  expect(archives(w).map(({ comments }) => comments.length)).toEqual([2, 1]);
  w.issuer.retire();
  expect(await believed(w)).toEqual(['k1', 'k2']);
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect(told.filter((line) => line.startsWith('!'))).toEqual([]);
});

test('a request is swept even where the archive cannot be read or written, and the sweep says so', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(30, () => asking.cancel());
  await asking.result;
  w.github.issue(1).open = true;
  w.keyArchive.issues = () => Promise.reject(unavailable());
  const told: string[] = [];
  expect(await w.sweep({}, {}, told)).toMatchObject([{ issue: 1, status: 'cancelled' }]);
  expect(told).toContainEqual(
    '! The keys that sign the log were not archived this time; the next sweep tries again. GitHub answered 503. Try again later.',
  );
  expect(eventsOf(w)).toEqual(['requested', 'cancelled']);
});

test('an issue that was opened but not written to, since GitHub failed, is the one that the next sweep writes to', async () => {
  const w = await createWorld();
  w.github.fail('comment', { fault: unavailable() });
  await w.sweep();
  await w.sweep();
  expect(archives(w)).toMatchObject([{ open: false, locked: true, comments: [expect.anything()] }]);
});

test('a record that nobody would believe is not written, however often the sweep comes by', async () => {
  const w = await createWorld();
  const { sign } = w.issuer;
  const elsewhere = 'acme/ops/.github/workflows/sweep.yml@refs/heads/main';
  w.issuer.sign = (claims) => sign({ ...claims, job_workflow_ref: elsewhere });
  const told: string[] = [];
  await w.sweep({}, {}, told);
  await w.sweep({}, {}, told);
  expect(archives(w)).toMatchObject([{ comments: [] }]);
  expect(told.join('\n')).toContain(`Nobody would believe this job's record: the job's workflow ${elsewhere}`);
});

test('somebody who opens the issue again, or takes its label away, keeps no key from being archived', async () => {
  const w = await createWorld();
  await w.sweep();
  const [issue] = archives(w);
  Object.assign(issue ?? {}, { open: true, locked: false });
  await w.sweep();
  expect(issue).toMatchObject({ open: false, locked: true });
  Object.assign(issue ?? {}, { labels: [] });
  await w.sweep();
  expect(await believed(w)).toEqual(['k1']);
  expect(issue?.comments).toHaveLength(1);
});

test.each<[string, (w: World, comment: number) => void]>([
  ['edited', (w, comment) => w.github.edit(comment, 'Nothing to see.', 4)],
  ['deleted', (w, comment) => w.github.remove(comment, 4)],
])('a record that somebody %s is reported by each sweep, and the live keys are archived anew', async (what, attack) => {
  const w = await createWorld();
  await w.sweep();
  attack(w, archives(w)[0]?.comments[0]?.id ?? 0);
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect(told.join('\n')).toMatch(new RegExp(`! The archive of keys was changed: .* was ${what}`));
  expect(await believed(w)).toEqual(['k1']);
});

test("a person's issue with the archive's label, or a request with it, is not written to, closed or locked", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => null);
  const request = w.github.issue(1);
  Object.assign(request, { labels: [...request.labels, ARCHIVE_LABEL] });
  const before = request.comments.length;
  await w.sweep();
  expect([request.open, request.locked, request.comments.length]).toEqual([true, false, before]);
  expect(await believed(w)).toEqual(['k1']);
  asking.cancel();
  await asking.result;
});

test('a list that lags writes nothing twice: the next sweep looks again', async () => {
  const w = await createWorld();
  await w.sweep();
  w.github.lagMs = 60_000;
  await w.issuer.rotate('k2');
  await w.sweep();
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect(told.join('\n')).toContain('GitHub shows 1 of 2 comments of issue #1 only.');
  expect(archives(w)[0]?.comments).toHaveLength(2);
});

test("lists of requests and further requests do not see the archive's issue", async () => {
  const w = await createWorld();
  await w.sweep();
  expect(await w.list()).toEqual([]);
  expect(await w.sweep()).toEqual([]);
});

test('given that the key of an approved request is published no more, then the sweep leaves the request as it is', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo', 'approve'));
  void w.after(20, () => w.press('cy', 'approve'));
  await asking.result;
  await w.sweep();
  await w.issuer.rotate('k2');
  await w.sweep();
  w.issuer.retire();
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'approved' }]);
  expect(w.github.issue()).toMatchObject({ open: true, labels: expect.arrayContaining(['debug:approved']) });
});
