/** What a job remembers for a while, so that doing the same again costs no calls. */

export interface Memory<T> {
  /** undefined: it was never known, or too long ago. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
}

/** Remembers each thing for `ms`, and no more than `most` of them: whoever floods a job fills no memory. */
export function newMemory<T>(now: () => number, ms: number, most = 1_000): Memory<T> {
  const kept = new Map<string, { at: number; value: T }>();
  return {
    get(key) {
      const found = kept.get(key);
      return found !== undefined && now() - found.at < ms ? found.value : undefined;
    },
    set(key, value) {
      kept.delete(key);
      const oldest = kept.size < most ? undefined : kept.keys().next().value;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, { at: now(), value });
    },
    delete(key) {
      kept.delete(key);
    },
  };
}
