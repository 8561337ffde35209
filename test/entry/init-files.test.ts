/** `init` writes all of its files or none, through no link, and over nothing that it did not look at. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ComparedFile } from '../../src/app/init/compare.ts';
import { readPresent, writeAll } from '../../src/entry/cli/init-files.ts';

let top: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'init-files-'));
});
afterEach(() => rm(top, { recursive: true }));

const file = (path: string, change: Partial<ComparedFile> = {}): ComparedFile => ({
  ...{ path, text: `text of ${path}\n`, executable: false, state: 'new', diff: [] },
  ...change,
});
const everything = async () => (await readdir(top, { recursive: true })).sort();

test('files are written with their folders, scripts executable, and nothing else stays', async () => {
  await writeAll(top, [file('a/b/one.yml'), file('a/two.sh', { executable: true }), file('same', { state: 'same' })]);
  expect(await everything()).toEqual(['a', 'a/b', 'a/b/one.yml', 'a/two.sh']);
  expect(await readFile(join(top, 'a/b/one.yml'), 'utf8')).toBe('text of a/b/one.yml\n');
  const present = await readPresent(top, ['a/b/one.yml', 'a/two.sh', 'none']);
  expect([...present.keys()]).toEqual(['a/b/one.yml', 'a/two.sh']);
  expect(present.get('a/two.sh')?.executable).toBe(true);
});

test('a script with the right text gets its executable bit', async () => {
  await writeFile(join(top, 'run.sh'), 'mine\n', { mode: 0o644 });
  await writeAll(top, [file('run.sh', { state: 'mode', executable: true })]);
  expect(await readFile(join(top, 'run.sh'), 'utf8')).toBe('mine\n');
  expect((await stat(join(top, 'run.sh'))).mode & 0o111).toBe(0o111);
});

test('where one file cannot be written, none is, and no folder of theirs stays', async () => {
  await writeFile(join(top, 'in-the-way'), '');
  const before = await everything();
  await expect(writeAll(top, [file('new/one.yml'), file('in-the-way/two.yml')])).rejects.toThrow(/Nothing was written/);
  expect(await everything()).toEqual(before);
});

test('all places that cannot be written to are named, and links are followed nowhere', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'init-elsewhere-'));
  await symlink(elsewhere, join(top, '.github'));
  await symlink('gone', join(top, 'dangling.yml'));
  await mkdir(join(top, 'folder.yml'));
  await writeFile(join(top, 'file'), '');
  const paths = ['.github/workflows/debug.yml', 'dangling.yml', 'folder.yml', 'file/one.yml', 'fine.yml'];
  const refused = await readPresent(top, paths).catch((error: unknown) => String(error));
  expect(String(refused).split('\n')).toEqual([
    'Fault: .github is a symbolic link: no file is written through one.',
    'dangling.yml is a symbolic link: no file is written through one.',
    'folder.yml is no file.',
    'file is no folder.',
  ]);
  expect(await readdir(elsewhere)).toEqual([]);
  await rm(elsewhere, { recursive: true });
});
