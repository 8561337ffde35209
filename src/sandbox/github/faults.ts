/** Faults that a test orders: an error answer, a delay, silence, or a connection cut before, after or within the answer. */

/** What a fault may look at to tell whom it hits. */
export interface Called {
  headers: Readonly<Record<string, string | undefined>>;
  body: unknown;
}

export interface FaultRule {
  method: string;
  path: RegExp;
  /** Hits such calls alone; all unless given. */
  when?: (call: Called) => boolean;
  /** Answers this instead of doing the work, or with `done` though it did it, as a proxy may. */
  status?: number;
  done?: true;
  body?: unknown;
  /** The answer's body where a proxy of GitHub's wrote it: a page, no JSON. */
  page?: string;
  headers?: Record<string, string>;
  /** Cuts the connection: `before` nothing was done, `after` all was done (the ambiguous write), `within` the answer that says so. */
  drop?: 'before' | 'after' | 'within';
  /** Never answers, and leaves the connection open: `before` nothing was done, `after` all was done. */
  silent?: 'before' | 'after';
  delayMs?: number;
  /** How many requests it hits; then it is gone. */
  times: number;
}

export interface Faults {
  /** Gives what takes the order back. */
  add(rule: FaultRule): () => void;
  /** The first rule that fits, used up by one. */
  take(method: string, path: string, call: Called): FaultRule | null;
}

/** No faults yet. */
export function createFaults(): Faults {
  const rules: { rule: FaultRule; left: number }[] = [];
  return {
    add(rule) {
      const ordered = { rule, left: rule.times };
      rules.push(ordered);
      return () => {
        ordered.left = 0;
      };
    },
    take(method, path, call) {
      const hits = ({ rule, left }: (typeof rules)[number]) =>
        left > 0 && rule.method === method && rule.path.test(path) && (rule.when?.(call) ?? true);
      const found = rules.find(hits);
      if (found === undefined) return null;
      found.left -= 1;
      return found.rule;
    },
  };
}
