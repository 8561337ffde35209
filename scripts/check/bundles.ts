/** The parts of the check about action/dist: it is what the source gives, the same each time, and small. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle, type OutputChunk } from 'rolldown';
import config from '../../rolldown.config.ts';
import type { Findings } from './part.ts';

const DIST = fileURLToPath(new URL('../../action/dist/', import.meta.url));

/** The most bytes that GitHub may have to load for one action, with all that its entries can reach. */
const MOST_BYTES = 2_000_000;

/** Each action by the entries that it starts: the run action starts a second program for the approved command. */
const ACTIONS: Record<string, string[]> = {
  ask: ['ask.js'],
  run: ['run.js', 'exec.js'],
  sweep: ['sweep.js'],
  doctor: ['doctor.js'],
};

interface Built {
  files: Map<string, Buffer>;
  chunks: Map<string, OutputChunk>;
}

const first = build();

/** action/dist holds, byte for byte, what a build gives now. */
export async function bundlesCurrent(): Promise<Findings> {
  const { files } = await first;
  const committed = existsSync(DIST) ? await read(DIST) : new Map<string, Buffer>();
  const different = differences(committed, files, { left: 'action/dist', right: 'the build' });
  const problems = different.length === 0 ? [] : [...different, 'Run `npm run build` and commit action/dist.'];
  return { problems, note: problems.length === 0 ? `${files.size} files` : '' };
}

/** Two builds give the same bytes. */
export async function bundlesReproducible(): Promise<Findings> {
  const one = await first;
  const other = await build();
  return {
    problems: differences(one.files, other.files, { left: 'the first build', right: 'the second build' }),
    note: '',
  };
}

/** What an action's entries can reach, by static and dynamic imports, fits the limit. */
export async function bundlesSmall(): Promise<Findings> {
  const sizes = await bundleSizes();
  return {
    problems: sizes
      .filter(({ bytes }) => bytes > MOST_BYTES)
      .map(({ action, bytes }) => `${action} is ${bytes} bytes; the most is ${MOST_BYTES}.`),
    note: sizes.map(({ action, bytes }) => `${action} ${(bytes / 1_000_000).toFixed(2)} MB`).join(', '),
  };
}

/** Each action's bytes, with all that its entries can reach. */
export async function bundleSizes(): Promise<{ action: string; bytes: number }[]> {
  const { files, chunks } = await first;
  return Object.entries(ACTIONS).map(([action, entries]) => {
    const bytes = [...closure(entries, chunks)].reduce((sum, name) => sum + (files.get(name)?.length ?? 0), 0);
    return { action, bytes };
  });
}

/** Builds into a folder of its own, so that action/dist stays as it is. */
async function build(): Promise<Built> {
  if (Array.isArray(config.output)) throw new Error('rolldown.config.ts has several outputs; the check knows one.');
  const dir = await mkdtemp(join(tmpdir(), 'debug-approval-build-'));
  try {
    const { output } = await bundle({ ...config, output: { ...config.output, dir } });
    const chunks = output.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk] as const);
    return { files: await read(dir), chunks: new Map(chunks) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function read(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

function differences(
  left: Map<string, Buffer>,
  right: Map<string, Buffer>,
  names: { left: string; right: string },
): string[] {
  const all = [...new Set([...left.keys(), ...right.keys()])].sort();
  return all.flatMap((name) => {
    const [here, there] = [left.get(name), right.get(name)];
    if (here === undefined) return [`${name}: only in ${names.right}.`];
    if (there === undefined) return [`${name}: only in ${names.left}.`];
    if (here.equals(there)) return [];
    return [`${name}: ${here.length} bytes in ${names.left}, ${there.length} bytes in ${names.right}, not the same.`];
  });
}

/** The entries and every chunk they can come to load. */
function closure(entries: string[], chunks: Map<string, OutputChunk>): Set<string> {
  const found = new Set<string>();
  const open = [...entries];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const chunk = chunks.get(name);
    if (chunk === undefined) throw new Error(`The build has no ${name}.`);
    open.push(...[...chunk.imports, ...chunk.dynamicImports].filter((to) => chunks.has(to)));
  }
  return found;
}
