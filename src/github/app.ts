/** The GitHub App as which the gateway works: who it is, and the repositories that it is installed in. */
import { createAppAuth } from '@octokit/auth-app';
import Bottleneck from 'bottleneck/light.js';
import type * as v from 'valibot';
import { Fault, OUTAGE, whyOf } from '../app/fault.ts';
import type { Served, ServedRepositories } from '../app/gateway/ports.ts';
import type { Clock, Teams } from '../app/ports.ts';
import { ask, askMaybe } from './ask.ts';
import { type CallOptions, createClient, type GitHubClient } from './client.ts';
import { dispatcher } from './dispatch.ts';
import { createGate } from './gate.ts';
import { createRepository, scopeOf } from './repository.ts';
import { type FullList, type Listed, servedRepositories } from './served.ts';
import {
  RestApp,
  RestFoundIssues,
  RestInstallation,
  RestInstallations,
  RestInstalledRepositories,
  RestInstalledRepository,
} from './shapes.ts';
import { teamsSeenBy } from './teams.ts';

export interface GitHubAppOptions extends Omit<CallOptions, 'job' | 'atOnce'> {
  /** The App's id. */
  id: number;
  /** Its RSA key in PEM, as GitHub gives it. */
  privateKey: string;
  clock: Pick<Clock, 'now'>;
  /** Told what could not be done and stops nothing. */
  warn(text: string): void;
  /** Told of each answer, and by which installation's token it was asked for (null: by the App's own), for figures. */
  onAnswer?: (answer: Response, installation: number | null) => void;
}

export interface GitHubApp {
  /** Who GitHub says that the App is. Throws a Fault: `input` where the key belongs to another one, or the clock here is wrong. */
  identity(): Promise<{ slug: string; name: string }>;
  /** How far the clock here was off when GitHub answered last, so that nothing signed now would count; null: it was right. */
  clockFault(): Fault | null;
  repositories: ServedRepositories;
  /** The teams of the organization, which the App sees where it may read members. */
  teams(served: Served): Teams;
}

/** GitHub takes 100 at once of an installation; those that create something do not queue. */
const AT_ONCE = 80;
/** So many installations are asked at once what they hold. */
const INSTALLATIONS_AT_ONCE = 20;
/** Signatures count within two minutes of GitHub's own time: beyond half of that nothing is signed. In ms. */
const CLOCK_MOST = 60_000;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The App with this key. Nothing is asked before it is needed; then every method throws a Fault where GitHub refuses. */
export function githubApp(options: GitHubAppOptions): GitHubApp {
  const { id, api, warn, clock } = options;
  const clients = new Map<number, GitHubClient>();
  let clockFault: Fault | null = null;
  const told = heardBy((answer, installation) => {
    // What stands between here and GitHub may say that GitHub is away, by a clock of its own.
    if (answer.status < 500) clockFault = clockFaultOf(answer, clock.now());
    options.onAnswer?.(answer, installation);
  }, options.fetch);
  const newClient = (installation: number | null): GitHubClient => {
    const which = installation === null ? {} : { installationId: installation };
    const app = createAppAuth({ appId: id, privateKey: options.privateKey, ...which, log: { ...silent } });
    return createClient({ ...options, app, job: { app: id }, atOnce: AT_ONCE, fetch: told(installation) });
  };
  const own = newClient(null);
  const installed = (installation: number): GitHubClient => {
    const client = clients.get(installation) ?? newClient(installation);
    clients.set(installation, client);
    return client;
  };
  const installations = new Map<number, number>();
  const open = ({ installation, ...listed }: Listed): Served => {
    const client = installed(installation);
    installations.set(listed.id, installation);
    return {
      ...listed,
      repository: createRepository(client, listed.name),
      gate: createGate(client, listed.name, warn),
      dispatch: dispatcher(client, listed.name),
    };
  };
  return {
    async identity() {
      const found = await identity(own, id);
      if (clockFault !== null) throw new Fault('input', clockFault.message, 'Set the clock by NTP.');
      return found;
    },
    clockFault: () => clockFault,
    repositories: servedRepositories(
      {
        all: () => listAll(own, installed, warn),
        named: (name) => named(own, installed, name),
        withOpenRequests: () => searchAll(own, installed, warn),
      },
      open,
      clock,
    ),
    teams: (served) => teamsSeenBy(installed(installations.get(served.id) ?? 0), api),
  };
}

/** For each installation a fetch of whose answers `onAnswer` hears. */
function heardBy(
  onAnswer: (answer: Response, installation: number | null) => void,
  inner: typeof fetch = fetch,
): (installation: number | null) => typeof fetch {
  return (installation) => async (input, init) => {
    const answer = await inner(input, init);
    onAnswer(answer, installation);
    return answer;
  };
}

