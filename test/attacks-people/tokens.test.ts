/** Tokens in places where errors quote them: no message holds one. */
import { expect, test } from 'vitest';
import { createClient } from '../../src/github/client.ts';
import { signer } from '../../src/github/oidc.ts';
import { createRepository } from '../../src/github/repository.ts';

/** Everything that an error could be printed with. */
const whole = (error: unknown): string =>
  error instanceof Error
    ? `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${whole(error.cause)}`
    : String(error);

const WITH_ODD_CHARACTERS = ['ghs_SECRET\nxoxb-OTHER', 'ghs_SECRET…', 'ghs_SECRET\u0007', 'ghs_SECRET two'];

test.each(WITH_ODD_CHARACTERS)(
  '§4.10 a GitHub token that cannot be sent (%j) is refused without being quoted',
  async (token) => {
    const asked = async () => {
      const api = { url: 'http://127.0.0.1:9', loopback: true };
      return createRepository(createClient({ api, token, version: '0', job: null, retries: 0 }), 'acme/shop').run(1);
    };
    const error: unknown = await asked().catch((problem: unknown) => problem);
    expect(whole(error)).not.toMatch(/SECRET|OTHER/);
    expect(error).toMatchObject({ code: 'input', message: expect.stringContaining('github-token') });
  },
);

test.each(WITH_ODD_CHARACTERS)(
  '§4.10 a token of the runner that cannot be sent (%j) is refused without being quoted',
  async (token) => {
    const error: unknown = await signer({ url: 'http://127.0.0.1:9/', token })
      .sign('sha256:00')
      .catch((problem: unknown) => problem);
    expect(whole(error)).not.toMatch(/SECRET|OTHER/);
    expect(error).toMatchObject({ code: 'input' });
  },
);

test('§4.10 the token for ID tokens follows no redirect', async () => {
  const sent: RequestInit[] = [];
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(init ?? {});
    return Response.json({ value: 'token' });
  };
  await signer({ url: 'https://runner.example/token?x=1', token: 'abc', fetch }).sign('sha256:00');
  expect(sent.map(({ redirect }) => redirect)).toEqual(['error']);
});
