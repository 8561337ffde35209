/** GitHub's webhooks: which are believed, and what is read from them. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { webhookReader } from '../../src/github/webhooks.ts';

const SECRET = 'a secret of the app';
const APP = { id: 77, slug: () => 'debug-approval-acme' };
const reader = webhookReader({ secrets: [SECRET], app: APP });

const signature = (body: string, secret = SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const headers = (name: string, body: string, secret = SECRET) => ({
  'x-github-event': name,
  'x-github-delivery': '5a3c1b9e-0000-0000-0000-000000000000',
  'x-hub-signature-256': signature(body, secret),
});
const bytes = (text: string) => new TextEncoder().encode(text);

async function received(name: string, payload: unknown, read = reader) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return read({ headers: headers(name, body), body: bytes(body) });
}

const repository = { id: 70, full_name: 'acme/shop' };
const issue = (over: object = {}) => ({ number: 12, labels: [{ name: 'debug-request' }], ...over });
const comment = (app: object | null = null) => ({ id: 5, performed_via_github_app: app });
const callback = (path: string) => `https://api.github.com${path}`;
const HELD = {
  action: 'requested',
  environment: 'production',
  deployment_callback_url: callback('/repos/acme/shop/actions/runs/9001/deployment_protection_rule'),
  repository,
};

test('a held job is taken by the run in the address where GitHub wants the answer', async () => {
  const held = { kind: 'held', repository: 70, held: { run: 9001, environment: 'production' } };
  expect(await received('deployment_protection_rule', HELD)).toMatchObject({ kind: 'taken', status: 202, event: held });
  const onServer = callback('/api/v3/repos/Acme/shop/actions/runs/9001/deployment_protection_rule');
  expect(await received('deployment_protection_rule', { ...HELD, deployment_callback_url: onServer })).toMatchObject({
    event: held,
  });
});

test.each([
  '/repos/acme/tills/actions/runs/9001/deployment_protection_rule',
  '/repos/acme/shop/actions/runs/0/deployment_protection_rule',
  '/repos/acme/shop/actions/runs/9001/deployment_protection_rule/../../9002',
  '/x/repos/acme/shop/actions/runs/9001/deployment_protection_rule',
  '/repos/acme/shop/actions/runs/9001',
])('an address that is no run of the same repository leads to nothing: %s', async (path) => {
  const answer = await received('deployment_protection_rule', { ...HELD, deployment_callback_url: callback(path) });
  expect(answer).toMatchObject({ kind: 'ignored', status: 202 });
});

test.each(['created', 'edited', 'deleted'])('a comment of a request that is %s wakes it up', async (action) => {
  expect(await received('issue_comment', { action, repository, issue: issue(), comment: comment() })).toMatchObject({
    kind: 'taken',
    event: { kind: 'issue', repository: 70, issue: 12 },
  });
});

test('what the app itself wrote is no news; that somebody changed or deleted it is', async () => {
  const own = { repository, issue: issue(), comment: comment({ id: 77 }) };
  const kinds = ['created', 'edited', 'deleted'].map(
    async (action) => (await received('issue_comment', { ...own, action })).kind,
  );
  expect(await Promise.all(kinds)).toEqual(['ignored', 'taken', 'taken']);
  const other = await received('issue_comment', { ...own, action: 'created', comment: comment({ id: 15368 }) });
  expect(other.kind).toBe('taken');
});

test.each([
  ['created', 'User', 'What is the load now?', undefined, 'ignored'],
  ['created', 'User', '/approve looks right', undefined, 'taken'],
  ['created', 'Bot', 'A record.', undefined, 'taken'],
  ['edited', 'User', 'No.', '/approve', 'taken'],
  ['edited', 'User', 'No.', 'Hm.', 'ignored'],
  ['deleted', 'User', '/deny', undefined, 'taken'],
])('talk costs no look, however much there is of it: %s by a %s, %s', async (action, type, body, from, kind) => {
  const changes = from === undefined ? {} : { changes: { body: { from } } };
  const said = { ...comment(), user: { login: 'ana', type }, body };
  expect(
    (await received('issue_comment', { action, repository, issue: issue(), comment: said, ...changes })).kind,
  ).toBe(kind);
});

test.each(['edited', 'closed', 'reopened', 'unlabeled'])(
  'an issue of a request that is %s wakes it up',
  async (action) => {
    const by = (login: string, type: string) => ({ action, repository, issue: issue(), sender: { login, type } });
    expect((await received('issues', by('ana', 'User'))).kind).toBe('taken');
    expect((await received('issues', by('github-actions[bot]', 'Bot'))).kind).toBe('taken');
    expect((await received('issues', by('debug-approval-acme[bot]', 'Bot'))).kind).toBe('ignored');
  },
);

test('whoever takes the label of a request away is heard', async () => {
  const unlabelled = {
    action: 'unlabeled',
    repository,
    issue: issue({ labels: [] }),
    label: { name: 'debug-request' },
  };
  expect((await received('issues', unlabelled)).kind).toBe('taken');
  expect((await received('issues', { ...unlabelled, label: { name: 'bug' } })).kind).toBe('ignored');
});

test('ordinary issues, other actions and events that nobody asked for are acknowledged, and nothing follows', async () => {
  const ordinary = { action: 'created', repository, issue: issue({ labels: [{ name: 'bug' }] }), comment: comment() };
  const answers = [
    await received('issue_comment', ordinary),
    await received('issues', { action: 'pinned', repository, issue: issue() }),
    await received('deployment_protection_rule', { ...HELD, action: 'withdrawn' }),
    await received('ping', { zen: 'Keep it logically awesome.' }),
    await received('a_coming_event', {}),
  ];
  expect(answers.map(({ kind, status }) => `${kind} ${status}`)).toEqual(answers.map(() => 'ignored 202'));
});

test('what GitHub signed and is nothing that it sends is refused, with the place that is wrong', async () => {
  expect(await received('issues', '{')).toMatchObject({ kind: 'malformed', status: 400 });
  expect(await received('issues', { action: 'edited', repository, issue: { number: '12' } })).toMatchObject({
    status: 400,
    why: expect.stringContaining('issue.number of issues'),
  });
  expect(await received('no event!', {})).toMatchObject({ kind: 'malformed', status: 400 });
});

test('while the secret is being changed both are believed, and no third', async () => {
  const both = webhookReader({ secrets: ['new', 'old'], app: APP });
  const body = JSON.stringify(HELD);
  const by = async (secret: string) =>
    (await both({ headers: headers('deployment_protection_rule', body, secret), body: bytes(body) })).kind;
  expect([await by('new'), await by('old'), await by('older')]).toEqual(['taken', 'taken', 'unsigned']);
});

test('of 10,000 changed bodies and signatures none is believed', async () => {
  const body = bytes(JSON.stringify(HELD));
  const signed = headers('deployment_protection_rule', JSON.stringify(HELD));
  let random = 1;
  const upTo = (most: number) => {
    random = (random * 48271) % 2147483647;
    return random % most;
  };
  const kinds = new Set<string>();
  for (let n = 0; n < 10_000; n += 1) {
    const sent = { headers: { ...signed }, body: body.slice() };
    const at = upTo(sent.body.length);
    const change = n % 5;
    if (change === 0) sent.body[at] = (sent.body[at] ?? 0) ^ (1 + upTo(255));
    else if (change === 1) sent.body = sent.body.slice(0, at);
    else if (change === 2) sent.body = new Uint8Array([...sent.body, upTo(256)]);
    else
      sent.headers['x-hub-signature-256'] = changedText(signed['x-hub-signature-256'], upTo(71), upTo(94) + 33, change);
    kinds.add((await reader(sent)).kind);
  }
  expect([...kinds]).toEqual(['unsigned']);
});

/** Another character at a place, or one more. */
function changedText(text: string, at: number, code: number, change: number): string {
  const other = String.fromCharCode(text.charCodeAt(at) === code ? code + 1 : code);
  return `${text.slice(0, at)}${other}${text.slice(change === 3 ? at + 1 : at)}`;
}
