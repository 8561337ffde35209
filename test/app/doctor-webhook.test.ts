/** Doctor on the policy's webhook: the jobs that deliver have its secret, nobody else does, and without a webhook nobody is asked. */
import { describe, expect, test } from 'vitest';
import { type Change, examined, findingOf, inJob, notOk, swap } from './doctor-world.ts';

const [DEBUG, SWEEP] = ['.github/workflows/debug.yml', '.github/workflows/sweep.yml'];
const SECRET = '          webhook-secret: ${{ secrets.WEBHOOK_SECRET }}\n';
const policy = swap(['expiry: 2h', 'webhook: { url: "https://hooks.example.com/debug" }\nexpiry: 2h']);
const KEPT = ['WEBHOOK_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
const held = { secrets: async (place: string | null) => (place === 'debug-approval' ? KEPT : []) };

const about = async (change: Change): Promise<string[]> =>
  notOk(await examined(change)).filter((one) => /webhook|delivered/.test(one));

describe('the webhook secret', () => {
  test('that is stored and handed to ask, close and sweep is right', async () => {
    expect(await about({ policy, inspector: held })).toEqual([]);
  });

  test('is nobody’s business where the policy has no webhook, be it there or not', async () => {
    const leaked = inJob('debug', ['    env:\n', '    env:\n      OTHER: ${{ secrets.WEBHOOK_SECRET }}\n']);
    const without = (text: string): string => text.replaceAll(SECRET, '');
    expect(await about({ inspector: held })).toEqual([]);
    expect(await about({ files: { [DEBUG]: without, [SWEEP]: without } })).toEqual([]);
    expect(await about({ files: { [DEBUG]: leaked } })).toEqual([]);
  });

  test.each([
    ['ask', DEBUG, inJob('ask', [SECRET, '']), 'workflow.debug.ask.webhook-secret wrong'],
    ['close', DEBUG, inJob('close', [SECRET, '']), 'workflow.debug.close.webhook-secret wrong'],
    ['the sweep', SWEEP, swap([SECRET, '']), 'workflow.sweep.sweep.webhook-secret wrong'],
  ])('that is not handed to %s is missed', async (_, file, change, finding) => {
    expect(await about({ policy, inspector: held, files: { [file]: change } })).toEqual([finding]);
  });

  test('that is nowhere is missed in each job; that of the whole repository is too widely known', async () => {
    const jobs = ['workflow.debug.ask', 'workflow.debug.close', 'workflow.sweep.sweep'];
    expect(await about({ policy })).toEqual(jobs.map((job) => `${job}.webhook-secret wrong`));
    const secrets = async (place: string | null) =>
      place === null ? ['WEBHOOK_SECRET'] : ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
    const open = await about({ policy, inspector: { secrets } });
    expect(open).toEqual(jobs.map((job) => `${job}.webhook-secret note`));
  });

  test('never reaches the approved command', async () => {
    const leaked = inJob('debug', ['    env:\n', '    env:\n      HOOK: ${{ secrets.WEBHOOK_SECRET }}\n']);
    const findings = await examined({ policy, inspector: held, files: { [DEBUG]: leaked } });
    expect(findingOf(findings, 'workflow.debug.debug.webhook-secret')).toMatchObject({
      health: 'wrong',
      what: expect.stringContaining('where the approved command could read it, and with it sign what the monitoring'),
    });
  });
});

test.each([
  ['close is not told it', swap(['          delivered: ${{ needs.ask.outputs.delivered }}\n', ''])],
  ['ask does not hand it over', swap(['      delivered: ${{ steps.ask.outputs.delivered }}\n', ''])],
])('where %s, what ask delivered is sent twice', async (_, change) => {
  const files = { [DEBUG]: change };
  expect(await about({ policy, inspector: held, files })).toEqual(['workflow.debug.close.delivered note']);
  expect(await about({ files })).toEqual([]);
});

test('a missing secret is told in words that stand', async () => {
  const files = { [DEBUG]: inJob('ask', [SECRET, '']) };
  expect(
    findingOf(await examined({ policy, inspector: held, files }), 'workflow.debug.ask.webhook-secret'),
  ).toMatchObject({
    what: "The job ask of .github/workflows/debug.yml hands over no webhook-secret, so that it delivers nothing to the policy's webhook.",
    remedy:
      'Under `with` of its step write `webhook-secret: ${{ secrets.WEBHOOK_SECRET }}`, and store a secret of Standard Webhooks (docs/MONITORING.md says how to make one) as a secret of the environment debug-approval.',
  });
});
