/** GitHub's limits: what they refuse, with which words and headers. */
import { expect, test } from 'vitest';
import { R, start } from './fixture.ts';

const ISSUES = `/repos/${R.owner}/${R.repo}/issues`;

test('all job tokens of a repository share one hourly limit; a 304 does not count against it', async () => {
  const { ask, job } = await start({ limits: { repositoryPerHour: 3 } });
  const one = job({ issues: 'read' }).token;
  const two = job({ issues: 'read' }).token;
  const first = await ask('GET', ISSUES, { token: one });
  expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  for (let n = 0; n < 5; n += 1)
    expect(await ask('GET', ISSUES, { token: one, headers })).toMatchObject({ status: 304 });
  await ask('GET', ISSUES, { token: two });
  await ask('GET', ISSUES, { token: two });
  const refused = await ask('GET', `${ISSUES}?state=all`, { token: one });
  expect(refused).toMatchObject({ status: 403, json: { message: expect.stringContaining('API rate limit exceeded') } });
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000);
});

test('the eighty-first comment of a minute is refused with a time to wait', async () => {
  const { ask, job } = await start({ limits: { pointsPerMinute: 10_000 } });
  const { token } = job({ issues: 'write' });
  await ask('POST', ISSUES, { token, body: { title: 'x' } });
  for (let n = 2; n <= 80; n += 1) {
    expect(await ask('POST', `${ISSUES}/1/comments`, { token, body: { body: `${n}` } })).toMatchObject({ status: 201 });
  }
  const refused = await ask('POST', `${ISSUES}/1/comments`, { token, body: { body: '81' } });
  expect(refused).toMatchObject({ status: 403, json: { message: expect.stringContaining('secondary rate limit') } });
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(await ask('GET', ISSUES, { token })).toMatchObject({ status: 200 });
});

test('a write costs five points of the minute and a read one', async () => {
  const { ask, job } = await start({ limits: { pointsPerMinute: 7 } });
  const { token } = job({ issues: 'write' });
  expect(await ask('POST', ISSUES, { token, body: { title: 'x' } })).toMatchObject({ status: 201 });
  expect(await ask('GET', ISSUES, { token })).toMatchObject({ status: 200 });
  expect(await ask('PATCH', `${ISSUES}/1`, { token, body: { title: 'y' } })).toMatchObject({ status: 403 });
  expect(await ask('GET', ISSUES, { token })).toMatchObject({ status: 200 });
  expect(await ask('GET', ISSUES, { token })).toMatchObject({ status: 403 });
});

test('asking for the rate limit is free', async () => {
  const { gh, ask, job } = await start({ limits: true });
  const { token } = job({ issues: 'read' });
  const answer = await ask('GET', '/rate_limit', { token });
  expect(answer).toMatchObject({
    status: 200,
    json: { resources: { core: { limit: 1000, used: 0, remaining: 1000 } } },
  });
  expect(gh.counts().counted).toBe(0);
});
