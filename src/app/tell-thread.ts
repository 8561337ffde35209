/** What the close job says in the card's thread once the command is over: how it ended and, if the policy lets it, its last lines. */
import { redactText } from '../redact/text.ts';
import { lastOf } from '../request/last-lines.ts';
import type { Desk } from './desk.ts';
import { messageOf } from './fault.ts';
import type { Reading } from './reading.ts';

/**
 * Says it, once the debug job started. `lastLines` come from that job, which nobody trusts: they are bounded and masked anew,
 * and shown only under what the log proves of the end. A failure is said and changes nothing.
 */
export async function tellThread(
  desk: Pick<Desk, 'chat' | 'redaction' | 'progress'>,
  { policy, state }: Pick<Reading, 'policy' | 'state'>,
  { outcome, lastLines }: { outcome: string | null; lastLines: string },
): Promise<void> {
  const { card } = state.opening;
  const ran = state.status === 'finished' || state.status === 'failed';
  if (desk.chat === null || card === null || outcome === null || !ran) return;
  const lines = lastOf(redactText(lastLines.toWellFormed(), desk.redaction).text, policy.slack?.lastLines ?? 0);
  try {
    await desk.chat.say(card, lines === '' ? outcome : `${outcome} Its last lines, masked:\n${lines}`, []);
  } catch (error) {
    desk.progress.warn(`How it ended could not be said in the card's thread: ${messageOf(error)}`);
  }
}
