/** Rows: the gateway as its own process under load, with GitHub and Slack 100 ms away. */
import { loadavg } from 'node:os';
import { openTown } from '../../../src/sandbox/town.ts';
import { type Balancer, startBalancer } from '../balancer.ts';
import {
  acknowledgedAfter,
  judged,
  LATENCY_MS,
  type LoadedTown,
  type Once,
  openLoadedTown,
  pressEvenly,
} from '../gateway-load.ts';
import { type GatewayProcess, killGateways, startGatewayProcess } from '../gateway-process.ts';
import { type Figure, pause, quantile, type Row, rounded, type Say } from '../row.ts';

/** GATEWAY_BENCH=short: a share of each row's time, for a look. The figures are of the whole alone. */
const SHARE = process.env['GATEWAY_BENCH'] === 'short' ? Number(process.env['GATEWAY_SHARE'] ?? 0.1) : 1;
const REQUESTS = 1000;
/** What nobody does within three seconds Slack calls failed. */
const TOLD_MS = 3000;
/** What a last click causes is done, and shown, so long after it. */
const AFTER_MS = 10_000;

export const gatewayStart: Row = {
  name: 'gateway-start',
  about: `the gateway from its start until it is ready, five times, ${LATENCY_MS} ms to each answer of GitHub; its memory when idle`,
  async measure() {
    const town = await openTown({ gateway: true, limits: false, delayMs: LATENCY_MS });
    const times: number[] = [];
    const memory: number[] = [];
    try {
      for (let nth = 0; nth < 5; nth += 1) {
        const gateway = await startGatewayProcess(town);
        times.push(gateway.readyMs);
        await pause(10_000 * SHARE);
        memory.push(gateway.memory());
        if ((await gateway.stop()) !== 0) throw new Error(`It did not end well:\n${gateway.words.join('\n')}`);
      }
    } finally {
      killGateways();
      await town.close();
    }
    return [
      { name: 'gateway-ready', value: rounded(quantile(times, 0.5), 0), unit: 'ms', bar: 1000 },
      { name: 'gateway-idle', value: rounded(Math.max(...memory)), unit: 'MB', bar: 110 },
    ];
  },
};

/** What all rows of load have in common: a loaded town, one gateway, and its memory and processor time meanwhile. */
async function underLoad<T>(
  open: Parameters<typeof openLoadedTown>[0],
  say: Say,
  doing: (loaded: LoadedTown, gateway: GatewayProcess, memory: () => number[]) => Promise<T>,
): Promise<T> {
  const loaded = await openLoadedTown(open, say);
  const { town } = loaded;
  const seen: number[] = [];
  let watching: NodeJS.Timeout | undefined;
  try {
    const args =
      process.env['GATEWAY_PROFILE'] === undefined
        ? (process.env['GATEWAY_ARGS']?.split(' ') ?? [])
        : ['--cpu-prof', '--cpu-prof-dir', process.env['GATEWAY_PROFILE']];
    const gateway = await startGatewayProcess(town, 0, args);
    await town.slack.setRequestUrl(`${gateway.url}/slack/events`);
    town.github.setWebhookUrl(`${gateway.url}/github/webhooks`);
    say(`ready after ${rounded(gateway.readyMs, 0)} ms`);
    watching = setInterval(() => seen.push(gateway.memory()), 1_000);
    const done = await doing(loaded, gateway, () => seen);
    clearInterval(watching);
    await gateway.stop();
    return done;
  } finally {
    clearInterval(watching);
    killGateways();
    await town.close();
  }
}

/** By how much the last fifth is above the second one, in which all is warm. In MB. */
function growth(memory: readonly number[]): number {
  const fifth = Math.floor(memory.length / 5);
  return rounded(quantile(memory.slice(-fifth), 0.5) - quantile(memory.slice(fifth, 2 * fifth), 0.5));
}

