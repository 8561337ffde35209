/** How `npm run e2e:act` runs: by itself, for it takes a program that not every machine has. TEST_REPORT as for the tests. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

const report = process.env['TEST_REPORT'];

/** The last line, in the words of .ci/run. */
const counts: Reporter = {
  onTestRunEnd(modules) {
    const states = modules.flatMap(({ children }) => [...children.allTests()].map((test) => test.result().state));
    const count = (wanted: string): number => states.filter((state) => state === wanted).length;
    console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  },
};

export default defineConfig({
  test: {
    environment: 'node',
    root: join(import.meta.dirname, '../..'),
    include: ['test/e2e/*.e2e.ts'],
    // A run of act ends by its own clock, well before.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    retry: 0,
    pool: 'forks',
    // What goes on is shown as it happens.
    disableConsoleIntercept: true,
    reporters: report === undefined ? ['verbose', counts] : ['verbose', ['json', { outputFile: report }], counts],
  },
});
