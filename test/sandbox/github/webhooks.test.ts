/** The App's webhook: which events it brings, how they are signed, and what may go wrong on their way. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { AppFixture } from './app-fixture.ts';
import { startWithApp, WEBHOOK_SECRET } from './app-fixture.ts';
import { R } from './fixture.ts';

interface Came {
  event: string;
  id: string;
  signature: string;
  body: string;
  payload: Record<string, unknown>;
}

/** A receiver that answers with this status, and what came to it. */
async function receiver(status = 200): Promise<{ url: string; came: Came[] }> {
  const came: Came[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const header = (name: string): string => String(request.headers[name]);
    const [event, id, signature] = ['event', 'delivery', 'sig'].map((part) =>
      header(part === 'sig' ? 'x-hub-signature-256' : `x-github-${part}`),
    );
    came.push({ event: event ?? '', id: id ?? '', signature: signature ?? '', body, payload: JSON.parse(body) });
    response.writeHead(status).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return { url: `http://127.0.0.1:${address.port}/`, came };
}

async function listening(status?: number): Promise<AppFixture & { came: Came[] }> {
  const fixture = await startWithApp({
    repository: { owner: R.owner, name: R.repo, public: false, plan: 'enterprise' },
    environments: [
      {
        ...{ name: 'production', branches: { kind: 'all' }, adminBypass: false },
        ...{ reviewers: [], waitMinutes: 0, secrets: {}, customRule: true },
      },
    ],
  });
  const { url, came } = await receiver(status);
  fixture.gh.setWebhookUrl(url);
  return { ...fixture, came };
}

const nameOf = ({ event, payload }: Came): string => `${event} ${payload['action']}`;

test('what happens to issues and comments comes as events, each signed with the App’s secret', async () => {
  const { gh, as, came, app } = await listening();
  const api = as(gh.userToken('ana'));
  const { number: issue_number } = (await api.issues.create({ ...R, title: 'x', body: 'y', labels: ['a'] })).data;
  const { id: comment_id } = (await api.issues.createComment({ ...R, issue_number, body: '/approve' })).data;
  await api.issues.updateComment({ ...R, comment_id, body: 'nothing' });
  await api.issues.deleteComment({ ...R, comment_id });
  await api.issues.update({ ...R, issue_number, body: 'z', labels: ['b'], state: 'closed' });
  await api.issues.lock({ ...R, issue_number });
  await gh.webhooks.settled();
  expect(came.map(nameOf).sort()).toEqual(
    [
      ...['issues opened', 'issues labeled', 'issue_comment created', 'issue_comment edited', 'issue_comment deleted'],
      ...['issues edited', 'issues closed', 'issues labeled', 'issues unlabeled', 'issues locked'],
    ].sort(),
  );
  for (const { signature, body, payload } of came) {
    expect(signature).toBe(`sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`);
    expect(payload).toMatchObject({
      installation: { id: app.installationId },
      repository: { full_name: 'acme/shop' },
      sender: { login: 'ana' },
    });
  }
  expect(new Set(came.map(({ id }) => id)).size).toBe(came.length);
  expect(gh.violations).toEqual([]);
  const edited = came.find((one) => nameOf(one) === 'issue_comment edited');
  expect(edited?.payload).toMatchObject({
    changes: { body: { from: '/approve' } },
    comment: { id: comment_id, body: 'nothing' },
    issue: { number: issue_number },
  });
});

test('a run comes as its events, and a job at the gate as one that names the run in its address and no attempt', async () => {
  const { gh, run, came, sha } = await listening();
  const runId = run();
  gh.updateRun(runId, { status: 'in_progress', conclusion: null });
  gh.reachGate({ runId, attempt: 1, key: 'debug', environment: 'production' });
  gh.updateRun(runId, { status: 'completed', conclusion: 'success' });
  await expect.poll(() => came.length).toBe(4);
  const gate = came.find(({ event }) => event === 'deployment_protection_rule');
  expect(gate?.payload).toMatchObject({
    action: 'requested',
    environment: 'production',
    event: 'workflow_dispatch',
    sha,
    deployment_callback_url: `${gh.url}/repos/acme/shop/actions/runs/${runId}/deployment_protection_rule`,
    deployment: { environment: 'production', sha },
  });
  expect(gate?.body).not.toContain('attempt');
  const runs = came.filter(({ event }) => event === 'workflow_run');
  expect(runs.map(({ payload }) => payload['action']).sort()).toEqual(['completed', 'in_progress', 'requested']);
  expect(runs[0]?.payload).toMatchObject({ workflow_run: { id: runId, run_attempt: 1 } });
  expect(gh.violations).toEqual([]);
});

test('a delivery that fails is not sent again by itself, and is the same one when somebody asks for it', async () => {
  const { gh, as, came } = await listening(500);
  await as(gh.userToken('ana')).issues.create({ ...R, title: 'x' });
  await gh.webhooks.settled();
  expect(gh.webhooks.deliveries).toMatchObject([{ event: 'issues', outcomes: [500] }]);
  const [first] = gh.webhooks.deliveries;
  await gh.webhooks.redeliver(first?.id ?? '');
  expect(came).toHaveLength(2);
  expect(came[1]).toEqual(came[0]);
});

test('deliveries may be lost, doubled, or come in another order', async () => {
  const { gh, as, came } = await listening();
  const api = as(gh.userToken('ana'));
  gh.webhooks.disturb((_delivery, index) => (index === 0 ? { drop: true } : { copies: 2 }));
  const release = gh.webhooks.hold();
  for (const title of ['lost', 'first', 'second']) await api.issues.create({ ...R, title });
  expect(came).toEqual([]);
  release((held) => held.toReversed());
  await gh.webhooks.settled();
  const titles = came
    .map(({ payload }) => JSON.stringify(payload['issue']))
    .map((json) => /first|second/.exec(json)?.[0]);
  expect(titles.sort()).toEqual(['first', 'first', 'second', 'second']);
  expect(gh.webhooks.deliveries[0]?.outcomes).toEqual([]);
});

test('nobody is told of anything while there is no address, nor afterwards', async () => {
  const { gh, as, came, run } = await listening();
  gh.setWebhookUrl(null);
  await as(gh.userToken('ana')).issues.create({ ...R, title: 'x' });
  run();
  await gh.webhooks.settled();
  expect([came, gh.webhooks.deliveries]).toEqual([[], []]);
});
