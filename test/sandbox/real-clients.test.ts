/** The real clients against the sandbox: what they send it takes, what it sends they take. */
import { createServer } from 'node:http';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';
import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { expect, onTestFinished, test } from 'vitest';
import { signature } from '../../src/sandbox/slack/http.ts';
import { openTown, type Town } from '../../src/sandbox/town.ts';

async function town(): Promise<Town> {
  const opened = await openTown({ gateway: true, empty: true });
  onTestFinished(opened.close);
  return opened;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

function installed({ app, github }: Town): Octokit {
  const auth = { appId: app?.id, privateKey: app?.privateKey, installationId: app?.installationId };
  return new Octokit({ authStrategy: createAppAuth, auth, baseUrl: github.url, log: quiet });
}

test('@octokit/auth-app gets a token for the App and writes as its bot', async () => {
  const opened = await town();
  const { github } = opened;
  const api = installed(opened);
  const created = async () => (await api.issues.create({ owner: 'acme', repo: 'shop', title: 'x' })).data.user?.login;
  expect(await created()).toBe(opened.app?.botLogin);
  expect(github.counts().byRoute['POST /app/installations/{installation_id}/access_tokens']).toBe(1);
  expect(github.violations).toEqual([]);
});

test.each([-600_000, 600_000])('@octokit/auth-app finds GitHub’s clock where its own is wrong by %i ms', async (ms) => {
  const opened = await town();
  opened.github.passTime(ms);
  const { data } = await installed(opened).repos.get({ owner: 'acme', repo: 'shop' });
  expect(data.full_name).toBe('acme/shop');
});

test('@octokit/webhooks believes the sandbox’s deliveries, and none that another secret signed', async () => {
  const opened = await town();
  const { app, github } = opened;
  const secrets = [app?.webhookSecret ?? '', 'another'];
  const titles: string[] = [];
  for (const secret of secrets) {
    const webhooks = new Webhooks({ secret, log: quiet });
    webhooks.on('issues.opened', ({ payload }) => void titles.push(payload.issue.title));
    const server = createServer(createNodeMiddleware(webhooks, { path: '/', log: quiet }));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const address = server.address();
    github.setWebhookUrl(typeof address === 'string' ? address : `http://127.0.0.1:${address?.port}/`);
    await installed(opened).issues.create({ owner: 'acme', repo: 'shop', title: `for ${secret}` });
    await github.webhooks.settled();
  }
  expect(titles).toEqual([`for ${secrets[0]}`]);
  expect(github.webhooks.deliveries.map(({ outcomes }) => outcomes)).toEqual([[200], [400]]);
});

test('Bolt believes the sandbox’s requests for five minutes, and no other body', () => {
  const at = Math.floor(Date.now() / 1000);
  const verify = (body: string, when = at): void =>
    verifySlackRequest({
      signingSecret: 'secret',
      body,
      headers: {
        'x-slack-signature': signature('secret', String(when), 'payload=1'),
        'x-slack-request-timestamp': when,
      },
    });
  expect(() => verify('payload=1')).not.toThrow();
  expect(() => verify('payload=2')).toThrow();
  expect(() => verify('payload=1', at - 400)).toThrow();
});
