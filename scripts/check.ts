/** `npm run check`: everything but the tests that must hold before a change goes in. Exit code 1 when any part fails. */
import { bundlesCurrent, bundlesReproducible, bundlesSmall } from './check/bundles.ts';
import { referenceCurrent, schemasCurrent } from './check/generated.ts';
import { workflowsAsGitHubReadsThem } from './check/languageservice.ts';
import type { Part } from './check/part.ts';
import { lintAndFormat, types } from './check/programs.ts';
import { workflowsSound } from './check/workflows.ts';

const PARTS: Part[] = [
  { name: 'types', check: types },
  { name: 'lint and format', check: lintAndFormat },
  { name: 'bundles are what the source gives', check: bundlesCurrent },
  { name: 'bundles are reproducible', check: bundlesReproducible },
  { name: 'bundles are small', check: bundlesSmall },
  { name: 'workflows', check: workflowsSound },
  { name: "workflows as GitHub's own language service reads them", check: workflowsAsGitHubReadsThem },
  { name: 'the reference is current', check: referenceCurrent },
  { name: 'generated schemas are current', check: schemasCurrent },
];

/** Runs one part and prints its line at once. A part that throws has failed. */
async function run({ name, check }: Part): Promise<boolean> {
  const start = performance.now();
  const findings = await check().catch((error: unknown) => ({
    problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    note: '',
  }));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const ok = findings.problems.length === 0;
  console.log(`${ok ? '✓' : '✗'} ${name} (${seconds} s)${findings.note === '' ? '' : `: ${findings.note}`}`);
  for (const problem of findings.problems) console.log(problem.replace(/^/gm, '    '));
  return ok;
}

const outcomes = await Promise.all(PARTS.map(run));
const failed = outcomes.filter((ok) => !ok).length;
console.log(failed === 0 ? `All ${PARTS.length} parts hold.` : `${failed} of ${PARTS.length} parts failed.`);
process.exitCode = failed === 0 ? 0 : 1;