/** Of an answer that has just come. */
function clockFaultOf({ headers }: Response, now: number): Fault | null {
  const off = now - Date.parse(headers.get('date') ?? '');
  if (!(Math.abs(off) > CLOCK_MOST)) return null;
  const how = `${Math.round(Math.abs(off) / 1000)} s ${off > 0 ? 'ahead of' : 'behind'} GitHub's`;
  return new Fault(
    'unavailable',
    `The clock of the gateway's machine is ${how}: what it signs would count nowhere, so nothing is recorded.`,
    'Set that clock by NTP; the gateway goes on by itself then.',
  );
}

async function identity(own: GitHubClient, id: number): Promise<{ slug: string; name: string }> {
  const app = await ask(own, `read the GitHub App ${id}`, RestApp, async () => {
    const answer = await own.octokit.rest.apps.getAuthenticated();
    return answer.data;
  });
  if (app.id !== id) {
    const what = `The private key belongs to the GitHub App ${app.id} (${app.slug}), not to ${id}.`;
    throw new Fault('input', what, "Give id and private key of the same app, both from the app's settings on GitHub.");
  }
  return { slug: app.slug, name: app.name };
}

type Installed = (installation: number) => GitHubClient;

type Installation = v.InferOutput<typeof RestInstallation>;

/**
 * What each installation that works gives, several at a time. One that is taken away meanwhile gives nothing; one whose limit is used
 * up, or that GitHub cannot reach, is `unread`. Neither keeps anybody from the others: `doing` waits for no limit. Throws the Fault
 * where all are unread.
 */
async function ofEach<T>(
  own: GitHubClient,
  warn: (text: string) => void,
  doing: (installation: Installation) => Promise<T[]>,
): Promise<{ found: T[]; unread: number[] }> {
  const installations = await ask(own, 'list where the app is installed', RestInstallations, () =>
    own.octokit.paginate(own.octokit.rest.apps.listInstallations, { per_page: 100 }),
  );
  const working = installations.filter(({ suspended_at }) => suspended_at === null);
  const several = new Bottleneck({ maxConcurrent: INSTALLATIONS_AT_ONCE });
  const tried = await Promise.all(working.map((one) => several.schedule(() => orFault(doing(one)))));
  const faults = tried.map((one) => (one instanceof Fault ? one : null));
  const away = faults.map((fault) => fault !== null && OUTAGE.includes(fault.code));
  const [first = null] = faults;
  if (first !== null && away.every(Boolean)) throw first;
  for (const fault of faults) if (fault !== null) warn(whyOf(fault));
  return {
    found: tried.flatMap((one) => (one instanceof Fault ? [] : one)),
    unread: working.flatMap(({ id }, index) => (away[index] === true ? [id] : [])),
  };
}

/** What keeps one installation from being read is no reason to stop; anything else is thrown. */
async function orFault<T>(doing: Promise<T>): Promise<T | Fault> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof Fault && [...OUTAGE, 'permission', 'not-found'].includes(error.code)) return error;
    throw error;
  }
}

async function listAll(own: GitHubClient, installed: Installed, warn: (text: string) => void): Promise<FullList> {
  const { found, unread } = await ofEach(own, warn, ({ id }) => listOne(installed(id), id));
  return { listed: found, unread };
}

/** The search finds a thousand issues at most; those that changed last come first. */
async function searchAll(own: GitHubClient, installed: Installed, warn: (text: string) => void): Promise<string[]> {
  const { found: names } = await ofEach(own, warn, async ({ id, account }) => {
    if (account?.login === undefined) return [];
    const { once } = installed(id);
    const q = `is:issue is:open label:debug-request user:${account.login}`;
    const found = await ask(own, `search the open requests of ${account.login}`, RestFoundIssues, () =>
      once.paginate(once.rest.search.issuesAndPullRequests, { q, sort: 'updated', per_page: 100 }),
    );
    return found.map(({ repository_url }) => repository_url.split('/').slice(-2).join('/'));
  });
  return names;
}

async function listOne(client: GitHubClient, installation: number): Promise<Listed[]> {
  const doing = `list the repositories of the installation ${installation}`;
  const found = await ask(client, doing, RestInstalledRepositories, () =>
    client.once.paginate(client.once.rest.apps.listReposAccessibleToInstallation, { per_page: 100 }),
  );
  // Nothing can be written in an archived one.
  return found.filter(({ archived }) => !archived).map((one) => listed(one, installation));
}

async function named(own: GitHubClient, installed: Installed, name: string): Promise<Listed | null> {
  const { owner, name: repo } = scopeOf(own, name);
  const found = await askMaybe(own, `look whether the app is installed in ${name}`, RestInstallation, async () => {
    const answer = await own.octokit.rest.apps.getRepoInstallation({ owner, repo });
    return answer.data;
  });
  if (found === null || found.suspended_at !== null) return null;
  const client = installed(found.id);
  const repository = await askMaybe(client, `read the repository ${name}`, RestInstalledRepository, async () => {
    const answer = await client.octokit.rest.repos.get({ owner, repo });
    return answer.data;
  });
  return repository === null || repository.archived ? null : listed(repository, found.id);
}

function listed(one: v.InferOutput<typeof RestInstalledRepository>, installation: number): Listed {
  return { id: one.id, ownerId: one.owner.id, name: one.full_name, installation };
}
