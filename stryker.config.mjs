// @ts-check
/**
 * How `npm run mutation` measures the tests of what decides: it changes that code in one place at a time and counts the
 * changes that no test sees. `npm run mutation -- --mutate src/request/decide.ts` measures one file, `-- --incremental`
 * only what changed since the last such run (a changed sample or story goes unnoticed, so that figure is for the way).
 */

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['src/request/**/*.ts', 'src/policy/**/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // Which tests cover a mutant is measured once; looking up what imports it, before each mutant, tells nothing more.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // Code that runs only on import, most of the schemas for one, belongs to no test: each mutant of it would run every test.
  // What also runs within a test is measured by the tests it runs in.
  ignoreStatic: true,
  // The compiler's own check is a check of its own; a mutant need not pass it.
  disableTypeChecks: false,
  // Stryker rewrites tsconfig.json with an API that TypeScript 7 has not. Ours leads nowhere outside: let it find none.
  tsconfigFile: 'none',
  ignorePatterns: ['/action', '/test/acceptance', '/test/bench', '/test/e2e'],
  tempDirName: '.stryker-tmp',
  concurrency: 2,
  // Milliseconds on top of half as much again as the tests of a mutant take: then it loops, and has been seen.
  timeoutMS: 5_000,
  dryRunTimeoutMinutes: 2,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
  jsonReporter: { fileName: 'reports/mutation.json' },
  incrementalFile: 'reports/mutation-incremental.json',
  thresholds: { high: 95, low: 90, break: 90 },
};
