/** What the gateway can be told: one list for the reader, the messages and `--help`. */

export interface Setting {
  /** The environment variable. */
  variable: string;
  /** What it is and what is allowed. */
  what: string;
  fallback: string | null;
}

export const SETTINGS = {
  'github-app-id': {
    variable: 'GITHUB_APP_ID',
    what: "the app's id, a whole number, from its settings.",
    fallback: null,
  },
  'gateway-key-name': {
    variable: 'GATEWAY_KEY_NAME',
    what: 'the name that the policy gives the public half of the key: lower-case letters, digits and "-".',
    fallback: null,
  },
  'github-api-url': {
    variable: 'GITHUB_API_URL',
    what: "the address of GitHub's API; of a GitHub Enterprise Server https://HOST/api/v3.",
    fallback: 'https://api.github.com',
  },
  'github-server-url': {
    variable: 'GITHUB_SERVER_URL',
    what: "the address of GitHub's pages, such as https://github.com; left out: that which belongs to the API.",
    fallback: null,
  },
  'slack-api-url': {
    variable: 'SLACK_API_URL',
    what: "the address of Slack's API; only GovSlack's needs to be named.",
    fallback: null,
  },
  policy: {
    variable: 'POLICY_PATH',
    what: 'where the policy is on the default branch of each repository.',
    fallback: '.github/debug-approval.yml',
  },
  'listen-address': {
    variable: 'LISTEN_ADDRESS',
    what: 'the address to listen at; 0.0.0.0 for all, as a container needs.',
    fallback: '127.0.0.1',
  },
  'listen-port': { variable: 'LISTEN_PORT', what: 'the port to listen at, 0 to 65535 (0: any).', fallback: '8080' },
  'log-level': { variable: 'LOG_LEVEL', what: 'debug, info, warn or error.', fallback: 'info' },
} as const satisfies Record<string, Setting>;

export const SECRETS = {
  'github-app-private-key': {
    variable: 'GITHUB_APP_PRIVATE_KEY',
    what: "the app's RSA key in PEM, from its settings → Private keys.",
  },
  'github-webhook-secret': {
    variable: 'GITHUB_WEBHOOK_SECRET',
    what: "the app's webhook secret, at least 16 characters; while it is being changed a second line with the one before.",
  },
  'gateway-private-key': {
    variable: 'GATEWAY_PRIVATE_KEY',
    what: "the Ed25519 key that signs the gateway's records, in PEM: openssl genpkey -algorithm ed25519.",
  },
  'slack-bot-token': {
    variable: 'SLACK_BOT_TOKEN',
    what: 'the bot token (xoxb-…); without Slack leave out all three of Slack.',
  },
  'slack-signing-secret': {
    variable: 'SLACK_SIGNING_SECRET',
    what: "for Slack over HTTP: the app's signing secret.",
  },
  'slack-app-token': { variable: 'SLACK_APP_TOKEN', what: 'for Socket Mode instead: the app-level token (xapp-…).' },
  'directory-token': {
    variable: 'DIRECTORY_TOKEN',
    what: 'a token that may read the teams of the policy; left out: the app itself reads them.',
  },
} as const satisfies Record<string, Omit<Setting, 'fallback'>>;

export type SettingName = keyof typeof SETTINGS;
export type SecretName = keyof typeof SECRETS;

/** The lists as `--help` shows them. */
export function settingsHelp(): string {
  const settings = Object.entries(SETTINGS).map(([name, { variable, what, fallback }]) => [
    `${variable} (${name})`,
    fallback === null ? what : `${what} Default: ${fallback}`,
  ]);
  const secrets = Object.values(SECRETS).map(({ variable, what }) => [variable, what]);
  return [
    'Settings, as environment variables or as keys of the file (--config); a variable counts more:',
    ...lines(settings),
    '',
    'Secrets, as environment variables or as files that VARIABLE_FILE names (in the file: its name in small letters',
    'with "-file", such as slack-bot-token-file). They never stand in the file or in the log:',
    ...lines(secrets),
  ].join('\n');
}

function lines(rows: string[][]): string[] {
  return rows.map(([name = '', what = '']) => `  ${name}\n      ${what}`);
}
