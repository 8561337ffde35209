/** The archive's issue on a GitHub: opened, locked, read with one call, and true to what was signed there over the years. */
import { expect, test } from 'vitest';
import { archiveKeys, readKeys } from '../../src/app/key-archive.ts';
import { createClient } from '../../src/github/client.ts';
import { archiveContent, createKeyArchive } from '../../src/github/key-archive.ts';
import { trustFor } from '../../src/github/keys.ts';
import { ownIdentity, signer } from '../../src/github/oidc.ts';
import { createRepository } from '../../src/github/repository.ts';
import { readArchive, withArchive } from '../../src/log/archive.ts';
import {
  ARCHIVE_LABEL,
  type ArchiveRecord,
  renderArchiveComment,
  sealArchiveRecord,
} from '../../src/log/archive-record.ts';
import { verifySignature } from '../../src/log/signature.ts';
import { type Fixture, R, start } from '../sandbox/github/fixture.ts';

const RIGHTS = { contents: 'read', issues: 'write', 'id-token': 'write' } as const;
const SHOP = `${R.owner}/${R.repo}`;

/** What a job of the sandbox has of the product. */
async function jobIn(fixture: Fixture, environment: string) {
  const { gh } = fixture;
  const started = fixture.job(RIGHTS, environment);
  const oidc = { url: started.oidc?.requestUrl, token: started.oidc?.requestToken };
  const client = createClient({ api: { url: gh.url, loopback: true }, token: started.token, version: '0', job: null });
  const repository = createRepository(client, SHOP);
  const job = await ownIdentity(oidc);
  const facts = await repository.facts({ policyPath: '.github/debug-approval.yml' });
  const signers = { issuer: gh.oidcIssuer, workflows: ['.github/workflows/debug.yml'], unsigned: 'refuse' as const };
  const trust = await trustFor(facts, signers, { apiIsLoopback: true });
  const writer = { run: job.run.id, attempt: job.run.attempt, job: 'sweep', environment: job.environment };
  const told: string[] = [];
  const progress = {
    info: (text: string) => void told.push(text),
    warn: (text: string) => void told.push(`! ${text}`),
  };
  const clock = { now: Date.now, sleep: async () => {} };
  const desk = { repository, signer: signer(oidc), trust, writer, clock, progress };
  return { desk, job, told, archive: createKeyArchive(client, SHOP) };
}

/** The token by which a job signs a hash. */
async function tokenOf({ desk }: Awaited<ReturnType<typeof jobIn>>, hash: string) {
  const token = await desk.signer.sign(hash);
  if (token === null) throw new Error('This job has no ID token.');
  return { type: 'oidc' as const, token };
}

async function sweep(fixture: Fixture): Promise<string[]> {
  const { desk, job, told, archive } = await jobIn(fixture, 'debug-approval');
  fixture.gh.resetCounts();
  const found = await readKeys(desk, archive, job);
  if (found !== null) await archiveKeys(desk, archive, found);
  return told;
}

async function reading(fixture: Fixture) {
  const { desk, archive } = await jobIn(fixture, 'debug-approval');
  const read = await readArchive(await archive.issues(), desk.trust);
  return { ...read, trust: desk.trust, kids: read.keys.map(({ kid }) => kid) };
}

const environments = ['debug-approval', 'production'].map((name) => ({
  ...{ name, branches: { kind: 'named' as const, patterns: [{ name: 'main', type: 'branch' as const }] } },
  ...{ adminBypass: false, reviewers: [], waitMinutes: 0, secrets: {} },
}));

test("the archive's issue says what it is for, and to leave it alone", async () => {
  const { title, labels, body } = archiveContent('acme/shop');
  await expect(`${title}\n[${labels.join('] [')}]\n\n${body}\n`).toMatchFileSnapshot('golden/key-archive.md');
});

test('what was signed with a retired key verifies with the archive, which nobody else can add to', async () => {
  const fixture = await start({ environments });
  const { gh } = fixture;
  const published = () => gh.jwks().keys.map(({ kid }) => kid);
  const [first] = published();
  const debug = await jobIn(fixture, 'production');
  const hash = `sha256:${'a'.repeat(64)}`;
  const old = { hash, writer: debug.desk.writer, sig: await tokenOf(debug, hash) };
  const createdAt = new Date().toISOString();

  expect(await sweep(fixture)).toEqual([`Issue #1: Archived the key ${first}. Vouches for that key.`]);
  const [issue] = await debug.archive.issues();
  expect(issue).toMatchObject({ number: 1, open: false, labels: [ARCHIVE_LABEL], title: archiveContent(SHOP).title });
  await expect(
    fixture.as(gh.userToken('bo')).rest.issues.createComment({ ...R, issue_number: 1, body: 'Hi' }),
  ).rejects.toThrow('locked');

  await gh.rotateOidcKey();
  expect(published()).toHaveLength(2);
  await sweep(fixture);
  gh.retireOidcKeys();
  const [second] = published();
  expect(await sweep(fixture)).toEqual([]);
  expect(gh.counts()).toMatchObject({ counted: 1, creating: 0 });

  // A debug job has the right to comment and to sign, and somebody with write access can say anything.
  const [honest] = (await reading(fixture)).lines;
  if (honest === undefined) throw new Error('The archive holds no record.');
  const evil = await forgedBy(debug, honest.record);
  await debug.desk.repository.comment(1, renderArchiveComment(evil));
  await fixture
    .as(gh.userToken('ana'))
    .rest.issues.createComment({ ...R, issue_number: 1, body: renderArchiveComment(honest.record) });

  const { kids, findings, broken, trust, keys } = await reading(fixture);
  expect(kids).toEqual([first, second]);
  expect(findings.map(({ code }) => code)).toEqual(['not-a-bot', 'wrong-role']);
  expect(broken).toEqual([]);
  expect(await verifySignature(old, { createdAt }, trust)).toMatchObject({ ok: false, code: 'signature' });
  expect(await verifySignature(old, { createdAt }, withArchive(trust, { keys }))).toMatchObject({ ok: true });
});

/** The record anew, of a debug job and with its signature. */
async function forgedBy(job: Awaited<ReturnType<typeof jobIn>>, honest: ArchiveRecord): Promise<ArchiveRecord> {
  const { hash: _, sig: __, ...draft } = honest;
  const record = sealArchiveRecord({ ...draft, writer: job.desk.writer });
  return { ...record, sig: await tokenOf(job, record.hash) };
}

test('a record that somebody with write access edited or deleted shows, and what is live is archived anew', async () => {
  const fixture = await start({ environments });
  const ana = fixture.as(fixture.gh.userToken('ana')).rest.issues;
  await sweep(fixture);
  const comment = async () => (await ana.listComments({ ...R, issue_number: 1 })).data.at(-1)?.id ?? 0;
  await ana.updateComment({ ...R, comment_id: await comment(), body: 'Nothing to see.' });
  expect((await sweep(fixture)).join('\n')).toMatch(/^! The archive of keys was changed: comment \d+ .* was edited/);
  await ana.deleteComment({ ...R, comment_id: await comment() });
  expect((await sweep(fixture)).join('\n')).toMatch(/! The archive of keys was changed: a comment .* was deleted/);
  expect((await reading(fixture)).kids).toHaveLength(1);
});
