/** The part of the check that reads workflows and actions with GitHub's own language service, the one in its editors. */
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Findings } from './part.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FILES = ['.github/workflows/*.{yml,yaml}', '{action,action/*/action}.{yml,yaml}'];

/** What is used of the package; it needs no more of a document than this. */
const Service = v.object({ validate: v.function(), registerLogger: v.function() });
const Diagnostics = v.array(
  v.object({ message: v.string(), range: v.object({ start: v.object({ line: v.number(), character: v.number() }) }) }),
);

/** What the service tells of its own failures, which it swallows otherwise. */
const failures: string[] = [];
let loaded: Promise<v.InferOutput<typeof Service>> | null = null;

/** The package imports JSON without the attribute that Node demands: it is added while the package loads. */
async function load(): Promise<v.InferOutput<typeof Service>> {
  const hooks = registerHooks({
    load: (url, context, next) =>
      next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
  });
  try {
    const service = v.parse(Service, await import('@actions/languageservice'));
    const fail = (message: unknown): void => void failures.push(String(message));
    const ignore = (): void => undefined;
    service.registerLogger({ error: fail, warn: fail, info: ignore, log: ignore });
    return service;
  } finally {
    hooks.deregister();
  }
}

/**
 * What GitHub's language service says against a workflow or action, warnings too, each as `path:line:column message`. Which
 * of the two it is follows from the path. Throws where the service itself fails.
 */
export async function languageProblems(path: string, text: string): Promise<string[]> {
  loaded ??= load();
  const { validate } = await loaded;
  // It remembers what it read by the address alone, whatever the text is by now.
  const uri = `file:///${createHash('sha256').update(text).digest('hex')}/${path}`;
  const diagnostics = v.parse(Diagnostics, await validate({ uri, getText: () => text }));
  if (failures.length > 0) throw new Error(`${path}: ${failures.splice(0).join('; ')}`);
  return diagnostics.map(
    ({ message, range: { start } }) => `${path}:${start.line + 1}:${start.character + 1} ${message}`,
  );
}

/** GitHub's language service has nothing against any workflow or action of this repository. */
export async function workflowsAsGitHubReadsThem(): Promise<Findings> {
  const paths = globSync(FILES, { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  const problems: string[] = [];
  for (const path of paths) problems.push(...(await languageProblems(path, await readFile(`${ROOT}${path}`, 'utf8'))));
  return { problems, note: `${paths.length} files` };
}
