/** Real deadlines for what hangs on the network; waiting that belongs to the product goes by the Clock instead. */
import { setTimeout as timer } from 'node:timers/promises';

/** The promise's value; throws a `TimeoutError` after `ms`, and then whatever the promise does later is unheard. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const enough = new AbortController();
  const late = async (): Promise<never> => {
    await timer(ms, undefined, { signal: enough.signal });
    throw new DOMException(`Nothing happened within ${ms} ms.`, 'TimeoutError');
  };
  try {
    return await Promise.race([promise, late()]);
  } finally {
    enough.abort();
  }
}

/** Whether the promise was fulfilled within `ms`. */
export async function settled(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return within(ms, promise).then(
    () => true,
    () => false,
  );
}
