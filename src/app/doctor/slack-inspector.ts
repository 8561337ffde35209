/** What `doctor` needs to be told about a Slack: the port that src/slack/inspect.ts fills. Nothing here throws; failures are answers. */
import type { MemberFacts } from '../ports.ts';

/**
 * Why Slack did not tell. `scope`: the token lacks one; `refused`: Slack's own no, which no waiting mends;
 * `unanswered`: network, rate limit or trouble at Slack, so that another time may do.
 */
export interface SlackFailure {
  kind: 'scope' | 'refused' | 'unanswered';
  /** Slack's error code, such as `channel_not_found`; null where there is none. */
  code: string | null;
  /** The scope that is missing, as Slack names it; null for other failures. */
  scope: string | null;
  /** One sentence: what was tried and why it failed. Holds no token. */
  what: string;
  remedy: string;
}

export type SlackAnswer<T> = { ok: true; value: T } | { ok: false; failure: SlackFailure };

/** What a token looks like, by its own beginning. `rotating`: one that expires within hours. */
export type TokenKind = 'absent' | 'bot' | 'app' | 'user' | 'rotating' | 'strange';

/** Whose bot token it is. */
export interface BotFacts {
  team: { id: string; name: string };
  /** The organisation's id (`E…`) where the workspace belongs to one. */
  enterprise: string | null;
  user: { id: string; handle: string };
  /** `B…`; null where Slack did not say. */
  bot: string | null;
  /** The token's scopes; null where Slack did not say. */
  scopes: string[] | null;
}

export interface ChannelFacts {
  id: string;
  name: string;
  private: boolean;
  archived: boolean;
  /** Whether the bot is in it; null where Slack did not say. */
  botIn: boolean | null;
  /** With whom it is shared: another company, one that has not accepted yet, other workspaces of the organisation; null: nobody. */
  shared: 'company' | 'invited' | 'organisation' | null;
}

export interface ConnectionFacts {
  /** How many Socket Mode connections the app has, ours among them; null where Slack did not say. */
  connections: number | null;
  /** `A…`; null where Slack did not say. */
  app: string | null;
}

/** A Slack user group. */
export interface UserGroupFacts {
  id: string;
  handle: string;
  disabled: boolean;
  /** Its members' ids. */
  users: string[];
}

/** Looks at a Slack with the tokens of a set-up. Reads only. */
export interface SlackInspector {
  tokens: { bot: TokenKind; app: TokenKind };
  bot(): Promise<SlackAnswer<BotFacts>>;
  /** The id of the Slack app that a bot (`B…`) belongs to. */
  appOfBot(bot: string): Promise<SlackAnswer<string | null>>;
  /** Whether the app token may open connections (it opens none), and the id of its Slack app. */
  mayListen(): Promise<SlackAnswer<{ app: string | null }>>;
  /** Connects, hears how many connections there are, and disconnects at once. What arrives meanwhile is never acknowledged. */
  countConnections(): Promise<SlackAnswer<ConnectionFacts>>;
  channel(id: string): Promise<SlackAnswer<ChannelFacts>>;
  /** User ids of a channel's members; `whole` is false where there are more than were read. */
  channelMembers(id: string): Promise<SlackAnswer<{ ids: string[]; whole: boolean }>>;
  /**
   * Each of these members, null where the workspace has none of that id. One that could not be looked up is missing
   * from `found`, and `failure` says why.
   */
  members(ids: readonly string[]): Promise<{ found: Map<string, MemberFacts | null>; failure: SlackFailure | null }>;
  /** A user group with its members; null: the workspace has none of that id. */
  userGroup(id: string): Promise<SlackAnswer<UserGroupFacts | null>>;
  /** The member who has exactly this address, confirmed; null: nobody. */
  memberByEmail(email: string): Promise<SlackAnswer<MemberFacts | null>>;
}
