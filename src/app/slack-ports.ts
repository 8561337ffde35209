/**
 * What the application needs of Slack: the card and its thread, what people do there, and who they are. Failures are thrown as
 * a Fault `slack`.
 */
import type { ApprovalDialog } from '../request/dialog.ts';
import type { Card } from '../request/events.ts';
import type { RequestView } from '../request/view.ts';

/** Who did something in Slack, and the ids by which it can be found again. All of it is Slack's word, none the card's. */
interface InSlack {
  slack: { team: string; user: string };
  evidence: Record<string, string>;
}

/** A person's press of a button on a card. */
export interface Press extends InSlack {
  kind: 'press';
  decision: 'approve' | 'deny';
  /** Whether the button promised a dialog; the policy says whether there must be one. */
  dialog: boolean;
  /** Opens one dialog within 3 s of the press; null where Slack gave none. */
  trigger: string | null;
  /** The button's value as Slack gave it back: untrusted text. */
  value: string;
  card: Card;
}

/** A person sent the dialog off. */
export interface Submission extends InSlack {
  kind: 'submission';
  /** What `openDialog` was given. */
  metadata: string;
  comment: string;
  /** The checklist items that are ticked, as the dialog named them. */
  ticked: string[];
  /** All texts that the dialog showed, as Slack says, in their order. */
  shown: string[];
}

/** A person wrote in a thread of a channel that the app is in; already told from bots, apps and edits. */
export interface Reply extends InSlack {
  kind: 'reply';
  /** The message that began the thread; `ts` of the reply itself. */
  thread: Card;
  ts: string;
  text: string;
  /** Written by a bot or through an app, or edited: decides nothing. */
  bot: boolean;
}

/** A person used `/approve-debug` or `/reject-debug`; `text` is what stands behind it. */
export interface SlashCommand extends InSlack {
  kind: 'slash';
  decision: 'approve' | 'deny';
  text: string;
  channel: string;
  trigger: string | null;
}

/** A person used `/debug`: to ask for something, or for what is open. */
export interface DebugCommand extends InSlack {
  kind: 'debug';
  text: string;
  channel: string;
  trigger: string | null;
}

/** What stands in the fields of a form, by their names: text, the value of what is chosen, whether a box is ticked. Empty ones are not here. */
export type Filled = ReadonlyMap<string, string | boolean>;

/** A person chose something in a form on which other fields of it hang. */
export interface FormChoice extends InSlack {
  kind: 'form-choice';
  view: string;
  /** What `fillDialog` was given. */
  metadata: string;
  filled: Filled;
}

/** A person sent a form off. */
export interface FormSubmission extends InSlack {
  kind: 'form';
  /** What `fillDialog` was given. */
  metadata: string;
  filled: Filled;
}

export type FormDeed = DebugCommand | FormChoice | FormSubmission;

export type SlackDeed = Press | Submission | Reply | SlashCommand | FormDeed;

/**
 * What a listener tells Slack. `none`: nothing, so that the person sees that it failed (a reply comes again then). `done`: taken.
 * `told`: taken, and this is said to the person alone (slash commands). `kept`: the dialog stays open and says so at the field.
 * `mistakes`: the form stays open and says at each of these fields what is wrong.
 */
export type SlackAck =
  | { kind: 'none' }
  | { kind: 'done' }
  | { kind: 'told'; text: string }
  | { kind: 'kept'; field: 'comment' | 'checklist'; text: string }
  | { kind: 'mistakes'; at: ReadonlyMap<string, string> };

export type OnSlack = (deed: SlackDeed) => Promise<SlackAck>;

/** Receives what people do in Slack; stays connected until `stop`, and finishes what it received. */
export interface Listener {
  start(onSlack: OnSlack): Promise<void>;
  stop(): Promise<void>;
}

/** The place where approvers are asked. */
export interface Chat {
  /** Posts the card without buttons, pinging those who may decide; the buttons follow once the opening record stands. */
  post(view: RequestView): Promise<Card>;
  update(card: Card, view: RequestView): Promise<void>;
  /** Answers one person where others cannot see it; `thread` puts it into that message's thread. */
  answer(card: Card, user: string, text: string, thread?: string): Promise<void>;
  /** Opens a dialog that says that it is being prepared, in these words or those of an approval. One call; its trigger lives 3 s. */
  openDialog(trigger: string, saying?: string): Promise<{ view: string }>;
  /** Fills an open dialog with what is asked, or with why this person cannot approve it. One call. */
  fillDialog(view: string, content: DialogContent): Promise<void>;
  /** Says something in the card's thread and pings these members. */
  say(card: Card, text: string, ping: readonly string[]): Promise<void>;
  /** Tells one member something in person. */
  tell(user: string, text: string): Promise<void>;
  /** What the message that began a thread carries, in its buttons or without: untrusted text; null: it is no card of ours. */
  valueOf(card: Card): Promise<string | null>;
}

export type DialogContent =
  /** `comment`: what the person wrote already; it stands in the comment's field, where they see and may change it. */
  | { kind: 'approval'; dialog: ApprovalDialog; comment: string; metadata: string }
  | { kind: 'message'; text: string }
  | { kind: 'form'; form: RequestForm; metadata: string }
  /** `rest` stands below the lines; empty: nothing does. */
  | { kind: 'list'; heading: string; lines: { text: string; url: string }[]; rest: string };

/** What somebody fills in to ask for something. */
export interface RequestForm {
  fields: FormField[];
  notices: string[];
}

export interface Choice {
  label: string;
  value: string;
}

/** `of`: to what the field belongs; what was filled in stays where name and this stay. Of a `choice` that `updates` more fields hang. */
export type FormField = { name: string; of: string; label: string; hint: string; optional: boolean } & (
  | { kind: 'choice'; choices: Choice[]; chosen: string | null; updates: boolean }
  | { kind: 'text'; lines: 'one' | 'many'; maxLength: number; text: string }
  | { kind: 'number'; decimal: boolean; min: number | null; max: number | null; value: number | null }
  | { kind: 'tick'; words: string; ticked: boolean }
);

/** What Slack knows of people, as decisions need it. Its methods throw a Fault `slack`. */
export interface SlackPeople {
  /** Why this account decides nothing: it is deleted, a bot's, a guest's, of another workspace; null: it may. */
  barred(account: { team: string; user: string }): Promise<string | null>;
  /** The ids of the bot's own workspace and of its organisation, if it has one: whose user groups it reads. */
  home(): Promise<string[]>;
  /** The member ids of a user group, all of them. */
  members(group: string): Promise<string[]>;
  /** The one member with exactly this confirmed address; null: none, or more than one. */
  byEmail(email: string): Promise<{ team: string; user: string } | null>;
}
