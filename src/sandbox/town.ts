/** The sandbox, whole: a GitHub with this repository's product in it, a Slack with its people, and a runner for its workflows. */
import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { parse, parseDocument } from 'yaml';
import { git } from './git.ts';
import { type EnvironmentOptions, type GitHubSandbox, startGitHub, type TeamOptions } from './github/server.ts';
import { type Published, publish } from './published.ts';
import { type SlackOptions, type SlackSandbox, startSlack } from './slack/server.ts';
import {
  type GatewayKey,
  putInPolicy,
  type TownApp,
  type TownGateway,
  townGateway,
  waitInGateway,
} from './town-gateway.ts';
import { type ReceiverSandbox, startReceiver } from './webhook/receiver.ts';

const product = fileURLToPath(new URL('../..', import.meta.url));

/** The people of the sandbox. Ana asks; Bo and Cy are SRE; Di is security and decides on GitHub; Ed is a stranger. */
export const PEOPLE = {
  ana: { id: 101, login: 'ana-dev', slack: 'UANA', name: 'Ana' },
  bo: { id: 102, login: 'bo-dev', slack: 'UBO', name: 'Bo' },
  cy: { id: 103, login: 'cy-dev', slack: 'UCY', name: 'Cy' },
  di: { id: 104, login: 'di-dev', slack: 'UDI', name: 'Di' },
  ed: { id: 105, login: 'ed-dev', slack: 'UED', name: 'Ed' },
} as const;
export type PersonKey = keyof typeof PEOPLE;

/** More people, for what takes a crowd: the policy must name them before they may decide. */
export function crowdOf(size: number): { id: number; login: string; slack: string; name: string }[] {
  return Array.from({ length: size }, (_, index) => {
    const number = index + 1;
    return { id: 1000 + number, login: `person-${number}`, slack: `UP${number}`, name: `Person ${number}` };
  });
}

export const CHANNEL = 'C123';
export const CHANNEL_NAME = 'debug-approvals';
export const OWNER = 'acme';
export const REPOSITORY = 'shop';

export interface Town {
  github: GitHubSandbox;
  slack: SlackSandbox;
  /** The repository's working tree, at the default branch. */
  checkout: string;
  tempDir: string;
  /** What a job's environment holds besides GitHub's own. */
  env: Record<string, string>;
  /** What a job gets as `directory-token`: it reads every team, and nothing else. */
  directoryToken: string;
  /** The token of Slack's bot. */
  slackToken: string;
  /** The app-level token of the same Slack app. */
  slackAppToken: string;
  /** Where the product's actions can be had by their commit; null unless asked for. */
  published: Published | null;
  /** Who is told of every record; null unless asked for. */
  webhook: ReceiverSandbox | null;
  /** The GitHub App of the gateway; null unless asked for. */
  app: TownApp | null;
  /** The key that signs the gateway's records; null unless asked for. */
  gatewayKey: GatewayKey | null;
  /** Signs what Slack sends to the gateway's address; null in Socket Mode. */
  slackSigningSecret: string | null;
  close(): Promise<void>;
}

export interface TownOptions {
  /** Changes to the policy before it is committed, by path. */
  policy?: { path: (string | number)[]; value: unknown }[];
  /** Rate limits of GitHub and Slack. */
  limits?: boolean;
  lagMs?: number;
  delayMs?: number;
  withSlack?: boolean;
  /** How many people there are besides the five. */
  crowd?: number;
  public?: boolean;
  plan?: 'free' | 'team' | 'enterprise';
  /** Changes the environments from what they should be. */
  environments?: (sound: EnvironmentOptions[]) => EnvironmentOptions[];
  /** GitHub teams by `acme/slug`. */
  teams?: Record<string, TeamOptions>;
  /** Slack's bot, where its set-up is not what it should be; its scopes are the manifest's unless given. */
  bot?: { scopes?: string[]; inChannel?: boolean };
  /** Changes Slack from what it should be. */
  slack?: (sound: SlackOptions) => SlackOptions;
  /** Whether there is another repository from which the product's actions can be pinned; of this owner, where one is named. */
  published?: boolean | string;
  /** Whether the policy has a webhook, and the environment debug-approval the secret that signs what it is sent. */
  webhook?: boolean;
  /**
   * Whether the gateway waits instead of a job: its GitHub App is installed, its rule holds what deploys to the targets'
   * environments, and the policy names its key. Slack sends requests to its address, or with `socket` uses Socket Mode,
   * of which the jobs then know nothing.
   */
  gateway?: boolean | 'socket';
  /** Leaves the repository without the product: whoever opens the town sets it up. */
  empty?: boolean;
  /** Changes the files before they are committed. */
  prepare?: (checkout: string) => Promise<void>;
}

