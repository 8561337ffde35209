/** Profiles of accounts as GitHub gives them, and the product's reader of them. */
import { expect, test } from 'vitest';
import { createClient } from '../../../src/github/client.ts';
import { readProfile } from '../../../src/github/profile.ts';
import { start } from './fixture.ts';

const ANA = { id: 11, login: 'ana', type: 'User' as const, permission: 'none' as const, name: 'Ana' };

test('a login leads to its number, its kind and its name, whatever its case, and by any token', async () => {
  const { gh, job } = await start({ accounts: [ANA, { ...ANA, id: 14, login: 'di' }] });
  const { token } = job({});
  const client = createClient({ api: { url: gh.url, loopback: true }, token, version: '0', job: null });
  expect(await readProfile(client, 'ANA')).toEqual({ id: 11, login: 'ana', type: 'User', name: 'Ana' });
  expect(await readProfile(client, 'github-actions[bot]')).toMatchObject({ id: 41898282, type: 'Bot', name: null });
  expect(await readProfile(client, 'acme')).toMatchObject({ login: 'acme', type: 'Organization' });
  expect(await readProfile(client, 'nobody')).toBeNull();
  expect(gh.violations).toEqual([]);
});

test('a token that GitHub does not know is a Fault that names the variable to mend', async () => {
  const { gh } = await start();
  const client = createClient({ api: { url: gh.url, loopback: true }, token: 'ghp_x', version: '0', job: null });
  await expect(readProfile(client, 'ana')).rejects.toMatchObject({
    code: 'permission',
    remedy: 'The token is expired, revoked or mistyped: check GITHUB_TOKEN.',
  });
});
