/** The installed GitHub App: its bot, who proves to be it by a JWT, and the tokens of its installation. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify, decodeJwt, errors, type JWTPayload } from 'jose';
import { type Accounts, botOf, type Principal } from './accounts.ts';
import type { AccountOptions, AppOptions, GitHubOptions } from './options.ts';
import { problem, type Refusal } from './reply.ts';
import type { World } from './world.ts';

export interface App {
  options: AppOptions;
  bot: AccountOptions;
  key: KeyObject;
  /** Whether it is still installed. */
  installed: boolean;
  /** Since when its installation is suspended, RFC 3339; null: it works. */
  suspendedAt: string | null;
}

/** The longest life that GitHub lets a JWT of an App have, in seconds. */
const JWT_MOST_S = 600;
/** How long an installation token works, in ms. */
export const TOKEN_MS = 3_600_000;

/** The App of the options; null: none is installed. */
export function openApp({ app }: GitHubOptions, accounts: Accounts): App | null {
  if (app === undefined) return null;
  const bot = accounts.find(botOf(app).login) ?? botOf(app);
  return { options: app, bot, key: createPublicKey(app.publicKey), installed: true, suspendedAt: null };
}

/** What a suspended installation's tokens get. */
export const suspended = (): Refusal => problem(403, 'This installation has been suspended');

/** Takes the App away, gives it back, or suspends it, as the organization's owner may. */
export function setInstalled(world: World, state: 'installed' | 'suspended' | 'removed'): void {
  if (world.app === null) throw new Error('The sandbox has no App; name one in `app`.');
  world.app.installed = state !== 'removed';
  world.app.suspendedAt = state === 'suspended' ? new Date(world.now()).toISOString() : null;
}

/**
 * The App that signed this JWT, or GitHub's refusal in the words by which @octokit/auth-app 8.3 tells a wrong clock
 * from a wrong key. GitHub's documentation promises no tolerance for clocks, so there is none here.
 */
export async function appBy(world: World, token: string): Promise<Principal | Refusal> {
  const claims = await verified(world.app, token);
  if (claims === null || world.app === null) return refused('A JSON web token could not be decoded');
  const now = Math.floor(world.now() / 1000);
  const { exp, iat } = claims;
  const { options, bot } = world.app;
  if (typeof exp !== 'number' || exp <= now)
    return refused(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > now + JWT_MOST_S) return refused("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== 'number' || !Number.isInteger(iat) || iat > now)
    return refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  return { kind: 'app', appId: options.id, permissions: {}, account: bot };
}

const refused = (message: string): Refusal => problem(401, message);

/** What the App's key signed by RS256; null: nothing, or another App's. */
async function verified(app: App | null, token: string): Promise<JWTPayload | null> {
  if (app === null) return null;
  try {
    await compactVerify(token, app.key, { algorithms: ['RS256'] });
    const claims = decodeJwt(token);
    return String(claims.iss) === String(app.options.id) ? claims : null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
