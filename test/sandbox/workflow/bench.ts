/** A git repository, a small host and a way to run one workflow, for the tests of the sandbox's workflow runner. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { gitNow } from '../../../src/sandbox/git.ts';
import type { GateEnd, Host } from '../../../src/sandbox/host.ts';
import { type RunOptions, type RunResult, runWorkflow } from '../../../src/sandbox/workflow/run.ts';

export const ana = { id: 1001, login: 'ana-dev' };
export const bo = { id: 1002, login: 'bo-ops' };
export const workflowPath = '.github/workflows/test.yml';
export const checkoutPin = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1';
export const artifactPin = 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f';

export interface Settings {
  /** Environments whose gate is closed, with GitHub's sentence. */
  closed?: Record<string, string>;
  /** Environments whose custom rule holds jobs, and what becomes of them. */
  gates?: Record<string, Promise<GateEnd>>;
  /** Secrets by environment. */
  secrets?: Record<string, Record<string, string>>;
}

export interface FakeHost extends Host {
  /** What the runner told the host, in order. */
  calls: string[];
}

export function fakeHost({ closed = {}, gates = {}, secrets = {} }: Settings = {}): FakeHost {
  const calls: string[] = [];
  const attempts = new Map<number, number>();
  /** Of artifacts. */
  const names = new Set<string>();
  let jobs = 0;
  return {
    calls,
    apiUrl: 'http://127.0.0.1:9/api',
    graphqlUrl: 'http://127.0.0.1:9/graphql',
    serverUrl: 'http://127.0.0.1:9',
    repository: { id: 7, ownerId: 8, owner: 'acme', name: 'shop', defaultBranch: 'main' },
    startRun(run) {
      const id = 500 + attempts.size;
      attempts.set(id, 1);
      calls.push(`run ${run.event} ${run.ref} by ${run.triggeringActor.login}`);
      return { id, number: attempts.size };
    },
    startAttempt(runId, triggeringActor) {
      const attempt = (attempts.get(runId) ?? 0) + 1;
      attempts.set(runId, attempt);
      calls.push(`attempt ${attempt} by ${triggeringActor.login}`);
      return attempt;
    },
    updateRun: (_runId, change) => void calls.push(`run is ${change.status} ${change.conclusion ?? ''}`.trim()),
    reachGate({ key, environment }) {
      const gate = environment === null ? undefined : gates[environment];
      if (gate === undefined) return null;
      calls.push(`job ${key} waits at ${environment}`);
      const { promise, resolve } = Promise.withResolvers<GateEnd>();
      return { ends: Promise.race([promise, gate]), cancel: () => resolve({ kind: 'cancelled' }) };
    },
    startJob({ key, environment, permissions }) {
      const reason = environment === null ? undefined : closed[environment];
      if (reason !== undefined) return { kind: 'refused', reason };
      jobs += 1;
      calls.push(`job ${key} in ${environment ?? 'no environment'}`);
      const mayAsk = permissions['id-token'] === 'write';
      const oidc = mayAsk ? { requestUrl: 'http://127.0.0.1:9/oidc?a=1', requestToken: `oidc-token-${jobs}` } : null;
      const own = environment === null ? {} : (secrets[environment] ?? {});
      return { kind: 'ready', jobId: jobs, checkRunId: 900 + jobs, token: `ghs_token_${jobs}`, oidc, secrets: own };
    },
    endJob: (jobId, conclusion) => void calls.push(`job ${jobId} ended ${conclusion}`),
    storeArtifact(jobId, { name, size, retentionDays }) {
      if (names.has(name)) return { kind: 'refused', reason: `There is an artifact ${name} already.` };
      names.add(name);
      calls.push(`job ${jobId} stores ${name} of ${size} bytes for ${retentionDays ?? 'the usual'} days`);
      return { kind: 'stored', id: 300 + names.size };
    },
  };
}

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A new folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A repository with one commit that holds these files. */
export function repository(files: Record<string, string>): string {
  const folder = temporaryFolder();
  write(folder, files);
  gitNow(folder, ['init', '--initial-branch', 'main']);
  gitNow(folder, ['add', '--all']);
  gitNow(folder, ['commit', '-m', 'files']);
  return folder;
}

export interface Bench {
  host: FakeHost;
  run: (options?: Partial<RunOptions>) => Promise<RunResult>;
}

/** A repository with this workflow, ready to run. */
export function bench(workflow: string, files: Record<string, string> = {}, settings: Settings = {}): Bench {
  const host = fakeHost(settings);
  const checkout = repository({ ...files, [workflowPath]: workflow });
  const tempDir = temporaryFolder();
  const run = (options: Partial<RunOptions> = {}): Promise<RunResult> =>
    runWorkflow({ host, checkout, workflowPath, actor: ana, tempDir, ...options });
  return { host, run };
}

/** The text of a job's log. */
export function logOf(result: RunResult, job: string): string {
  return (result.jobs[job]?.log ?? []).map((line) => line.text).join('\n');
}

/** Each job's conclusion. */
export function conclusions(result: RunResult): Record<string, string> {
  return Object.fromEntries(Object.entries(result.jobs).map(([key, job]) => [key, job.conclusion]));
}
