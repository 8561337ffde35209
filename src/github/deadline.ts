/** A signal that fires when time is up. */

/**
 * Aborts after `ms`, or as soon as `earlier` does. A timer of our own, since Node may collect what AbortSignal.timeout and
 * AbortSignal.any make before it fires, and the request would then wait for ever. It keeps no process alive.
 */
export function deadline(ms: number, earlier?: AbortSignal | null): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new DOMException('no answer in time', 'TimeoutError'));
  setTimeout(stop, ms).unref();
  if (earlier?.aborted === true) controller.abort(earlier.reason);
  earlier?.addEventListener('abort', () => controller.abort(earlier.reason), { once: true });
  return controller.signal;
}
