/** Real deadlines for what hangs on the network; waiting that belongs to the product goes by the Clock instead. */

/** The promise's value; throws a `TimeoutError` after `ms`, and then whatever the promise does later is unheard. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DOMException(`Nothing happened within ${ms} ms.`, 'TimeoutError')), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the promise was fulfilled within `ms`. */
export async function settled(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return within(ms, promise).then(
    () => true,
    () => false,
  );
}
