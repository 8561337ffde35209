/** Gateways under fault: one town, gateways whose calls a fault hits alone, and clocks that the test moves. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import { type Gateway, newGateway } from '../../src/app/gateway/gateway.ts';
import type { Clock } from '../../src/app/ports.ts';
import { gatewayLog } from '../../src/entry/cli/gateway-log.ts';
import { gatewayMetrics } from '../../src/entry/cli/gateway-metrics.ts';
import { gatewayServer, SLACK_PATH } from '../../src/entry/cli/gateway-server.ts';
import { VERSION } from '../../src/entry/version.ts';
import { parseApiAddress } from '../../src/github/api-address.ts';
import { githubApp } from '../../src/github/app.ts';
import { issueContent } from '../../src/github/issue.ts';
import { trustFor } from '../../src/github/keys.ts';
import { gatewayKey } from '../../src/log/gateway-token.ts';
import { decodeButton } from '../../src/request/button.ts';
import type { FaultRule } from '../../src/sandbox/github/faults.ts';
import type { GateEnd } from '../../src/sandbox/host.ts';
import { CHANNEL, type Town } from '../../src/sandbox/town.ts';
import { slackApiAddress } from '../../src/slack/api-address.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { slackOverHttp } from '../../src/slack/http.ts';
import { slackPeople } from '../../src/slack/people.ts';
import { APPROVE_ACTION } from '../../src/slack/press.ts';
import { type Approver, openCrowdedTown } from '../bench/crowd-policy.ts';
import { type OpenedCard, openRequests } from '../bench/open-requests.ts';

/** A clock that stands still until it is moved. */
export interface StillClock extends Clock {
  pass(ms: number): void;
  /** Moves to the next thing that waits for it, if that is so near (ms). */
  next(within: number): void;
}

export function stillClock(): StillClock {
  let time = Date.now();
  const waiting = new Set<{ due: number; fire(): void }>();
  const clock: StillClock = {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((done) => {
        if (signal?.aborted) return done();
        const fire = () => {
          waiting.delete(one);
          done();
        };
        const one = { due: time + ms, fire };
        waiting.add(one);
        signal?.addEventListener('abort', fire, { once: true });
      }),
    pass(ms) {
      time += ms;
      for (const one of waiting) if (one.due <= time) one.fire();
    },
    next(within) {
      const due = Math.min(...[...waiting].map((one) => one.due));
      if (due - time <= within) clock.pass(Math.max(due - time, 0));
    },
  };
  return clock;
}

/** A gateway whose calls of GitHub a fault can hit alone, and its clock. */
export interface Under {
  gateway: Gateway;
  clock: StillClock;
  /** Hits this gateway's calls only. */
  own: NonNullable<FaultRule['when']>;
}

export interface Rig {
  town: Town;
  cards: OpenedCard[];
  /** The runs whose debug job GitHub lets start or not, and which. */
  ends: ReadonlyMap<number, GateEnd['kind']>;
  /** A gateway that these requests' presses reach; `cold`: it has asked GitHub nothing yet, else it knows where it is installed. */
  open(cards: readonly OpenedCard[], cold?: 'cold'): Promise<Under>;
  /** Presses Approve; whether that was acknowledged. `under`: its clock goes on meanwhile, as whatever it waits for comes. */
  press(card: OpenedCard, person: Approver, under?: Under): Promise<boolean>;
  /** Lets a gateway's clock go on until GitHub lets go of this request's job; how. */
  ended(under: Under, card: OpenedCard): Promise<GateEnd['kind']>;
  hasButtons(card: OpenedCard): Promise<boolean>;
  close(): Promise<void>;
}

/** Far above what any press takes, however slow the machine: what ends a press here is the rule that is tested. In ms. */
const PATIENT_MS = 60_000;
/** One try of a call, in ms. */
const ATTEMPT_MS = 2_000;

/** What is waited for is looked at so often, and what a gateway waits for itself comes at once if it is so near. In ms. */
const LOOK_MS = 20;
const SOON_MS = 120_000;

const MARK = 'x-mark';

