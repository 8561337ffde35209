/** Deliveries of the App's webhook: signed, sent once, never again by themselves; and what may go wrong on their way. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createCaller } from '../caller.ts';
import type { AppOptions } from './options.ts';

/** How long GitHub waits for an answer, in ms. Source: GitHub's "Handling failed webhook deliveries". */
const PATIENCE_MS = 10_000;
/** GitHub names no number; many enough that no slow receiver holds up the next delivery for long. */
const CONNECTIONS = 256;

export interface Delivery {
  /** `X-GitHub-Delivery`: the same when it is sent again. */
  id: string;
  event: string;
  action: string;
  /** JSON, exactly as it is signed and sent. */
  body: string;
  /** What each sending was answered with: a status, or why there was none. */
  outcomes: (number | string)[];
}

/** What happens to a delivery on its way. */
export interface Disturbance {
  drop?: boolean;
  delayMs?: number;
  /** How often it arrives; once unless given. */
  copies?: number;
}

export interface Webhooks {
  /** Every delivery since there is an address, the oldest first. */
  deliveries: readonly Delivery[];
  /** Where they go; null: nowhere, and nobody is told later. */
  setUrl(url: string | null): void;
  /** Decides of each delivery, numbered from 0, what happens to it; null: nothing. */
  disturb(by: ((delivery: Delivery, index: number) => Disturbance) | null): void;
  /** Holds deliveries back until what it gives is called, which sends them in the order that it is told. */
  hold(): (order?: (held: readonly Delivery[]) => Delivery[]) => void;
  /** Sends a delivery again, as GitHub does where somebody asks for it. */
  redeliver(id: string): Promise<void>;
  /** Resolves once nothing is on its way. */
  settled(): Promise<void>;
  close(): void;
}

export interface Sender extends Webhooks {
  /** Gives the payload that is on its way; null: nobody wants to be told, and it is not even made. */
  send(event: string, action: string, payload: () => object): object | null;
}

/** The webhook of an App; without one nothing is ever sent. */
export function createWebhooks(app: AppOptions | undefined): Sender {
  const deliveries: Delivery[] = [];
  const closing = new AbortController();
  const caller = createCaller(CONNECTIONS);
  const under = new Set<Promise<void>>();
  let url: string | null = null;
  let disturbed: (delivery: Delivery, index: number) => Disturbance = () => ({});
  let held: Delivery[] | null = null;

  const post = async (delivery: Delivery): Promise<void> => {
    if (app === undefined || url === null) return;
    const { body } = delivery;
    try {
      const sent = { method: 'POST', headers: headersOf(app, delivery), body, patienceMs: PATIENCE_MS };
      delivery.outcomes.push((await caller.call(url, sent)).status);
    } catch (error) {
      // An answer that does not come is an outcome, too: GitHub shows it and does nothing more.
      delivery.outcomes.push(error instanceof Error ? error.message : String(error));
    }
  };
  const bring = async (delivery: Delivery, index: number): Promise<void> => {
    const { drop = false, delayMs = 0, copies = 1 } = disturbed(delivery, index);
    if (drop || (delayMs > 0 && !(await passed(delayMs, closing.signal)))) return;
    await Promise.all(Array.from({ length: copies }, () => post(delivery)));
  };
  const follow = (work: Promise<void>): Promise<void> => {
    const followed: Promise<void> = work.finally(() => void under.delete(followed));
    under.add(followed);
    return followed;
  };

  return {
    deliveries,
    setUrl(next) {
      url = next;
    },
    disturb(by) {
      disturbed = by ?? (() => ({}));
    },
    hold() {
      const own: Delivery[] = [];
      held = own;
      return (order = (all) => [...all]) => {
        if (held === own) held = null;
        for (const delivery of order(own)) void follow(bring(delivery, deliveries.indexOf(delivery)));
      };
    },
    send(event, action, payload) {
      if (app === undefined || url === null || !app.events.includes(event)) return null;
      const sent = { action, ...payload() };
      const delivery: Delivery = { id: randomUUID(), event, action, body: JSON.stringify(sent), outcomes: [] };
      deliveries.push(delivery);
      if (held === null) void follow(bring(delivery, deliveries.length - 1));
      else held.push(delivery);
      return sent;
    },
    async redeliver(id) {
      const found = deliveries.find((delivery) => delivery.id === id);
      if (found === undefined) throw new Error(`There was no delivery ${id}.`);
      await follow(post(found));
    },
    async settled() {
      while (under.size > 0) await Promise.all(under);
    },
    close() {
      closing.abort();
      caller.close();
    },
  };
}

/** Waits; false: the sandbox was closed meanwhile. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

const hmac = (kind: 'sha1' | 'sha256', secret: string, body: string): string =>
  `${kind}=${createHmac(kind, secret).update(body).digest('hex')}`;

function headersOf(app: AppOptions, { id, event, body }: Delivery): Record<string, string> {
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-delivery': id,
    'x-github-event': event,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': hmac('sha1', app.webhookSecret, body),
    'x-hub-signature-256': hmac('sha256', app.webhookSecret, body),
  };
}
