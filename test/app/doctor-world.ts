/** This repository's own set-up in memory, right in everything, for doctor to look at; a test changes what it wants. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { type DoctorDeps, type DoctorInput, examine } from '../../src/app/doctor.ts';
import type {
  EnvironmentFacts,
  FolderEntry,
  IdentityProbe,
  Inspector,
  RepositoryFacts,
  Teams,
} from '../../src/app/ports.ts';
import { ROOT } from '../source.ts';

const POLICY = '.github/debug-approval.yml';
const read = (path: string): string | null => {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};
const ISSUER = 'https://token.actions.githubusercontent.com';

export const FACTS: RepositoryFacts = {
  ...{ id: 70, ownerId: 7, name: 'acme/shop', public: false, defaultBranch: 'main' },
  policy: { path: POLICY, commit: 'c'.repeat(40), blob: 'b'.repeat(40), text: read(POLICY) ?? '' },
  ...{ earlier: [], issue: null },
};
export const ENVIRONMENT: EnvironmentFacts = {
  name: 'production',
  branches: { kind: 'named', patterns: [{ name: 'main', type: 'branch' }] },
  ...{ adminBypass: false, reviewers: [], waitMinutes: 0 },
};
export const IDENTITY: IdentityProbe = {
  ...{ issuer: ISSUER, trusted: ISSUER, repositoryId: 70, environment: 'debug-approval' },
  workflow: { path: '.github/workflows/doctor.yml', ref: 'refs/heads/main' },
};
const LOGINS = new Map([
  [101, 'ana-dev'],
  [102, 'bo-dev'],
  [103, 'cy-dev'],
  [104, 'di-dev'],
]);
const TOKENS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];

function entriesOf(path: string): FolderEntry[] | null {
  if (!existsSync(join(ROOT, path))) return null;
  // Git's mode is what counts, and some file systems know none: all of these are executable in git.
  return readdirSync(join(ROOT, path)).map((name) => ({ name, kind: 'file', executable: path.endsWith('runbooks') }));
}

/** As whoever copies the workflow adapts it: what runbooks list under `env` is handed over. */
const adapted = (path: string): string | null =>
  read(path)?.replace(/# env:\n( +)# {3}(ORDERS_DATABASE_URL: .*)\n/, 'env:\n$1  $2\n') ?? null;

const INSPECTOR: Inspector = {
  settings: async () => ({ name: 'acme/shop', issues: true, archived: false, disabled: false }),
  branchGuarded: async () => true,
  actions: async () => ({ enabled: true, allowed: 'all' }),
  folders: async (_, paths) => new Map(paths.map((path) => [path, entriesOf(path)])),
  files: async (_, paths) =>
    new Map(paths.map((path) => [path, path.endsWith('CODEOWNERS') ? '/.github/ @acme/security\n' : adapted(path)])),
  fileElsewhere: async () => null,
  secrets: async (environment) => (environment === 'debug-approval' ? TOKENS : []),
  sharedSecrets: async () => [],
  account: async (id) => {
    const login = LOGINS.get(id);
    return login === undefined ? null : { id, login, type: 'User', name: null };
  },
  accountOf: async () => null,
  permission: async () => 'write',
  disabledWorkflows: async () => new Map(),
  activeRuns: async () => [],
  readIssues: async () => {},
  tryWrites: async () => 'https://github.com/acme/shop/issues/1',
};

export interface Change {
  inspector?: Partial<Inspector>;
  repository?: Partial<DoctorDeps['repository']>;
  facts?: Partial<RepositoryFacts>;
  /** Rewrites the policy. */
  policy?: (text: string) => string;
  /** Rewrites files by their paths. */
  files?: Record<string, (text: string) => string>;
  /** In a job, with what its token says; null: it has none. */
  job?: Partial<IdentityProbe> | null;
  input?: Partial<DoctorInput>;
  /** Who is in which GitHub team. */
  teams?: Teams | null;
}

/** What doctor says of the set-up with these changes. */
export function examined(change: Change = {}): Promise<Finding[]> {
  const { policy = (text: string) => text, files = {} } = change;
  const file = FACTS.policy === null ? null : { ...FACTS.policy, text: policy(FACTS.policy.text) };
  const facts = { ...FACTS, policy: file, ...change.facts };
  const edited: Inspector['files'] = async (commit, paths) => {
    const found = await INSPECTOR.files(commit, paths);
    return new Map([...found].map(([path, text]) => [path, text === null ? null : (files[path]?.(text) ?? text)]));
  };
  const probe = change.job === null ? null : { ...IDENTITY, ...change.job };
  const job = change.job === undefined ? null : { identity: async () => probe };
  return examine(
    {
      repository: {
        facts: async () => facts,
        environment: async (name) => ({ ...ENVIRONMENT, name }),
        gates: async () => [77],
        openRequests: async () => [],
        ...change.repository,
      },
      inspector: { ...INSPECTOR, files: edited, ...change.inspector },
      ...{ slack: null, teams: change.teams ?? null, job, clock: { now: () => Date.parse('2026-11-23T12:00:00Z') } },
    },
    {
      ...{ policyPath: POLICY, api: { url: 'https://api.github.com', loopback: false }, version: versionOf() },
      ...{ tryWrites: true, tokens: job === null ? null : { bot: true, app: true } },
      ...change.input,
    },
  );
}

function versionOf(): string {
  const manifest: unknown = JSON.parse(read('package.json') ?? '');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

export type Pair = [from: string | RegExp, to: string];

/** Replaces what is there for certain, each once. */
export const swap =
  (...pairs: Pair[]) =>
  (text: string): string =>
    pairs.reduce((all, [from, to]) => {
      const after = all.replace(from, () => to);
      if (after === all) throw new Error(`Nothing changed: ${from}`);
      return after;
    }, text);

/** Replaces within one job of a workflow. */
export const inJob =
  (job: string, ...pairs: Pair[]) =>
  (text: string): string => {
    const at = text.indexOf(`\n  ${job}:\n`);
    return text.slice(0, at) + swap(...pairs)(text.slice(at));
  };

/** `id health` of what is not ok, save the two that a shell without Slack cannot see. */
export const notOk = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ id, health }) => health !== 'ok' && !(health === 'unknown' && ['slack.tokens', 'job.oidc'].includes(id)))
    .map(({ id, health }) => `${id} ${health}`);

/** The finding of that id. Throws where there is none. */
export function findingOf(findings: readonly Finding[], id: string): Finding {
  const found = findings.find((one) => one.id === id);
  if (found === undefined)
    throw new Error(`There is no finding ${id} among ${findings.map((one) => one.id).join(', ')}.`);
  return found;
}

/** What is wrong and how to mend it, as people read it. */
export const diagnosis = (findings: readonly Finding[]): string =>
  findings
    .filter(({ health }) => health === 'wrong')
    .map(({ id, what, remedy }) => `✗ ${id}\n  ${what}\n  → ${remedy}`)
    .join('\n');
