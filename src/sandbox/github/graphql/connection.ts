/** GitHub's connections: a page of a list by `first`/`last`, `after`/`before`, with GitHub's own refusals. */
import { GraphQLError } from 'graphql';

export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

interface Shown<T, K extends number | string> {
  key: (item: T) => K;
  hidden?: ((item: T) => boolean) | undefined;
  compare?: ((a: string, b: string) => number) | undefined;
}

const MAXIMUM = 100;
const cursorOf = (key: number | string): string => Buffer.from(`cursor:v2:${key}`).toString('base64');

/**
 * One page. `items` are in order; `key` is unique within the list; `hidden` items are counted but not shown yet.
 * `compare` is the order of a list whose items move, by their keys: a cursor holds then even where its item has moved or is
 * gone. Throws GitHub's errors where `first` and `last` are both missing, negative or above 100.
 */
export function connection<T, K extends number | string>(
  name: string,
  items: T[],
  args: PageArgs,
  { key, hidden = () => false, compare }: Shown<T, K>,
): { totalCount: number; nodes: T[]; edges: { cursor: string; node: T }[]; pageInfo: object } {
  check(name, args);
  const shown = items.filter((item) => !hidden(item));
  const position = (cursor: string) => positionOf(shown, cursor, { key, compare });
  const from = args.after == null ? 0 : position(args.after).behind;
  const to = args.before == null ? shown.length : position(args.before).at;
  const range = shown.slice(from, to);
  const nodes =
    args.first != null ? range.slice(0, args.first) : range.slice(Math.max(0, range.length - (args.last ?? 0)));
  const start = args.first != null ? from : from + range.length - nodes.length;
  const [head, tail] = [nodes[0], nodes.at(-1)];
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((node) => ({ cursor: cursorOf(key(node)), node })),
    pageInfo: {
      hasNextPage: start + nodes.length < shown.length,
      hasPreviousPage: start > 0,
      startCursor: head === undefined ? null : cursorOf(key(head)),
      endCursor: tail === undefined ? null : cursorOf(key(tail)),
    },
  };
}

/** Where a cursor's item stands, and where what follows it begins. */
function positionOf<T, K extends number | string>(
  items: T[],
  cursor: string,
  { key, compare }: Pick<Shown<T, K>, 'key' | 'compare'>,
): { at: number; behind: number } {
  const found = items.findIndex((item) => cursorOf(key(item)) === cursor);
  if (found >= 0) return { at: found, behind: found + 1 };
  const [, text] = /^cursor:v2:(.+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  if (compare === undefined || text === undefined) {
    throw refuse('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
  }
  const next = items.findIndex((item) => compare(String(key(item)), text) > 0);
  const at = next === -1 ? items.length : next;
  return { at, behind: at };
}

function check(name: string, { first, last }: PageArgs): void {
  if (first == null && last == null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    throw refuse('MISSING_PAGINATION_BOUNDARIES', message);
  }
  const [bound, value] = first != null ? ['first', first] : ['last', last ?? 0];
  if (value < 0) throw refuse('ARGUMENT_LIMIT', `\`${bound}\` on the \`${name}\` connection cannot be less than zero.`);
  if (value <= MAXIMUM) return;
  const message = `Requesting ${value} records on the \`${name}\` connection exceeds the \`${bound}\` limit of ${MAXIMUM} records.`;
  throw refuse('EXCESSIVE_PAGINATION', message);
}

/** An error with GitHub's `type`. */
export const refuse = (type: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });
