/** What stands at a path of one commit, symbolic links followed as the system follows them. */
import type { FolderEntry, Inspector } from './inspector.ts';

interface Through {
  /** Where the path's first symbolic link leads, as it is written; null: there is none on the way. */
  link: string | null;
}

/**
 * A file, with its text where it is whole and text; nothing that could be started; something outside of the repository;
 * or what this commit does not tell, such as a submodule's file.
 */
export type Standing = Through &
  (
    | { kind: 'file'; path: string; executable: boolean; text: string | null }
    | { kind: 'missing' | 'outside' | 'unseen' }
  );

/** More links than this in one path are taken for a circle, as systems do. */
const MOST_LINKS = 40;

/**
 * Tells what stands at paths. Reads the folders and texts of `expected` in two queries; only where links or missing
 * folders are met, it asks again. Throws Faults.
 */
export async function treeOf(
  inspector: Pick<Inspector, 'folders' | 'files'>,
  commit: string,
  expected: readonly string[],
): Promise<(path: string) => Promise<Standing>> {
  const names = expected.filter(isPlain).map((path) => partsOf(path).join('/'));
  const [folders, texts] = await Promise.all([
    inspector.folders(commit, [...new Set(names.map((path) => folderOf(path)))]),
    inspector.files(commit, [...new Set(names)]),
  ]);

  return async (path) => {
    const parts = partsOf(path);
    const plain = parts.join('/');
    const entry = isPlain(path) ? await entryOf(plain) : undefined;
    return entry?.kind === 'file' ? file(plain, entry, null) : walked(parts);
  };

  /** Folder by folder from the root, since any of them may be a link or a submodule. */
  async function walked(parts: readonly string[]): Promise<Standing> {
    let [left, at, link, links]: [string[], string[], string | null, number] = [[...parts], [], null, 0];
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      if (part === '..' && at.pop() === undefined) return { kind: 'outside', link };
      if (part === '..') continue;
      const path = [...at, part].join('/');
      const entry = await entryOf(path);
      if (entry === undefined) return { kind: 'missing', link };
      if (entry.kind === 'other') return { kind: 'unseen', link };
      if (entry.kind === 'folder') at = [...at, part];
      else if (entry.kind === 'file') return left.length > 0 ? { kind: 'missing', link } : file(path, entry, link);
      else {
        // A link's text is where it leads.
        const target = await textOf(path);
        links += 1;
        if (target === null || links > MOST_LINKS) return { kind: target === null ? 'unseen' : 'missing', link };
        link ??= target;
        if (target.startsWith('/')) return { kind: 'outside', link };
        left = [...partsOf(target), ...left];
      }
    }
    return { kind: 'missing', link };
  }

  async function file(path: string, { executable }: FolderEntry, link: string | null): Promise<Standing> {
    return { kind: 'file', path, executable, text: await textOf(path), link };
  }

  async function entryOf(path: string): Promise<FolderEntry | undefined> {
    const folder = folderOf(path);
    if (!folders.has(folder)) folders.set(folder, (await inspector.folders(commit, [folder])).get(folder) ?? null);
    return folders.get(folder)?.find(({ name }) => name === path.slice(path.lastIndexOf('/') + 1));
  }

  async function textOf(path: string): Promise<string | null> {
    if (!texts.has(path)) texts.set(path, (await inspector.files(commit, [path])).get(path) ?? null);
    return texts.get(path) ?? null;
  }
}

/** Without what changes nothing: `./a//b.sh` is `a/b.sh`. */
const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

const isPlain = (path: string): boolean => !partsOf(path).includes('..');

function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '.' : path.slice(0, at);
}