/** Opens a town on loopback. What it gives must be closed; where it throws, nothing of it stays. */
export async function openTown(options: TownOptions = {}): Promise<Town> {
  // The last thing opened is the first to be closed.
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    const last = opened.pop();
    if (last === undefined) return;
    try {
      await last();
    } finally {
      await close();
    }
  };
  try {
    return { ...(await build(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Builds the town's parts; how to close each is put on `opened` as soon as it stands. */
async function build(options: TownOptions, opened: (() => Promise<unknown>)[]): Promise<Omit<Town, 'close'>> {
  const tempDir = await mkdtemp(join(tmpdir(), 'debug-approval-'));
  opened.push(() => rm(tempDir, { recursive: true, force: true }));
  const checkout = join(tempDir, 'repository');
  await mkdir(checkout);
  await git(checkout, ['init', '--quiet', '--initial-branch=main']);
  await git(checkout, ['commit', '--quiet', '--allow-empty', '-m', 'Begin']);
  const slack = await startTownSlack(options);
  opened.push(slack.close);
  const withSlack = options.withSlack !== false;
  const published = await publishFor(options, tempDir);
  const gateway = gatewayOf(options);
  const appToken = gateway === null ? { SLACK_APP_TOKEN: APP_TOKEN } : {};
  const slackTokens = withSlack ? { SLACK_BOT_TOKEN: BOT_TOKEN, ...appToken } : {};
  const webhook = options.webhook === true ? await startReceiver(WEBHOOK_SECRET) : null;
  if (webhook !== null) opened.push(webhook.close);
  const secrets: Record<string, string> = { ...slackTokens, ...(webhook === null ? {} : { WEBHOOK_SECRET }) };
  const targets = ['staging', 'production'].map((name) => ({
    ...environment(name, {}),
    ...(gateway === null ? {} : { customRule: true }),
  }));
  const sound = [environment('debug-approval', secrets), ...targets];
  const github = await startGitHub({
    repository: { owner: OWNER, name: REPOSITORY, public: options.public ?? false, plan: planOf(options) },
    accounts: everybody(options).map(({ id, login, name }) => ({ id, login, name, type: 'User', permission: 'write' })),
    teams: options.teams ?? {},
    ...(gateway === null ? {} : { app: gateway.installed }),
    gitDir: checkout,
    environments: options.environments?.(sound) ?? sound,
    mainProtected: true,
    others: published === null ? [] : [published],
    limits: options.limits ?? true,
    lagMs: options.lagMs ?? 0,
    delayMs: options.delayMs ?? 0,
  });
  opened.push(github.close);
  if (options.empty !== true) await fill(checkout, github.oidcIssuer, webhook?.url ?? null, options);
  // A job's HOME is its own; what the whole machine tells git is the rest that a clean runner would not have.
  const env = { SLACK_API_URL: slack.url, GIT_CONFIG_NOSYSTEM: '1' };
  const tokens = { slackToken: BOT_TOKEN, slackAppToken: APP_TOKEN, directoryToken: github.directoryToken() };
  const own = { app: gateway?.app ?? null, gatewayKey: gateway?.key ?? null };
  const slackSigningSecret = options.gateway === true ? (gateway?.slackSigningSecret ?? null) : null;
  return { github, slack, checkout, tempDir, env, ...tokens, published, webhook, ...own, slackSigningSecret };
}

function publishFor({ published = false }: TownOptions, tempDir: string): Promise<Published> | null {
  if (published === false) return null;
  return publish(join(tempDir, 'published'), published === true ? OWNER : published);
}

const gatewayOf = ({ gateway = false }: TownOptions): TownGateway | null => (gateway === false ? null : townGateway());

/** Custom rules in a private repository have a price (PLATFORM §0.3). */
const planOf = ({ plan, gateway = false }: TownOptions): 'free' | 'team' | 'enterprise' =>
  plan ?? (gateway === false ? 'team' : 'enterprise');

const everybody = ({ crowd = 0 }: TownOptions) => [...Object.values(PEOPLE), ...crowdOf(crowd)];

const BOT_TOKEN = `xoxb-${randomBytes(18).toString('hex')}`;
const APP_TOKEN = `xapp-1-${randomBytes(18).toString('hex')}`;
/** What signs the webhook's events. */
export const WEBHOOK_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const Manifest = v.object({
  oauth_config: v.object({ scopes: v.object({ bot: v.array(v.string()) }) }),
  features: v.object({
    app_home: v.object({ messages_tab_enabled: v.boolean() }),
    slash_commands: v.array(v.object({ command: v.string() })),
  }),
  settings: v.object({ event_subscriptions: v.object({ bot_events: v.array(v.string()) }) }),
});

/** What an app gets that is made from our own manifest. */
async function manifestApp() {
  const text = await readFile(join(product, 'slack-app-manifest.yml'), 'utf8');
  const { oauth_config, features, settings } = v.parse(Manifest, parse(text));
  return {
    scopes: oauth_config.scopes.bot,
    events: settings.event_subscriptions.bot_events,
    commands: features.slash_commands.map(({ command }) => command),
    messagesTab: features.app_home.messages_tab_enabled,
  };
}

async function startTownSlack(options: TownOptions): Promise<SlackSandbox> {
  const members = everybody(options).map(({ slack, name }) => ({
    id: slack,
    name: name.toLowerCase(),
    realName: name,
  }));
  const { scopes, ...app } = await manifestApp();
  const gateway = gatewayOf(options);
  const bot = {
    userId: 'UBOT',
    botId: 'BBOT',
    appId: 'ABOT',
    token: BOT_TOKEN,
    scopes: options.bot?.scopes ?? scopes,
  };
  const inChannel = [...members.map(({ id }) => id), ...(options.bot?.inChannel === false ? [] : [bot.userId])];
  const sound: SlackOptions = {
    team: { id: 'T1', name: 'Acme' },
    members: [...members, { id: bot.userId, name: 'debug-approval', realName: 'Debug Approval', bot: true }],
    channels: [{ id: CHANNEL, name: CHANNEL_NAME, private: true, members: inChannel }],
    bot,
    ...app,
    ...(gateway === null ? {} : { commands: [...new Set([...app.commands, '/debug'])] }),
    ...(options.gateway === true ? { http: { signingSecret: townGateway().slackSigningSecret } } : {}),
    appToken: APP_TOKEN,
    delayMs: options.delayMs ?? 0,
    limits: options.limits ?? true,
  };
  return startSlack(options.slack?.(sound) ?? sound);
}

function environment(name: string, secrets: Record<string, string>): EnvironmentOptions {
  const branches = { kind: 'named' as const, patterns: [{ name: 'main', type: 'branch' as const }] };
  return { name, branches, adminBypass: false, reviewers: [], waitMinutes: 0, secrets };
}

/** What a user's repository holds: the actions (here as `./`), the workflows, the runbooks and the policy. */
async function fill(checkout: string, issuer: string, webhook: string | null, options: TownOptions): Promise<void> {
  const parts = [
    'action.yml',
    'action',
    // Says that the bundles are modules, as in the action's own repository: Node need not find out by reading them.
    'package.json',
    '.github/workflows/debug.yml',
    '.github/workflows/sweep.yml',
    '.github/workflows/doctor.yml',
    '.github/CODEOWNERS',
    '.github/runbooks',
  ];
  for (const part of parts) {
    // At once: one file after the other takes twenty times as long.
    cpSync(join(product, part), join(checkout, part), { recursive: true });
  }
  const policy = parseDocument(await readFile(join(product, '.github/debug-approval.yml'), 'utf8'));
  policy.setIn(['signers', 'issuer'], issuer);
  if (webhook !== null) policy.setIn(['webhook'], { url: webhook });
  const gateway = gatewayOf(options);
  if (gateway !== null) putInPolicy(policy, gateway);
  for (const { path, value } of options.policy ?? []) policy.setIn(path, value);
  await writeFile(join(checkout, '.github/debug-approval.yml'), policy.toString());
  if (gateway !== null) await waitInGateway(checkout);
  await options.prepare?.(checkout);
  await commitAll(checkout, 'Start');
}

/** Commits everything in the working tree. */
export async function commitAll(checkout: string, message: string): Promise<void> {
  await git(checkout, ['add', '--all', '--force']);
  await git(checkout, ['commit', '--quiet', '--allow-empty', '-m', message]);
}
