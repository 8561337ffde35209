/** Virtual time: it moves on to the next thing that waits for it once everything else is done; nothing ever really sleeps. */
import type { Clock } from '../../src/app/ports.ts';

/** Signing, verifying and what keys need are done by other threads; while they work, no time may pass. */
const working = new Set<Promise<unknown>>();
async function counted<T>(work: Promise<T>): Promise<T> {
  working.add(work);
  try {
    return await work;
  } finally {
    working.delete(work);
  }
}
const { subtle } = globalThis.crypto;
const sign = subtle.sign.bind(subtle);
const verify = subtle.verify.bind(subtle);
const digest = subtle.digest.bind(subtle);
const importKey = subtle.importKey.bind(subtle);
// For good, not as a mock: the files of a worker share this module, and mocks end with the file that made them.
subtle.sign = (...given) => counted(sign(...given));
subtle.verify = (...given) => counted(verify(...given));
subtle.digest = (...given) => counted(digest(...given));
Object.assign(subtle, { importKey: (...given: Parameters<typeof importKey>) => counted(importKey(...given)) });

/** Lets everything happen that waits for no time. */
async function quiet(): Promise<void> {
  for (let turns = 0; turns < 3; turns += 1) {
    await new Promise((next) => setImmediate(next));
    if (working.size === 0) continue;
    // Waited for, not looked after again and again: the other threads need the machine.
    await Promise.allSettled(working);
    turns = -1;
  }
}

interface Timer {
  due: number;
  fire: () => void;
}

export function virtualClock(start: number): Clock {
  let time = start;
  let timers: Timer[] = [];
  let running = false;
  const drop = (timer: Timer) => {
    timers = timers.filter((one) => one !== timer);
  };
  const go = async () => {
    if (running) return;
    running = true;
    for (;;) {
      await quiet();
      const next = timers.toSorted((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      drop(next);
      time = Math.max(time, next.due);
      next.fire();
    }
    running = false;
  };
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((done) => {
        if (signal?.aborted) return done();
        const timer: Timer = { due: time + ms, fire: done };
        signal?.addEventListener('abort', () => {
          drop(timer);
          done();
        });
        timers.push(timer);
        void go();
      }),
  };
}
