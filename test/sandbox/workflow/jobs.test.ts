/** Which jobs run, in what order, with which outputs and in which environment. */
import { expect, test } from 'vitest';
import type { GateEnd } from '../../../src/sandbox/host.ts';
import { bench, bo, conclusions, logOf } from './bench.ts';

const flow = (ask: string): string => `
on: workflow_dispatch
permissions: {}
jobs:
  ask:
    runs-on: ubuntu-latest
    environment: debug-approval
    outputs:
      environment: \${{ steps.ask.outputs.environment }}
    steps:
      - id: ask
        run: |
          echo environment=staging >> "$GITHUB_OUTPUT"
          ${ask}
  debug:
    needs: ask
    runs-on: ubuntu-latest
    environment: \${{ needs.ask.outputs.environment }}
    steps:
      - run: echo "in attempt $GITHUB_RUN_ATTEMPT for $GITHUB_TRIGGERING_ACTOR"
  close:
    needs: [ask, debug]
    if: always()
    runs-on: ubuntu-latest
    environment: debug-approval
    steps:
      - run: echo "debug was \${{ needs.debug.result }}, environment \${{ needs.ask.outputs.environment }}"
`;

test('an approved request runs all three jobs, each in its environment', async () => {
  const { host, run } = bench(flow('exit 0'));
  const result = await run();
  expect(conclusions(result)).toEqual({ ask: 'success', debug: 'success', close: 'success' });
  expect(logOf(result, 'close')).toContain('debug was success, environment staging');
  expect(host.calls).toEqual([
    'run workflow_dispatch refs/heads/main by ana-dev',
    'run is in_progress',
    'job ask in debug-approval',
    'job 1 ended success',
    'job debug in staging',
    'job 2 ended success',
    'job close in debug-approval',
    'job 3 ended success',
    'run is completed success',
  ]);
});

test('a failed ask skips debug, and close still runs', async () => {
  const result = await bench(flow('exit 1')).run();
  expect(conclusions(result)).toEqual({ ask: 'failure', debug: 'skipped', close: 'success' });
  expect(logOf(result, 'close')).toContain('debug was skipped, environment staging');
  expect(result.conclusion).toBe('failure');
});

test('a closed environment gate fails the job before anything of it runs', async () => {
  const reason = 'Branch "main" is not allowed to deploy to staging.';
  const result = await bench(flow('exit 0'), {}, { closed: { staging: reason } }).run();
  expect(result.jobs['debug']).toMatchObject({ conclusion: 'failure', steps: [], annotations: [{ message: reason }] });
  expect(logOf(result, 'close')).toContain('debug was failure');
});

test('a job that its environment’s rule holds starts once that lets it, and not before', async () => {
  const { promise, resolve } = Promise.withResolvers<GateEnd>();
  const { host, run } = bench(flow('exit 0'), {}, { gates: { staging: promise } });
  const running = run();
  await expect.poll(() => host.calls).toContain('job debug waits at staging');
  expect(host.calls).not.toContain('job debug in staging');
  resolve({ kind: 'open' });
  expect(conclusions(await running)).toEqual({ ask: 'success', debug: 'success', close: 'success' });
});

test('a job that its environment’s rule rejects fails with the reason and runs nothing, and those who need it follow', async () => {
  const gates = { staging: Promise.resolve({ kind: 'refused', reason: 'It was rejected.' } as const) };
  const result = await bench(flow('exit 0'), {}, { gates }).run();
  expect(result.jobs['debug']).toMatchObject({
    ...{ conclusion: 'failure', jobId: null, steps: [], environment: 'staging' },
    annotations: [{ message: 'It was rejected.' }],
  });
  expect(logOf(result, 'close')).toContain('debug was failure');
});

test('a run that is cancelled while a job waits at its gate cancels that job without a runner, and close still runs', async () => {
  const { host, run } = bench(flow('exit 0'), {}, { gates: { staging: new Promise<never>(() => {}) } });
  const cancel = new AbortController();
  const running = run({ signal: cancel.signal });
  await expect.poll(() => host.calls).toContain('job debug waits at staging');
  cancel.abort();
  const result = await running;
  expect(conclusions(result)).toEqual({ ask: 'success', debug: 'cancelled', close: 'success' });
  expect(result.jobs['debug']).toMatchObject({ jobId: null, steps: [] });
});

test('a re-run of the debug job alone gets the outputs of the ask job of the attempt before', async () => {
  const { host, run } = bench(flow('exit 0'));
  const first = await run();
  const again = await run({ rerun: { of: first, mode: { job: 'debug' } }, triggeringActor: bo });
  expect(again).toMatchObject({ id: first.id, attempt: 2, sha: first.sha });
  expect(again.jobs['ask']).toEqual(first.jobs['ask']);
  expect(again.jobs['debug']).toMatchObject({ attempt: 2, environment: 'staging' });
  expect(logOf(again, 'debug')).toContain('in attempt 2 for bo-ops');
  expect(host.calls).toContain('attempt 2 by bo-ops');
  expect(host.calls.filter((call) => call.startsWith('job ask'))).toHaveLength(1);
});

test('a re-run of failed jobs leaves out those that succeeded and takes in all that need the failed ones', async () => {
  const { run } = bench(flow('test "$GITHUB_RUN_ATTEMPT" = 2'));
  const again = await run({ rerun: { of: await run(), mode: 'failed' } });
  expect(conclusions(again)).toEqual({ ask: 'success', debug: 'success', close: 'success' });
  const third = await run({ rerun: { of: again, mode: 'failed' } });
  expect(Object.values(third.jobs).map((job) => job.attempt)).toEqual([2, 2, 2]);
});

test('a re-run of everything asks again', async () => {
  const { host, run } = bench(flow('exit 0'));
  await run({ rerun: { of: await run(), mode: 'all' } });
  expect(host.calls.filter((call) => call.startsWith('job ask'))).toHaveLength(2);
});

test('a job with a condition of its own still needs the success of all before it, at any distance', async () => {
  const result = await bench(`
on: workflow_dispatch
jobs:
  first: { runs-on: u, steps: [{ run: exit 1 }] }
  second: { needs: first, if: always(), runs-on: u, steps: [{ run: 'true' }] }
  third: { needs: second, if: github.ref_name == 'main', runs-on: u, steps: [{ run: 'true' }] }
  fourth: { needs: second, if: failure(), runs-on: u, steps: [{ run: 'true' }] }
`).run();
  expect(conclusions(result)).toEqual({ first: 'failure', second: 'success', third: 'skipped', fourth: 'success' });
});

test('a job that may fail fails neither its run nor those who need it', async () => {
  const result = await bench(`
on: workflow_dispatch
jobs:
  first: { runs-on: u, continue-on-error: true, steps: [{ run: exit 1 }] }
  second: { needs: first, runs-on: u, steps: [{ run: 'echo \${{ needs.first.result }}' }] }
`).run();
  expect(conclusions(result)).toEqual({ first: 'failure', second: 'success' });
  expect(result.conclusion).toBe('success');
});