export const gatewaySteady: Row = {
  name: 'gateway-steady',
  about: `45 decisions a minute for ${10 * SHARE} minutes over ${REQUESTS} open requests; all of GitHub's and Slack's limits on`,
  measure: (say) =>
    underLoad({ requests: REQUESTS, people: 6, quorum: 2, limits: true }, say, async (loaded, gateway, memory) => {
      await settled(gateway, say);
      const clicks = await pressEvenly(loaded, { perSecond: 45 / 60, seconds: 600 * SHARE, seed: 'steady' });
      await pause(AFTER_MS);
      tell(say, loaded, clicks, gateway, memory());
      const truth = await judged(loaded, clicks);
      const grown = growth(memory().slice(-600 * SHARE));
      return [
        { name: 'gateway-steady-lost', value: truth.lost, unit: 'decisions', bar: 0 },
        { name: 'gateway-steady-p99', value: acknowledgedAfter(clicks, 0.99), unit: 'ms', bar: 1000 },
        { name: 'gateway-steady-memory', value: grown, unit: 'MB more at the end', bar: 20 },
        ...faultless('gateway-steady', truth),
      ];
    }),
};

export const gatewayFlood: Row = {
  name: 'gateway-flood',
  about: `225 decisions a minute for ${2 * SHARE} minutes over ${REQUESTS} open requests, five times what GitHub's limits let through; all limits on`,
  measure: (say) =>
    underLoad({ requests: REQUESTS, people: 6, quorum: 2, limits: true }, say, async (loaded, gateway, memory) => {
      await settled(gateway, say);
      const clicks = await pressEvenly(loaded, { perSecond: 225 / 60, seconds: 120 * SHARE, seed: 'flood' });
      await pause(AFTER_MS);
      tell(say, loaded, clicks, gateway, memory());
      const truth = await judged(loaded, clicks);
      const refused = clicks.filter(({ acknowledged }) => !acknowledged);
      say(
        `${truth.lost - truth.untrue} were told that nothing was recorded, truly; ${refused.length} were told so in all`,
      );
      const late = refused.filter(({ afterMs }) => afterMs > TOLD_MS).length;
      return [
        { name: 'gateway-flood-told-late', value: late, unit: 'not told within 3 s', bar: 0 },
        ...faultless('gateway-flood', truth),
      ];
    }),
};

/** GATEWAY_CLICKS: fewer, for a look. */
const BURST = Number(process.env['GATEWAY_CLICKS'] ?? 300);

export const gatewayBurst: Row = {
  name: 'gateway-burst',
  about: `${BURST} clicks a second for ${60 * SHARE} s over 1000 open requests; all rate limits OFF`,
  measure: (say) =>
    underLoad({ requests: 1000, people: 20, quorum: 20, limits: false }, say, async (loaded, gateway, memory) => {
      await settled(gateway, say);
      const cpu = { gateway: gateway.cpu(), own: process.cpuUsage() };
      const clicks = await pressEvenly(loaded, { perSecond: BURST, seconds: 60 * SHARE, seed: 'burst' });
      const own = process.cpuUsage(cpu.own);
      const each = (ms: number): number => rounded(ms / clicks.length, 2);
      say(
        `processor time for each click: gateway ${each(gateway.cpu() - cpu.gateway)} ms, sandbox ${each((own.user + own.system) / 1000)} ms`,
      );
      await pause(AFTER_MS);
      tell(say, loaded, clicks, gateway, memory());
      const truth = await judged(loaded, clicks);
      return [
        { name: 'gateway-burst-p99', value: acknowledgedAfter(clicks, 0.99), unit: 'ms (rate limits off)', bar: 1000 },
        { name: 'gateway-burst-lost', value: truth.lost, unit: 'clicks (rate limits off)', bar: 0 },
        ...faultless('gateway-burst', truth),
      ];
    }),
};

const KILLED_EVERY_MS = 5_000;

