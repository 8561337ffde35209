/** What the sandbox's Slack is made of: its team, people, channels, user groups and the one installed app. */

export interface SlackMember {
  id: string;
  name: string;
  realName: string;
  /** What people choose to be called; `name` unless given. Need not be unique. */
  displayName?: string;
  deleted?: boolean;
  bot?: boolean;
  guest?: boolean;
  /** Another team's id: the person is a stranger who is here through Slack Connect. */
  teamId?: string;
  email?: string;
}

export interface SlackChannel {
  id: string;
  name: string;
  private?: boolean;
  /** User ids; the bot is in the channel only if its user id is among them. */
  members: string[];
}

export interface SlackUserGroup {
  id: string;
  handle: string;
  users: string[];
}

export interface SlackOptions {
  team: { id: string; name: string };
  members: SlackMember[];
  channels: SlackChannel[];
  userGroups?: SlackUserGroup[];
  bot: { userId: string; botId: string; appId: string; token: string; scopes: string[] };
  appToken: string;
  /** The app token's scopes; `connections:write` alone unless given. */
  appScopes?: string[];
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
