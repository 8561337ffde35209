/** What was read of the sandbox, in memory: there it is tampered with as GitHub would show it, and read by every reader. */
import { type Auditor, openAudit, type RequestVerdict } from '../../src/app/audit.ts';
import { exportOf } from '../../src/app/audit-export.ts';
import { auditRepository } from '../../src/app/audit-repository.ts';
import { Fault } from '../../src/app/fault.ts';
import type { AuditedIssue, AuditSource, Repository, TrustSource } from '../../src/app/ports.ts';
import { sweep } from '../../src/app/sweep.ts';
import { issueContent } from '../../src/github/issue.ts';
import { archiveContent } from '../../src/github/key-archive.ts';
import { type ExportVerdict, verifyExport } from '../../src/log/export-verify.ts';
import { exportText } from '../../src/log/export-write.ts';
import { type FakeGithub, fakeGithub } from '../app/fake-github.ts';
import { fakeShares } from '../app/fake-shares.ts';
import { VERSION } from '../app/world.ts';
import { COMMON, debugged, hasty, type Place, POLICY_PATH } from './place.ts';

/** A repository in memory that holds these issues as the sandbox showed them. */
export function replay({ facts, runs }: Place, issues: readonly AuditedIssue[]): FakeGithub {
  if (facts.policy === null) throw new Error('The sandbox has no policy.');
  const github = fakeGithub(hasty, facts.policy);
  for (const { comments, ...issue } of structuredClone(issues)) {
    const stored = comments.map((comment) => ({ ...comment, throughApp: false, visibleFrom: 0 }));
    github.issues.set(issue.number, { ...issue, comments: stored, locked: false });
  }
  for (const run of runs) github.runs.set(run.id, run);
  return github;
}

/** A job's client that knows the sandbox's repository. */
function clientOf({ facts: { id, ownerId, name } }: Place, github: FakeGithub): Repository {
  const client = github.client();
  return { ...client, facts: async (want) => ({ ...(await client.facts(want)), id, ownerId, name }) };
}

/** The issuer's keys, which were fetched once. */
const trustOf = ({ believed }: Place): TrustSource => ({ trust: async () => believed });

/** How a debug job ended that met the first request so. */
export interface Met {
  ran: number;
  /** What it refused with, and whether the issue tells that; null: it did not refuse. */
  fault: { code: string; message: string; told: boolean } | null;
}

/** The debug job of the first request, on what it is shown. */
export async function meet(place: Place, github: FakeGithub): Promise<Met> {
  const repository = clientOf(place, github);
  let ran = 0;
  try {
    await debugged({ ...place.job, trust: trustOf(place) }, place.input, repository, () => {
      ran += 1;
    });
    return { ran, fault: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message } = error;
    const told = github.issues.get(1)?.comments.some(({ body }) => body.includes(message)) ?? false;
    return { ran, fault: { code, message, told } };
  }
}

/** What the scheduled sweep warns of. */
export async function warned(place: Place, github: FakeGithub): Promise<string[]> {
  const told: string[] = [];
  const repository = clientOf(place, github);
  await sweep(
    {
      ...{
        ...place.sweep,
        ...COMMON,
        trust: trustOf(place),
        repository,
        draw: issueContent,
        slack: null,
        slackPeople: null,
        teams: null,
      },
      ...{ progress: { info() {}, warn: (text) => void told.push(text) }, webhook: null },
      shared: fakeShares(COMMON.clock, github).deps(),
      keyArchive: { issues: async () => [], open: () => repository.createIssue(archiveContent(place.facts.name)) },
    },
    { what: { kind: 'all' }, debugResult: null, delivered: null, lastLines: '', policyPath: POLICY_PATH },
    { job: 'sweep', serverUrl: 'https://github.com', version: VERSION, apiIsLoopback: true },
  );
  return told;
}

/** An auditor of what stands there now. */
export function auditor(place: Place, github: FakeGithub): Promise<Auditor> {
  const read = (number: number): AuditedIssue => ({
    ...github.snapshot(number),
    updatedAt: place.later[0]?.updatedAt ?? '',
  });
  const source: AuditSource = {
    async *requests() {
      for (const { number, labels } of github.issues.values()) if (labels.includes('debug-request')) yield read(number);
    },
    issue: async (number) => (github.issues.has(number) ? read(number) : null),
    archive: async () => [],
  };
  return openAudit(
    {
      repository: clientOf(place, github),
      source,
      trust: trustOf(place),
      clock: hasty,
      draw: issueContent,
      version: VERSION,
    },
    {
      policyPath: POLICY_PATH,
      apiIsLoopback: true,
      vouched: [],
      issuers: place.believed.issuers.map(({ issuer }) => issuer),
      gatewayKeys: [],
    },
  );
}

const ALL = { since: null, until: null, states: null, issues: null };

/** What `audit verify` says of both requests, and of the file that `audit export` makes of them. */
export async function audited(
  place: Place,
  github: FakeGithub,
): Promise<{ requests: RequestVerdict[]; file: string; verdict: ExportVerdict }> {
  const own = await auditor(place, github);
  const { requests } = await auditRepository(own, () => {});
  const how = { exportedAt: '2026-12-01T00:00:00Z', skip: () => false, onRequest: () => {} };
  const file = await exportText(exportOf(own, ALL, how));
  return { requests, file, verdict: await verifyExport(file, { trusted: { trust: own.trust, known: own.known } }) };
}
