/** Which signatures are believed: each test is an attempt to have another one believed. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { signatureAudience, signedRecord } from '../../src/log/record.ts';
import { verifySignature } from '../../src/log/signature.ts';
import type { Trust } from '../../src/log/trust.ts';
import * as b from './build.ts';

const record = b.draft(b.EMPTY, b.ASK, [b.opening()]);
const claims = b.claimsFor(b.ASK, record.hash, 10);
const createdAt = b.instant(10);
const verify = (token: string, trust: Trust = b.trust, time = createdAt) =>
  verifySignature(signedRecord(record, token), { createdAt: time }, trust);
const withClaims = async (change: Record<string, unknown>, trust: Trust = b.trust) =>
  verify(await b.sign({ ...claims, ...change }), trust);
const refusal = async (result: ReturnType<typeof verify>) => {
  const { ok, ...rest } = await result;
  return ok ? 'accepted' : 'code' in rest ? rest.code : 'accepted';
};

const own = (path: string, ref = 'refs/heads/main') => `acme/shop/${path}@${ref}`;
const DEBUG_YML = '.github/workflows/debug.yml';
const both = (ref: string) => ({ workflow_ref: ref, job_workflow_ref: ref });

test("GitHub's token for exactly this record is believed, years later, and says who wrote it", async () => {
  expect(await withClaims({})).toEqual({
    ok: true,
    claims: {
      issuer: b.ISSUER,
      run: 9001,
      attempt: 1,
      environment: 'debug-approval',
      event: 'workflow_dispatch',
      workflow: own(DEBUG_YML),
      commit: 'c'.repeat(40),
      checkRun: null,
      issuedAt: claims.iat,
    },
    key: { issuer: b.ISSUER, kid: 'k1', thumbprint: await calculateJwkThumbprint(b.jwk) },
  });
});

test('a record without a signature is not believed', async () => {
  expect(await verifySignature(record, { createdAt }, b.trust)).toMatchObject({ ok: false, code: 'unsigned' });
});

test.each([
  ['a token for another hash', { aud: signatureAudience(`sha256:${'0'.repeat(64)}`) }, 'signature'],
  ["a token for another product's audience", { aud: record.hash }, 'signature'],
  ['a token for many audiences', { aud: [signatureAudience(record.hash), 'sts.amazonaws.com'] }, 'claims'],
  ['another repository', { repository_id: '71' }, 'repository'],
  ['another owner', { repository_owner_id: '8' }, 'repository'],
  ['an id that only looks like the right one', { repository_id: '070' }, 'claims'],
  ['another workflow of this repository', both(own('.github/workflows/other.yml')), 'workflow'],
  ["another branch's copy of a listed workflow", both(own(DEBUG_YML, 'refs/heads/feature')), 'workflow'],
  ['a tag named like the default branch', both(own(DEBUG_YML, 'refs/tags/main')), 'workflow'],
  ['a branch whose name ends like the right ref', both(own(DEBUG_YML, 'refs/heads/x@refs/heads/main')), 'workflow'],
  ['a path that differs in case', both(own('.github/workflows/Debug.yml')), 'workflow'],
  [
    "another branch's workflow that calls ours",
    { workflow_ref: own('.github/workflows/evil.yml', 'refs/heads/evil') },
    'workflow',
  ],
  [
    'an unlisted workflow of the default branch that calls ours',
    { workflow_ref: own('.github/workflows/evil.yml') },
    'workflow',
  ],
  ['our workflow that calls an unlisted one', { job_workflow_ref: own('.github/workflows/evil.yml') }, 'workflow'],
  ["our workflow that calls another branch's", { job_workflow_ref: own(DEBUG_YML, 'refs/heads/evil') }, 'workflow'],
  [
    'a called workflow of an unlisted repository',
    { job_workflow_ref: `evil/ops/.github/workflows/ask.yml@refs/heads/main` },
    'workflow',
  ],
  [
    'a namesake of our workflow in another repository',
    { job_workflow_ref: `evil/shop/${DEBUG_YML}@refs/heads/main` },
    'workflow',
  ],
  [
    "another repository's listed workflow as the caller",
    { workflow_ref: 'acme/ops/.github/workflows/ask.yml@refs/heads/main' },
    'workflow',
  ],
  ['no called workflow at all', { job_workflow_ref: undefined }, 'claims'],
  ['another run', { run_id: '9002' }, 'writer'],
  ['another attempt', { run_attempt: '2' }, 'writer'],
  ["the debug job's environment", { environment: 'production' }, 'writer'],
  ['no environment', { environment: undefined }, 'writer'],
  ['another issuer', { iss: 'https://token.actions.githubusercontent.com.evil.example' }, 'issuer'],
  ['the issuer with a slash more', { iss: `${b.ISSUER}/` }, 'issuer'],
  ['a loopback issuer that nobody trusts', { iss: 'http://127.0.0.1:8080' }, 'issuer'],
  ['no issuer', { iss: undefined }, 'not-a-token'],
  ['a token issued 121 s before the comment', { iat: claims.iat - 121 }, 'time'],
  ['a token issued 121 s after the comment', { iat: claims.iat + 121, exp: claims.iat + 900 }, 'time'],
  ['a token that was not yet valid when it was issued', { nbf: claims.iat + 60 }, 'signature'],
])('not believed: %s', async (_, change, code) => {
  expect(await refusal(withClaims(change))).toBe(code);
});

test.each([
  ['issued 120 s before the comment', { iat: claims.iat - 120 }],
  ['issued 120 s after the comment', { iat: claims.iat + 120 }],
  [
    'of a called workflow that is listed whole',
    { job_workflow_ref: 'Acme/Ops/.github/workflows/ask.yml@refs/heads/main' },
  ],
  [
    'of this repository under an earlier name, since its ids are the same',
    { repository: 'acme/old', ...both(`Acme/old/${DEBUG_YML}@refs/heads/main`) },
  ],
])('believed: a token %s', async (_, change) => {
  expect(await refusal(withClaims(change))).toBe('accepted');
});

test('not believed: a comment whose time nobody knows', async () => {
  expect(await refusal(verify(await b.sign(claims), b.trust, 'yesterday'))).toBe('time');
});

test('not believed: a token whose signature is another text of the same bytes', async () => {
  const token = await b.sign(claims);
  const bytes = (text: string) => Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url');
  const next = (text: string) => String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
  const others = [token.slice(0, -1) + next(token), `${token}=`, `${token} `, token.replace(/(.{5})$/, ' $1')];
  for (const other of others) {
    expect(bytes(other)).toEqual(bytes(token));
    expect(await refusal(verify(other))).toBe('not-a-token');
  }
});

test('not believed: a token without a signature (alg none)', async () => {
  expect(await refusal(verify(new UnsecuredJWT(claims).encode()))).toBe('signature');
});

test('not believed: a token signed with the public key as a shared secret (HS256)', async () => {
  const pem = await exportSPKI(b.keys.publicKey);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims)}`;
  const token = `${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
  expect(await refusal(verify(token))).toBe('signature');
});

test('not believed: another algorithm, even with a key that the issuer publishes', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(pair.publicKey)), kid: 'e1' };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'e1' }).sign(pair.privateKey);
  const trust = { ...b.trust, issuers: [{ issuer: b.ISSUER, keys: [b.jwk, key] }] };
  expect(await refusal(verify(token, trust))).toBe('signature');
});

test('not believed: a token that brings its own key along', async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const jku = 'http://127.0.0.1:1/jwks';
  expect(await refusal(verify(await b.sign(claims, pair.privateKey, { jwk, jku })))).toBe('signature');
  expect(await refusal(verify(await b.sign(claims, pair.privateKey, { kid: 'k2', jwk })))).toBe('signature');
});

test("not believed: one trusted issuer's key under another trusted issuer's name", async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const other = {
    issuer: 'https://ghes.example/_services/token',
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }],
  };
  const trust = { ...b.trust, issuers: [...b.trust.issuers, other] };
  expect(await refusal(verify(await b.sign(claims, pair.privateKey), trust))).toBe('signature');
});

test.each(['', 'x', 'a.b.c', 'e30.e30.', `${'e30.'.repeat(5)}`])(
  'not believed, and no crash: "%s" as a token',
  async (token) => {
    expect(await refusal(verify(token))).toBe('not-a-token');
  },
);

test('not believed: a true token with one character of its claims changed', async () => {
  const [header, payload, signature] = (await b.sign(claims)).split('.');
  const changed = Buffer.from(
    Buffer.from(payload ?? '', 'base64url')
      .toString()
      .replace('9001', '9002'),
  ).toString('base64url');
  expect(await refusal(verify(`${header}.${changed}.${signature}`))).toBe('signature');
});

/** A trust whose issuer has exactly these keys, in this order. */
const having = (...keys: JWK[]): Trust => ({ ...b.trust, issuers: [{ issuer: b.ISSUER, keys }] });
const rival = await generateKeyPair('RS256', { extractable: true });
/** Another key under the same `kid`, as an archive written by somebody else would bring it. */
const rivalJwk: JWK = { ...(await exportJWK(rival.publicKey)), kid: 'k1' };

