/** The repository's commits and files, as git stores them in a local repository. */
import { openObjects } from '../git-objects.ts';
import { onceEach } from '../once-each.ts';

export interface GitObject {
  oid: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
}

export interface CommitFacts {
  oid: string;
  tree: string;
  parents: string[];
  author: { name: string; email: string; date: string };
  committer: { name: string; email: string; date: string };
  message: string;
}

export interface TreeEntry {
  mode: string;
  type: string;
  oid: string;
  name: string;
}

export interface Git {
  /** What an expression (`main`, `<commit>:<path>`, an object id) names; null: nothing. */
  resolve(expression: string): Promise<GitObject | null>;
  blob(oid: string): Promise<Buffer>;
  tree(oid: string): Promise<TreeEntry[]>;
  commit(oid: string): Promise<CommitFacts>;
  /** Ends what reads the repository. */
  close(): void;
}

const EXPRESSION = /^[\w./@{}^~: +-]{1,500}$/;

/** A path below one commit or tree, by its full id: what it names never changes. */
const FIXED = /^([0-9a-f]{40}):([^:]*)$/;

/**
 * Reads the repository in `directory` (bare or not). Errors of `git` are thrown; what names no object is no error.
 * Whatever a full id names is read once.
 */
export function openGit(directory: string): Git {
  const objects = openObjects(directory);
  const fixed = onceEach(objects.read);
  const existing = async (expression: string): Promise<Buffer> => {
    const found = await fixed(expression);
    if (found === null) throw new Error(`There is no ${expression} in ${directory}.`);
    return found.content;
  };
  return {
    async resolve(expression) {
      if (!EXPRESSION.test(expression) || expression.startsWith('-')) return null;
      const [, start, path = ''] = FIXED.exec(expression) ?? [];
      const below = path.split('/').filter(Boolean).join('/');
      const found = await (start === undefined ? objects.read(expression) : fixed(`${start}:${below}`));
      return isType(found?.type) ? { oid: found.oid, type: found.type } : null;
    },
    blob: existing,
    tree: async (oid) => entriesOf(await existing(`${oid}^{tree}`), oid.length / 2),
    commit: async (oid) => commitFacts(oid, (await existing(oid)).toString()),
    close: objects.close,
  };
}

/** A commit as git stores it: a line for each fact, an empty line, and the message. */
function commitFacts(oid: string, text: string): CommitFacts {
  const end = text.indexOf('\n\n');
  const facts = text.slice(0, end).split('\n');
  const all = (name: string): string[] =>
    facts.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const signature = (name: string): CommitFacts['author'] => {
    const [, by = '', email = '', seconds = ''] = /^(.*?) ?<(.*)> (\d+) [+-]\d+$/.exec(all(name)[0] ?? '') ?? [];
    return { name: by, email, date: utc(Number(seconds)) };
  };
  return {
    oid,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: signature('author'),
    committer: signature('committer'),
    message: text.slice(end + 2).trimEnd(),
  };
}

const isType = (type: string | undefined): type is GitObject['type'] =>
  type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag';

const utc = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');

const TYPES: Record<string, string> = { '040000': 'tree', '160000': 'commit' };

/** A tree as git stores it: each entry is a mode, a name, and the bytes of an id. */
function entriesOf(stored: Buffer, bytes: number): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < stored.length; ) {
    const nul = stored.indexOf(0, at);
    const [, mode = '', name = ''] = /^(\d+) (.*)$/s.exec(stored.toString('utf8', at, nul)) ?? [];
    at = nul + 1 + bytes;
    const padded = mode.padStart(6, '0');
    entries.push({ mode: padded, type: TYPES[padded] ?? 'blob', oid: stored.toString('hex', nul + 1, at), name });
  }
  return entries;
}
