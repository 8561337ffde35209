/** The gateway as a service: its parts put together, kept ready, and ended without losing what was acknowledged. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { setTimeout as timer } from 'node:timers/promises';
import { Fault, OUTAGE, whyOf } from '../../app/fault.ts';
import { type Gateway, newGateway } from '../../app/gateway/gateway.ts';
import type { Listener } from '../../app/ports.ts';
import { type GitHubApp, githubApp } from '../../github/app.ts';
import { issueContent } from '../../github/issue.ts';
import { trustFor } from '../../github/keys.ts';
import { githubTeams } from '../../github/teams.ts';
import { webhookReader } from '../../github/webhooks.ts';
import type { VerifiedTokens } from '../../log/verified-tokens.ts';
import { slackChat } from '../../slack/chat.ts';
import { slackPeople } from '../../slack/people.ts';
import { clock } from '../clock.ts';
import { keepHeapSmall, letHeapGrow } from '../small-heap.ts';
import { VERSION } from '../version.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { type GatewayLog, gatewayLog } from './gateway-log.ts';
import { type GatewayMetrics, gatewayMetrics } from './gateway-metrics.ts';
import { GITHUB_PATH, gatewayServer, type ServerDeps, SLACK_PATH } from './gateway-server.ts';

/** What was missed is looked for so often, in ms; replicas not all at once. */
const REPAIR_MS = 300_000;
/** Who the app is, is asked again after so long, in ms, while GitHub cannot say. */
const AGAIN_MS = 5_000;
/** GitHub is asked for its time so often at least, in ms. */
const TIME_MS = 60_000;
/** Whoever stops a service waits ten seconds before killing it. */
const FINISH_MS = 9_000;

interface Health {
  stopping: boolean;
  /** null: GitHub has not said yet who the app is, or where it is installed. */
  slug: string | null;
  /** Why Slack is not heard any more; null: it is, or will be again. */
  slackLost: string | null;
}

interface Parts {
  config: GatewayConfig;
  health: Health;
  log: GatewayLog;
  metrics: GatewayMetrics;
  app: GitHubApp;
  gateway: Gateway;
}

/**
 * Runs until `signal` fires, then finishes what was acknowledged: at most ten seconds. Each line of the log goes to `write`.
 * Throws a Fault where it cannot start: another's key, a wrong clock, an address that is taken, tokens that Slack refuses.
 */
export async function runGateway(
  config: GatewayConfig,
  signal: AbortSignal,
  write: (line: string) => void,
): Promise<void> {
  const parts = assemble(config, write);
  const { log, health } = parts;
  const server = await serverOf(parts);
  const listener = await listenerOf(parts);
  // What fails at the start ends what was started already.
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  try {
    await listening(server, config.listen);
    announce(parts, server.address());
    await listener?.start(parts.metrics.counted(parts.gateway.onSlack));
    await identified(parts, ending);
    // What a start takes in passing is over: an idle service stays as small as it is now.
    letHeapGrow();
    await Promise.all([repairing(parts, ending), keepingTime(parts, ending)]);
    log.log.info('Stopping: nothing new is taken, and what was acknowledged is finished.');
  } finally {
    failed.abort();
    health.stopping = true;
    await finish(parts, server, listener);
  }
}

function assemble(config: GatewayConfig, write: (line: string) => void): Parts {
  keepHeapSmall();
  const { api, slack, secrets } = config;
  const health: Health = { stopping: false, slug: null, slackLost: null };
  const log = gatewayLog({ level: config.logLevel, secrets }, write);
  const metrics = gatewayMetrics({
    open: () => gateway.open(),
    ready: () => whyNotReady({ health, app }).length === 0,
  });
  const app = githubApp({
    ...{ api, id: config.app.id, privateKey: config.app.privateKey, version: VERSION, clock },
    warn: log.progress.warn,
    onWait: (seconds) => log.progress.warn(`A limit of GitHub's makes the gateway wait ${seconds} s.`),
    onAnswer: metrics.github,
  });
  const directory =
    config.directoryToken === null ? null : githubTeams({ api, token: config.directoryToken, version: VERSION });
  const verified: VerifiedTokens = new Map();
  const gateway: Gateway = newGateway({
    ...{ app: config.app.id, key: config.key, clock, progress: log.progress, random: Math.random, newId: randomUUID },
    trust: {
      trust: async (facts, signers) => ({
        ...(await trustFor(facts, signers, { apiIsLoopback: api.loopback })),
        verified,
      }),
    },
    verified,
    // A card stands where its request says; the gateway posts none.
    chat: slack === null ? null : slackChat({ token: slack.botToken, apiUrl: slack.apiUrl, channel: 'none', clock }),
    slackPeople: slack === null ? null : slackPeople({ token: slack.botToken, apiUrl: slack.apiUrl, clock }),
    teams: (served) => directory ?? app.teams(served),
    draw: issueContent,
    policyPath: config.policyPath,
    context: { serverUrl: config.serverUrl, version: VERSION, apiIsLoopback: api.loopback, secrets },
    repositories: metrics.watched(app.repositories),
    clockFault: app.clockFault,
  });
  return { config, health, log, metrics, app, gateway };
}

function whyNotReady({ health: { stopping, slug, slackLost }, app }: Pick<Parts, 'health' | 'app'>): string[] {
  const clockFault = app.clockFault();
  return [
    ...(stopping ? ['It is stopping.'] : []),
    ...(slug === null ? ['GitHub has not said yet who the app is and where it is installed.'] : []),
    ...(slackLost === null ? [] : [slackLost]),
    ...(clockFault === null ? [] : [whyOf(clockFault)]),
  ];
}

