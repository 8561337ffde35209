/** The sandbox's GitHub: a loopback server that answers what the product asks, as strictly as the real one. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { textOf } from '../text.ts';
import { ACTIONS_BOT, createAccounts } from './accounts.ts';
import { configure, lookAtGates, startWaitingJobs } from './admin.ts';
import { announced, toldOf } from './announce.ts';
import { openApp } from './app.ts';
import { LOGS_PATH } from './artifacts.ts';
import { claimsOf } from './claims.ts';
import { loadContract, mistake, type Violation } from './contract.ts';
import { createDispatches } from './dispatch.ts';
import { createFaults } from './faults.ts';
import { type FrontParts, type Received, serve, wait } from './front.ts';
import { type Git, openGit } from './git.ts';
import { loadSchema } from './graphql/execute.ts';
import { createLeavings } from './leavings.ts';
import { createLedger } from './ledger.ts';
import { createLimits } from './limits.ts';
import { createOidc, type Oidc } from './oidc.ts';
import { OIDC_PATH, serveOidc } from './oidc-routes.ts';
import type { GitHubOptions, GitHubSandbox } from './options.ts';
import type { Reply } from './reply.ts';
import { createRuns, type Job } from './runs.ts';
import { openStore } from './store.ts';
import { createTeams } from './teams.ts';
import { addArtifact, storeArtifact } from './uploads.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';
import { key, repositoryOf, type World } from './world.ts';

export type { Artifact } from './leavings.ts';
export type { AccountOptions, EnvironmentOptions, GitHubOptions, GitHubSandbox, TeamOptions } from './options.ts';

/** Starts on 127.0.0.1. Throws where the options contradict each other or `gitDir` has no branch `main`. */
export async function startGitHub(asked: GitHubOptions): Promise<GitHubSandbox> {
  // GitHub creates environments that a job names and nobody configured: the list grows.
  const options = { ...asked, repository: { ...asked.repository }, environments: [...asked.environments] };
  const git = openGit(options.gitDir);
  try {
    return await startReading(options, git);
  } catch (error) {
    git.close();
    throw error;
  }
}

async function startReading(options: GitHubOptions, git: Git): Promise<GitHubSandbox> {
  if ((await git.resolve('refs/heads/main')) === null) {
    throw new Error(`The git repository ${options.gitDir} has no branch main; commit something there first.`);
  }
  const times = { lagMs: options.lagMs ?? 0, delayMs: options.delayMs ?? 0, aheadMs: 0 };
  const accounts = createAccounts(options);
  checkEnvironments(options);
  const teams = createTeams(options, accounts);
  const now = (): number => Date.now() + times.aheadMs;
  const store = await openStore(options, accounts, now);
  const server = createServer();
  const port = await listen(server, options.port ?? 0).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const url = `http://127.0.0.1:${port}`;
  const oidc = await createOidc(`${url}${OIDC_PATH}`, now);
  const webhooks = createWebhooks(options.app);
  const violations: Violation[] = [];
  const contract = loadContract();
  const post = { world: () => world, webhooks, contract, violations };
  const world: World = {
    options,
    url,
    repository: repositoryOf(options),
    accounts,
    teams,
    store: announced(store, post),
    git,
    others: new Map((options.others ?? []).map(({ owner, name, gitDir }) => [key(owner, name), openGit(gitDir)])),
    runs: createRuns({
      ...{ options, accounts, now, tell: toldOf(post) },
      requestUrl: (jobId) => `${url}${OIDC_PATH}/token?api-version=2.0&job=${jobId}`,
    }),
    leavings: createLeavings(),
    dispatches: createDispatches(),
    limits: createLimits(options.limits ?? false, options.repository.plan),
    app: openApp(options, accounts),
    lagMs: () => times.lagMs,
    now,
  };
  const parts: Parts = {
    world,
    contract,
    schema: loadSchema(),
    ledger: createLedger(),
    faults: createFaults(),
    violations,
    webhooks,
    delayMs: () => times.delayMs,
  };
  server.on('request', (request, response) => void answer(parts, oidc, request, response));
  return sandbox(parts, oidc, server, times);
}

function checkEnvironments({ environments, accounts, app }: GitHubOptions): void {
  const ruled = environments.find(({ customRule }) => customRule === true);
  if (ruled !== undefined && app === undefined)
    throw new Error(`The environment ${ruled.name} has an App's rule, and no App is in \`app\`; add it.`);
  for (const { name, reviewers } of environments) {
    const stranger = reviewers.find((login) => !accounts.some((account) => account.login === login));
    if (stranger !== undefined) {
      throw new Error(
        `The environment ${name} names the reviewer ${stranger}, who is not in \`accounts\`; add the account.`,
      );
    }
  }
}

interface Parts extends FrontParts {
  webhooks: Webhooks;
}

