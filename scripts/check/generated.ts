/** The parts of the check about files that are written by a script of this folder. */
import { readFile } from 'node:fs/promises';
import { policyJsonSchema } from '../policy-schema.ts';
import { withGenerated } from '../reference.ts';
import { requestJsonSchema } from '../request-schema.ts';
import type { Findings } from './part.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, ROOT), 'utf8');

/** Each published schema, what it must be, and the script that writes it. */
const SCHEMAS = [
  { path: 'schema/debug-approval.schema.json', text: policyJsonSchema, script: 'scripts/policy-schema.ts' },
  { path: 'schema/request.schema.json', text: requestJsonSchema, script: 'scripts/request-schema.ts' },
];

/** The reference says what the action.yml files and the command line say. */
export async function referenceCurrent(): Promise<Findings> {
  const page = await read('docs/REFERENCE.md');
  const current = (await withGenerated(page)) === page;
  return {
    problems: current
      ? []
      : ['docs/REFERENCE.md differs from the action.yml files or from `--help`. Run `node scripts/reference.ts`.'],
    note: '',
  };
}

/** The published schemas say what the code says. */
export async function schemasCurrent(): Promise<Findings> {
  const problems = await Promise.all(
    SCHEMAS.map(async ({ path, text, script }) =>
      (await read(path)) === text() ? [] : [`${path} differs from the code. Run \`node ${script}\`.`],
    ),
  );
  return { problems: problems.flat(), note: SCHEMAS.map(({ path }) => path).join(', ') };
}
