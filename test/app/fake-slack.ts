/** Slack in memory: cards with their latest view, threads, dialogs, private answers, people, and listeners that hear all of it. */
import { Fault } from '../../src/app/fault.ts';
import type {
  Chat,
  Clock,
  DialogContent,
  Listener,
  OnSlack,
  RequestView,
  SlackAck,
  SlackDeed,
  SlackPeople,
} from '../../src/app/ports.ts';
import type { Card } from '../../src/request/events.ts';

export interface FakeCard {
  card: Card;
  view: RequestView;
  /** What its buttons carried when they last stood. */
  button: string | null;
  pinged: string[];
  /** The channel that it was posted for. */
  channel: string | null;
}

/** A dialog as it stands before a person; null: it is still being prepared. */
export interface FakeDialog {
  view: string;
  trigger: string;
  content: DialogContent | null;
}

type Call = keyof Chat | keyof SlackPeople | 'connect';

export interface FakeSlack {
  cards: FakeCard[];
  /** Private answers, oldest first; `thread` where they stand in one. */
  answers: { user: string; text: string; thread?: string }[];
  dialogs: FakeDialog[];
  /** What was said in cards' threads, and whom that pinged. */
  said: { ts: string; text: string; pinged: string[] }[];
  /** What people were told in person. */
  told: { user: string; text: string }[];
  /** Fails the next calls that are named here. */
  broken: Set<Call>;
  /** How long each call takes, in ms. */
  slow: Map<Call, number>;
  /** Every call, oldest first. */
  done: Call[];
  /** Accounts that may not decide, by member id, and why. */
  barred: Map<string, string>;
  groups: Map<string, string[]>;
  addresses: Map<string, { team: string; user: string }>;
  /** Messages that are no card of ours, by `ts`, with what their buttons carry. */
  lookAlikes: Map<string, string>;
  connected: OnSlack[];
  open(channel?: string | null): { chat: Chat; listener: Listener };
  people(): SlackPeople;
  cardOf(issue?: number): FakeCard;
  /** Something reaches a listener; null: nobody listens. `listener` counts the connected ones. */
  hear(deed: SlackDeed, listener?: number): Promise<SlackAck | null>;
}

export function fakeSlack(clock: Clock): FakeSlack {
  const triggers = new Set<string>();
  const enter = async (what: Call): Promise<void> => {
    slack.done.push(what);
    const takes = slack.slow.get(what) ?? 0;
    if (takes > 0) await clock.sleep(takes);
    if (slack.broken.has(what))
      throw new Fault('slack', `Slack answered channel_not_found to ${what}.`, 'Invite the app.');
  };
  const known = (card: Card): FakeCard => {
    const found = slack.cards.find((one) => one.card.ts === card.ts);
    if (found === undefined) throw new Fault('slack', 'Slack answered message_not_found.', 'Look at the issue.');
    return found;
  };
  const chat = (channel: string | null): Chat => ({
    async post(view) {
      await enter('post');
      const card = { team: 'T1', channel: channel ?? 'C0APPROVE', ts: `1740909600.00${slack.cards.length + 1000}` };
      const pinged = view.approvers.flatMap(({ slack: to, pinged: isPinged }) => (isPinged && to ? [to.user] : []));
      slack.cards.push({ card, view, button: view.button, pinged, channel });
      return card;
    },
    async update(card, view) {
      await enter('update');
      const at = known(card);
      at.view = view;
      at.button = view.button ?? at.button;
    },
    async answer(_, user, text, thread) {
      await enter('answer');
      slack.answers.push({ user, text, ...(thread === undefined ? {} : { thread }) });
    },
    // A trigger opens one dialog, within 3 s (docs.slack.dev, views.open).
    async openDialog(trigger) {
      await enter('openDialog');
      const [, given] = /^at:(\d+)/.exec(trigger) ?? [];
      const late = clock.now() - Number(given) >= 3_000;
      if (late || triggers.has(trigger))
        throw new Fault('slack', `Slack answered ${late ? 'expired' : 'exchanged'}_trigger_id.`, 'Press again.');
      triggers.add(trigger);
      const view = `V${slack.dialogs.length + 1}`;
      slack.dialogs.push({ view, trigger, content: null });
      return { view };
    },
    async fillDialog(view, content) {
      await enter('fillDialog');
      const dialog = slack.dialogs.find((one) => one.view === view);
      if (dialog === undefined) throw new Fault('slack', 'Slack answered view_not_found.', 'Press again.');
      if (content.kind === 'approval' && content.metadata.length > 3_000)
        throw new Fault('slack', 'Slack answered invalid_arguments.', 'Shorten it.');
      dialog.content = content;
    },
    async say(card, text, ping) {
      await enter('say');
      slack.said.push({ ts: known(card).card.ts, text, pinged: [...ping] });
    },
    async tell(user, text) {
      await enter('tell');
      slack.told.push({ user, text });
    },
    async valueOf(card) {
      await enter('valueOf');
      const own = slack.cards.find((one) => one.card.ts === card.ts && one.card.channel === card.channel);
      return slack.lookAlikes.get(card.ts) ?? own?.view.button ?? own?.view.reference ?? null;
    },
  });
  const listener = (): Listener => {
    const inFlight = new Set<Promise<SlackAck>>();
    let hears: OnSlack | null = null;
    return {
      async start(onSlack) {
        await enter('connect');
        hears = (deed) => {
          const work = onSlack(deed).finally(() => inFlight.delete(work));
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
    ...{
      cards: [],
      answers: [],
      dialogs: [],
      said: [],
      told: [],
      broken: new Set(),
      slow: new Map(),
      done: [],
      connected: [],
    },
    ...{ barred: new Map(), groups: new Map(), addresses: new Map(), lookAlikes: new Map() },
    open: (channel = 'C0APPROVE') => ({ chat: chat(channel), listener: listener() }),
    people: () => ({
      async barred({ user }) {
        await enter('barred');
        return slack.barred.get(user) ?? null;
      },
      async home() {
        await enter('home');
        return ['T1'];
      },
      async members(group) {
        await enter('members');
        const members = slack.groups.get(group);
        if (members === undefined) throw new Fault('slack', `Slack knows no user group ${group}.`, 'Check its id.');
        return [...members];
      },
      async byEmail(email) {
        await enter('byEmail');
        return slack.addresses.get(email) ?? null;
      },
    }),
    cardOf(issue = 1) {
      const found = slack.cards.find(({ view }) => view.issue.number === issue);
      if (found === undefined) throw new Error(`There is no card of issue ${issue}.`);
      return found;
    },
    async hear(deed, index = 0) {
      const onSlack = slack.connected[index];
      return onSlack === undefined ? null : onSlack(deed);
    },
  };
  return slack;
}
