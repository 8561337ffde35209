/** No false alarm: honest histories, however many write at once and however lists lag, are whole for every reader. */
import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { expect, test } from 'vitest';
import type { Auditor, Judged } from '../../src/app/audit.ts';
import { exportOf } from '../../src/app/audit-export.ts';
import type { AuditedIssue, AuditSource, IssueSnapshot } from '../../src/app/ports.ts';
import { type Known, nothingKnown, unchanged, understand } from '../../src/app/reading.ts';
import { issueContent } from '../../src/github/issue.ts';
import { readArchive } from '../../src/log/archive.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { exportText } from '../../src/log/export-write.ts';
import type { Trust } from '../../src/log/trust.ts';
import { VERSION } from '../app/world.ts';
import * as g from '../request/given.ts';
import { NAMES, POLICY, POLICY_TEXT, told, trustIn } from './honest.ts';
import { look, steps } from './plans.ts';

const policies = { get: async () => POLICY };
const ALL = { since: null, until: null, states: null, issues: null };
const clock = { now: () => g.T0, sleep: async () => {} };
/** What may be told of an honest history: what strangers added and did to what is their own, and what a job wrote twice. */
const HARMLESS: string[] = ['not-a-bot', 'malformed', 'edited', 'deleted', 'beside', 'copy'];
/** All but `failed`, which is `finished` with another exit code. */
const EVERY_STATE = ['approved', 'cancelled', 'denied', 'error', 'expired', 'finished', 'pending', 'running'];

/** A job that reads before it acts; `known`: the gateway, which keeps what it read before. Throws as the job would. */
const meet = async (snapshot: IssueSnapshot, trust: Trust, known: Known = nothingKnown()) =>
  unchanged(
    { draw: issueContent, version: VERSION, known },
    await understand({ trust, renewKeys: async () => {}, policies, known }, snapshot),
  );

/** An auditor who has fetched the keys and the policy of the repository. */
async function openAuditor(trust: Trust): Promise<Omit<Auditor, 'deps'>> {
  const live = await Promise.all(trust.issuers.flatMap(({ keys }) => keys.map((key) => calculateJwkThumbprint(key))));
  return {
    ...{ trust, policies, known: { live: new Set(live), vouched: new Set() }, policyText: async () => POLICY_TEXT },
    archive: await readArchive([], trust),
    ...{ archiveBroken: [], archiveNotes: [] },
    facts: {
      ...{
        id: trust.repositoryId,
        ownerId: trust.ownerId,
        name: trust.repositoryName,
        public: false,
        defaultBranch: 'main',
      },
      ...{ policy: null, earlier: [], issue: null },
    },
  };
}
const AUDITORS = new Map(
  await Promise.all(NAMES.map(async (name) => [name, await openAuditor(trustIn(name))] as const)),
);

/** An auditor who finds the issue so at first, and whole when it is looked at again. */
function auditorOf(name: string, first: AuditedIssue, whole: AuditedIssue): Auditor {
  const opened = AUDITORS.get(name);
  if (opened === undefined) throw new Error(`Nobody audits ${name}.`);
  const source: AuditSource = {
    async *requests() {
      yield first;
    },
    issue: async () => whole,
    archive: async () => [],
  };
  const repository = { facts: async () => opened.facts, blob: opened.policyText };
  return {
    ...opened,
    deps: {
      repository,
      source,
      trust: { trust: async () => opened.trust },
      clock,
      draw: issueContent,
      version: VERSION,
    },
  };
}

const audited = (snapshot: IssueSnapshot): AuditedIssue => ({ ...snapshot, updatedAt: g.at(0) });

test('§4.7 §4.8 no reader finds an honest history broken: not a job, not the audit, not whoever verifies its export', async () => {
  const tried = {
    histories: 0,
    concurrent: 0,
    goesOn: 0,
    overtaken: 0,
    records: 0,
    keys: 0,
    states: new Set<string>(),
    notes: new Set<string>(),
  };
  await fc.assert(
    fc.asyncProperty(steps, look, async (plan, how) => {
      const { name, whole, lagging } = await told(plan);
      const auditor = auditorOf(name, audited(lagging(how)), audited(whole));
      const { log, state } = await meet(whole, auditor.trust);
      const known = nothingKnown();
      const { log: lagged } = await meet(lagging({ ...how, lacks: null }), auditor.trust, known);
      expect((await meet(whole, auditor.trust, known)).state).toEqual(state);
      // A list that shows a record only after one that did not see it.
      const late = log.entries.at(-2)?.commentId;
      const comments = whole.comments.filter(({ id }) => id !== late);
      const overtaken = await meet({ ...whole, comments }, auditor.trust, known).catch(() => null);
      expect((await meet(whole, auditor.trust, known)).state).toEqual(state);
      const judged: Judged[] = [];
      const file = await exportText(
        exportOf(auditor, ALL, {
          exportedAt: g.at(9_999),
          ...{ skip: () => false, onRequest: (one: Judged) => void judged.push(one) },
        }),
      );
      const found = judged.map(({ verdict }) => verdict);
      expect(found).toMatchObject([{ status: 'whole', broken: [] }]);
      if (how.counted) expect(found).toMatchObject([{ records: log.entries.length, head: log.head }]);
      const notes = found.flatMap((verdict) => verdict.notes.map(({ code }) => code));
      expect(notes.filter((code) => !HARMLESS.includes(code))).toEqual([]);
      const { status, faults, grading } = await verifyExport(file, { trusted: auditor });
      expect({ status, faults, grade: grading?.grade }).toEqual({ status: 'whole', faults: [], grade: 'live' });

      tried.histories += 1;
      tried.concurrent += log.entries.some(({ record }, index) => record.seq !== index + 1) ? 1 : 0;
      tried.goesOn += lagged.entries.length < log.entries.length ? 1 : 0;
      tried.overtaken += overtaken === null ? 0 : 1;
      tried.records += log.entries.length;
      tried.keys = Math.max(tried.keys, grading?.keys.length ?? 0);
      tried.states.add(state.status);
      for (const code of notes) tried.notes.add(code);
    }),
    { numRuns: 1_000 },
  );
  // What was tried is worth the name: each with records that did not see each other, some signed with two keys, and of all ends.
  expect(tried).toMatchObject({ histories: 1_000, concurrent: 1_000, keys: 2 });
  expect(tried.goesOn).toBeGreaterThan(500);
  expect(tried.overtaken).toBeGreaterThan(200);
  expect(tried.records).toBeGreaterThan(3_500);
  expect([...tried.states].toSorted()).toEqual(EVERY_STATE);
  expect([...tried.notes]).toEqual(expect.arrayContaining(['not-a-bot', 'edited', 'deleted', 'beside']));
});
