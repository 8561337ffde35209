/** A town for the gateway: what its App, its key, its policy and its Slack must be to each other. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { openRunners } from '../../src/sandbox/dispatched.ts';
import { commitAll, openTown, PEOPLE, type Town, type TownOptions } from '../../src/sandbox/town.ts';

async function town(options: TownOptions = { gateway: true }): Promise<Town> {
  const opened = await openTown(options);
  onTestFinished(opened.close);
  return opened;
}

const Policy = v.object({
  gateway: v.object({ app: v.number() }),
  signers: v.object({ gateway: v.array(v.object({ name: v.string(), key: v.string() })) }),
});

async function installationToken({ app, github }: Town): Promise<string> {
  if (app === null) throw new Error('The town has no App.');
  const iat = Math.floor(Date.now() / 1000) - 30;
  const jwt = await new SignJWT({ iat, exp: iat + 300, iss: String(app.id) })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(createPrivateKey(app.privateKey));
  const answer = await fetch(`${github.url}/app/installations/${app.installationId}/access_tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${jwt}` },
  });
  return v.parse(v.object({ token: v.string() }), await answer.json()).token;
}

test('the policy names the App and the public half of the key that signs, and the ask job waits in the gateway', async () => {
  const { app, gatewayKey, checkout, slackSigningSecret, slack } = await town();
  const policy = parse(await readFile(join(checkout, '.github/debug-approval.yml'), 'utf8'));
  const { gateway, signers } = v.parse(Policy, policy);
  expect(gateway.app).toBe(app?.id);
  const key = createPublicKey({
    key: Buffer.from(signers.gateway[0]?.key ?? '', 'base64'),
    type: 'spki',
    format: 'der',
  });
  const words = Buffer.from('a record');
  expect(verify(null, words, key, sign(null, words, gatewayKey?.privateKey ?? ''))).toBe(true);
  expect(signers.gateway[0]?.name).toBe(gatewayKey?.name);
  expect(await readFile(join(checkout, '.github/workflows/debug.yml'), 'utf8')).toContain('wait: gateway');
  expect(slackSigningSecret).toEqual(expect.any(String));
  await expect(slack.setRequestUrl('http://127.0.0.1:9/')).rejects.toThrow('ECONNREFUSED');
});

const SHORT = `
on: workflow_dispatch
permissions: {}
jobs:
  debug: { runs-on: u, environment: production, steps: [{ run: 'echo "runs"' }] }
`;

test('what the App dispatches waits at the gate of the target’s environment until the App lets it', async () => {
  const opened = await town({ gateway: true, empty: true });
  const { github, checkout, app } = opened;
  await mkdir(join(checkout, '.github/workflows'), { recursive: true });
  await writeFile(join(checkout, '.github/workflows/short.yml'), SHORT);
  await commitAll(checkout, 'Short');
  const runners = openRunners(opened);
  onTestFinished(() => runners.close());
  const token = await installationToken(opened);
  const send = (path: string, body: object) =>
    fetch(`${github.url}/repos/acme/shop/actions/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  const started = await send('workflows/short.yml/dispatches', { ref: 'main', return_run_details: true });
  const { workflow_run_id: id } = v.parse(v.object({ workflow_run_id: v.number() }), await started.json());
  const yes = { environment_name: 'production', state: 'approved', comment: 'As the issue says.' };
  await expect.poll(async () => (await send(`runs/${id}/deployment_protection_rule`, yes)).status).toBe(204);
  const result = await runners.runs[0];
  expect(result).toMatchObject({ conclusion: 'success', actor: { login: app?.botLogin } });
  expect(github.violations.filter(({ side }) => side === 'response')).toEqual([]);
});

test('in Socket Mode the gateway alone holds the app-level token', async () => {
  const { github, slackSigningSecret } = await town({ gateway: 'socket', empty: true });
  expect(slackSigningSecret).toBeNull();
  const place = { attempt: 1, key: 'ask', environment: 'debug-approval', permissions: {} };
  const { id: runId } = github.startRun({
    ...{ workflowPath: '.github/workflows/debug.yml', event: 'workflow_dispatch', ref: 'refs/heads/main' },
    ...{ sha: '0'.repeat(40), actor: PEOPLE.ana, triggeringActor: PEOPLE.ana },
  });
  const job = github.startJob({ ...place, runId });
  expect(job.kind === 'ready' ? Object.keys(job.secrets) : []).toEqual(['SLACK_BOT_TOKEN']);
});
