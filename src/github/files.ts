/** Reads many files or folders of one commit in one query. */
import * as v from 'valibot';
import type { FolderEntry } from '../app/ports.ts';
import { ask, type Scope } from './ask.ts';

/** A query for so many objects of the repository; `selection` says what of each. A test holds it against GitHub's schema. */
export function objectsQuery(count: number, selection: string): string {
  const numbers = [...Array(count).keys()];
  const parameters = numbers.map((n) => `, $e${n}: String!`).join('');
  const fields = numbers.map((n) => `    o${n}: object(expression: $e${n}) { __typename ${selection} }`).join('\n');
  return `query objects($owner: String!, $name: String!${parameters}) {\n  repository(owner: $owner, name: $name) {\n${fields}\n  }\n}`;
}

export const OF_FILE = '... on Blob { isBinary isTruncated text }';
export const OF_FOLDER = '... on Tree { entries { name mode type } }';

const AnyFile = v.looseObject({
  __typename: v.string(),
  isBinary: v.optional(v.nullable(v.boolean())),
  isTruncated: v.optional(v.boolean()),
  text: v.optional(v.nullable(v.string()), null),
});
const AnyFolder = v.looseObject({
  __typename: v.string(),
  entries: v.optional(v.nullable(v.array(v.looseObject({ name: v.string(), mode: v.number(), type: v.string() })))),
});

/** The texts of files by their paths; null for what is no whole file of text. Throws a Fault. */
export async function readFiles(
  scope: Scope,
  commit: string,
  paths: readonly string[],
): Promise<Map<string, string | null>> {
  const found = await objects(scope, { commit, paths, what: AnyFile, selection: OF_FILE });
  return new Map(
    found.map(([path, file]) => [path, file === null || file.isTruncated === true || file.isBinary ? null : file.text]),
  );
}

/** What stands in folders, by their paths; null where there is no such folder. Throws a Fault. */
export async function readFolders(
  scope: Scope,
  commit: string,
  paths: readonly string[],
): Promise<Map<string, FolderEntry[] | null>> {
  const found = await objects(scope, { commit, paths, what: AnyFolder, selection: OF_FOLDER });
  return new Map(
    found.map(([path, folder]) => [
      path,
      folder?.entries?.map(({ name, mode }) => ({ name, kind: kindOf(mode), executable: mode === 0o100755 })) ?? null,
    ]),
  );
}

/** By git's mode. */
function kindOf(mode: number): FolderEntry['kind'] {
  if (mode === 0o100644 || mode === 0o100755 || mode === 0o100664) return 'file';
  if (mode === 0o040000) return 'folder';
  return mode === 0o120000 ? 'link' : 'other';
}

/** Few enough that the query stays small, whatever a policy holds. */
const AT_ONCE = 50;

async function objects<S extends v.GenericSchema>(
  scope: Scope,
  wanted: { commit: string; paths: readonly string[]; what: S; selection: string },
): Promise<[string, v.InferOutput<S> | null][]> {
  const { commit, what, selection } = wanted;
  const paths = [...new Set(wanted.paths)];
  const found: [string, v.InferOutput<S> | null][] = [];
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const some = paths.slice(first, first + AT_ONCE);
    const Answer = v.looseObject({ repository: v.record(v.string(), v.nullable(what)) });
    const answer = await ask(scope, `read files at the commit ${commit.slice(0, 7)}`, Answer, () =>
      scope.octokit.graphql(objectsQuery(some.length, selection), {
        owner: scope.owner,
        name: scope.name,
        ...Object.fromEntries(some.map((path, n) => [`e${n}`, `${commit}:${path === '.' ? '' : path}`])),
      }),
    );
    found.push(...some.map((path, n): [string, v.InferOutput<S> | null] => [path, answer.repository[`o${n}`] ?? null]));
  }
  return found;
}
