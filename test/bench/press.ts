/** A press of Approve, timed: when Slack sent it, when it was acknowledged, and when its record stood in the issue. */
import { CHANNEL, type Town } from '../../src/sandbox/town.ts';
import { APPROVE_ACTION } from '../../src/slack/press.ts';
import type { AskedCard } from './ask-process.ts';
import type { Call, Traffic } from './traffic.ts';

export interface Pressed {
  delivered: boolean;
  acknowledged: boolean;
  /** When Slack sent the press, by `performance.now()`. */
  sentAt: number;
  /** From sending to the acknowledgement, in ms. */
  afterMs: number;
}

/** Presses Approve on a standing card. Throws where no such button stands. */
export async function pressApprove(town: Town, member: string, { ts }: AskedCard): Promise<Pressed> {
  const pressed = await town.slack.press({ member, channel: CHANNEL, ts, actionId: APPROVE_ACTION });
  return { ...pressed, sentAt: performance.now() - pressed.afterMs };
}

/** The call that wrote the record of a press, from the journal of the sandbox's GitHub. Throws where there is none. */
export function recordOf({ calls }: Traffic, issue: number, pressed: Pressed): Call {
  const end = `/issues/${issue}/comments`;
  const found = calls.find(
    (call) =>
      call.method === 'POST' && call.path.endsWith(end) && call.status === 201 && call.receivedAt >= pressed.sentAt - 1,
  );
  if (found === undefined) throw new Error(`The press for issue #${issue} has no record.`);
  return found;
}
