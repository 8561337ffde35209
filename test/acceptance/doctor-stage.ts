/** A set-up for doctor to look at, changed in place: by a commit to its default branch, or under its Settings. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { type DoctorDeps, examine } from '../../src/app/doctor.ts';
import { VERSION } from '../../src/entry/version.ts';
import { createClient } from '../../src/github/client.ts';
import { createInspector } from '../../src/github/inspect.ts';
import { createRepository } from '../../src/github/repository.ts';
import { git } from '../../src/sandbox/git.ts';
import type { EnvironmentOptions, Settings } from '../../src/sandbox/github/options.ts';
import { commitAll, OWNER, openTown, PEOPLE, REPOSITORY, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { DEBUG, POLICY, SWEEP } from './stage.ts';

export const DOCTOR = '.github/workflows/doctor.yml';
const clock = { now: () => Date.parse('2026-11-23T12:00:00Z') };

/** Opens a town whose workflows pin the product's actions by commit, as a user's do. */
export async function openPinned(options: TownOptions = {}): Promise<Town> {
  // One examination is far below GitHub's limits; sixty of them in half a minute are not.
  const town = await openTown({ limits: false, ...options, published: true });
  for (const path of [DEBUG, SWEEP, DOCTOR]) {
    await edit(path, (text) => text.replaceAll(/uses: \.\/(.*)/g, (_, folder) => `uses: ${ours(town, folder)}`))(town);
  }
  for (const path of ['action.yml', 'action']) await rm(join(town.checkout, path), { recursive: true });
  await commitAll(town.checkout, 'Pin');
  return town;
}

const ours = (town: Town, folder: string): string =>
  `${OWNER}/debug-approval${folder === '' ? '' : `/${folder}`}@${town.published?.commits.current}`;

/** One change of a town; what it changes is undone by {@link restored}. */
export type Change = (town: Town) => Promise<void> | void;

/** Rewrites a file; the text must change. */
export function edit(path: string, change: (text: string, town: Town) => string): Change {
  return async (town) => {
    const file = join(town.checkout, path);
    const before = await readFile(file, 'utf8');
    const after = change(before, town);
    if (after === before) throw new Error(`Nothing of ${path} changed.`);
    await writeFile(file, after);
  };
}

/** Replaces what is there for certain, once. */
export const swap = (path: string, from: string | RegExp, to: string): Change =>
  edit(path, (text) => text.replace(from, () => to));

/** Sets values of the policy by their paths. */
export const policy = (...changes: [path: (string | number)[], value: unknown][]): Change =>
  edit(POLICY, (text) => {
    const document = parseDocument(text);
    for (const [path, value] of changes) {
      if (value === undefined) document.deleteIn(path);
      else document.setIn(path, value);
    }
    return document.toString();
  });

export const settings =
  (change: Settings): Change =>
  ({ github }) =>
    github.configure(change);

/** The town's environments as they should be, with one of them changed. */
export function environments(name: string, change: Partial<EnvironmentOptions> | null): Change {
  const named = ['debug-approval', 'staging', 'production'].map((one): EnvironmentOptions => {
    const secrets: Record<string, string> =
      one === 'debug-approval' ? { SLACK_BOT_TOKEN: 'x', SLACK_APP_TOKEN: 'x' } : {};
    const branches = { kind: 'named' as const, patterns: [{ name: 'main', type: 'branch' as const }] };
    return { name: one, branches, adminBypass: false, reviewers: [], waitMinutes: 0, secrets };
  });
  return settings({
    environments: named.flatMap((one) => (one.name !== name ? [one] : change === null ? [] : [{ ...one, ...change }])),
  });
}

/** The default branch as it was; commits since then are gone. */
export async function rewound(town: Town, start: string): Promise<void> {
  await git(town.checkout, ['reset', '--quiet', '--hard', start]);
}

/** Everything as it was when the town was opened; commits since then are gone. */
export async function restored(town: Town, start: string): Promise<void> {
  await rewound(town, start);
  environments('', null)(town);
  const all = Object.fromEntries(Object.values(PEOPLE).map(({ login }) => [login, 'write' as const]));
  town.github.configure({
    repository: {
      public: false,
      plan: 'team',
      issues: true,
      archived: false,
      actions: true,
      secrets: [],
      disabledWorkflows: [],
    },
    ...{ mainProtected: true, permissions: all },
  });
}

export const headOf = async (town: Town): Promise<string> =>
  (await git(town.checkout, ['rev-parse', 'HEAD'])).toString().trim();

/** What doctor says of the town as it is committed, with the token of Ed, whom the policy does not name, unless another is given. */
export async function examined(
  town: Town,
  change: {
    token?: string;
    deps?: Partial<DoctorDeps>;
    tryWrites?: boolean;
    tokens?: { bot: boolean; app: boolean };
  } = {},
): Promise<Finding[]> {
  await commitAll(town.checkout, 'Change');
  const api = { url: town.github.url, loopback: true };
  const token = change.token ?? town.github.userToken(PEOPLE.ed.login);
  const client = createClient({ api, token, version: VERSION, job: null });
  const name = `${OWNER}/${REPOSITORY}`;
  const [repository, inspector] = [createRepository(client, name), createInspector(client, name)];
  const input = { policyPath: POLICY, api, version: VERSION };
  return examine(
    { repository, inspector, slack: null, job: null, clock, ...change.deps },
    { ...input, tryWrites: change.tryWrites ?? false, tokens: change.tokens ?? null },
  );
}

/** All issues of the town, as anybody sees them. */
export async function issuesOf(town: Town): Promise<{ title: string; state: string; labels: string[] }[]> {
  const api = { url: town.github.url, loopback: true };
  const { octokit } = createClient({ api, token: town.github.userToken(PEOPLE.ed.login), version: VERSION, job: null });
  const { data } = await octokit.rest.issues.listForRepo({ owner: OWNER, repo: REPOSITORY, state: 'all' });
  return data.map(({ title, state, labels }) => ({
    title,
    state,
    labels: labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
  }));
}

/** The ids of what is so. */
export const idsOf = (findings: readonly Finding[], health: Finding['health']): string[] =>
  findings.filter((one) => one.health === health).map(({ id }) => id);

/** What is wrong and how to mend it, as people read it. */
export function diagnosis(findings: readonly Finding[], town: Town): string {
  const wrong = findings.filter(({ health }) => health === 'wrong');
  return lasting(wrong.map(({ id, what, remedy }) => `✗ ${id}\n  ${what}\n  → ${remedy}`).join('\n'), town);
}

/** The text without what differs from town to town and from version to version. */
export function lasting(text: string, { published, github }: Town): string {
  const { current = '', earlier = '' } = published?.commits ?? {};
  const names: [string, string][] = [
    ...[current, earlier].flatMap((commit, at): [string, string][] => {
      const name = at === 0 ? 'commit' : 'earlier commit';
      return [40, 12, 7].map((length) => [commit.slice(0, length), length === 40 ? `<${name}>` : `<${name}, short>`]);
    }),
    [github.url, 'http://sandbox'],
    [VERSION, '<version>'],
  ];
  return names.reduce((shown, [what, name]) => (what === '' ? shown : shown.replaceAll(what, name)), text);
}
