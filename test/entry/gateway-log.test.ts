/** The gateway's log and figures: no secret in one, nothing that people choose in the labels of the other. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Served } from '../../src/app/gateway/ports.ts';
import type { SlackDeed } from '../../src/app/ports.ts';
import { gatewayLog } from '../../src/entry/cli/gateway-log.ts';
import { gatewayMetrics } from '../../src/entry/cli/gateway-metrics.ts';

const PEM = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test('secrets are masked wherever they stand, the lines of a key each for itself', () => {
  const lines: string[] = [];
  const secrets = ['xoxb-1-secret', 'with "quotes" and more', 'new-secret-value\nold-secret-value', PEM];
  const { log, progress } = gatewayLog({ level: 'info', secrets }, (line) => lines.push(line));
  const [, key = ''] = PEM.split('\n');
  progress.warn(`Slack refused xoxb-1-secret, then ${key}`);
  log.info({ note: 'with "quotes" and more', nested: { deep: 'old-secret-value' } }, PEM);
  log.error({ err: new Error('new-secret-value'), token: 'anything', inner: { authorization: 'Bearer it' } });
  const text = lines.join('');
  for (const secret of [key, 'xoxb-1', 'quotes', 'old-secret', 'new-secret', 'anything', 'Bearer']) {
    expect(text).not.toContain(secret);
  }
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'info', 'error']);
});

test('what is written for a request names it, also by work that goes on afterwards', async () => {
  const lines: string[] = [];
  const { within, progress, log } = gatewayLog({ level: 'info', secrets: [] }, (line) => lines.push(line));
  const recorded = Promise.withResolvers<void>();
  const later = within('a-request', async () => {
    log.info({ status: 200 }, 'begun');
    return recorded.promise.then(() => progress.info('recorded'));
  });
  progress.info('of no request');
  recorded.resolve();
  await later;
  const said = lines.map((line) => JSON.parse(line)).map(({ msg, request, status }) => [msg, request, status]);
  expect(said).toEqual([
    ['begun', 'a-request', 200],
    ['of no request', undefined, undefined],
    ['recorded', 'a-request', undefined],
  ]);
});

test('deeds are counted by what became of them, answers by verdict, and GitHub’s limits by who asked', async () => {
  const metrics = gatewayMetrics({ open: () => 0, ready: () => false });
  const press = { kind: 'press' } as SlackDeed;
  await metrics.counted(async () => ({ kind: 'done' }))(press);
  await metrics
    .counted(() => Promise.reject(new Error('unforeseen')))(press)
    .catch(() => undefined);
  let became: 'done' | 'gone' = 'done';
  const served = { gate: { review: async () => became } } as unknown as Served;
  const { byId } = metrics.watched({
    byId: async (id) => (id === 70 ? served : null),
    ...{ byName: async () => null, all: async () => [], withOpenRequests: async () => [] },
  });
  const gate = (await byId(70))?.gate;
  await gate?.review({ run: 9001, environment: 'production' }, 'approved', { text: 'Approved.', issue: null });
  became = 'gone';
  await gate?.review({ run: 9001, environment: 'production' }, 'approved', { text: 'Approved.', issue: null });
  expect(await byId(71)).toBeNull();
  metrics.github(new Response(null, { headers: { 'x-ratelimit-remaining': '41', 'x-ratelimit-resource': 'core' } }), 5);
  metrics.github(new Response(null, { status: 204 }), null);
  const text = await metrics.registry.metrics();
  for (const line of [
    'debug_approval_deeds_total{kind="press",outcome="done"} 1',
    'debug_approval_deeds_total{kind="press",outcome="failed"} 1',
    'debug_approval_deed_seconds_count{kind="press"} 2',
    'debug_approval_held_jobs_answered_total{verdict="approved"} 1',
    'debug_approval_held_jobs_answered_total{verdict="gone"} 1',
    'debug_approval_github_requests_total{status="204"} 1',
    'debug_approval_github_rate_limit_remaining{installation="5",resource="core"} 41',
    'debug_approval_ready 0',
  ]) {
    expect(text).toContain(line);
  }
});
