/** What an audit says of keys: those of now, of the archive, of exports kept elsewhere, and those that nobody has any more. */
import { calculateJwkThumbprint, decodeJwt, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { exportOf } from '../../src/app/audit-export.ts';
import { auditIssue } from '../../src/app/audit-judge.ts';
import { auditRepository } from '../../src/app/audit-repository.ts';
import type { TrustSource } from '../../src/app/ports.ts';
import { parseComment, renderComment } from '../../src/log/comment.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { exportText } from '../../src/log/export-write.ts';
import { signedRecord } from '../../src/log/record.ts';
import { newKey } from '../log/archive-build.ts';
import { sign } from '../log/build.ts';
import { auditorOf, auditSource, debugged, worldOf } from './audit-world.ts';
import { BOT } from './fake-github.ts';
import { createWorld, type World } from './world.ts';

async function issueVerdict(w: World, issue = 1, head: string | null = null) {
  return (await auditIssue(await auditorOf(w), issue, head)).verdict;
}

async function repositoryVerdict(w: World) {
  return auditRepository(await auditorOf(w), () => {});
}

/** The auditor's keys that verify a record of an issue now. */
async function usedKeys(w: World) {
  const { trust } = await auditorOf(w);
  const keys = trust.issuers.flatMap(({ issuer, keys: own }) => own.map((key) => ({ issuer, key })));
  return Promise.all(keys.map(async (one) => ({ ...one, thumbprint: await calculateJwkThumbprint(one.key) })));
}

test('once the issuer publishes other keys, the archive keeps a log verifiable, and what is kept elsewhere makes it proven', async () => {
  const w = await worldOf(1);
  const vouched = await usedKeys(w);
  await w.sweep();
  await w.issuer.rotate('k2');
  await w.sweep();
  w.issuer.retire();
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole', records: 5, grading: { grade: 'unproven' } });
  const kept = await auditIssue(await auditorOf(w, { vouched }), 1, null);
  expect(kept.verdict).toMatchObject({ status: 'whole', records: 5, grading: { grade: 'archived' } });
});

test('a log whose keys nobody kept is not determined, never whole, broken or none', async () => {
  const w = await worldOf(1);
  await w.issuer.rotate('k2');
  w.issuer.retire();
  const verdict = await issueVerdict(w);
  expect(verdict).toMatchObject({ status: 'unknown', broken: [], records: 0, grading: null });
  expect(verdict.notes).toMatchObject([
    { code: 'keys', why: expect.stringContaining('5 records are'), remedy: expect.stringContaining('--trust') },
  ]);
});

test('where only the first records lost their key, the later ones break nothing by standing on them', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  await w.issuer.rotate('k2');
  await w.debug(asked);
  expect(await issueVerdict(w)).toMatchObject({ status: 'whole', grading: { grade: 'live' } });
  w.issuer.retire();
  expect(await issueVerdict(w)).toMatchObject({ status: 'unknown', broken: [], notes: [{ code: 'keys' }] });
});

test('a copy of a record that names a key which nobody holds is an addition like any other', async () => {
  const w = await worldOf(1);
  const original = w.github.issue().comments[1]?.body ?? '';
  const header = (kid: string) => Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url');
  const copy = original.replace(/eyJ[\w-]+(?=\.eyJ)/, header('k9'));
  expect(copy).not.toBe(original);
  const comment = w.github.write(BOT, copy);
  expect(await issueVerdict(w)).toMatchObject({
    status: 'whole',
    records: 5,
    notes: [{ code: 'not-signed', comment }],
  });
});

describe('the archive of keys', () => {
  /** Two sweeps, each with a key of its own. */
  async function archived(): Promise<World> {
    const w = await worldOf(1);
    await w.sweep();
    await w.issuer.rotate('k2');
    await w.sweep();
    return w;
  }
  const archiveOf = (w: World) =>
    [...w.github.issues.values()].find(({ labels }) => labels.includes('debug-approval-keys'));

  test('is read again where its list lags, and a lag is no loss', async () => {
    const w = await archived();
    const archive = async () =>
      (await auditSource(w).archive()).map((one) => ({ ...one, comments: one.comments.slice(1) }));
    const verdict = await auditRepository(await auditorOf(w, { source: { archive } }), () => {});
    expect(verdict).toMatchObject({ status: 'whole', archive: { broken: [], notes: [] } });
  });

  test('of which somebody deleted a record is worth knowing as long as no log misses a key', async () => {
    const w = await archived();
    w.github.remove(archiveOf(w)?.comments[0]?.id ?? 0);
    expect(await repositoryVerdict(w)).toMatchObject({
      ...{ status: 'whole', archive: { broken: [], notes: [{ code: 'archive' }, { code: 'archive' }] } },
    });
    w.issuer.retire();
    expect(await repositoryVerdict(w)).toMatchObject({
      ...{ status: 'broken', requests: [{ status: 'unknown' }] },
      archive: { broken: [{ code: 'archive' }, { code: 'archive' }] },
    });
  });
});

describe('a last record whose key nobody holds any more, while the keys of all others are there', () => {
  async function lastUnverifiable(): Promise<{ w: World; lost: JWK }> {
    const [w, gone] = [await worldOf(1), await newKey('gone')];
    const last = w.github.issue(1).comments.at(-1);
    const parsed = parseComment(last?.body ?? '');
    if (parsed.kind !== 'record' || parsed.record.sig === null || last === undefined)
      throw new Error('There is no record.');
    const claims = decodeJwt(parsed.record.sig.token);
    const rendered = renderComment(signedRecord(parsed.record, await sign(claims, gone.privateKey, { kid: 'gone' })));
    if (rendered.ok) last.body = rendered.body;
    return { w, lost: gone.jwk };
  }

  test('is not called removed where a later opening or somebody else names it: the request is not determined', async () => {
    const { w, lost } = await lastUnverifiable();
    const head = w.records(1).at(-1)?.hash ?? '';
    expect(await issueVerdict(w)).toMatchObject({ status: 'whole', records: 4, notes: [{ code: 'not-signed' }] });
    expect(await issueVerdict(w, 1, head)).toMatchObject({
      status: 'unknown',
      broken: [],
      notes: [{ code: 'keys' }, {}],
    });
    const now = w.trust.trust;
    const then: TrustSource['trust'] = async (...asked) => {
      const trust = await now(...asked);
      return { ...trust, issuers: trust.issuers.map((one) => ({ ...one, keys: [...one.keys, lost] })) };
    };
    // While that key was published the next request was opened.
    Object.assign(w.trust, { trust: then });
    await debugged(w, 9002);
    expect(await repositoryVerdict(w)).toMatchObject({ status: 'whole' });
    Object.assign(w.trust, { trust: now });
    expect(await repositoryVerdict(w)).toMatchObject({
      ...{ status: 'unknown', requests: [{ status: 'unknown', broken: [] }, { status: 'whole' }] },
    });
    const auditor = { ...(await auditorOf(w)), policyText: async () => null };
    const range = { since: null, until: null, states: null, issues: null };
    const how = { exportedAt: '2030-01-01T00:00:00Z', skip: () => false, onRequest: () => {} };
    const text = await exportText(exportOf(auditor, range, how));
    expect(await verifyExport(text)).toMatchObject({
      status: 'unknown',
      counts: { unknown: 1, broken: 0, requests: 2 },
    });
    const { trust, known } = await auditorOf(w, { trust: { trust: then } });
    expect(await verifyExport(text, { trusted: { trust, known } })).toMatchObject({ status: 'whole' });
  });
});