test('of two keys with one kid the first counts: an archived one behind it neither shadows it nor counts itself', async () => {
  const trust = having(b.jwk, rivalJwk);
  const live = await verify(await b.sign(claims), trust);
  expect(live).toMatchObject({ ok: true, key: { kid: 'k1', thumbprint: await calculateJwkThumbprint(b.jwk) } });
  const archived = await verify(await b.sign(claims, rival.privateKey), trust);
  expect(archived).toMatchObject({ ok: false, code: 'second-key', why: expect.stringContaining('k1') });
  const apart = { ...b.trust, issuers: [...b.trust.issuers, { issuer: b.ISSUER, keys: [rivalJwk] }] };
  expect(await refusal(verify(await b.sign(claims), apart))).toBe('accepted');
  expect(await refusal(verify(await b.sign(claims, rival.privateKey), apart))).toBe('second-key');
});

test('the same key twice is one key', async () => {
  const trust = having(b.jwk, { ...b.jwk, alg: 'RS256' });
  expect(await refusal(verify(await b.sign(claims), trust))).toBe('accepted');
  expect(await refusal(verify(await b.sign(claims, rival.privateKey), trust))).toBe('signature');
});

test('a first key that is unusable hands its kid to no other', async () => {
  expect(
    await refusal(verify(await b.sign(claims), having({ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'k1' }, b.jwk))),
  ).toBe('signature');
  expect(await refusal(verify(await b.sign(claims), having({ kty: 'RSA', kid: 'k1' }, b.jwk)))).toBe('signature');
});

