/** Attacks on what an approver reads in Slack: a card that somebody rewrote, and words that only sound like a decision. */
import * as v from 'valibot';
import { evidenceOf } from '../evidence.ts';
import { checklistIn, slackAs } from '../members.ts';
import { CHANNEL, PEOPLE, type PersonKey, type Town } from '../town.ts';
import { NOTHING_OPEN, onCard, openRequest } from './attack-decisions.ts';
import type { Attack } from './attacks.ts';
import { held, rule } from './lesson.ts';

/** Changes a message by the bot's own token, as whoever holds that could. Throws where Slack refuses. */
async function rewrite({ slack, slackToken }: Town, ts: string, blocks: unknown[], text: string): Promise<void> {
  const answer = await fetch(`${slack.url}chat.update`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slackToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: CHANNEL, ts, text, blocks }),
  });
  const said: unknown = await answer.json();
  if (!v.is(v.object({ ok: v.literal(true) }), said))
    throw new Error(`Slack refused to change the card: ${JSON.stringify(said)}`);
}

/** The same blocks where every mention of the command names a harmless one. */
function harmless(blocks: unknown[], argv: readonly string[]): unknown[] {
  const [program = ''] = argv;
  const rewritten = JSON.stringify(blocks).replaceAll(program, '.github/runbooks/only-look.sh');
  return v.parse(v.array(v.unknown()), JSON.parse(rewritten));
}

export const byForgedCard: Attack = {
  id: 'forged-card',
  label: 'Rewrite the card',
  explains:
    'Somebody got hold of the Slack bot’s token and makes the card name a harmless command. An approver believes it and presses Approve….',
  plan: (at) =>
    onCard(at, ({ card, issue, opening, approver }) => {
      if (!card.dialog)
        return { kind: 'waits', why: 'The request must be one that is approved in a dialog. Ask for find-order.' };
      if (approver === null) return { kind: 'waits', why: 'Nobody who may decide could be tricked.' };
      const { name } = PEOPLE[approver];
      return {
        kind: 'ready',
        words: `The card of issue #${issue} now names only-look.sh as its command; ${name} presses Approve….`,
        async act(say) {
          await rewrite(
            at.town,
            card.ts,
            harmless(card.blocks, opening.request.argv),
            'Please approve a harmless look.',
          );
          const member = slackAs(at.town, approver);
          await member.press(card.ts, 'approve-dialog');
          const dialog = await member.dialog();
          if (dialog === null) throw new Error('Slack opened no dialog.');
          const [program = ''] = opening.request.argv;
          const truth = JSON.stringify(dialog.view).includes(program);
          if (!truth) throw new Error(`The dialog does not name ${program}.`);
          const items = checklistIn(dialog).length;
          say(
            held(
              'The dialog shows what the log says',
              `Whatever the card claims: ${name}’s dialog is drawn from the verified log and names ${opening.request.argv.join(' ')}, with ${items} items to tick. It waits there; act as ${name} to see it. The record of an approval holds the hash of what it showed.`,
              rule('exact'),
            ),
          );
        },
      };
    }),
};

export const byOtherWords: Attack = {
  id: 'other-words',
  label: 'Take words for a yes',
  explains:
    'An approver answers “not approved” in the card’s thread, and “approve” in the thread of a message that only looks like the card.',
  plan(at) {
    const target = openRequest(at);
    if (target === null) return NOTHING_OPEN;
    return onCard(at, ({ card, issue, approver, opening }) => {
      if (approver === null) return { kind: 'waits', why: 'Nobody who may decide has anything to say.' };
      const { name } = PEOPLE[approver];
      return {
        kind: 'ready',
        words: `${name} answers “not approved” in the thread of issue #${issue}’s card, and “approve” under Ed’s imitation of it.`,
        async act(say) {
          const before = await decisionsOf(at.town, issue);
          await answerBoth(at.town, { approver, ts: card.ts, lookAlike: `Debug request #${issue}: ${opening.digest}` });
          if ((await decisionsOf(at.town, issue)) !== before)
            throw new Error('One of the two answers was taken for a decision.');
          const why = `Neither of ${name}’s answers counts. Only the single word approve, deny, withdraw or cancel at the beginning of a reply decides, and only in the thread of the card that the log names.`;
          say(held('Other words, in other places, decide nothing', why, rule('unclear')));
        },
      };
    });
  },
};

async function decisionsOf(town: Town, issue: number): Promise<number> {
  const { state } = await evidenceOf(town, issue);
  return state.status === 'none' ? 0 : state.decisions.length;
}

async function answerBoth(
  town: Town,
  { approver, ts, lookAlike }: { approver: PersonKey; ts: string; lookAlike: string },
): Promise<void> {
  const member = slackAs(town, approver);
  await member.reply(ts, 'not approved');
  const imitation = await town.slack.say({ member: PEOPLE.ed.slack, channel: CHANNEL, text: lookAlike });
  await imitation.delivery;
  await member.reply(imitation.ts, 'approve');
}
