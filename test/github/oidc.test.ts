/** Tokens that sign a record or tell a job who it is, and the keys that prove them. */
import { UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { fetchKeys, GITHUB_ISSUER, trustFor } from '../../src/github/keys.ts';
import { isGranted, jobIdentity, ownIdentity, signer } from '../../src/github/oidc.ts';
import { probeIdentity } from '../../src/github/probe.ts';
import { cut, json, silence, stub, wire } from './stub.ts';

const HASH = `sha256:${'a'.repeat(64)}`;
const CLAIMS = {
  repository: 'acme/shop',
  repository_id: '42',
  run_id: '900',
  run_attempt: '2',
  sha: 'c'.repeat(40),
  workflow_ref: 'acme/shop/.github/workflows/debug.yml@refs/heads/main',
  environment: 'production',
  event_name: 'workflow_dispatch',
  check_run_id: '77',
};
const token = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode();

function endpoint(network: { fetch: typeof fetch }, deadlineMs = 2_000) {
  return {
    url: 'https://runner.example/token?api-version=2.0',
    token: 'runner-token',
    fetch: network.fetch,
    deadlineMs,
  };
}

describe('signing', () => {
  test('asks for a token whose audience is the hash', async () => {
    const network = stub(json(200, { value: 'a.b.c' }));
    expect(await signer(endpoint(network)).sign(HASH)).toBe('a.b.c');
    expect(wire(network.sent)).toEqual([
      `GET https://runner.example/token?api-version=2.0&audience=debug-approval%3Asha256%3A${'a'.repeat(64)}`,
    ]);
    expect(network.sent[0]?.headers['authorization']).toBe('Bearer runner-token');
  });

  test('is tried a second time after a failure, and not a third time', async () => {
    const good = stub(cut, json(200, { value: 'a.b.c' }));
    expect(await signer(endpoint(good)).sign(HASH)).toBe('a.b.c');
    const bad = stub(json(503, {}), json(503, {}));
    await expect(signer(endpoint(bad)).sign(HASH)).rejects.toMatchObject({ code: 'oidc' });
    expect(bad.sent).toHaveLength(2);
  });

  test('ends at its deadline', async () => {
    const network = stub(silence);
    await expect(signer(endpoint(network, 20)).sign(HASH)).rejects.toMatchObject({
      code: 'oidc',
      message: expect.stringContaining('no answer in time'),
    });
  });

  test.each([
    ['an answer without a token', () => json(200, {})],
    ['a refusal', () => json(403, {})],
    ['no JSON', () => new Response('<html>')],
  ])('fails upon %s', async (_, answer) => {
    await expect(signer(endpoint(stub(answer))).sign(HASH)).rejects.toMatchObject({ code: 'oidc' });
  });

  test.each([
    { url: undefined, token: undefined },
    { url: '', token: '' },
  ])('gives none in a job without the right to ask: %j', async (none) => {
    expect(isGranted(none)).toBe(false);
    expect(await signer(none).sign(HASH)).toBeNull();
    expect(await probeIdentity(none, {}, { apiIsLoopback: false })).toBeNull();
  });

  test.each([
    { url: 'https://runner.example/token', token: '' },
    { url: undefined, token: 'runner-token' },
  ])('with half of the right fails, and names the permission that is missing', async (half) => {
    expect(isGranted(half)).toBe(true);
    const missing = { code: 'oidc', remedy: expect.stringContaining('id-token: write') };
    await expect(signer(half).sign(HASH)).rejects.toMatchObject(missing);
    await expect(ownIdentity(half)).rejects.toMatchObject(missing);
  });

  test.each([
    ['answers 500', () => [json(500, {}), json(500, {})]],
    ['refuses', () => [json(403, {})]],
    ['is not there', () => [cut, cut]],
  ])('a token service that %s is a failure, and no job without a token', async (_, answers) => {
    const failing = () => endpoint(stub(...answers()));
    expect(isGranted(failing())).toBe(true);
    await expect(signer(failing()).sign(HASH)).rejects.toMatchObject({ code: 'oidc' });
    await expect(ownIdentity(failing())).rejects.toMatchObject({ code: 'oidc' });
    await expect(probeIdentity(failing(), {}, { apiIsLoopback: false })).rejects.toMatchObject({ code: 'oidc' });
  });

  test('never sends its token in the clear to another machine', async () => {
    const network = stub();
    const signing = signer({ ...endpoint(network), url: 'http://runner.example/token' }).sign(HASH);
    await expect(signing).rejects.toMatchObject({ code: 'oidc' });
    expect(network.sent).toEqual([]);
  });
});

describe('the identity of a job', () => {
  test('comes from the claims of its own token', () => {
    expect(jobIdentity(token(CLAIMS))).toEqual({
      signed: true,
      repositoryId: 42,
      run: { id: 900, attempt: 2 },
      commit: 'c'.repeat(40),
      workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
      environment: 'production',
      event: 'workflow_dispatch',
      checkRun: '77',
      kid: null,
    });
  });

  test('is asked for with an audience that signs no record', async () => {
    const network = stub(json(200, { value: token(CLAIMS) }));
    expect((await ownIdentity(endpoint(network))).repositoryId).toBe(42);
    expect(network.sent[0]?.url).toContain('audience=debug-approval%3Aidentity');
  });

  test.each(['repository_id', 'run_id', 'run_attempt', 'sha', 'workflow_ref', 'event_name'])(
    'is refused without %s',
    (claim) => {
      expect(() => jobIdentity(token({ ...CLAIMS, [claim]: undefined }))).toThrow(new RegExp(claim));
    },
  );

  test.each([
    [
      'of a workflow in another repository',
      token({ ...CLAIMS, workflow_ref: 'evil/shop/.github/workflows/debug.yml@refs/heads/main' }),
    ],
    ['that is no token', 'abc'],
  ])('is refused for one %s', (_, text) => {
    expect(() => jobIdentity(text)).toThrow(/cannot be read/);
  });
});

describe("an issuer's keys", () => {
  const KEY = { kty: 'RSA', kid: 'k1', n: 'abc', e: 'AQAB' };
  const far = { apiIsLoopback: false };
  const documents = (issuer: string, jwks = `${issuer}/.well-known/jwks`) =>
    stub(json(200, { issuer, jwks_uri: jwks }), json(200, { keys: [KEY] }));

  test('are those that its discovery document names', async () => {
    const network = documents(GITHUB_ISSUER);
    expect(await fetchKeys(GITHUB_ISSUER, { ...far, fetch: network.fetch })).toEqual([KEY]);
    expect(wire(network.sent)).toMatchInlineSnapshot(`
      [
        "GET https://token.actions.githubusercontent.com/.well-known/openid-configuration",
        "GET https://token.actions.githubusercontent.com/.well-known/jwks",
      ]
    `);
  });

  test('of an issuer below a path are found below that path', async () => {
    const issuer = 'https://ghes.example/_services/token';
    const network = documents(issuer);
    await fetchKeys(issuer, { ...far, fetch: network.fetch });
    expect(network.sent[0]?.url).toBe(`${issuer}/.well-known/openid-configuration`);
  });

  test.each([
    ['an issuer that keeps its keys elsewhere', GITHUB_ISSUER, documents(GITHUB_ISSUER, 'https://evil.example/jwks')],
    ['a document that names another issuer', GITHUB_ISSUER, documents('https://evil.example')],
    [
      'no keys at all',
      GITHUB_ISSUER,
      stub(json(200, { issuer: GITHUB_ISSUER, jwks_uri: `${GITHUB_ISSUER}/jwks` }), json(200, { keys: [] })),
    ],
    ['an issuer that does not answer', GITHUB_ISSUER, stub(json(503, {}))],
    ['a cut connection', GITHUB_ISSUER, stub(cut)],
    ['plain http', 'http://issuer.example', stub()],
    ['an issuer on this machine while GitHub is elsewhere', 'http://127.0.0.1:4000', stub()],
    ['an https issuer on this machine while GitHub is elsewhere', 'https://localhost', stub()],
  ])('are refused from %s', async (_, issuer, network) => {
    await expect(fetchKeys(issuer, { ...far, fetch: network.fetch })).rejects.toMatchObject({ code: 'oidc' });
  });

  test("make the trust of a repository: the policy's issuer instead of GitHub's, for a sandbox on this machine", async () => {
    const issuer = 'http://127.0.0.1:4000/oidc';
    const facts = {
      id: 42,
      ownerId: 9,
      name: 'acme/shop',
      public: false,
      defaultBranch: 'main',
      policy: null,
      earlier: [],
      issue: null,
    };
    const signers = { issuer, workflows: ['.github/workflows/debug.yml'], unsigned: 'refuse' as const };
    const trust = await trustFor(facts, signers, { apiIsLoopback: true, fetch: documents(issuer).fetch });
    expect(trust).toMatchInlineSnapshot(`
      {
        "approvalEnvironment": "debug-approval",
        "defaultBranch": "main",
        "issuers": [
          {
            "issuer": "http://127.0.0.1:4000/oidc",
            "keys": [
              {
                "e": "AQAB",
                "kid": "k1",
                "kty": "RSA",
                "n": "abc",
              },
            ],
          },
        ],
        "ownerId": 9,
        "repositoryId": 42,
        "repositoryName": "acme/shop",
        "unsigned": "refuse",
        "workflows": [
          ".github/workflows/debug.yml",
        ],
      }
    `);
  });
});
