/** What a person reads when GitHub refuses or fails: every message, in one golden file. */
import { expect, test } from 'vitest';
import type { Fault } from '../../src/app/fault.ts';
import { parseApiAddress } from '../../src/github/api-address.ts';
import { createClient } from '../../src/github/client.ts';
import { createRepository } from '../../src/github/repository.ts';
import { clientOf, cut, json, stub } from './stub.ts';

const RESET = String(Date.parse('2026-11-23T12:40:00Z') / 1000);
const graphql = (type: string, message: string) => () => json(200, { data: null, errors: [{ type, message }] });

type Case = [
  string,
  (repository: ReturnType<typeof createRepository>) => Promise<unknown>,
  ...(() => Response | Promise<Response>)[],
];
const facts: Case[1] = (repository) => repository.facts({ policyPath: '.github/debug-approval.yml' });
const run: Case[1] = (repository) => repository.run(900);
const comment: Case[1] = (repository) => repository.comment(7, 'x');
const locked = () => json(403, { message: 'Unable to create comment because issue is locked.' });
const done = () => json(204, null);

const CASES: Case[] = [
  ['401', run, () => json(401, { message: 'Bad credentials' })],
  [
    '403, a permission is missing',
    run,
    () =>
      json(
        403,
        { message: 'Resource not accessible by integration' },
        { 'x-accepted-github-permissions': 'actions=read' },
      ),
  ],
  [
    '403, one of several permissions is missing',
    comment,
    () =>
      json(
        403,
        { message: 'Resource not accessible by integration' },
        { 'x-accepted-github-permissions': 'issues=write; pull_requests=write,contents=read' },
      ),
  ],
  ['403, GitHub names no permission', run, () => json(403, { message: 'Resource not accessible by integration' })],
  [
    '403, the hourly limit',
    run,
    () =>
      json(403, { message: 'API rate limit exceeded' }, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': RESET }),
  ],
  [
    '429, a secondary limit',
    run,
    () => json(429, { message: 'You have exceeded a secondary rate limit' }, { 'x-ratelimit-reset': RESET }),
  ],
  ['404', run, () => json(404, { message: 'Not Found' }, { 'x-accepted-github-permissions': 'actions=read' })],
  ['410', run, () => json(410, { message: 'Issues are disabled for this repo' })],
  [
    '422',
    comment,
    () =>
      json(422, {
        message: 'Validation Failed',
        errors: [
          {
            resource: 'IssueComment',
            code: 'unprocessable',
            field: 'data',
            message: 'Body is too long (maximum is 65536 characters)',
          },
        ],
      }),
  ],
  ['500', run, () => json(500, { message: 'Server Error' })],
  ['503 without JSON', run, () => new Response('<html>', { status: 503 })],
  ['a cut connection', run, cut],
  ['an answer of another shape', run, () => json(200, { id: 'nine hundred' })],
  ['a comment, after a cut connection', comment, cut],
  [
    'a comment on a locked issue that the job may not unlock',
    comment,
    locked,
    () =>
      json(
        403,
        { message: 'Resource not accessible by integration' },
        { 'x-accepted-github-permissions': 'issues=write' },
      ),
    done,
  ],
  [
    'a comment on a locked issue that cannot be unlocked now',
    comment,
    locked,
    () => json(500, { message: 'Server Error' }),
    done,
  ],
  ['a comment on an issue that is locked at once again', comment, locked, done, locked, done],
  ['GraphQL NOT_FOUND', facts, graphql('NOT_FOUND', "Could not resolve to a Repository with the name 'acme/shop'.")],
  ['GraphQL FORBIDDEN', facts, graphql('FORBIDDEN', 'Resource not accessible by integration')],
  [
    'GraphQL RATE_LIMITED',
    facts,
    () =>
      json(
        200,
        { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': RESET },
      ),
  ],
  [
    'GraphQL INSUFFICIENT_SCOPES',
    facts,
    graphql('INSUFFICIENT_SCOPES', "Your token has not been granted the required scopes: ['repo']."),
  ],
  ['GraphQL, anything else', facts, graphql('INTERNAL', 'Something went wrong.')],
];

async function message([title, call, ...answers]: Case): Promise<string> {
  const repository = createRepository(clientOf(stub(...answers)), 'acme/shop');
  const fault: Fault = await call(repository).then(
    () => Promise.reject(new Error(`${title}: nothing was thrown`)),
    (error: Fault) => error,
  );
  return `${title}\n  [${fault.code}] ${fault.message}\n  → ${fault.remedy}\n`;
}

test('every refusal and failure says what happened, why, and what to do', async () => {
  const messages = await Promise.all(CASES.map(message));
  await expect(messages.join('\n')).toMatchFileSnapshot('golden/faults.txt');
});

test('whoever has no job, but a token of their own, reads where they may grant it what it lacks', async () => {
  const remedies = await Promise.all(
    [{}, { 'x-accepted-github-permissions': 'actions=read' }].map(async (headers) => {
      const { fetch } = stub(() => json(403, { message: 'Resource not accessible by personal access token' }, headers));
      const api = parseApiAddress('https://api.github.com');
      const client = createClient({ api, token: 'a-token', version: '0.1.0', job: null, retries: 0, fetch });
      return createRepository(client, 'acme/shop')
        .run(900)
        .then(
          () => 'nothing was thrown',
          (error: Fault) => error.remedy,
        );
    }),
  );
  expect(remedies).toEqual([
    expect.stringMatching(/^GitHub names no permission here: .*to read its contents, issues .*Personal access tokens/),
    expect.stringMatching(/^Grant the token actions: read under Settings → .*Personal access tokens/),
  ]);
});

test('no message and no cause holds the token', async () => {
  const repository = createRepository(clientOf(stub(CASES[0]?.[2] ?? cut)), 'acme/shop');
  const fault: Fault = await repository.run(900).then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error: Fault) => error,
  );
  expect(JSON.stringify([fault.message, fault.remedy, fault.stack, fault.cause])).not.toContain('a-token');
});

test.each([
  ['https://api.github.com', 'https://api.github.com', false],
  ['https://ghes.example/api/v3/', 'https://ghes.example/api/v3', false],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000', true],
  ['http://localhost:4000/', 'http://localhost:4000', true],
  ['http://[::1]:4000', 'http://[::1]:4000', true],
])('the API address %s is accepted', (text, url, loopback) => {
  expect(parseApiAddress(text)).toEqual({ url, loopback });
});

test.each([
  'http://api.github.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'ftp://127.0.0.1',
  'https://user:secret@api.github.com',
  'https://api.github.com?x=1',
  'api.github.com',
  '',
])('the API address %j is refused', (text) => {
  expect(() => parseApiAddress(text)).toThrow(/is refused/);
});
