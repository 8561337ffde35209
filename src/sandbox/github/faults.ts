/** Faults that a test orders: an error answer, a delay, or a cut connection before or after the work is done. */

export interface FaultRule {
  method: string;
  path: RegExp;
  /** Answers this instead of doing the work. */
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Cuts the connection: `before` nothing was done, `after` all was done (the ambiguous write). */
  drop?: 'before' | 'after';
  delayMs?: number;
  /** How many requests it hits; then it is gone. */
  times: number;
}

export interface Faults {
  /** Gives what takes the order back. */
  add(rule: FaultRule): () => void;
  /** The first rule that fits, used up by one. */
  take(method: string, path: string): FaultRule | null;
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
    take(method, path) {
      const found = rules.find(({ rule, left }) => left > 0 && rule.method === method && rule.path.test(path));
      if (found === undefined) return null;
      found.left -= 1;
      return found.rule;
    },
  };
}
