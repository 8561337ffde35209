/** The gateway's configuration: environment variables first, then one YAML file; all mistakes are told at once, no secret ever. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { Fault, messageOf } from '../../app/fault.ts';
import { serverOf } from '../../app/init/server.ts';
import { type ApiAddress, parseApiAddress } from '../../github/api-address.ts';
import { type GatewayKeyPair, gatewayKey } from '../../log/gateway-token.ts';
import { formatProblems } from '../../policy/problems.ts';
import { Key } from '../../policy/schema-parts.ts';
import { readYaml } from '../../policy/yaml-source.ts';
import { slackApiAddress } from '../../slack/api-address.ts';
import { tokenKind } from '../../slack/token-kind.ts';
import { SECRETS, SETTINGS, type SecretName, type SettingName } from './gateway-settings.ts';

export interface GatewayConfig {
  api: ApiAddress;
  serverUrl: string;
  app: { id: number; privateKey: string; webhookSecrets: string[] };
  key: GatewayKeyPair;
  slack: {
    botToken: string;
    apiUrl: string;
    /** How Slack's payloads arrive. An app has one of both switched on. */
    by: { kind: 'http'; signingSecret: string } | { kind: 'socket'; appToken: string };
  } | null;
  directoryToken: string | null;
  listen: { address: string; port: number };
  policyPath: string;
  logLevel: LogLevel;
  /** Every secret, for whatever masks them. */
  secrets: string[];
}

const LogLevel = v.picklist(['debug', 'info', 'warn', 'error']);
export type LogLevel = v.InferOutput<typeof LogLevel>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What was given, by name, and the mistakes that were found on the way. */
interface Given {
  setting(name: SettingName): string | null;
  secret(name: SecretName): string | null;
  /** Notes a mistake, and gives nothing. */
  wrong(name: SettingName | SecretName, what: string): null;
  mistakes: string[];
  /** Every secret that was given. */
  secrets(): string[];
}

/** Reads and checks all of it. Throws a Fault `input` that lists every mistake, with what is allowed and never with a secret. */
export async function readGatewayConfig(env: Environment, file: string | undefined): Promise<GatewayConfig> {
  const given = await collect(env, file);
  const { mistakes } = given;
  const app = readApp(given);
  const key = await readKey(given);
  const slack = readSlack(given);
  const place = readPlace(given);
  if (app === null || key === null || slack === undefined || place === null || mistakes.length > 0) {
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
    throw new Fault(
      'input',
      `The gateway does not start: its configuration has ${count}.\n${mistakes.map((one) => `- ${one}`).join('\n')}`,
      'Mend the environment variables or the file; `debug-approval gateway --help` lists them.',
    );
  }
  return { app, key, slack, secrets: given.secrets(), ...place };
}

async function collect(env: Environment, file: string | undefined): Promise<Given> {
  const mistakes: string[] = [];
  const inFile = file === undefined ? {} : await readFileSettings(file, mistakes);
  const secrets = new Map<string, string>();
  // Of these it is told already what is wrong.
  const told = new Set<string>();
  for (const [name, { variable }] of Object.entries(SECRETS)) {
    const direct = env[variable] || null;
    const path = env[`${variable}_FILE`] || inFile[`${name}-file`] || null;
    if (direct !== null && env[`${variable}_FILE`]) {
      mistakes.push(`${variable} and ${variable}_FILE are both set: set one.`);
    }
    const value = direct ?? (path === null ? null : await secretFile(`${variable}_FILE`, path, mistakes));
    if (value !== null) secrets.set(name, value);
    else if (path !== null) told.add(name);
  }
  return {
    mistakes,
    setting: (name) => env[SETTINGS[name].variable]?.trim() || inFile[name] || SETTINGS[name].fallback,
    secret: (name) => secrets.get(name) ?? null,
    // Of two webhook secrets each is one; a key is one with all its lines.
    secrets: () => [...secrets.values()].flatMap((one) => (one.startsWith('-----') ? one : one.split(/\r?\n/))),
    wrong(name, what) {
      if (!told.has(name)) mistakes.push(isSetting(name) ? wrongSetting(name, what) : wrongSecret(name, what));
      return null;
    },
  };
}

const isSetting = (name: SettingName | SecretName): name is SettingName => name in SETTINGS;

function wrongSetting(name: SettingName, what: string): string {
  return `${SETTINGS[name].variable} (${name}) ${what}: ${SETTINGS[name].what}`;
}

function wrongSecret(name: SecretName, what: string): string {
  const { variable, what: expected } = SECRETS[name];
  return `${variable} (or ${variable}_FILE) ${what}: ${expected}`;
}

/** The settings of the file as text; secrets may not stand in it, but where they do. */
async function readFileSettings(file: string, mistakes: string[]): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    mistakes.push(`The file ${file} cannot be read: ${messageOf(error)}.`);
    return {};
  }
  const { data, problems, locate } = readYaml(text);
  if (problems.length > 0) {
    mistakes.push(...formatProblems(file, problems).split('\n'));
    return {};
  }
  const names = [...Object.keys(SETTINGS), ...Object.keys(SECRETS).map((name) => `${name}-file`)];
  const parsed = v.safeParse(v.record(v.string(), v.unknown()), data ?? {});
  if (!parsed.success || Array.isArray(data)) {
    mistakes.push(`${file}:1:1: must hold keys and values; allowed are ${names.join(', ')}.`);
    return {};
  }
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed.output)) {
    const at = (which: 'key' | 'value', message: string) =>
      mistakes.push(formatProblems(file, [locate({ path: [name], at: which, message })]));
    if (name in SECRETS) at('key', `is a secret, which may not stand in this file; name its file by ${name}-file.`);
    else if (!names.includes(name)) at('key', `is unknown; allowed are ${names.join(', ')}.`);
    else if (typeof value !== 'string' && typeof value !== 'number') at('value', 'must be one text or number.');
    else found[name] = String(value);
  }
  return found;
}

async function secretFile(variable: string, path: string, mistakes: string[]): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (text !== '') return text;
    mistakes.push(`${variable}: the file ${path} is empty.`);
  } catch (error) {
    mistakes.push(`${variable}: the file ${path} cannot be read: ${messageOf(error)}.`);
  }
  return null;
}

function readApp(given: Given): GatewayConfig['app'] | null {
  const id = need(given, 'github-app-id');
  const right = id !== null && /^[1-9]\d{0,14}$/.test(id);
  if (id !== null && !right) given.wrong('github-app-id', `is ${JSON.stringify(id.slice(0, 40))}`);
  const privateKey = pem(given, 'github-app-private-key', 'rsa');
  const secrets = webhookSecrets(given);
  if (!right || privateKey === null || secrets === null) return null;
  return { id: Number(id), privateKey, webhookSecrets: secrets };
}

async function readKey(given: Given): Promise<GatewayKeyPair | null> {
  const name = need(given, 'gateway-key-name');
  const right = v.safeParse(Key, name).success;
  if (name !== null && !right) given.wrong('gateway-key-name', `is ${JSON.stringify(name.slice(0, 70))}`);
  const key = pem(given, 'gateway-private-key', 'ed25519');
  return key === null || name === null || !right ? null : gatewayKey(name, key);
}

/** null: without Slack. undefined: there is a mistake. */
function readSlack(given: Given): GatewayConfig['slack'] | undefined {
  const apiUrl = tried(given, () => slackApiAddress(given.setting('slack-api-url') ?? undefined));
  const tokens = { bot: given.secret('slack-bot-token'), app: given.secret('slack-app-token') };
  const signing = given.secret('slack-signing-secret');
  if (tokens.bot === null && tokens.app === null && signing === null) return apiUrl === null ? undefined : null;
  const botToken = token(given, 'slack-bot-token', 'bot');
  if (signing !== null && tokens.app !== null) {
    given.mistakes.push(
      'SLACK_SIGNING_SECRET and SLACK_APP_TOKEN are both set: an app hears by HTTP (the signing secret) or by Socket Mode (the app-level token), never by both.',
    );
    return undefined;
  }
  if (signing === null && tokens.app === null) {
    given.mistakes.push(
      "SLACK_SIGNING_SECRET and SLACK_APP_TOKEN (or their _FILE) are both missing, and nobody would hear what people do in Slack: set the app's signing secret for HTTP, or the app-level token (xapp-…) for Socket Mode.",
    );
    return undefined;
  }
  const signingSecret = signing === null ? null : long(given, 'slack-signing-secret', signing);
  const appToken = tokens.app === null ? null : token(given, 'slack-app-token', 'app');
  if (botToken === null || apiUrl === null) return undefined;
  if (signingSecret !== null) return { botToken, apiUrl, by: { kind: 'http', signingSecret } };
  return appToken === null ? undefined : { botToken, apiUrl, by: { kind: 'socket', appToken } };
}

