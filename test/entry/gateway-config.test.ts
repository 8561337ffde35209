/** The gateway's configuration: what is read from where, and that every mistake is told at once and no secret ever. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { readGatewayConfig } from '../../src/entry/cli/gateway-config.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem).toString();
const ED25519 = generateKeyPairSync('ed25519').privateKey.export(pem).toString();

const ENV = {
  ...{ GITHUB_APP_ID: '77', GITHUB_APP_PRIVATE_KEY: RSA, GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-of-ours' },
  ...{ GATEWAY_KEY_NAME: 'acme-2026', GATEWAY_PRIVATE_KEY: ED25519 },
  ...{ SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_SIGNING_SECRET: '0123456789abcdef' },
};

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'given'), text);
  return join(folder, 'given');
}

async function refusal(env: Record<string, string | undefined>, path?: string): Promise<string> {
  const error = await readGatewayConfig(env, path).catch((thrown: unknown) => thrown);
  if (!(error instanceof Fault)) throw new Error('It was not refused.');
  expect(error.code).toBe('input');
  for (const secret of Object.values(ENV).filter((value) => value.length > 12))
    expect(error.message).not.toContain(secret);
  return error.message;
}

test('the environment alone is enough, and nothing listens to others than this machine unless it is told to', async () => {
  expect(await readGatewayConfig(ENV, undefined)).toMatchObject({
    api: { url: 'https://api.github.com', loopback: false },
    serverUrl: 'https://github.com',
    app: { id: 77, privateKey: RSA, webhookSecrets: ['a-webhook-secret-of-ours'] },
    key: { name: 'acme-2026', thumbprint: expect.stringMatching(/^[\w-]{43}$/) },
    slack: { botToken: 'xoxb-1-abc', by: { kind: 'http', signingSecret: '0123456789abcdef' } },
    ...{ directoryToken: null, listen: { address: '127.0.0.1', port: 8080 }, logLevel: 'info' },
    policyPath: '.github/debug-approval.yml',
    secrets: [RSA, 'a-webhook-secret-of-ours', ED25519, 'xoxb-1-abc', '0123456789abcdef'],
  });
});

test('settings may stand in a file, and secrets in files of their own; a variable counts more', async () => {
  const { GITHUB_APP_ID: _, GITHUB_WEBHOOK_SECRET: __, ...env } = ENV;
  const secret = await file('a-new-webhook-secret\nthe-webhook-secret-before\n');
  const config = await file(
    `github-app-id: 78\ngithub-webhook-secret-file: ${secret}\nlisten-address: 0.0.0.0\nlisten-port: 9000\n`,
  );
  expect(await readGatewayConfig({ ...env, LISTEN_PORT: '9001' }, config)).toMatchObject({
    app: { id: 78, webhookSecrets: ['a-new-webhook-secret', 'the-webhook-secret-before'] },
    listen: { address: '0.0.0.0', port: 9001 },
    secrets: expect.arrayContaining(['a-new-webhook-secret', 'the-webhook-secret-before']),
  });
});

test('a key may be written in one line, as some environments must', async () => {
  const env = { ...ENV, GITHUB_APP_PRIVATE_KEY: RSA.replaceAll('\n', '\\n') };
  expect((await readGatewayConfig(env, undefined)).app.privateKey).toBe(RSA);
});

test('Slack is left out whole, or hears by HTTP, or by Socket Mode, never by both', async () => {
  const { SLACK_BOT_TOKEN: bot, SLACK_SIGNING_SECRET: signing, ...env } = ENV;
  expect((await readGatewayConfig(env, undefined)).slack).toBeNull();
  const socket = await readGatewayConfig({ ...env, SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: 'xapp-1-abc' }, undefined);
  expect(socket.slack?.by).toEqual({ kind: 'socket', appToken: 'xapp-1-abc' });
  expect(await refusal({ ...ENV, SLACK_APP_TOKEN: 'xapp-1-abc' })).toContain('never by both');
  expect(await refusal({ ...env, SLACK_BOT_TOKEN: bot })).toContain('nobody would hear what people do in Slack');
  expect(await refusal({ ...env, SLACK_SIGNING_SECRET: signing })).toContain(
    'SLACK_BOT_TOKEN (or SLACK_BOT_TOKEN_FILE)',
  );
});

test('all that is missing is told at once', async () => {
  expect(await refusal({})).toMatchInlineSnapshot(`
    "The gateway does not start: its configuration has 5 mistakes.
    - GITHUB_APP_ID (github-app-id) is missing: the app's id, a whole number, from its settings.
    - GITHUB_APP_PRIVATE_KEY (or GITHUB_APP_PRIVATE_KEY_FILE) is missing: the app's RSA key in PEM, from its settings → Private keys.
    - GITHUB_WEBHOOK_SECRET (or GITHUB_WEBHOOK_SECRET_FILE) is missing: the app's webhook secret, at least 16 characters; while it is being changed a second line with the one before.
    - GATEWAY_KEY_NAME (gateway-key-name) is missing: the name that the policy gives the public half of the key: lower-case letters, digits and "-".
    - GATEWAY_PRIVATE_KEY (or GATEWAY_PRIVATE_KEY_FILE) is missing: the Ed25519 key that signs the gateway's records, in PEM: openssl genpkey -algorithm ed25519."
  `);
});

test('all that is wrong is told at once, with what is allowed', async () => {
  const config = await file('github-app-id: [1]\nslack-bot-token: xoxb-1-abc\nlisten_port: 1\n');
  const env = {
    ...{ GITHUB_API_URL: 'http://github.example', GITHUB_APP_PRIVATE_KEY: ED25519, GITHUB_WEBHOOK_SECRET: 'short' },
    ...{ GATEWAY_KEY_NAME: 'Acme', GATEWAY_PRIVATE_KEY: RSA, SLACK_BOT_TOKEN: 'xapp-1-abc' },
    ...{ SLACK_SIGNING_SECRET: 'short', LISTEN_PORT: '65536', LOG_LEVEL: 'loud', DIRECTORY_TOKEN: 'a token' },
    GATEWAY_PRIVATE_KEY_FILE: '/somewhere',
  };
  expect((await refusal(env, config)).replaceAll(config, 'gateway.yml')).toMatchInlineSnapshot(`
    "The gateway does not start: its configuration has 15 mistakes.
    - gateway.yml:1:16: github-app-id: must be one text or number.
    - gateway.yml:2:1: slack-bot-token: is a secret, which may not stand in this file; name its file by slack-bot-token-file.
    - gateway.yml:3:1: listen_port: is unknown; allowed are github-app-id, gateway-key-name, github-api-url, github-server-url, slack-api-url, policy, listen-address, listen-port, log-level, github-app-private-key-file, github-webhook-secret-file, gateway-private-key-file, slack-bot-token-file, slack-signing-secret-file, slack-app-token-file, directory-token-file.
    - GATEWAY_PRIVATE_KEY and GATEWAY_PRIVATE_KEY_FILE are both set: set one.
    - GITHUB_APP_ID (github-app-id) is missing: the app's id, a whole number, from its settings.
    - GITHUB_APP_PRIVATE_KEY (or GITHUB_APP_PRIVATE_KEY_FILE) is no private key of the type rsa in PEM: the app's RSA key in PEM, from its settings → Private keys.
    - GITHUB_WEBHOOK_SECRET (or GITHUB_WEBHOOK_SECRET_FILE) is too short or holds a space: the app's webhook secret, at least 16 characters; while it is being changed a second line with the one before.
    - GATEWAY_KEY_NAME (gateway-key-name) is "Acme": the name that the policy gives the public half of the key: lower-case letters, digits and "-".
    - GATEWAY_PRIVATE_KEY (or GATEWAY_PRIVATE_KEY_FILE) is no private key of the type ed25519 in PEM: the Ed25519 key that signs the gateway's records, in PEM: openssl genpkey -algorithm ed25519.
    - SLACK_BOT_TOKEN (or SLACK_BOT_TOKEN_FILE) is a token of another kind, or none: the bot token (xoxb-…); without Slack leave out all three of Slack.
    - SLACK_SIGNING_SECRET (or SLACK_SIGNING_SECRET_FILE) is too short or holds a space: for Slack over HTTP: the app's signing secret.
    - The API address "http://github.example" is refused: http is accepted for this machine itself (loopback) only. GITHUB_API_URL (github-api-url): the address of GitHub's API; of a GitHub Enterprise Server https://HOST/api/v3.
    - LISTEN_PORT (listen-port) is "65536": the port to listen at, 0 to 65535 (0: any).
    - LOG_LEVEL (log-level) is "loud": debug, info, warn or error.
    - DIRECTORY_TOKEN (or DIRECTORY_TOKEN_FILE) is no token: a token that may read the teams of the policy; left out: the app itself reads them."
  `);
});

test('a file that is no YAML, or that is not there, is told with its place', async () => {
  expect(await refusal(ENV, await file('a: 1\na: 2\n'))).toContain('given:2:');
  expect(await refusal(ENV, await file('- a\n'))).toContain('must hold keys and values');
  expect(await refusal(ENV, '/no/such/file')).toContain('The file /no/such/file cannot be read');
  // It is not told that it is missing, too.
  expect(await refusal({ ...ENV, SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: '/no/such/file' })).toMatch(
    /has a mistake\.\n- SLACK_BOT_TOKEN_FILE: the file \/no\/such\/file cannot be read[^\n]*$/,
  );
});
