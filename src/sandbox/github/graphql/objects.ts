/** Git objects, references and actors as GraphQL sources. A source holds what is served and nothing else. */

import type { GitObject } from '../git.ts';
import type { AccountOptions } from '../options.ts';
import { nodeId } from '../render.ts';
import type { World } from '../world.ts';

type Source = Record<string, unknown>;

/** GraphQL's integers have 32 bits; GitHub answers null where an id outgrew them. */
export const databaseId = (id: number): number | null => (id > 2_147_483_647 ? null : id);

/** An account; GraphQL's bots go without `[bot]`. */
export function actor(world: World, found: AccountOptions): Source {
  const login = found.type === 'Bot' ? found.login.replace(/\[bot\]$/, '') : found.login;
  const path = found.type === 'Bot' ? `/apps/${login}` : `/${login}`;
  return {
    __typename: found.type,
    id: nodeId(found.type === 'Bot' ? 'BOT' : 'U', found.id),
    databaseId: databaseId(found.id),
    login,
    resourcePath: path,
    url: `${world.url}${path}`,
  };
}

/** Any git object, with its content on demand. */
export function gitObject(world: World, found: GitObject): Source {
  const common = { oid: found.oid, abbreviatedOid: found.oid.slice(0, 7), id: nodeId('GO', found.oid) };
  switch (found.type) {
    case 'blob':
      return { __typename: 'Blob', ...common, ...blob(world, found.oid) };
    case 'tree':
      return { __typename: 'Tree', ...common, entries: () => entries(world, found.oid) };
    case 'tag':
      return { __typename: 'Tag', ...common };
    case 'commit':
      return { __typename: 'Commit', ...common, ...commit(world, found.oid) };
  }
}

/** GitHub gives the text of blobs up to 512,000 bytes, and none of binary ones. */
const TEXT_LIMIT = 512_000;

function blob(world: World, oid: string): Source {
  const content = (): Promise<Buffer> => world.git.blob(oid);
  const binary = async (): Promise<boolean> => (await content()).subarray(0, 8000).includes(0);
  return {
    byteSize: async () => (await content()).length,
    isBinary: binary,
    isTruncated: async () => (await content()).length > TEXT_LIMIT,
    text: async () => ((await binary()) ? null : (await content()).subarray(0, TEXT_LIMIT).toString()),
  };
}

function commit(world: World, oid: string): Source {
  const facts = () => world.git.commit(oid);
  return {
    message: async () => (await facts()).message,
    messageHeadline: async () => (await facts()).message.split('\n')[0],
    committedDate: async () => (await facts()).committer.date,
    authoredDate: async () => (await facts()).author.date,
    tree: async () => gitObject(world, { oid: (await facts()).tree, type: 'tree' }),
    file: async ({ path }: { path: string }) => {
      const found = await world.git.resolve(`${oid}:${path}`);
      return found === null ? null : entry(world, path, found);
    },
  };
}

function entry(world: World, path: string, found: GitObject): Source {
  const name = path.split('/').at(-1) ?? '';
  return { oid: found.oid, name, path, type: found.type, object: () => gitObject(world, found) };
}

async function entries(world: World, oid: string): Promise<Source[]> {
  const found = await world.git.tree(oid);
  return found.map(({ name, mode, type, oid: child }) => {
    const object: GitObject = { oid: child, type: type === 'tree' ? 'tree' : type === 'commit' ? 'commit' : 'blob' };
    // git writes a mode in octal digits, GraphQL as the number that they mean.
    return { oid: child, name, mode: Number.parseInt(mode, 8), type, object: () => gitObject(world, object) };
  });
}

/** A branch. */
export function branch(world: World, name: string, head: GitObject): Source {
  return { id: nodeId('REF', name), name, prefix: 'refs/heads/', target: () => gitObject(world, head) };
}
