/** How the tests run. TEST_REPORT names a file for the counts, which .ci/run prints. */
import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    // Some tests start whole jobs; a slow machine is no reason to fail.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A test that holds only sometimes does not hold.
    retry: 0,
    // Processes, not threads: tests start programs and set signal handlers.
    pool: 'forks',
    maxWorkers: 4,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
