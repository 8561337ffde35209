/** What comes along for whoever runs the gateway: image, Kubernetes manifest, GitHub App and Slack app, as the code needs them. */
import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { GITHUB_PATH, SLACK_PATH } from '../../src/entry/cli/gateway-server.ts';
import { SECRETS, SETTINGS } from '../../src/entry/cli/gateway-settings.ts';
import { webhookReader } from '../../src/github/webhooks.ts';
import { text } from '../workflow-files.ts';

const SLACK_URL = `https://gateway.example.com${SLACK_PATH}`;
const known = [...Object.values(SETTINGS), ...Object.values(SECRETS)].flatMap(({ variable }) => [
  variable,
  `${variable}_FILE`,
]);

const app = v.parse(
  v.looseObject({
    hook_attributes: v.object({ url: v.string() }),
    public: v.boolean(),
    default_permissions: v.record(v.string(), v.string()),
    default_events: v.array(v.string()),
  }),
  JSON.parse(text('gateway/github-app-manifest.json')),
);

test('the GitHub App may write issues, answer for deployments and begin workflows, read what is judged by, and nothing more', () => {
  expect(app.public).toBe(false);
  expect(app.default_permissions).toEqual({
    ...{ contents: 'read', metadata: 'read' },
    ...{ actions: 'write', deployments: 'write', issues: 'write' },
  });
});

test('the GitHub App is told of the events that something follows from', async () => {
  expect(app.hook_attributes.url).toBe(`https://gateway.example.com${GITHUB_PATH}`);
  const read = webhookReader({ secrets: ['a secret'], app: { id: 77, slug: () => null } });
  const signature = `sha256=${createHmac('sha256', 'a secret').update('{}').digest('hex')}`;
  const body = new TextEncoder().encode('{}');
  const kind = async (event: string) =>
    (await read({ headers: { 'x-github-event': event, 'x-hub-signature-256': signature }, body })).kind;
  // What is read is refused for being empty; what is not read is ignored.
  expect(await Promise.all(app.default_events.map(kind))).toEqual(app.default_events.map(() => 'malformed'));
  expect(await kind('workflow_run')).toBe('ignored');
});

test('the Slack app over HTTP is that of the jobs, with the gateway’s address in the place of Socket Mode and a command to ask', () => {
  const jobs = parse(text('slack-app-manifest.yml'));
  jobs.settings.socket_mode_enabled = false;
  jobs.settings.interactivity.request_url = SLACK_URL;
  jobs.settings.event_subscriptions.request_url = SLACK_URL;
  jobs.features.slash_commands.push({
    ...{ command: '/debug', description: 'Ask to debug in production.', usage_hint: '[owner/name] | list' },
    should_escape: false,
  });
  for (const command of jobs.features.slash_commands) command.url = SLACK_URL;
  expect(parse(text('gateway/slack-app-manifest.yml'))).toEqual(jobs);
});

const Container = v.looseObject({
  ports: v.array(v.looseObject({ containerPort: v.number() })),
  env: v.array(v.object({ name: v.string(), value: v.string() })),
  livenessProbe: v.looseObject({ httpGet: v.looseObject({ path: v.string() }) }),
  readinessProbe: v.looseObject({ httpGet: v.looseObject({ path: v.string() }) }),
});
const Deployment = v.looseObject({
  spec: v.looseObject({
    template: v.looseObject({ spec: v.looseObject({ containers: v.tuple([Container]) }) }),
  }),
});

test('Kubernetes runs it as the code is: its port, its probes, and variables that are known', () => {
  const [deployment] = parseAllDocuments(text('gateway/kubernetes.yml'));
  const [container] = v.parse(Deployment, deployment?.toJS()).spec.template.spec.containers;
  expect(container.ports[0]?.containerPort).toBe(Number(SETTINGS['listen-port'].fallback));
  expect([container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path]).toEqual([
    '/healthz',
    '/readyz',
  ]);
  expect(container.env.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
});

test('the image holds the bundles alone, runs as nobody special, and listens where a container is reached', () => {
  const lines = text('gateway/Dockerfile').split('\n');
  const instructions = lines.filter((line) => /^[A-Z]+ /.test(line));
  expect(instructions.filter((line) => line.startsWith('COPY'))).toEqual([
    'COPY package.json ./',
    'COPY action/dist action/dist',
  ]);
  expect(instructions).toContain('USER node');
  expect(instructions).toContain(`EXPOSE ${SETTINGS['listen-port'].fallback}`);
  expect(instructions.find((line) => line.startsWith('ENV'))).toContain('LISTEN_ADDRESS=0.0.0.0');
});
