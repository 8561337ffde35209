/** Slack in memory: cards with their latest view, private answers, and listeners that hear what people press. */
import { Fault } from '../../src/app/fault.ts';
import type { Chat, Listener, OnPress, Press, RequestView } from '../../src/app/ports.ts';
import type { Card } from '../../src/request/events.ts';

export interface FakeCard {
  card: Card;
  view: RequestView;
  /** What its buttons carried when they last stood. */
  button: string | null;
  pinged: string[];
}

export interface FakeSlack {
  cards: FakeCard[];
  /** Private answers, oldest first. */
  answers: { user: string; text: string }[];
  /** Fails the next posts, updates and connections that are named here. */
  broken: Set<'post' | 'update' | 'connect'>;
  connected: OnPress[];
  open(): { chat: Chat; listener: Listener };
  cardOf(issue?: number): FakeCard;
  /** A person presses; true: acknowledged, null: nobody listens. `listener` counts the connected ones. */
  press(press: Press, listener?: number): Promise<boolean | null>;
}

export function fakeSlack(): FakeSlack {
  const refuse = (what: 'post' | 'update' | 'connect') => {
    if (slack.broken.has(what))
      throw new Fault('slack', `Slack answered channel_not_found to ${what}.`, 'Invite the app.');
  };
  const chat: Chat = {
    async post(view) {
      refuse('post');
      const card = { team: 'T1', channel: 'C0APPROVE', ts: `1740909600.00${slack.cards.length + 1000}` };
      slack.cards.push({
        card,
        view,
        button: view.button,
        pinged: view.approvers.flatMap(({ slack: to }) => to?.user ?? []),
      });
      return card;
    },
    async update(card, view) {
      refuse('update');
      const known = slack.cards.find((one) => one.card.ts === card.ts);
      if (known === undefined) throw new Fault('slack', 'Slack answered message_not_found.', 'Look at the issue.');
      known.view = view;
      known.button = view.button ?? known.button;
    },
    async answer(_, user, text) {
      slack.answers.push({ user, text });
    },
  };
  const listener = (): Listener => {
    const inFlight = new Set<Promise<boolean>>();
    let hears: OnPress | null = null;
    return {
      async start(onPress) {
        refuse('connect');
        hears = (press) => {
          const work = onPress(press).finally(() => inFlight.delete(work));
          inFlight.add(work);
          return work;
        };
        slack.connected.push(hears);
      },
      async stop() {
        slack.connected = slack.connected.filter((one) => one !== hears);
        await Promise.all(inFlight);
      },
    };
  };
  const slack: FakeSlack = {
    ...{ cards: [], answers: [], broken: new Set(), connected: [] },
    open: () => ({ chat, listener: listener() }),
    cardOf(issue = 1) {
      const found = slack.cards.find(({ view }) => view.issue.number === issue);
      if (found === undefined) throw new Error(`There is no card of issue ${issue}.`);
      return found;
    },
    async press(press, index = 0) {
      const onPress = slack.connected[index];
      return onPress === undefined ? null : onPress(press);
    },
  };
  return slack;
}