/** Opens a town with so many requests, each for one of these people to approve. */
export async function openRig(requests: number, people: readonly Approver[]): Promise<Rig> {
  const town = await openCrowdedTown(people.length, 1, {
    ...{ gateway: true, limits: false },
    slack: (sound) => ({ ...sound, ackMs: PATIENT_MS }),
  });
  const keys = people.map(({ key }) => key);
  const cards = await openRequests(town, requests, keys);
  const gateways = new Map<number, Gateway>();
  const opened: Gateway[] = [];
  const ends = new Map<number, GateEnd['kind']>();
  for (const card of cards) card.ends.then(({ kind }) => ends.set(card.run, kind), expect.unreachable);
  const slackAt = await serve(town, gateways);
  await town.slack.setRequestUrl(slackAt.url);
  return {
    ...{ town, cards, ends },
    async open(of, cold) {
      const under = await newUnder(town, String(opened.length), cold);
      opened.push(under.gateway);
      for (const { issue } of of) gateways.set(issue, under.gateway);
      return under;
    },
    async press({ ts }, { slack }, under) {
      const at = { member: slack, channel: CHANNEL, ts, actionId: APPROVE_ACTION };
      const going = under === undefined ? undefined : setInterval(() => under.clock.next(SOON_MS), LOOK_MS);
      try {
        return (await town.slack.press(at)).acknowledged;
      } finally {
        clearInterval(going);
      }
    },
    async ended({ clock }, { run }) {
      const end = () => {
        clock.next(SOON_MS);
        const kind = ends.get(run);
        if (kind === undefined) throw new Error(`GitHub still holds the job of run ${run}.`);
        return kind;
      };
      return vi.waitFor(end, { interval: LOOK_MS, timeout: PATIENT_MS / 2 });
    },
    async hasButtons({ ts }) {
      const [message] = await town.slack.thread(CHANNEL, ts);
      return JSON.stringify(message?.blocks ?? []).includes(APPROVE_ACTION);
    },
    async close() {
      await Promise.all(opened.map((gateway) => gateway.stop()));
      slackAt.close();
      await town.close();
    },
  };
}

/** The gateway's own server; each press goes to the gateway that its request has. */
async function serve(town: Town, gateways: ReadonlyMap<number, Gateway>): Promise<{ url: string; close(): void }> {
  const server = gatewayServer({
    slack: slackOverHttp({
      signingSecret: town.slackSigningSecret ?? '',
      answerMs: PATIENT_MS,
      onError: (_, error) => {
        throw error;
      },
      async onSlack(deed) {
        const issue = deed.kind === 'press' ? decodeButton(deed.value)?.issue : undefined;
        return gateways.get(issue ?? 0)?.onSlack(deed) ?? { kind: 'none' };
      },
    }),
    readWebhook: async () => ({ kind: 'unsigned', status: 401, why: 'webhooks are lost here' }),
    onGitHub: () => {},
    notReady: () => [],
    metrics: gatewayMetrics({ open: () => 0, ready: () => true }),
    log: gatewayLog({ level: 'info', secrets: [] }, () => {}),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${SLACK_PATH}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function newUnder(town: Town, mark: string, cold?: 'cold'): Promise<Under> {
  const { app: known, gatewayKey: own } = town;
  if (known === null || own === null) throw new Error('The town has no gateway.');
  const key = await gatewayKey(own.name, own.privateKey);
  if (key === null) throw new Error("The town's key is none.");
  const clock = stillClock();
  const silent = { info: () => {}, warn: () => {} };
  const app = githubApp({
    ...{ api: parseApiAddress(town.github.apiUrl), id: known.id, privateKey: known.privateKey, version: VERSION },
    // The adapters' own tries are tests of theirs: here each failure gets through.
    ...{ clock, warn: silent.warn, attemptMs: ATTEMPT_MS, retries: 0 },
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set(MARK, mark);
      return fetch(input, { ...init, headers });
    },
  });
  if (cold === undefined) await app.repositories.all();
  const slack = { token: town.slackToken, apiUrl: slackApiAddress(town.slack.url), clock };
  const gateway = newGateway({
    ...{ app: known.id, key, clock, random: () => 0, newId: randomUUID, progress: silent },
    trust: { trust: (facts, signers) => trustFor(facts, signers, { apiIsLoopback: true }) },
    ...{ chat: slackChat({ ...slack, channel: 'none' }), slackPeople: slackPeople(slack), teams: app.teams },
    ...{ draw: issueContent, policyPath: '.github/debug-approval.yml', repositories: app.repositories },
    clockFault: () => null,
    context: { serverUrl: town.github.serverUrl, version: VERSION, apiIsLoopback: true, secrets: [] },
  });
  return { gateway, clock, own: ({ headers }) => headers[MARK] === mark };
}
