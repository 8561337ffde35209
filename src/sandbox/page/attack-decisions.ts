/** Attacks on the decision: by the requester, by a stranger, by a button or by words that are not what they seem. */
import type { EventOf } from '../../request/events.ts';
import { isOpen } from '../../request/state.ts';
import { APPROVE_ACTION } from '../../slack/press.ts';
import { slackAs } from '../members.ts';
import { githubAs } from '../people.ts';
import { CHANNEL, PEOPLE, type PersonKey } from '../town.ts';
import type { Attack, Plan, Situation } from './attacks.ts';
import { personKey } from './cast.ts';
import { cardOf, type OpenCard } from './channel.ts';

interface Target {
  issue: number;
  opening: EventOf<'requested'>;
  requester: PersonKey;
  /** Somebody who may decide. */
  approver: PersonKey | null;
  card: OpenCard | null;
}

/** The newest request that may still be decided; null: there is none. */
export function openRequest({ evidence, messages }: Situation): Target | null {
  for (const [issue, { log, state }] of [...evidence].reverse()) {
    if (!isOpen(state) || log.broken.length > 0) continue;
    const { opening } = state;
    const requester = personKey(opening.request.requester.person);
    const approver = opening.approvers.map(personKey).find((key) => key !== null && key !== requester) ?? null;
    if (requester !== null) return { issue, opening, requester, approver, card: cardOf(messages, issue) };
  }
  return null;
}

export const NOTHING_OPEN: Plan = { kind: 'waits', why: 'No request waits for a decision. Run the workflow first.' };
const NO_BUTTONS: Plan = { kind: 'waits', why: 'The card has no buttons yet. Wait a moment.' };

type Carded = Target & { card: NonNullable<Target['card']> };

/** A plan against the card of the open request. */
export function onCard(at: Situation, plan: (target: Carded) => Plan): Plan {
  const target = openRequest(at);
  if (target === null) return NOTHING_OPEN;
  return target.card === null ? NO_BUTTONS : plan({ ...target, card: target.card });
}

async function press({ town }: Situation, by: PersonKey, { ts, dialog }: OpenCard): Promise<void> {
  await slackAs(town, by).press(ts, dialog ? 'approve-dialog' : 'approve');
}

export const byOwnPress: Attack = {
  id: 'own-press',
  label: 'Approve your own request',
  explains: 'Whoever asked presses Approve on their own card. The press is refused, answered privately, and recorded.',
  plan: (at) =>
    onCard(at, ({ requester, card, issue }) => ({
      kind: 'ready',
      words: `${PEOPLE[requester].name} asked for the request of issue #${issue}, and now presses Approve on its card.`,
      act: () => press(at, requester, card),
    })),
};

export const byOwnComment: Attack = {
  id: 'own-comment',
  label: 'Approve your own request by a comment',
  explains: 'Slack said no, so the requester writes /approve on the issue, as another account of the same human.',
  plan(at) {
    const target = openRequest(at);
    if (target === null) return NOTHING_OPEN;
    const { login, name } = PEOPLE[target.requester];
    return {
      kind: 'ready',
      words: `${name} writes /approve on issue #${target.issue}, as ${login} on GitHub.`,
      act: () => githubAs(at.town, target.requester).comment(target.issue, '/approve'),
    };
  },
};

export const byStranger: Attack = {
  id: 'stranger',
  label: 'Let a stranger approve',
  explains:
    'Ed is in the channel and may write to the repository, but the policy does not know him. He presses Approve.',
  plan: (at) =>
    onCard(at, ({ card, issue }) => ({
      kind: 'ready',
      words: `Ed, whom the policy does not name, presses Approve on the card of issue #${issue}.`,
      act: () => press(at, 'ed', card),
    })),
};

export const byForgedButton: Attack = {
  id: 'forged-button',
  label: 'Press a forged button',
  explains:
    'An approver is tricked into pressing a button that looks the same and carries the digest of something else.',
  plan: (at) =>
    onCard(at, ({ approver, card, issue, opening }) => {
      if (approver === null) return { kind: 'waits', why: 'Nobody who may decide could be tricked.' };
      const other = digestLike(opening.digest);
      const forged = { channel: CHANNEL, ts: card.ts, actionId: APPROVE_ACTION };
      const value = card.value.replace(opening.digest, other);
      return {
        kind: 'ready',
        words: `${PEOPLE[approver].name} presses an Approve button for issue #${issue} that carries ${other.slice(0, 17)}… instead of ${opening.digest.slice(0, 17)}….`,
        async act() {
          await at.town.slack.pressForged({ member: PEOPLE[approver].slack, value, ...forged });
        },
      };
    }),
};

/** Another digest: every digit but the last is moved on by one. */
function digestLike(digest: string): string {
  const next = (digit: string): string => ((Number.parseInt(digit, 16) + 1) % 16).toString(16);
  return `sha256:${digest.slice('sha256:'.length).replace(/[0-9a-f]/g, next)}`;
}

export const byWordsOfOthers: Attack = {
  id: 'others-words',
  label: 'Put words into an approver’s mouth',
  explains:
    'An approver comments "Let me look first." Ed, who may edit comments, turns that into /approve. Nobody can tell afterwards what was said: this request will not run.',
  plan(at) {
    const target = openRequest(at);
    if (target === null) return NOTHING_OPEN;
    const { approver, issue } = target;
    if (approver === null) return { kind: 'waits', why: 'Nobody who may decide has anything to say.' };
    return {
      kind: 'ready',
      words: `${PEOPLE[approver].name} comments on issue #${issue}; Ed edits that comment, so that it says /approve.`,
      async act() {
        await githubAs(at.town, approver).comment(issue, 'Let me look first.');
        const ed = githubAs(at.town, 'ed');
        const written = (await ed.comments(issue)).findLast(({ body }) => body === 'Let me look first.');
        if (written === undefined) throw new Error('The comment to edit is not there.');
        await ed.edit(written.id, '/approve');
      },
    };
  },
};