function sandbox(
  { world, ledger, faults, violations, webhooks }: Parts,
  oidc: Oidc,
  server: Server,
  times: { lagMs: number; delayMs: number; aheadMs: number },
): GitHubSandbox {
  const { url, accounts, runs, teams } = world;
  const { id, ownerId, owner, name, defaultBranch } = world.repository;
  return {
    url,
    apiUrl: url,
    graphqlUrl: `${url}/graphql`,
    serverUrl: url,
    repository: { id, ownerId, owner, name, defaultBranch },
    startRun: runs.startRun,
    startAttempt: runs.startAttempt,
    updateRun: runs.updateRun,
    reachGate: runs.reachGate,
    startJob: runs.startJob,
    endJob: runs.endJob,
    storeArtifact: (jobId, upload) => storeArtifact(world, jobId, upload),
    userToken: (login) => accounts.userToken(login, false),
    appUserToken: (login) => accounts.userToken(login, true),
    directoryToken: (login, { authorized } = { authorized: true }) =>
      accounts.directoryToken(login ?? null, authorized),
    setTeam: teams.set,
    rename: accounts.rename,
    counts: ledger.counts,
    resetCounts: ledger.reset,
    requests: ledger.requests,
    watch: ledger.watch,
    violations,
    fault: faults.add,
    setLag(ms) {
      times.lagMs = ms;
    },
    setDelay(ms) {
      times.delayMs = ms;
    },
    setLimits: world.limits.enforce,
    passTime(ms) {
      times.aheadMs += ms;
      lookAtGates(world);
    },
    deleteIssue: world.store.deleteIssue,
    plantClosed: (count, labels) => world.store.plant({ account: ACTIONS_BOT, throughApp: false }, count, labels),
    addArtifact: (run, name, content) => addArtifact(world, run, name, content),
    artifacts: (run) => world.leavings.artifacts().filter((one) => one.run === run),
    expireArtifact: world.leavings.expire,
    startWaitingJobs: (id) => startWaitingJobs(world, id),
    configure: (change) => configure(world, change),
    oidcIssuer: oidc.issuer,
    jwks: oidc.jwks,
    rotateOidcKey: oidc.rotate,
    retireOidcKeys: oidc.retire,
    mintOidc: (claims, audience) =>
      oidc.sign({ ...claimsOf(nobodysJob(world), world.repository), ...claims }, audience),
    onDispatch: world.dispatches.follow,
    webhooks,
    setWebhookUrl: webhooks.setUrl,
    async close() {
      webhooks.close();
      server.closeAllConnections();
      await new Promise<void>((done, fail) => server.close((error) => (error === undefined ? done() : fail(error))));
      await world.store.close();
      for (const read of [world.git, ...world.others.values()]) read.close();
    },
  };
}

/** The claims that a forged token has where the test does not say otherwise. */
function nobodysJob({ options }: World): Job {
  const actor = options.accounts[0] ?? { id: 1, login: 'ghost' };
  const sha = '0'.repeat(40);
  const workflowPath = '.github/workflows/debug.yml';
  const start = {
    workflowPath,
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha,
    actor,
    triggeringActor: actor,
  } as const;
  const run = { id: 1, number: 1, start, createdAt: '', attempts: [], jobs: [] };
  return {
    id: 1,
    checkRunId: 1,
    run,
    attempt: 1,
    key: 'forged',
    environment: null,
    startedAt: '',
    waits: false,
    ended: null,
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The sandbox listens on no port.'));
      else resolve(address.port);
    });
  });
}

async function answer(
  parts: FrontParts,
  oidc: Oidc,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const received = await read(request, parts.world.url);
    const { url, headers } = received;
    const authorization = headers['authorization'];
    if (url.pathname.startsWith(LOGS_PATH)) {
      response.writeHead(200, { 'content-type': 'application/zip' }).end(`logs ${url.pathname}`);
      return;
    }
    if (url.pathname.startsWith(`${OIDC_PATH}/`)) await wait(parts.delayMs());
    const provider = await serveOidc(oidc, parts.world, { path: url.pathname, query: url.searchParams, authorization });
    const outcome = provider === null ? await serve(parts, received) : { kind: 'reply' as const, reply: provider };
    if (outcome.kind === 'drop') request.socket.destroy();
    else if ('reply' in outcome) send(response, outcome.reply, parts.world.now(), outcome.kind === 'cut');
  } catch (error) {
    // A mistake of the sandbox itself: tests hold `violations` to be empty, so it cannot go unseen.
    const found = mistake(`${request.method} ${request.url}`, error);
    parts.violations.push(found);
    send(response, { status: 500, json: { message: found.message } }, parts.world.now());
  }
}

async function read(request: IncomingMessage, base: string): Promise<Received> {
  const text = await textOf(request);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const common = { method: request.method ?? 'GET', url: new URL(request.url ?? '/', base), headers };
  if (text === '') return { ...common, body: undefined, garbled: false };
  try {
    return { ...common, body: JSON.parse(text), garbled: false };
  } catch {
    return { ...common, body: text, garbled: true };
  }
}

/** `cut`: the connection ends in the middle of the body, which the headers said to be longer. */
function send(response: ServerResponse, { status, json, page, headers = {} }: Reply, now: number, cut = false): void {
  const body = page ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = page === undefined ? 'application/json; charset=utf-8' : 'text/html';
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': type }),
    ...(cut && body !== undefined ? { 'content-length': Buffer.byteLength(body) } : {}),
    // A client whose clock is wrong finds GitHub's here.
    date: new Date(now).toUTCString(),
    'x-github-request-id': 'SANDBOX',
    'x-github-media-type': 'github.v3; format=json',
    ...headers,
  });
  if (cut) response.write(body?.slice(0, body.length / 2) ?? '', () => response.destroy());
  else response.end(body);
}
