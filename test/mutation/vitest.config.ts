/** Which tests stand against the mutants of `npm run mutation`: the quick ones of the rules, for every mutant runs them anew. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    root: join(import.meta.dirname, '../..'),
    include: ['test/{request,policy}/**/*.test.ts'],
    setupFiles: ['test/mutation/seed.ts'],
    // Each file in a worker of its own: in a shared one, what a module keeps from its import hides some mutants.
    isolate: true,
    // A golden file is compared, never written: else a mutant would write down what it does as what is right.
    update: 'none',
    retry: 0,
  },
});
