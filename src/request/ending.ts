/** How the debug job of a request ended, as one sentence for people. */
import type { EventOf } from './events.ts';

/** One sentence with the real exit code or signal; it holds no text of the command. */
export function endSentence(ended: EventOf<'ended'>): string {
  switch (ended.reason) {
    case 'exit':
      return `The debug job ${ended.outcome} with exit code ${ended.exitCode ?? 'unknown'}.`;
    case 'signal':
      return `The debug job was ended by ${ended.signal ?? 'a signal'}.`;
    case 'window':
      return 'The debug job was ended because its window was over.';
    case 'cancelled':
      return 'The debug job was ended because the run was cancelled.';
    case 'interrupted':
      return 'The debug job was interrupted before it could report.';
    case 'spawn-failed':
      return 'The debug job could not start its command.';
    case 'steps':
      return `The debug job's own steps ${ended.outcome === 'finished' ? 'succeeded' : 'failed'}.`;
    case 'refused':
      return 'The debug job ran nothing: the request was stopped before its command started.';
  }
}
