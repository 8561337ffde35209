/** A sandbox GitHub on a small real git repository, for the tests of this folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { onTestFinished } from 'vitest';
import { gitNow } from '../../../src/sandbox/git.ts';
import { type GitHubOptions, type GitHubSandbox, startGitHub } from '../../../src/sandbox/github/server.ts';
import type { JobStart } from '../../../src/sandbox/host.ts';

export const R = { owner: 'acme', repo: 'shop' };
export const POLICY = 'version: 1\n';
const ANA = { id: 11, login: 'ana' };

/** What a GitHub answers to a request that may fail. */
export interface Answer {
  status: number;
  headers: Headers;
  json: unknown;
}

export interface Fixture {
  gh: GitHubSandbox;
  sha: string;
  as(token: string): Octokit;
  /** A running job's token and more, in a run that Ana started. */
  job(
    permissions: Record<string, 'read' | 'write' | 'none'>,
    environment?: string | null,
  ): Extract<JobStart, { kind: 'ready' }>;
  run(ref?: string): number;
  ask(
    method: string,
    path: string,
    options: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  query(token: string, query: string, variables?: Record<string, unknown>): Promise<unknown>;
}

function repository(): { dir: string; sha: string } {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-github-'));
  const git = (...args: string[]): string => gitNow(dir, args).trim();
  git('init', '--quiet', '--initial-branch=main');
  mkdirSync(join(dir, '.github'));
  writeFileSync(join(dir, '.github', 'debug-approval.yml'), POLICY);
  git('add', '.');
  git('commit', '--quiet', '--message=First');
  return { dir, sha: git('rev-parse', 'HEAD') };
}

/** Starts a GitHub that ends with the test; Ana writes, Bo reads, Cy has no access, Di is an admin. */
export async function start(change: Partial<GitHubOptions> = {}): Promise<Fixture> {
  const { close, ...opened } = await open(change);
  onTestFinished(close);
  return opened;
}

/** The same for several tests, which must close it; `prepare` may commit more. */
export async function open(
  change: Partial<GitHubOptions> = {},
  prepare?: (gitDir: string) => void,
): Promise<Fixture & { close: () => Promise<void> }> {
  const { dir, sha } = repository();
  prepare?.(dir);
  const remove = (): void => rmSync(dir, { recursive: true });
  const gh = await startGitHub({
    repository: { owner: R.owner, name: R.repo, public: false, plan: 'team' },
    accounts: [
      { ...ANA, type: 'User', permission: 'write' },
      { id: 12, login: 'bo', type: 'User', permission: 'read' },
      { id: 13, login: 'cy', type: 'User', permission: 'none' },
      { id: 14, login: 'di', type: 'User', permission: 'admin' },
    ],
    gitDir: dir,
    environments: [
      {
        name: 'production',
        branches: { kind: 'named', patterns: [{ name: 'main', type: 'branch' }] },
        adminBypass: false,
        reviewers: ['di'],
        waitMinutes: 5,
        secrets: { KEY: 'value' },
      },
    ],
    mainProtected: true,
    ...change,
  }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const close = async (): Promise<void> => {
    await gh.close();
    remove();
  };
  return { ...fixture(gh, sha), close };
}

function fixture(gh: GitHubSandbox, sha: string): Fixture {
  const run: Fixture['run'] = (ref = 'refs/heads/main') =>
    gh.startRun({
      workflowPath: '.github/workflows/debug.yml',
      event: 'workflow_dispatch',
      ref,
      sha,
      actor: ANA,
      triggeringActor: ANA,
    }).id;
  const ask: Fixture['ask'] = async (method, path, { token, body, headers = {} }) => {
    const answer = await fetch(`${gh.url}${path}`, {
      method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: text === '' ? null : JSON.parse(text) };
  };
  return {
    gh,
    sha,
    run,
    ask,
    as: (token) => new Octokit({ auth: token, baseUrl: gh.url, log: { debug() {}, info() {}, warn() {}, error() {} } }),
    job(permissions, environment = null) {
      const started = gh.startJob({ runId: run(), attempt: 1, key: 'ask', environment, permissions });
      if (started.kind === 'refused') throw new Error(started.reason);
      return started;
    },
    query: async (token, query, variables = {}) =>
      (await ask('POST', '/graphql', { token, body: { query, variables } })).json,
  };
}
