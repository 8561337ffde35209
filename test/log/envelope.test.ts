/** The envelope itself: what it says, and what passes for one by nobody else's word than the policy's. */
import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importPKCS8, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { askHash, ENVELOPE_AUDIENCE, type Enveloped, envelopeToken, verifyEnvelope } from '../../src/log/envelope.ts';
import { gatewayKey } from '../../src/log/gateway-token.ts';
import { GATEWAY_ISSUER, type Trust, type TrustedKey } from '../../src/log/trust.ts';
import * as b from './build.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const jwk: TrustedKey = { ...publicKey.export({ format: 'jwk' }), kid: 'acme' };
const trust: Trust = { ...b.trust, issuers: [{ issuer: GATEWAY_ISSUER, keys: [jwk] }] };
const REPOSITORY = { id: trust.repositoryId, ownerId: trust.ownerId };
const ASK = {
  ...{ runbook: 'status', target: 'production', inputs: { service: 'web', lines: 5 }, reason: 'Orders hang' },
  ...{ ticket: 'OPS-1', urgency: 'high', duration: 300, wait: 'gateway' },
};
const NOW = Date.parse('2026-03-02T10:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const CONTENT: Enveloped = {
  jti: '3b241101-e2bb-4255-8caf-4136c566a962',
  person: 'ana',
  slack: { team: 'T1', user: 'UANA' },
  github: { id: 101, login: 'ana-dev' },
  request: askHash(ASK) ?? '',
};

async function token(): Promise<string> {
  const key = await gatewayKey('acme', pem);
  if (key === null) throw new Error('This is no key.');
  return envelopeToken(key, REPOSITORY, CONTENT, NOW);
}

/** Signed with the gateway's own key, with these claims changed or left out (undefined). */
async function signed(change: Record<string, unknown>, header: { kid?: string } = { kid: 'acme' }): Promise<string> {
  const claims = { ...decodeJwt(await token()), ...change };
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader({ alg: 'EdDSA', ...header }).sign(await importPKCS8(pem, 'EdDSA'));
}

const judged = async (text: string, begun = 0) => verifyEnvelope(text, trust, at(begun));

test('it says exactly who asks what, where, when and for how long', async () => {
  const text = await token();
  expect(decodeProtectedHeader(text)).toEqual({ alg: 'EdDSA', kid: 'acme' });
  expect(decodeJwt(text)).toEqual({
    ...{ iss: GATEWAY_ISSUER, aud: 'debug-approval:request', iat: NOW / 1000, exp: NOW / 1000 + 300 },
    ...{ repository_id: String(REPOSITORY.id), repository_owner_id: String(REPOSITORY.ownerId) },
    ...CONTENT,
  });
  expect(await judged(text)).toEqual({ ok: true, envelope: CONTENT, unusedBefore: NOW - 120_000 });
});

test.each([
  [-120, true],
  [-121, false],
  [300, true],
  [301, false],
])('it may begin a run that GitHub made %i s after it: %s', async (seconds, ok) => {
  expect(await judged(await token(), seconds)).toMatchObject({ ok });
});

describe('what is signed with the right key and says anything else counts for nothing', () => {
  test.each<[string, Record<string, unknown>]>([
    ['an audience of a record', { aud: `debug-approval:sha256:${'0'.repeat(64)}` }],
    ['several audiences', { aud: [ENVELOPE_AUDIENCE, 'other'] }],
    ['another issuer', { iss: 'https://token.actions.githubusercontent.com' }],
    ['a longer life', { exp: NOW / 1000 + 86_400 }],
    ['no end', { exp: undefined }],
    ['no id', { jti: undefined }],
    ['an id that is no UUID', { jti: 'again' }],
    ['one word more', { break_glass: true }],
    ['no Slack account', { slack: undefined }],
    ['a hash that is none', { request: 'sha256:0' }],
    ['another repository', { repository_id: '1' }],
  ])('%s', async (_, change) => {
    expect(await judged(await signed(change))).toMatchObject({ ok: false });
  });

  test('no name of its key', async () => {
    expect(await judged(await signed({}, {}))).toMatchObject({ ok: false });
  });
});

describe('what is not signed with a key of the policy counts for nothing', () => {
  const parts = async () => (await token()).split('.');
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('no signature, and an algorithm that needs none', async () => {
    const [, payload] = await parts();
    expect(await judged(`${encoded({ alg: 'none', kid: 'acme' })}.${payload}.`)).toMatchObject({ ok: false });
  });

  test('the public key taken as a secret', async () => {
    const secret = new TextEncoder().encode(jwk.x);
    const forged = await new SignJWT(decodeJwt(await token()))
      .setProtectedHeader({ alg: 'HS256', kid: 'acme' })
      .sign(secret);
    expect(await judged(forged)).toMatchObject({ ok: false });
  });

  test('a key that it brings along itself', async () => {
    const own = generateKeyPairSync('ed25519');
    const header = { alg: 'EdDSA', kid: 'acme', jwk: own.publicKey.export({ format: 'jwk' }) };
    const forged = await new SignJWT(decodeJwt(await token())).setProtectedHeader(header).sign(own.privateKey);
    expect(await judged(forged)).toMatchObject({ ok: false });
  });

  test('another payload under the same signature', async () => {
    const [header, , signature] = await parts();
    const payload = encoded({ ...decodeJwt(await token()), person: 'cy' });
    expect(await judged(`${header}.${payload}.${signature}`)).toMatchObject({ ok: false });
  });
});

test('the hash of what is asked is the same in whatever order its names stand, and another for any other value', () => {
  expect(askHash({ ...ASK, inputs: { lines: 5, service: 'web' } })).toBe(askHash(ASK));
  expect(askHash({ ...ASK, inputs: { lines: '5', service: 'web' } })).not.toBe(askHash(ASK));
  expect(askHash({ ...ASK, duration: null })).not.toBe(askHash(ASK));
  expect(askHash({ ...ASK, reason: '\ud800' })).toBeNull();
});
