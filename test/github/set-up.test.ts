/** What a set-up reads of GitHub by REST: who may read a repository, and whose token it is. */
import { expect, test } from 'vitest';
import { readTokenOwner } from '../../src/github/token-owner.ts';
import { readVisibility } from '../../src/github/visibility.ts';
import { clientOf, json, stub, wire } from './stub.ts';

test.each([
  [false, true],
  [true, false],
])('a repository that is private: %s is public: %s, with or without a commit', async (isPrivate, isPublic) => {
  const network = stub(json(200, { private: isPrivate, default_branch: 'trunk', size: 0 }));
  expect(await readVisibility(clientOf(network), 'acme/shop')).toEqual({ public: isPublic, defaultBranch: 'trunk' });
  expect(wire(network.sent)).toEqual(['GET https://api.github.com/repos/acme/shop']);
});

test('a repository that GitHub does not show is none; any other failure is told', async () => {
  expect(await readVisibility(clientOf(stub(json(404, { message: 'Not Found' }))), 'acme/shop')).toBeNull();
  const refused = readVisibility(clientOf(stub(json(401, { message: 'Bad credentials' }))), 'acme/shop');
  await expect(refused).rejects.toThrow(/Could not read the repository acme\/shop/);
  const odd = readVisibility(clientOf(stub(json(200, { default_branch: 'main' }))), 'acme/shop');
  await expect(odd).rejects.toThrow(/private/);
});

test("a person's token names them; a job's names nobody", async () => {
  const network = stub(json(200, { login: 'ana-dev', id: 101 }));
  expect(await readTokenOwner(clientOf(network))).toBe('ana-dev');
  expect(wire(network.sent)).toEqual(['GET https://api.github.com/user']);
  const message = 'Resource not accessible by integration';
  expect(await readTokenOwner(clientOf(stub(json(403, { message }))))).toBeNull();
});