async function serverOf(parts: Parts): Promise<Server> {
  const { slack, app } = parts.config;
  const { health, log, metrics, gateway } = parts;
  return gatewayServer({
    slack: slack?.by.kind === 'http' ? await requestsOf(slack.by.signingSecret, { log, metrics, gateway }) : null,
    readWebhook: webhookReader({ secrets: app.webhookSecrets, app: { id: app.id, slug: () => health.slug } }),
    onGitHub: gateway.onGitHub,
    notReady: () => whyNotReady(parts),
    ...{ metrics, log },
  });
}

/** Loaded where Slack comes by HTTP: what a way needs that is not used would be a tenth of the memory. */
async function requestsOf(
  signingSecret: string,
  { log, metrics, gateway }: Pick<Parts, 'log' | 'metrics' | 'gateway'>,
): Promise<ServerDeps['slack']> {
  const { slackOverHttp } = await import('../../slack/http.ts');
  return slackOverHttp({
    signingSecret,
    onSlack: metrics.counted(gateway.onSlack),
    onError: ({ kind }, error) => log.log.error({ err: error, kind }, 'A deed in Slack was not recorded.'),
  });
}

async function listenerOf({ config: { slack }, health, log }: Parts): Promise<Listener | null> {
  if (slack?.by.kind !== 'socket') return null;
  const { socketListener } = await import('../../slack/listener.ts');
  return socketListener({
    ...{ appToken: slack.by.appToken, apiUrl: slack.apiUrl, clock },
    onState(state, fault) {
      const text = fault === null ? `Slack: ${state}.` : `Slack: ${state}. ${whyOf(fault)}`;
      if (fault === null) log.progress.info(text);
      else log.progress.warn(text);
      health.slackLost = state === 'stopped' ? text : null;
    },
  });
}

async function listening(server: Server, { address, port }: GatewayConfig['listen']): Promise<void> {
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const remedy = 'Name a free port of this machine by LISTEN_ADDRESS and LISTEN_PORT.';
    throw new Fault('input', `The gateway cannot listen at ${address}, port ${port}: ${why}.`, remedy, {
      cause: error,
    });
  }
}

/** What an auditor needs stands in the log's first line. */
function announce({ config, log }: Parts, at: AddressInfo | string | null): void {
  const { key, app, slack, api, policyPath } = config;
  const address =
    at === null || typeof at === 'string' ? at : `${isIPv6(at.address) ? `[${at.address}]` : at.address}:${at.port}`;
  const hears = slack === null ? {} : slack.by.kind === 'http' ? { slack: SLACK_PATH } : { slack: 'Socket Mode' };
  log.log.info(
    {
      ...{ version: VERSION, address, github: GITHUB_PATH, ...hears, api: api.url, app: app.id, policy: policyPath },
      ...{ key: key.name, thumbprint: key.thumbprint },
    },
    `The gateway listens. It signs as ${key.name}; auditors name that key by --gateway-key ${key.thumbprint}`,
  );
}

/** Whoever presses in the first seconds shall not wait for a list of ten thousand repositories. */
async function knowing(app: GitHubApp): Promise<{ slug: string; name: string }> {
  const identity = await app.identity();
  await app.repositories.all();
  return identity;
}

/** Waits an outage of GitHub's out: meanwhile the gateway is not ready. Throws what does not pass. */
async function identified({ app, health, log, config }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const identity = await Promise.race([knowing(app), aborted(signal)]);
      if (identity === null) return;
      health.slug = identity.slug;
      log.log.info({ app: config.app.id, slug: identity.slug }, `It works as the GitHub App "${identity.name}".`);
      return;
    } catch (error) {
      if (!(error instanceof Fault) || !OUTAGE.includes(error.code)) throw error;
      log.progress.warn(`${whyOf(error)} Asking again in ${AGAIN_MS / 1000} s.`);
      await clock.sleep(AGAIN_MS, signal);
    }
  }
}

async function repairing({ gateway }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await Promise.race([gateway.repair(), aborted(signal)]);
    await clock.sleep(REPAIR_MS * (0.8 + 0.4 * Math.random()), signal);
  }
}

/** Sees that the clock went wrong where nothing else is going on, and soon that it is right again. */
async function keepingTime({ app, log }: Parts, signal: AbortSignal): Promise<void> {
  let told = false;
  for (;;) {
    if (app.clockFault() === null) await clock.sleep(TIME_MS, signal);
    if (signal.aborted) return;
    await Promise.race([app.identity(), aborted(signal)]).catch((error: unknown) => {
      if (app.clockFault() === null) log.progress.warn(whyOf(error));
    });
    const fault = app.clockFault();
    if (fault !== null && !told) log.progress.warn(whyOf(fault));
    if (fault === null && told) log.progress.info("This machine's clock is right again: the gateway goes on.");
    told = fault !== null;
    if (told) await clock.sleep(AGAIN_MS, signal);
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

/** Requests first, since they end in records; then what follows from these. */
async function finish({ gateway, log }: Parts, server: Server, listener: Listener | null): Promise<void> {
  const done = async (): Promise<void> => {
    await Promise.all([closed(server), listener?.stop()]);
    await gateway.stop();
  };
  const enough = new AbortController();
  const late = timer(FINISH_MS, 'late' as const, { signal: enough.signal }).catch(() => 'stopped' as const);
  const how = await Promise.race([done(), late]);
  enough.abort();
  if (how === 'late')
    log.progress.warn('What is left takes too long: another replica, or the next start, goes on with it.');
  else log.log.info('Stopped.');
}

/** Connections that are idle would be kept for a next request. */
async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  const gone = new Promise((resolve) => server.close(resolve));
  const sweeping = setInterval(() => server.closeIdleConnections(), 50);
  await gone;
  clearInterval(sweeping);
}