export const gatewayKilled: Row = {
  name: 'gateway-killed',
  about: `two replicas, one of them killed every ${KILLED_EVERY_MS / 1000} s and started again, 10 clicks a second for ${60 * SHARE} s; rate limits OFF`,
  async measure(say) {
    const loaded = await openLoadedTown({ requests: 200, people: 12, quorum: 12, limits: false }, say);
    const { town } = loaded;
    let balancer: Balancer | undefined;
    try {
      const replicas = await Promise.all([startGatewayProcess(town), startGatewayProcess(town)]);
      balancer = await startBalancer(replicas.map(({ port }) => port));
      await town.slack.setRequestUrl(`${balancer.url}/slack/events`);
      town.github.setWebhookUrl(`${balancer.url}/github/webhooks`);
      const over = new AbortController();
      const killing = killInTurn(loaded, replicas, over.signal);
      const clicks = await pressEvenly(loaded, { perSecond: 10, seconds: 60 * SHARE, seed: 'killed' });
      over.abort();
      const kills = await killing;
      await pause(AFTER_MS);
      const never = clicks.filter(({ acknowledged }) => !acknowledged).length;
      say(`${clicks.length} clicks, ${kills} kills, ${never} clicks failed visibly`);
      const truth = await judged(loaded, clicks);
      return [
        { name: 'gateway-killed-kills', value: -kills, unit: '(kills, negative)', bar: -10 * SHARE },
        ...faultless('gateway-killed', truth),
      ];
    } finally {
      balancer?.close();
      killGateways();
      await pause(500);
      await town.close();
    }
  },
};

/** Gives how many were killed. */
async function killInTurn({ town }: LoadedTown, replicas: GatewayProcess[], signal: AbortSignal): Promise<number> {
  let kills = 0;
  while (!signal.aborted) {
    await pause(KILLED_EVERY_MS);
    if (signal.aborted) break;
    const which = kills % replicas.length;
    const victim = replicas[which];
    if (victim === undefined) throw new RangeError('There is no replica.');
    kills += 1;
    await victim.kill();
    replicas[which] = await startGatewayProcess(town, victim.port);
  }
  return kills;
}

/** What is never to happen, whatever the load. */
function faultless(name: string, truth: { crossed: number; twice: number; untrue: number }): Figure[] {
  return [
    { name: `${name}-untrue`, value: truth.untrue, unit: 'acknowledged, not recorded', bar: 0 },
    { name: `${name}-crossed`, value: truth.crossed, unit: 'decisions', bar: 0 },
    { name: `${name}-twice`, value: truth.twice, unit: 'decisions', bar: 0 },
  ];
}

/** The gateway looks through all that is open when it starts: the load comes once that is over. */
async function settled(gateway: GatewayProcess, say: Say): Promise<void> {
  const from = performance.now();
  for (let before = -1, now = gateway.cpu(); now - before > 30; before = now, now = gateway.cpu()) await pause(1_000);
  say(
    `looked through what is open in ${rounded((performance.now() - from) / 1000)} s, ${gateway.cpu()} ms of processor time`,
  );
}

function tell(
  say: Say,
  { town }: LoadedTown,
  clicks: readonly Once[],
  gateway: GatewayProcess,
  memory: number[],
): void {
  const acknowledged = clicks.filter((click) => click.acknowledged).length;
  const shares = [0.5, 0.9, 0.99, 1].map((share) => acknowledgedAfter(clicks, share));
  say(
    `${clicks.length} clicks, ${acknowledged} acknowledged: p50 ${shares[0]}, p90 ${shares[1]}, p99 ${shares[2]}, worst ${shares[3]} ms`,
  );
  say(`p99 by the tenths of the time: ${tenths(clicks).join(', ')} ms`);
  say(`GitHub: ${JSON.stringify(town.github.counts())}; Slack: ${JSON.stringify(town.slack.counts())}`);
  say(
    `memory ${rounded(Math.min(...memory))} to ${rounded(Math.max(...memory))} MB; load ${loadavg().map((one) => one.toFixed(1))}`,
  );
  for (const line of gateway.words.slice(-4)) say(`  ${line.slice(0, 300)}`);
}

/** Whether it is slower at first, while all is new to it, or at the end; `none`: nothing was acknowledged then. */
function tenths(clicks: readonly Once[]): (number | 'none')[] {
  const [first = 0, last = 0] = [0, 1].map((share) =>
    quantile(
      clicks.map(({ at }) => at),
      share,
    ),
  );
  return Array.from({ length: 10 }, (_, tenth) => {
    const from = first + ((last - first) * tenth) / 10;
    const then = clicks.filter(({ at }) => at >= from && at < from + (last - first) / 10);
    return then.some(({ acknowledged }) => acknowledged) ? acknowledgedAfter(then, 0.99) : 'none';
  });
}

export const gatewayRows: Row[] = [gatewayStart, gatewaySteady, gatewayFlood, gatewayBurst, gatewayKilled];
