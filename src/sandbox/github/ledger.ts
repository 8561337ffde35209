/** What the sandbox's GitHub received, and what of it counts against GitHub's limits. */

export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  status: number;
  /** Who called; `job` for a job token, null for nobody known. */
  by: string | null;
}

export interface Counts {
  /** REST and GraphQL calls that count against the primary limit. */
  counted: number;
  notModified: number;
  /** Issues and comments created. */
  creating: number;
  /** All calls, answered 304 ones included, by `METHOD /template`. */
  byRoute: Record<string, number>;
}

export interface Ledger {
  requests: SeenRequest[];
  note(route: string, request: SeenRequest, kind: { counted: boolean; creating: boolean }): void;
  /** One more comment that a GraphQL mutation created. */
  created(): void;
  counts(): Counts;
  reset(): void;
  /** Tells the listener of each request, once it is carried out; what it gives ends that. */
  watch(listener: (request: SeenRequest) => void): () => void;
}

/** An empty ledger. `reset` forgets the counts, not the requests. */
export function createLedger(): Ledger {
  const requests: SeenRequest[] = [];
  const listeners = new Set<(request: SeenRequest) => void>();
  let counts: Counts = { counted: 0, notModified: 0, creating: 0, byRoute: {} };
  return {
    requests,
    note(route, request, kind) {
      requests.push(request);
      if (kind.counted) counts.counted += 1;
      if (request.status === 304) counts.notModified += 1;
      if (kind.creating && request.status === 201) counts.creating += 1;
      counts.byRoute[route] = (counts.byRoute[route] ?? 0) + 1;
      for (const listener of listeners) listener(request);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    created() {
      counts.creating += 1;
    },
    counts: () => structuredClone(counts),
    reset() {
      counts = { counted: 0, notModified: 0, creating: 0, byRoute: {} };
    },
  };
}
