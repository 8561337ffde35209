/** Failures that a test orders: an error, a status, a cut connection, silence or a delay, for the next calls of a method. */
import type { Arguments } from './answer.ts';

export interface SlackFault {
  /** A method's name, or `*` for any. */
  method: string;
  /** Hits calls with such arguments alone; all unless given. */
  when?: (args: Arguments) => boolean;
  /** Slack's error code, answered with 200 as Slack does. */
  error?: string;
  /** An HTTP status, answered instead of anything else. */
  status?: number;
  /** With status 429: the seconds of `Retry-After`; 1 unless given. */
  retryAfter?: number;
  /** Cuts the connection: `before` the call is carried out (or true), or `after` it, so that only its answer is lost. */
  drop?: boolean | 'before' | 'after';
  /** Never answers, and leaves the connection open: `before` the call is carried out, or `after` it. */
  silent?: 'before' | 'after';
  /** Waits first, in ms. */
  delayMs?: number;
  /** For how many calls; 1 unless given. */
  times?: number;
}

export interface Faults {
  /** Gives what takes the order back. */
  order(fault: SlackFault): () => void;
  next(method: string, args: Arguments): SlackFault | undefined;
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
    next(method, args) {
      const hits = ({ fault, left }: (typeof ordered)[number]) =>
        left > 0 && (fault.method === method || fault.method === '*') && (fault.when?.(args) ?? true);
      const due = ordered.find(hits);
      if (due === undefined) return undefined;
      due.left -= 1;
      return due.fault;
    },
  };
}
