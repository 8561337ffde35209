/** Failures that a test orders: an error, a status, a cut connection or a delay, for the next calls of a method. */

export interface SlackFault {
  /** A method's name, or `*` for any. */
  method: string;
  /** Slack's error code, answered with 200 as Slack does. */
  error?: string;
  /** An HTTP status, answered instead of anything else. */
  status?: number;
  /** Cuts the connection: `before` the call is carried out (or true), or `after` it, so that only its answer is lost. */
  drop?: boolean | 'before' | 'after';
  /** Waits first, in ms. */
  delayMs?: number;
  /** For how many calls; 1 unless given. */
  times?: number;
}

export interface Faults {
  /** Gives what takes the order back. */
  order(fault: SlackFault): () => void;
  next(method: string): SlackFault | undefined;
}

export function createFaults(): Faults {
  const ordered: { fault: SlackFault; left: number }[] = [];
  return {
    order: (fault) => {
      const entry = { fault, left: fault.times ?? 1 };
      ordered.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    next(method) {
      const due = ordered.find(({ fault, left }) => left > 0 && (fault.method === method || fault.method === '*'));
      if (due === undefined) return undefined;
      due.left -= 1;
      return due.fault;
    },
  };
}
