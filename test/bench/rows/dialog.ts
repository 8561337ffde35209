/** Row: the Slack calls that a decision costs when it is given in a dialog, beside those of a single click. */
import { slackAs } from '../../../src/sandbox/members.ts';
import { closeTown, startAsk } from '../ask-process.ts';
import { approversOf, openCrowdedTown } from '../crowd-policy.ts';
import type { Row, Say } from '../row.ts';
import { quiet } from '../traffic.ts';

const DECISIONS = 4;

export const dialog: Row = {
  name: 'dialog',
  about: `Slack calls that a decision in a dialog takes more than a single click; the most of ${DECISIONS} different people each`,
  async measure(say) {
    const click = await callsOf('one-click', say);
    const filled = await callsOf('dialog', say);
    return [{ name: 'dialog-slack', value: filled - click, unit: 'Slack calls more than a click', bar: 2 }];
  },
};

/** The most Slack calls that one person's approval takes, from the press to the card that shows it. */
async function callsOf(approve: 'one-click' | 'dialog', say: Say): Promise<number> {
  const people = approversOf(DECISIONS + 1);
  const policy = [{ path: ['rules', 0, 'approve'], value: approve }];
  const town = await openCrowdedTown(people.length, people.length, { limits: false, policy });
  try {
    const { ts } = await startAsk(town).asked();
    await quiet(town);
    const calls: number[] = [];
    for (const person of people.slice(0, DECISIONS)) {
      town.slack.resetCounts();
      const member = slackAs(town, person);
      const taken = approve === 'dialog' ? await member.approveInDialog(ts) : await member.press(ts, 'approve');
      if (!taken.acknowledged) throw new Error('The decision was not acknowledged.');
      await quiet(town);
      calls.push(town.slack.counts().calls);
    }
    say(`${approve}: ${calls.join(', ')} calls; the last ${JSON.stringify(town.slack.counts().byMethod)}`);
    return Math.max(...calls);
  } finally {
    await closeTown(town);
  }
}
