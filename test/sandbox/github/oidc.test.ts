/** GitHub's OIDC provider: what it signs, for whom, and how tests forge. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { start } from './fixture.ts';

async function tokenOf(oidc: { requestUrl: string; requestToken: string } | null, audience: string): Promise<Response> {
  if (oidc === null) throw new Error('The job may ask for no token.');
  const url = `${oidc.requestUrl}&audience=${encodeURIComponent(audience)}`;
  return fetch(url, { headers: { authorization: `Bearer ${oidc.requestToken}` } });
}

async function signedIn(answer: Response): Promise<string> {
  const json: unknown = await answer.json();
  if (typeof json === 'object' && json !== null && 'value' in json && typeof json.value === 'string') return json.value;
  throw new Error(`No token: ${JSON.stringify(json)}`);
}

async function keysOf(issuer: string) {
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  const configuration: unknown = await discovery.json();
  expect(configuration).toMatchObject({ issuer, jwks_uri: expect.any(String) });
  return createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`));
}

test('a job gets a token for its audience that names run, attempt, environment and workflow', async () => {
  const { gh, sha, job } = await start();
  const started = job({ 'id-token': 'write' }, 'production');
  const token = await signedIn(await tokenOf(started.oidc, 'debug-approval:sha256:00'));
  const keys = await keysOf(gh.oidcIssuer);
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer: gh.oidcIssuer,
    audience: 'debug-approval:sha256:00',
  });
  expect(protectedHeader.alg).toBe('RS256');
  const workflow = 'acme/shop/.github/workflows/debug.yml@refs/heads/main';
  expect(payload).toMatchObject({
    repository: 'acme/shop',
    repository_id: String(gh.repository.id),
    repository_owner_id: String(gh.repository.ownerId),
    run_attempt: '1',
    actor_id: '11',
    event_name: 'workflow_dispatch',
    environment: 'production',
    workflow_ref: workflow,
    job_workflow_ref: workflow,
    sha,
    check_run_id: String(started.checkRunId),
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test('a job without an environment has no such claim', async () => {
  const { job } = await start();
  const token = await signedIn(await tokenOf(job({ 'id-token': 'write' }).oidc, 'x'));
  expect(decodeJwt(token)).not.toHaveProperty('environment');
});

test('without id-token: write, after the end of the job, or with another job’s token there is none', async () => {
  const { gh, job } = await start();
  expect(job({ issues: 'write' }).oidc).toBeNull();
  const one = job({ 'id-token': 'write' });
  const two = job({ 'id-token': 'write' });
  const crossed = { requestUrl: one.oidc?.requestUrl ?? '', requestToken: two.oidc?.requestToken ?? '' };
  expect((await tokenOf(crossed, 'x')).status).toBe(401);
  gh.endJob(one.jobId, 'success');
  expect((await tokenOf(one.oidc, 'x')).status).toBe(401);
  expect((await tokenOf(two.oidc, 'x')).status).toBe(200);
});

test('tokens of an old key verify until it is retired, and then no longer with what is published', async () => {
  const { gh } = await start();
  const old = await gh.mintOidc({ run_id: '5' }, 'x');
  await jwtVerify(old, await keysOf(gh.oidcIssuer));
  const before = gh.jwks();
  await gh.rotateOidcKey();
  await jwtVerify(old, await keysOf(gh.oidcIssuer));
  gh.retireOidcKeys();
  expect(gh.jwks().keys).toHaveLength(1);
  await expect(jwtVerify(old, await keysOf(gh.oidcIssuer))).rejects.toThrow(/no applicable key/);
  expect(gh.jwks().keys[0]?.kid).not.toBe(before.keys[0]?.kid);
  await jwtVerify(await gh.mintOidc({}, 'x'), await keysOf(gh.oidcIssuer));
});

test('a forged token carries any claims that the attack needs', async () => {
  const { gh } = await start();
  const token = await gh.mintOidc({ repository_id: '1', iat: 100, environment: 'debug-approval' }, 'aud');
  expect(decodeJwt(token)).toMatchObject({ repository_id: '1', iat: 100, environment: 'debug-approval', aud: 'aud' });
});
