/** The bundles that GitHub runs: this list is the map of the entries. Committed under action/dist and reproducible. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig } from 'rolldown';
import { licensesOf } from './scripts/licenses.ts';
import { buildReportPage } from './scripts/report-page.ts';

/** Packages whose modules do nothing by being imported: unused parts of theirs must not cost start-up time. */
const QUIET = /node_modules[\\/](@actions|@octokit|@slack|undici|valibot|yaml|jose)[\\/]/;

export default defineConfig({
  input: {
    ask: 'src/entry/ask.ts',
    run: 'src/entry/run.ts',
    finish: 'src/entry/finish.ts',
    exec: 'src/entry/exec.ts',
    sweep: 'src/entry/sweep.ts',
    doctor: 'src/entry/doctor.ts',
    cli: 'src/entry/cli.ts',
  },
  platform: 'node',
  plugins: [
    {
      // The command line is a program: npm makes it one where it is linked, which git would see as a change.
      name: 'executable',
      writeBundle: ({ dir = '.' }) => chmod(join(dir, 'cli.js'), 0o755),
    },
    {
      name: 'licenses',
      generateBundle(_, files) {
        const modules = Object.values(files).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
        this.emitFile({ type: 'asset', fileName: 'licenses.md', source: licensesOf(modules) });
      },
    },
    {
      // The page of `audit report`, which runs in a browser: the command line reads it and puts the data in.
      name: 'report-page',
      async generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'report.html', source: await buildReportPage() });
      },
    },
  ],
  treeshake: { moduleSideEffects: (id) => !QUIET.test(id) },
  output: {
    dir: 'action/dist',
    cleanDir: true,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[name]-[hash].js',
  },
});
