/** How a run that is cancelled or too slow comes to its end. */
import { expect, test } from 'vitest';
import type { RunOptions } from '../../../src/sandbox/workflow/run.ts';
import { bench, conclusions, logOf } from './bench.ts';

const shortGraces = { interrupt: 50, terminate: 50, job: 60_000 };

/** Cancels the run as soon as a step prints `ready`. */
function cancelWhenReady(): Partial<RunOptions> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onLog: (line) => {
      if (line.text === 'ready') controller.abort();
    },
  };
}

const workflow = (script: string): string => `
on: workflow_dispatch
jobs:
  ask:
    runs-on: u
    steps:
      - name: waits
        run: |
          ${script}
      - { name: next, run: echo never }
      - { name: cleanup, if: always(), run: 'echo "cleaned up after \${{ job.status }}"' }
  debug: { needs: ask, runs-on: u, steps: [{ run: echo never }] }
  close: { needs: [ask, debug], if: always(), runs-on: u, steps: [{ run: 'echo "ask was \${{ needs.ask.result }}"' }] }
`;

test('a cancelled run interrupts its step, runs what always runs, and skips the rest', async () => {
  const script = `trap 'echo interrupted; exit 0' INT; echo ready; sleep 300 & wait`;
  const { host, run } = bench(workflow(script));
  const result = await run(cancelWhenReady());
  expect(conclusions(result)).toEqual({ ask: 'cancelled', debug: 'skipped', close: 'success' });
  expect(result.jobs['ask']?.steps.map((step) => step.conclusion)).toEqual(['cancelled', 'skipped', 'success']);
  expect(logOf(result, 'ask')).toContain('interrupted');
  expect(logOf(result, 'ask')).toContain('cleaned up after cancelled');
  expect(logOf(result, 'close')).toBe('ask was cancelled');
  expect(host.calls.at(-1)).toBe('run is completed cancelled');
});

test('a step that ignores every signal is killed in the end', async () => {
  const script = `trap '' INT TERM; echo ready; sleep 300`;
  const result = await bench(workflow(script)).run({ ...cancelWhenReady(), graces: shortGraces });
  expect(result.jobs['ask']?.steps[0]?.conclusion).toBe('cancelled');
});

test('a cancelled run lets a job go on whose condition says always', async () => {
  const result = await bench(`
on: workflow_dispatch
jobs:
  close: { if: always(), runs-on: u, steps: [{ run: echo ready }, { run: echo still here }] }
`).run(cancelWhenReady());
  expect(logOf(result, 'close')).toContain('still here');
  expect(result).toMatchObject({ conclusion: 'cancelled', jobs: { close: { conclusion: 'success' } } });
});

test('a job beyond its time ends as cancelled', async () => {
  const result = await bench(`
on: workflow_dispatch
jobs:
  slow: { runs-on: u, timeout-minutes: 0.001, steps: [{ run: exec sleep 300 }, { if: cancelled(), run: echo told }] }
  after: { needs: slow, runs-on: u, steps: [{ run: echo never }] }
`).run({ graces: shortGraces });
  expect(conclusions(result)).toEqual({ slow: 'cancelled', after: 'skipped' });
  expect(logOf(result, 'slow')).toContain('The job has exceeded the maximum execution time of 0.001m0s');
  expect(logOf(result, 'slow')).toContain('told');
});

test('a step beyond its time fails', async () => {
  const result = await bench(`
on: workflow_dispatch
jobs:
  slow: { runs-on: u, steps: [{ name: wait, timeout-minutes: 0.001, run: exec sleep 300 }] }
`).run({ graces: shortGraces });
  expect(result.jobs['slow']?.annotations.map((one) => one.message)).toEqual([
    "The action 'wait' has timed out after 0.001 minutes.",
  ]);
  expect(result.conclusion).toBe('failure');
});
