/** The gateway in a world in memory: its key stands in the policy, its rule holds the debug job, and Slack speaks to it alone. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Fault } from '../../../src/app/fault.ts';
import { type Gateway, newGateway } from '../../../src/app/gateway/gateway.ts';
import type { Held, Served } from '../../../src/app/gateway/ports.ts';
import { issueContent } from '../../../src/github/issue.ts';
import { gatewayKey } from '../../../src/log/gateway-token.ts';
import { runInBody } from '../../../src/request/run-in-body.ts';
import { INPUT } from '../asked.ts';
import { key, policyWith } from '../policies.ts';
import { createWorld, VERSION, type World } from '../world.ts';

export const APP = 77;
const pair = generateKeyPairSync('ed25519');
const spki = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
export const PEM = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** A key that no policy names. */
export const OTHER_PEM = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The sample policy with a gateway, and these changes. */
export const gatewayPolicy = (...changes: [piece: string, other: string][]): string =>
  policyWith(
    key(`gateway: { app: ${APP} }`),
    ['signers: { ', `signers: { gateway: [{ name: acme, key: "${spki}" }], `],
    ...changes,
  );

export interface Answer extends Held {
  verdict: 'approved' | 'rejected';
  comment: string;
}

export interface Dispatched {
  workflow: string;
  branch: string;
  inputs: Record<string, string>;
}

export interface GatewayWorld extends World {
  gateway: Gateway;
  /** The runs that the gateway began; how that goes. */
  dispatched: Dispatched[];
  dispatching: { fault: Fault | null; slowMs: number };
  /** What GitHub's answers say of the gateway's clock. */
  time: { fault: Fault | null };
  /** The app is installed in these repositories too, which have the same policy. */
  alsoIn(...names: string[]): void;
  /** Looked through before the others are. */
  alsoLooksThrough: Served[];
  /** How its one repository is served now; null: the app was taken out of it. */
  serving: { as: Partial<Served> | null };
  /** What GitHub holds back. */
  held: Held[];
  answers: Answer[];
  /** What GitHub was told of what a job waits for. */
  waitsFor: string[];
  gatewayTold: string[];
  /** GitHub holds a job back, and tells the gateway. */
  hold(held?: Partial<Held>): void;
  /** Another replica, of its own memory. */
  replica(): Promise<Gateway>;
}

export const ASKED = { wait: 'gateway' as const };

export async function gatewayWorld(policy = gatewayPolicy()): Promise<GatewayWorld> {
  const w = await createWorld(policy);
  w.github.gates.set('production', [APP]);
  const held: Held[] = [];
  const answers: Answer[] = [];
  const waitsFor: string[] = [];
  const told: string[] = [];
  const others: Served[] = [];
  const alsoLooksThrough: Served[] = [];
  const serving: GatewayWorld['serving'] = { as: {} };
  const dispatched: Dispatched[] = [];
  const dispatching: GatewayWorld['dispatching'] = { fault: null, slowMs: 0 };
  const time: GatewayWorld['time'] = { fault: null };
  const at = (one: Held) =>
    held.findIndex(({ run, environment }) => run === one.run && environment === one.environment);
  const served = (): Served => ({
    ...{ id: 70, ownerId: 7, name: 'acme/shop', repository: w.github.client() },
    async dispatch(to, inputs) {
      await w.clock.sleep(dispatching.slowMs);
      if (dispatching.fault !== null) throw dispatching.fault;
      dispatched.push({ ...to, inputs });
      return { runUrl: 'https://github.com/acme/shop/actions/runs/9001' };
    },
    gate: {
      async review(one, verdict, comment) {
        if (at(one) === -1) return 'gone';
        held.splice(at(one), 1);
        answers.push({ ...one, verdict, comment: comment.text });
        return 'done';
      },
      async say(_, comment) {
        waitsFor.push(`${comment.text} ${comment.issue}`);
      },
      waiting: async () => [...held],
      openedBy: async (run) =>
        [...w.github.issues.values()].filter(({ body }) => runInBody(body)?.id === run).map(({ number }) => number),
    },
  });
  let replicas = 0;
  const replica = async (): Promise<Gateway> => {
    const nth = replicas;
    replicas += 1;
    const own = served();
    const signing = await gatewayKey('acme', PEM);
    if (signing === null) throw new Error('This is no key.');
    return newGateway({
      ...{ app: APP, key: signing, trust: w.trust, chat: w.slack.open().chat, slackPeople: w.slack.people() },
      ...{ teams: () => w.teams, clock: w.clock, draw: issueContent, policyPath: INPUT.policyPath },
      random: () => (nth * 0.5) % 1,
      newId: randomUUID,
      clockFault: () => time.fault,
      progress: { info: (text) => void told.push(text), warn: (text) => void told.push(`! ${text}`) },
      context: { serverUrl: 'https://github.com', version: VERSION, apiIsLoopback: false, secrets: [] },
      repositories: {
        byId: async (id) => {
          if (id === own.id) return serving.as === null ? null : { ...own, ...serving.as };
          return others.find((one) => one.id === id) ?? null;
        },
        byName: async (name) => [own, ...others].find((one) => one.name === name.toLowerCase()) ?? null,
        all: async () => [own, ...others],
        withOpenRequests: async () => [...alsoLooksThrough, own],
      },
    });
  };
  const gateway = await replica();
  w.slack.connected.push(gateway.onSlack);
  return {
    ...w,
    ...{ gateway, held, answers, waitsFor, gatewayTold: told, replica, dispatched, dispatching, time },
    ...{ alsoLooksThrough, serving },
    alsoIn: (...names) => void others.push(...names.map((name, index) => named(served(), 71 + index, name))),
    hold(change = {}) {
      const one = { run: 9001, environment: 'production', ...change };
      held.push(one);
      gateway.onGitHub({ kind: 'held', repository: 70, held: one });
    },
  };
}

function named(served: Served, id: number, name: string): Served {
  const { repository } = served;
  const facts: Served['repository']['facts'] = async (which) => ({ ...(await repository.facts(which)), id });
  return { ...served, id, name, repository: { ...repository, facts } };
}

/** A comment by a person, of which GitHub tells the gateway: one of its replicas. */
export function commented(w: GatewayWorld, person: string, body: string, replica = w.gateway): void {
  w.comment(person, body);
  const comment = w.github.issue(1).comments.at(-1)?.id ?? 0;
  replica.onGitHub({ kind: 'issue', repository: 70, issue: 1, comment });
}
