/** A receiver of the policy's webhook in memory: it notes what it takes, and is in whatever trouble a test wants. */
import { expect } from 'vitest';
import type { Delivered } from '../../src/app/delivered.ts';
import type { Answer, OutgoingEvent, Receiver } from '../../src/app/ports.ts';
import { key, policyWith } from './policies.ts';
import { createWorld, type World } from './world.ts';

export const URL = 'https://hooks.example.com/debug-approval';
/** A piece of the sample policy, and the same with a webhook. */
export const withWebhook: [string, string] = ['expiry: 2h', `webhook: { url: "${URL}" }\nexpiry: 2h`];

export const busy: Answer = { kind: 'busy', why: 'hooks.example.com answered 503', afterMs: null };
export const gone: Answer = { kind: 'refused', why: 'hooks.example.com answered 410', what: 'all' };

export const tooLong: Answer = { kind: 'refused', why: 'hooks.example.com answered 413', what: 'this' };

export interface FakeReceiver {
  /** What a job gets, as `webhook`. */
  at: (url: string) => Promise<Receiver>;
  /** The ids of what it took, in order. */
  taken: string[];
  tries: OutgoingEvent[];
  urls: string[];
  /** What it answers to a try; null: it takes it. */
  trouble: (event: OutgoingEvent) => Answer | null;
  /** How long each try takes, in ms. */
  slowMs: number;
}

export function fakeReceiver({ clock }: Pick<World, 'clock'>): FakeReceiver {
  const receiver: FakeReceiver = {
    ...{ taken: [], tries: [], urls: [], slowMs: 20, trouble: () => null },
    async at(url) {
      receiver.urls.push(url);
      return {
        async deliver(event, signal) {
          receiver.tries.push(event);
          await clock.sleep(Math.min(receiver.slowMs, 5_000), signal);
          if (signal.aborted || receiver.slowMs > 5_000) return { ...busy, why: 'hooks.example.com did not answer' };
          const answer = receiver.trouble(event);
          if (answer !== null) return answer;
          receiver.taken.push(event.id);
          return { kind: 'taken' };
        },
      };
    },
  };
  return receiver;
}

export const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
export const ISSUE_1 = { what: { kind: 'issue' as const, number: 1 } };
export const LABEL = 'debug:undelivered';

export const hashes = (w: World, issue = 1): string[] => w.records(issue).map(({ hash }) => hash);
export const warnings = (told: string[]): string[] =>
  told.filter((text) => text.startsWith('! ') && /webhook/.test(text));

/** Asks in a world whose policy has a webhook. What `trouble` does to the receiver is done first. */
export async function asked(trouble: (receiver: FakeReceiver) => void = () => {}, policy = policyWith(withWebhook)) {
  const w = await createWorld(policy);
  const receiver = fakeReceiver(w);
  trouble(receiver);
  let delivered: Delivered = null;
  const webhook = { webhook: receiver.at };
  const onDelivered = (told: Delivered): void => {
    delivered = told;
  };
  const asking = w.ask({ ...webhook, onDelivered });
  const close = (debugResult: 'success' | 'skipped', told: string[] = []) =>
    w.sweep({ ...ISSUE_1, debugResult, delivered }, CLOSE, told, webhook);
  const sweep = (told: string[] = []) => w.sweep({}, {}, told, webhook);
  return { w, receiver, asking, close, sweep, webhook, delivered: () => delivered?.count ?? 0 };
}

/** Bo and Cy approve after 10 and 20 s. */
export async function approvedBy(w: World, asking: ReturnType<World['ask']>) {
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const outcome = await asking.result;
  expect(outcome.approved).toBe(true);
  return outcome;
}

/** Ana broke the glass, her command ran, and the close job delivered all of it; Di is to sign within the hour. */
export async function brokenGlass() {
  const review = 'review: { by: [security], within: 1h }';
  const glass = key(`break-glass: { who: [developers], reason: { min-length: 5 }, ${review} }`);
  const w = await createWorld(policyWith(glass, withWebhook));
  const receiver = fakeReceiver(w);
  const webhook = { webhook: receiver.at };
  await w.debug(await w.ask({ input: { breakGlass: true }, ...webhook }).result);
  const close = () => w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE, [], webhook);
  await close();
  expect(w.github.issue().labels).not.toContain(LABEL);
  return { w, receiver, webhook, close, before: receiver.tries.length };
}

/** Bo's ask job, which listens too. */
export function another(w: World, webhook: { webhook: FakeReceiver['at'] }) {
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  return w.ask({ job: { run: { id: 9002, attempt: 1 } }, ...webhook });
}
