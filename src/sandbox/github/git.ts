/** The repository's commits and files, read by `git` from a local repository. */
import { git } from '../git.ts';
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
}

const FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00');
const EXPRESSION = /^[\w./@{}^~: +-]{1,500}$/;

/** A path below one commit or tree, by its full id: what it names never changes. */
const FIXED = /^([0-9a-f]{40}):([^:]*)$/;

/**
 * Reads the repository in `directory` (bare or not). Errors of `git` are thrown; what names no object is no error.
 * Whatever a full id names is read once.
 */
export function openGit(directory: string): Git {
  const blob = onceEach((oid: string) => git(directory, ['cat-file', 'blob', oid]));
  const tree = onceEach(async (oid: string) => {
    const text = (await git(directory, ['ls-tree', '-z', oid])).toString();
    return text.split('\0').filter(Boolean).map(entry);
  });
  const commit = onceEach(async (oid: string) =>
    commitFacts((await git(directory, ['show', '-s', `--format=${FORMAT}`, oid])).toString()),
  );
  const named = async (expression: string): Promise<GitObject | null> => {
    const said = (await git(directory, ['cat-file', '--batch-check'], `${expression}\n`)).toString();
    const [, oid = '', type] = /^([0-9a-f]{40,64}) (\w+) \d+$/m.exec(said) ?? [];
    return isType(type) ? { oid, type } : null;
  };
  const rootOf = onceEach((oid: string) => named(`${oid}^{tree}`));

  /** Walks down the trees, which most commits share. */
  async function below(start: string, path: string): Promise<GitObject | null> {
    let at = await rootOf(start);
    for (const part of path.split('/').filter(Boolean)) {
      const found = at?.type === 'tree' ? (await tree(at.oid)).find(({ name }) => name === part) : undefined;
      // A submodule's commit is in another repository.
      at = found?.type === 'blob' || found?.type === 'tree' ? { oid: found.oid, type: found.type } : null;
    }
    return at;
  }

  return {
    async resolve(expression) {
      if (!EXPRESSION.test(expression) || expression.startsWith('-')) return null;
      const [, start, path] = FIXED.exec(expression) ?? [];
      return start === undefined || path === undefined ? named(expression) : below(start, path);
    },
    blob,
    tree,
    commit,
  };
}

function commitFacts(text: string): CommitFacts {
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
}

const isType = (type: string | undefined): type is GitObject['type'] =>
  type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag';

const utc = (date: string): string => new Date(date).toISOString().replace(/\.\d{3}Z$/, 'Z');

function entry(line: string): TreeEntry {
  const [head = '', name = ''] = line.split('\t');
  const [mode = '', type = '', oid = ''] = head.split(' ');
  return { mode, type, oid, name };
}
