/** An auditor in the world of the application's tests: reads its repository in memory as GitHub would show it. */
import { type AuditInput, type Auditor, openAudit } from '../../src/app/audit.ts';
import type { AuditedIssue, AuditSource, TrustSource } from '../../src/app/ports.ts';
import { issueContent } from '../../src/github/issue.ts';
import { ISSUER } from './fake-issuer.ts';
import { createWorld, INPUT, VERSION, type World } from './world.ts';

/** The issues of the world's repository, the one that changed longest ago first. */
export function auditSource({ github, clock }: World): AuditSource {
  const read = async (number: number): Promise<AuditedIssue> => {
    const snapshot = await github.client().issue(number);
    const times = [...snapshot.comments.map(({ editedAt, createdAt }) => editedAt ?? createdAt)];
    const newest = [...times, ...snapshot.deletions.map(({ at }) => at)].toSorted().at(-1);
    return { ...snapshot, updatedAt: newest ?? new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z') };
  };
  const labelled = async (label: string): Promise<AuditedIssue[]> => {
    const numbers = [...github.issues.values()]
      .filter(({ labels }) => labels.includes(label))
      .map(({ number }) => number);
    return (await Promise.all(numbers.map(read))).toSorted((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt));
  };
  return {
    async *requests({ since }) {
      for (const issue of await labelled('debug-request')) if (since === null || issue.updatedAt >= since) yield issue;
    },
    issue: async (number) => (github.issues.has(number) ? read(number) : null),
    archive: () => labelled('debug-approval-keys'),
  };
}

/** An auditor who has a token that reads this repository, and nothing else. */
export function auditorOf(
  world: World,
  change: { trust?: TrustSource; source?: Partial<AuditSource> } & Partial<
    Pick<AuditInput, 'vouched' | 'issuers' | 'gatewayKeys'>
  > = {},
): Promise<Auditor> {
  const { github, clock } = world;
  return openAudit(
    {
      ...{ repository: github.client(), source: { ...auditSource(world), ...change.source }, clock },
      ...{ trust: change.trust ?? world.trust, draw: issueContent, version: VERSION },
    },
    {
      ...{ policyPath: INPUT.policyPath, apiIsLoopback: false },
      ...{ vouched: change.vouched ?? [], issuers: change.issuers ?? [ISSUER] },
      gatewayKeys: change.gatewayKeys ?? [],
    },
  );
}

/** A request from its opening to the end of its debug job, in a run of its own. */
export async function debugged(world: World, run: number): Promise<void> {
  const issue = world.github.issues.size + 1;
  world.runOf(run);
  const job = { run: { id: run, attempt: 1 } };
  const asking = world.ask({ job });
  void world.after(10, () => world.press('bo', 'approve', { issue }));
  void world.after(20, () => world.press('cy', 'approve', { issue }));
  const asked = await asking.result;
  await world.debug(asked, { job });
  await world.sweep(
    { what: { kind: 'issue', number: issue }, debugResult: 'success' },
    { ...job, event: 'workflow_dispatch' },
  );
}

/** A world in which so many requests were debugged, one after the other. */
export async function worldOf(requests: number): Promise<World> {
  const world = await createWorld();
  for (let run = 9001; run < 9001 + requests; run += 1) await debugged(world, run);
  return world;
}
