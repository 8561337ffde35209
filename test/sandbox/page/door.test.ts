/** Who may come to the page: its own origin on loopback, and nobody else. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Opened, openSandbox, post, STUB, visit } from './visitor.ts';

let sandbox: Opened;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const HARMLESS = JSON.stringify({ do: 'cancel', as: 'ana', run: 1 });

/** Asks with a `Host` as an attacker's page would bring it. */
function status(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, sandbox.page.url), { headers }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asking.once('error', reject).end();
  });
}

describe('the page', () => {
  test.each(['/', '/scene', '/events'])('gives %s to no foreign name and no foreign page', async (path) => {
    const port = new URL(sandbox.page.url).port;
    expect(await status(path, {})).toBe(200);
    expect(await status(path, { host: `localhost:${port}` })).toBe(200);
    expect(await status(path, { host: 'rebound.example' })).toBe(403);
    expect(await status(path, { host: `rebound.example:${port}` })).toBe(403);
    expect(await status(path, { origin: 'https://example.com' })).toBe(403);
    expect(await status(path, { origin: 'null' })).toBe(403);
  });

  test.each(['//', 'http://['])(
    'answers what is no address (%s) with that, and has no trouble with it',
    async (path) => {
      const { port, host } = new URL(sandbox.page.url);
      const answered = await new Promise((resolve, reject) => {
        const asking = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
          answer.destroy();
          resolve(answer.statusCode);
        });
        asking.once('error', reject).end();
      });
      expect(answered).toBe(400);
    },
  );

  test.each([
    ['from a foreign page', { origin: 'https://example.com' }, 403],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['as a form could send it', { 'content-type': 'text/plain' }, 415],
  ])('takes no deed %s', async (_from, headers, expected) => {
    expect((await post(sandbox.page, HARMLESS, headers)).status).toBe(expected);
  });

  test('takes no deed that does not say where it comes from', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sandbox.page.url}do`, { method: 'POST', headers, body: HARMLESS });
    expect(answer.status).toBe(403);
  });

  test.each([
    ['no JSON', '{', 400, /^This is no JSON: /],
    ['an unknown deed', '{"do":"dance"}', 400, /^This is no deed of the page: do: /],
    ['a field too many', '{"do":"attack","id":"stranger","twice":true}', 400, /twice/],
    ['nobody', '{"do":"cancel","as":"zoe","run":1}', 200, /nobody called zoe/],
    ['a name that every object has', '{"do":"cancel","as":"constructor","run":1}', 200, /nobody called constructor/],
    ['too much', `{"do":"${'x'.repeat(300_000)}"}`, 413, /at most/],
  ])('refuses %s, and says why', async (_name, body, status, why) => {
    const answer = await post(sandbox.page, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });

  test('tells browsers to run nothing but its own files, and to keep nothing', async () => {
    const answer = await fetch(sandbox.page.url);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self'; .*frame-ancestors 'none'$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toBe(STUB.body.toString());
    expect((await fetch(`${sandbox.page.url}../package.json`)).status).toBe(404);
  });

  test('leaves nobody hanging when it closes', async () => {
    const other = await openSandbox();
    const visitor = await visit(other.page);
    await other.close();
    await visitor.gone;
    await expect(fetch(other.page.url)).rejects.toThrow();
  });
});
