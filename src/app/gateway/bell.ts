/** The bell of a request that is looked after: rings when something happened to it. */

/** Rings when something happened to a request; holds the comment of the latest record until it is taken. */
export interface Bell {
  ring(written: number | null): void;
  peek(): boolean;
  take(): number | null;
  /** Fires when it rings or somebody wakes whoever waits. Its own for each wait: signals joined with one that lasts would pile up. */
  signal(): AbortSignal;
  wake(): void;
}

export function latestOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

export function newBell(): Bell {
  let rung = false;
  let latest: number | null = null;
  let next = new AbortController();
  return {
    ring(written) {
      rung = true;
      latest = latestOf(latest, written);
      next.abort();
    },
    peek: () => rung,
    take() {
      const taken = latest;
      latest = null;
      rung = false;
      next = new AbortController();
      return taken;
    },
    signal: () => next.signal,
    wake: () => next.abort(),
  };
}