type Place = Pick<GatewayConfig, 'api' | 'serverUrl' | 'directoryToken' | 'listen' | 'policyPath' | 'logLevel'>;

function readPlace(given: Given): Place | null {
  const api = tried(given, () => parseApiAddress(given.setting('github-api-url') ?? ''), 'github-api-url');
  const server = given.setting('github-server-url');
  const serverUrl = server ?? (api === null ? null : serverOf(api).url);
  if (serverUrl !== null && !/^https?:\/\/[^/?#@]+\/?$/.test(serverUrl))
    given.wrong('github-server-url', 'is no address');
  const port = given.setting('listen-port') ?? '';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    given.wrong('listen-port', `is ${JSON.stringify(port.slice(0, 40))}`);
  const level = v.safeParse(LogLevel, given.setting('log-level'));
  if (!level.success) given.wrong('log-level', `is ${JSON.stringify(given.setting('log-level')?.slice(0, 40))}`);
  const directoryToken = given.secret('directory-token');
  if (directoryToken !== null && !/^[\x21-\x7e]+$/.test(directoryToken)) given.wrong('directory-token', 'is no token');
  if (api === null || serverUrl === null || !level.success) return null;
  return {
    ...{ api, serverUrl: serverUrl.replace(/\/$/, ''), directoryToken, logLevel: level.output },
    listen: { address: given.setting('listen-address') ?? '', port: Number(port) },
    policyPath: given.setting('policy') ?? '',
  };
}

function need(given: Given, name: SettingName): string | null {
  return given.setting(name) ?? given.wrong(name, 'is missing');
}

/** A private key in PEM; environments that cannot hold line breaks write them as `\n`. */
function pem(given: Given, name: SecretName, type: 'rsa' | 'ed25519'): string | null {
  const text = given.secret(name);
  if (text === null) return given.wrong(name, 'is missing');
  const key = text.includes('\n') ? text : text.replaceAll('\\n', '\n');
  try {
    if (createPrivateKey(key).asymmetricKeyType === type) return key;
  } catch {
    // OpenSSL's words may quote the key; what is expected says enough.
  }
  return given.wrong(name, `is no private key of the type ${type} in PEM`);
}

/** One on each line: the new one and, while it is being changed, the one before. */
function webhookSecrets(given: Given): string[] | null {
  const name = 'github-webhook-secret';
  const lines = (given.secret(name) ?? '').split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0) return given.wrong(name, 'is missing');
  if (lines.length > 2) return given.wrong(name, `has ${lines.length} lines`);
  return lines.every((line) => long(given, name, line) !== null) ? lines : null;
}

/** What could be guessed would let anybody speak as GitHub or Slack. */
function long(given: Given, name: SecretName, secret: string): string | null {
  return secret.length < 16 || /\s/.test(secret) ? given.wrong(name, 'is too short or holds a space') : secret;
}

function token(given: Given, name: 'slack-bot-token' | 'slack-app-token', kind: 'bot' | 'app'): string | null {
  const value = given.secret(name);
  if (value === null) return given.wrong(name, 'is missing');
  return tokenKind(value) === kind ? value : given.wrong(name, 'is a token of another kind, or none');
}

/** A part whose reader throws a Fault that says it all; of a setting (`name`) all but what to do, which is another thing in a job. */
function tried<T>(given: Given, reading: () => T, name?: SettingName): T | null {
  try {
    return reading();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const remedy = name === undefined ? error.remedy : `${SETTINGS[name].variable} (${name}): ${SETTINGS[name].what}`;
    given.mistakes.push(`${error.message} ${remedy}`);
    return null;
  }
}
