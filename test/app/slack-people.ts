/** What the people of a world do in Slack: press, send a dialog off, reply in a thread, use a slash command. */
import type { Clock, DialogContent, Press, Reply, SlackAck, SlashCommand, Submission } from '../../src/app/ports.ts';
import { textsOf } from '../../src/request/dialog.ts';
import { POLICY } from '../request/given.ts';
import type { FakeSlack } from './fake-slack.ts';

type Where = { issue?: number; listener?: number };

/** The Slack account of a person of the sample policy, or of somebody with that member id. */
export function slackAccount(person: string): { team: string; user: string } {
  return POLICY.people[person]?.slack ?? { team: 'T1', user: person };
}

export function slackPeople(slack: FakeSlack, clock: Clock) {
  let deeds = 0;
  /** Each deed of a person has its own ids. */
  const unique = () => {
    deeds += 1;
    return `${deeds}`;
  };
  const trigger = () => `at:${clock.now()}.${unique()}`;

  const heard = async (deed: Parameters<FakeSlack['hear']>[0], listener?: number): Promise<SlackAck | null> =>
    slack.hear(deed, listener);

  const presses = (
    person: string,
    decision: Press['decision'],
    change: Partial<Press> & Where,
  ): Promise<SlackAck | null> => {
    const { issue, listener, ...other } = change;
    const { card, button } = slack.cardOf(issue);
    const evidence = { action_ts: `${clock.now()}.${unique()}` };
    const who = { slack: slackAccount(person), evidence };
    return heard(
      { kind: 'press', decision, dialog: false, trigger: trigger(), value: button ?? '', card, ...who, ...other },
      listener,
    );
  };

  return {
    /** The press of a card's button. true: acknowledged; null: nobody listens. */
    async press(person: string, decision: Press['decision'] = 'approve', change: Partial<Press> & Where = {}) {
      const ack = await presses(person, decision, change);
      return ack === null ? null : ack.kind !== 'none';
    },

    /** The press of a button that opens the dialog; what the dialog shows once it is filled. */
    async pressForDialog(person: string, change: Partial<Press> & Where = {}): Promise<DialogContent | null> {
      const before = slack.dialogs.length;
      await presses(person, 'approve', { dialog: true, ...change });
      const dialog = slack.dialogs[before];
      while (dialog !== undefined && dialog.content === null) await clock.sleep(10);
      return dialog?.content ?? null;
    },

    /** Sends the dialog off as it was filled, with everything ticked, or with a change. */
    submit(person: string, content: DialogContent | null, change: Partial<Submission> & Where = {}) {
      if (content?.kind !== 'approval') throw new Error('There is no such dialog to send off.');
      const { issue: _, listener, ...other } = change;
      const { dialog, comment, metadata } = content;
      const deed: Submission = {
        ...{ kind: 'submission', metadata, comment, ticked: dialog.checklist, shown: textsOf(dialog) },
        ...{ slack: slackAccount(person), evidence: { view: `V${unique()}` } },
        ...other,
      };
      return heard(deed, listener);
    },

    /** A reply in the thread of the request's card, or in another. */
    reply(person: string, text: string, change: Partial<Reply> & Where = {}) {
      const { issue, listener, ...other } = change;
      const { card } = slack.cardOf(issue);
      const thread = other.thread ?? card;
      const ts = other.ts ?? `${clock.now() / 1000}.${unique().padStart(6, '0')}`;
      const evidence = { channel: thread.channel, thread_ts: thread.ts, message_ts: ts };
      const deed: Reply = {
        kind: 'reply',
        thread,
        ts,
        text,
        bot: false,
        slack: slackAccount(person),
        evidence,
        ...other,
      };
      return heard(deed, listener);
    },

    /** `/approve-debug` or `/reject-debug`. */
    slash(
      person: string,
      decision: SlashCommand['decision'],
      text: string,
      change: Partial<SlashCommand> & Where = {},
    ) {
      const { issue: _, listener, ...other } = change;
      const evidence = { command: decision === 'approve' ? '/approve-debug' : '/reject-debug', trigger: unique() };
      const who = { slack: slackAccount(person), evidence };
      return heard(
        { kind: 'slash', decision, text, channel: 'C0ELSE', trigger: trigger(), ...who, ...other },
        listener,
      );
    },
  };
}
