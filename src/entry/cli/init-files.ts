/** Reads and writes the files of `init`: through no link, and all of them or none. */
import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../app/fault.ts';
import type { ComparedFile, PresentFile } from '../../app/init/compare.ts';

/** What is at these paths below `top` now. Throws a Fault `refused` that names every place that cannot be written to. */
export async function readPresent(top: string, paths: readonly string[]): Promise<Map<string, PresentFile>> {
  const obstacles = (await Promise.all(paths.map((path) => obstacle(top, path)))).filter((one) => one !== null);
  if (obstacles.length > 0) {
    throw new Fault('refused', [...new Set(obstacles)].join('\n'), 'Move it away; nothing was written.');
  }
  const found = await Promise.all(paths.map(async (path) => [path, await present(join(top, path))] as const));
  return new Map(found.flatMap(([path, file]): [string, PresentFile][] => (file === null ? [] : [[path, file]])));
}

/** Why a path cannot be written to: a link on its way may lead anywhere, into `.git` too. */
async function obstacle(top: string, path: string): Promise<string | null> {
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const upTo = parts.slice(0, index + 1).join('/');
    const stat = await orNull(lstat(join(top, upTo)));
    if (stat === null) return null;
    if (stat.isSymbolicLink()) return `${upTo} is a symbolic link: no file is written through one.`;
    const last = index === parts.length - 1;
    if (last && !stat.isFile()) return `${upTo} is no file.`;
    if (!last && !stat.isDirectory()) return `${upTo} is no folder.`;
  }
  return null;
}

async function present(file: string): Promise<PresentFile | null> {
  const [stat, text] = await Promise.all([orNull(lstat(file)), orNull(readFile(file, 'utf8'))]);
  // Windows knows no executable bit: git has its own, see `git update-index --chmod`.
  const executable = process.platform === 'win32' || ((stat?.mode ?? 0) & 0o100) !== 0;
  return text === null ? null : { text, executable };
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes what is not there yet as it should be: first all beside their places, then each into its place. */
export async function writeAll(top: string, files: readonly ComparedFile[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  const staged: { from: string; to: string; path: string }[] = [];
  try {
    for (const { path, text, executable } of files.filter(({ state }) => state === 'new' || state === 'differs')) {
      const to = join(top, path);
      const made = await mkdir(dirname(to), { recursive: true });
      if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
      const from = join(dirname(to), `.${basename(to)}.${randomUUID()}`);
      undo.push(() => rm(from, { force: true }));
      await writeFile(from, text, { flag: 'wx' });
      if (executable) await chmod(from, 0o755);
      staged.push({ from, to, path });
    }
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw unwritable(error, 'Nothing was written.');
  }
  const done: string[] = [];
  try {
    for (const { from, to, path } of staged) {
      await rename(from, to);
      done.push(path);
    }
    for (const { path } of files.filter(({ state }) => state === 'mode')) await chmod(join(top, path), 0o755);
  } catch (error) {
    await Promise.all(staged.map(({ from }) => rm(from, { force: true })));
    throw unwritable(error, `Written so far: ${done.join(', ') || 'nothing'}.`);
  }
}

function unwritable(error: unknown, sofar: string): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return new Fault('environment', `The files cannot be written: ${why}. ${sofar}`, 'Mend that and try again.', {
    cause: error,
  });
}
