/** The repository's commits and files, read by `git` from a local repository. */
import { git } from '../git.ts';

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
}

const FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00');
const EXPRESSION = /^[\w./@{}^~: +-]{1,500}$/;

/** Reads the repository in `directory` (bare or not). Errors of `git` are thrown; what names no object is no error. */
export function openGit(directory: string): Git {
  const blobs = new Map<string, Buffer>();
  const run = (...args: string[]): Promise<Buffer> => git(directory, args);
  return {
    async resolve(expression) {
      if (!EXPRESSION.test(expression) || expression.startsWith('-')) return null;
      const said = (await git(directory, ['cat-file', '--batch-check'], `${expression}\n`)).toString();
      const [, oid = '', type] = /^([0-9a-f]{40,64}) (\w+) \d+$/m.exec(said) ?? [];
      return isType(type) ? { oid, type } : null;
    },
    async blob(oid) {
      const known = blobs.get(oid) ?? (await run('cat-file', 'blob', oid));
      blobs.set(oid, known);
      return known;
    },
    async tree(oid) {
      const text = (await run('ls-tree', '-z', oid)).toString();
      return text.split('\0').filter(Boolean).map(entry);
    },
    async commit(oid) {
      const text = (await run('show', '-s', `--format=${FORMAT}`, oid)).toString();
      const [id = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] =
        text.split('\0');
      return {
        oid: id,
        tree,
        parents: parents.split(' ').filter(Boolean),
        author: { name: an, email: ae, date: utc(ad) },
        committer: { name: cn, email: ce, date: utc(cd) },
        message: message.trimEnd(),
      };
    },
  };
}

const isType = (type: string | undefined): type is GitObject['type'] =>
  type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag';

const utc = (date: string): string => new Date(date).toISOString().replace(/\.\d{3}Z$/, 'Z');

function entry(line: string): TreeEntry {
  const [head = '', name = ''] = line.split('\t');
  const [mode = '', type = '', oid = ''] = head.split(' ');
  return { mode, type, oid, name };
}
