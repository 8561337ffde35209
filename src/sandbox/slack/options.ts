/** What the sandbox's Slack is made of: its team, people, channels, user groups and the one installed app. */

export interface SlackMember {
  id: string;
  name: string;
  realName: string;
  /** What people choose to be called; `name` unless given. Need not be unique. */
  displayName?: string;
  deleted?: boolean;
  bot?: boolean;
  /** A guest of several channels, or of one alone. */
  guest?: boolean | 'single-channel';
  /** Another team's id: the person is a stranger who is here through Slack Connect, unless it is of the same organisation. */
  teamId?: string;
  email?: string;
  /** Whether Slack saw that the address is theirs; yes unless said otherwise. */
  emailConfirmed?: boolean;
}

export interface SlackChannel {
  id: string;
  name: string;
  private?: boolean;
  archived?: boolean;
  /** With whom it is shared: another company, one that has not accepted yet, or other workspaces of the organisation. */
  shared?: 'external' | 'pending' | 'organisation';
  /** User ids; the bot is in the channel only if its user id is among them. */
  members: string[];
}

export interface SlackUserGroup {
  id: string;
  handle: string;
  /** What it is called; its handle unless given. */
  name?: string;
  /** Disabled groups are there only for whoever asks for them. */
  disabled?: boolean;
  users: string[];
}

export interface SlackOptions {
  /** `enterprise`: the organisation (`E…`) and its other workspaces, where this one is one of several. */
  team: { id: string; name: string; enterprise?: { id: string; workspaces: string[] } };
  members: SlackMember[];
  channels: SlackChannel[];
  userGroups?: SlackUserGroup[];
  bot: { userId: string; botId: string; appId: string; token: string; scopes: string[] };
  appToken: string;
  /** The app token's scopes; `connections:write` alone unless given. */
  appScopes?: string[];
  /** The id of the app that the app token belongs to; the bot's own unless given. */
  appTokenOf?: string;
  /** Turns Socket Mode off: Slack sends signed requests to the addresses that the app gives. */
  http?: { signingSecret: string };
  /** What the app subscribes to, e.g. `message.channels`, `message.groups`; each needs its scope too. Nothing unless given. */
  events?: string[];
  /** The app's slash commands, e.g. `/approve-debug`; they need the scope `commands`. None unless given. */
  commands?: string[];
  /** Whether the app's Messages tab is on; only then may it write to people directly. On unless switched off. */
  messagesTab?: boolean;
  /** How long Slack waits for an acknowledgement, in ms; 3,000 unless given. */
  ackMs?: number;
  /** The pauses before an event that was not acknowledged is sent again, in ms; Slack's (0, 1 and 5 minutes) unless given. */
  retryMs?: readonly number[];
  /** How long each API call takes before it is answered, in ms. */
  delayMs?: number;
  /** Whether Slack's rate limits hold. On unless switched off. */
  limits?: boolean;
  /** 0 or absent: any free port. */
  port?: number;
  /** The clock of limits and triggers, ms since 1970. */
  now?: () => number;
}

/** A message as it stands, with who was notified when it was posted. */
export interface SlackMessage {
  ts: string;
  user: string;
  text: string;
  blocks?: unknown[];
  thread_ts?: string;
  /** User ids and `<!channel>`, `<!here>`, `<!everyone>`, `<!subteam^…>`, as found in the new message. */
  pings: string[];
  [field: string]: unknown;
}

export interface SlackEphemeral extends SlackMessage {
  channel: string;
}
