/** What a policy says of the gateway: the GitHub App that it runs as, and the keys by which its records are known. */
import * as v from 'valibot';
import { closed, Key } from './schema-parts.ts';

/** SPKI of an Ed25519 key is this and the key's 32 bytes (RFC 8410 §4). */
const SPKI_PREFIX = '302a300506032b6570032100';

const PublicKey = v.pipe(
  v.string(),
  v.check(
    (text) => rawKey(text) !== null,
    'must be the public half of an Ed25519 key in base64, one line of 60 characters; `openssl pkey -in gateway.pem -pubout -outform DER | base64` prints it',
  ),
  v.description('The public half: base64 of its SPKI form, as openssl prints it.'),
);

const Until = v.pipe(
  v.string(),
  v.check((text) => isMoment(text), 'must be a moment in UTC such as 2027-01-31T00:00:00Z'),
  v.description(
    'For a retired key: what it signed later than this does not count, such as 2027-01-31T00:00:00Z. Left out: it is in use.',
  ),
);

const GatewayKey = closed({
  name: v.pipe(Key, v.description('What records call it.')),
  key: PublicKey,
  until: v.exactOptional(Until),
});

/** The keys with which the gateway signs; as they are written. */
export const GatewayKeys = v.pipe(
  v.array(GatewayKey),
  v.minLength(1, 'must hold at least one'),
  v.maxLength(20, 'must hold at most 20'),
  v.checkItems(
    ({ name }, index, keys) => keys.findIndex((one) => one.name === name) === index,
    'has the name of another one; a name must mean one key',
  ),
  v.checkItems(
    ({ key }, index, keys) => keys.findIndex((one) => rawKey(one.key) === rawKey(key)) === index,
    'is the same key under another name',
  ),
  v.description(
    'Public keys of the gateway; retired ones stay, with `until`, as long as their records are to be verified.',
  ),
);
export type GatewayKey = v.InferOutput<typeof GatewayKey>;

/** The gateway of a repository; as it is written. */
export const Gateway = closed({
  app: v.pipe(
    v.number(),
    v.safeInteger('must be the id of a GitHub App, a whole number'),
    v.minValue(1, 'must be the id of a GitHub App, a whole number'),
    v.description('The id of the GitHub App that the gateway runs as: its rule holds the debug jobs.'),
  ),
});

/** The 32 bytes of a public Ed25519 key from its SPKI in base64, as base64url, as a JWK has them (RFC 8037); null: it is none. */
export function rawKey(spki: string): string | null {
  if (!/^[A-Za-z0-9+/]{59}=$/.test(spki)) return null;
  const hex = Array.from(atob(spki), (sign) => sign.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  if (!hex.startsWith(SPKI_PREFIX) || hex.length !== SPKI_PREFIX.length + 64) return null;
  const raw = atob(spki).slice(SPKI_PREFIX.length / 2);
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function isMoment(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().replace('.000Z', 'Z') === text;
}