test.each<[string, Partial<JWK>]>([
  ['for encryption', { use: 'enc' }],
  ['for another algorithm', { alg: 'PS256' }],
  ['for anything but verifying', { key_ops: ['encrypt'] }],
])('not believed: a key that the issuer publishes %s', async (_, change) => {
  expect(await refusal(verify(await b.sign(claims), having({ ...b.jwk, ...change })))).toBe('signature');
});

test('a token that names no key is believed only where the issuer has a single one', async () => {
  const token = await b.sign(claims, b.keys.privateKey, { kid: undefined });
  expect(await refusal(verify(token))).toBe('accepted');
  expect(await refusal(verify(token, having(b.jwk, { ...rivalJwk, kid: 'k2' })))).toBe('signature');
});

test.each([[{ toString: 1 }], [7], [null], [['k1']]])('not believed, and no crash: %j as a kid', async (kid) => {
  const [, payload, signature] = (await b.sign(claims)).split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url');
  expect(await refusal(verify(`${header}.${payload}.${signature}`))).toBe('not-a-token');
});

test('not believed: a key too short for RS256, though the signature is right', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const published: JWK = { ...short.publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'k1' };
  const [header, payload] = (await b.sign(claims)).split('.');
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), short.privateKey).toString('base64url');
  expect(await refusal(verify(`${header}.${payload}.${signature}`, having(published)))).toBe('signature');
});
