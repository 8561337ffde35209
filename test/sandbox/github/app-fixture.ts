/** A sandbox GitHub on which an App is installed, for the tests of this folder. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import type { AppOptions, GitHubOptions } from '../../../src/sandbox/github/options.ts';
import { type Fixture, open, start } from './fixture.ts';

interface Keys {
  publicKey: string;
  privateKey: KeyObject;
}

const made = new Map<string, Keys>();

/** A key pair by a name; each is made once, since making one takes long. */
export function keysOf(name: string): Keys {
  const known = made.get(name);
  if (known !== undefined) return known;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: createPrivateKey(privateKey.export({ type: 'pkcs1', format: 'pem' })),
  };
  made.set(name, keys);
  return keys;
}

export const WEBHOOK_SECRET = 'a secret of the webhook';

export const appOptions = (): AppOptions => ({
  id: 4711,
  slug: 'debug-approval-acme',
  installationId: 815,
  publicKey: keysOf('own').publicKey,
  webhookSecret: WEBHOOK_SECRET,
  permissions: { actions: 'write', contents: 'read', deployments: 'write', issues: 'write', members: 'read' },
  events: ['deployment_protection_rule', 'issue_comment', 'issues', 'workflow_run'],
});

/** What a JWT says other than it should. */
export interface JwtChange {
  key?: string;
  iss?: string;
  iat?: number | undefined;
  exp?: number;
}

const Token = v.object({ token: v.string(), expires_at: v.string(), permissions: v.record(v.string(), v.string()) });

export interface AppFixture extends Fixture {
  app: AppOptions;
  jwt(change?: JwtChange): Promise<string>;
  installationToken(body?: object): Promise<v.InferOutput<typeof Token>>;
}

/** A GitHub with an App, that ends with the test. */
export const startWithApp = async (change: Partial<GitHubOptions> = {}): Promise<AppFixture> =>
  withApp(await start({ app: appOptions(), ...change }));

/** The same for several tests, which must close it. */
export async function openWithApp(
  change: Partial<GitHubOptions> = {},
  prepare?: (gitDir: string) => void,
): Promise<AppFixture & { close: () => Promise<void> }> {
  const { close, ...fixture } = await open({ app: appOptions(), ...change }, prepare);
  return { ...withApp(fixture), close };
}

function withApp(fixture: Fixture): AppFixture {
  const app = appOptions();
  const jwt = (change: JwtChange = {}): Promise<string> => signedJwt(app, change);
  return {
    ...fixture,
    app,
    jwt,
    async installationToken(body) {
      const path = `/app/installations/${app.installationId}/access_tokens`;
      const { json } = await fixture.ask('POST', path, { token: await jwt(), ...(body === undefined ? {} : { body }) });
      return v.parse(Token, json);
    },
  };
}

function signedJwt({ id }: AppOptions, { key = 'own', ...claims }: JwtChange): Promise<string> {
  const iat = Math.floor(Date.now() / 1000) - 30;
  const said = { iss: String(id), iat, exp: iat + 570, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(said)))
    .setProtectedHeader({ alg: 'RS256' })
    .sign(keysOf(key).privateKey);
}
