/** How the tests run. TEST_REPORT names a file for the counts, which .ci/run prints. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { memoryFolder } from './test/memory-folder.ts';

const report = process.env['TEST_REPORT'];

/**
 * Tests that change nothing of their process, so that many of their files share one: what they import is loaded once, which
 * saves a third of their time. A module that they share may keep no state from one test to the next.
 */
const SHARING = [
  'test/{acceptance,app,attacks,attacks-people,audit,docs,entry,log,policy,redact,request,slack,tampering,webhook}/**/*.test.ts',
  'test/sandbox/**/*.test.ts',
  // Fake timers hold up what other files of the same process wait for.
  'test/github/!(retry).test.ts',
];

export default defineConfig({
  test: {
    environment: 'node',
    // The programs that tests start are read and compiled once.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node'), ...memoryFolder() },
    // Some tests start whole jobs; a slow machine is no reason to fail.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    // A test that holds only sometimes does not hold.
    retry: 0,
    // Processes, not threads: tests start programs and set signal handlers.
    pool: 'forks',
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...SHARING, 'test/bench/**'] },
      },
    ],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
