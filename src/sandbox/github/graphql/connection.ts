/** GitHub's connections: a page of a list by `first`/`last`, `after`/`before`, with GitHub's own refusals. */
import { GraphQLError } from 'graphql';

export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

const MAXIMUM = 100;
const cursorOf = (key: number): string => Buffer.from(`cursor:v2:${key}`).toString('base64');

/**
 * One page. `items` are in order; `key` is unique within the list; `hidden` items are counted but not shown yet.
 * Throws GitHub's errors where `first` and `last` are both missing, negative or above 100.
 */
export function connection<T>(
  name: string,
  items: T[],
  args: PageArgs,
  { key, hidden = () => false }: { key: (item: T) => number; hidden?: (item: T) => boolean },
): { totalCount: number; nodes: T[]; edges: { cursor: string; node: T }[]; pageInfo: object } {
  check(name, args);
  const shown = items.filter((item) => !hidden(item));
  const from = args.after == null ? 0 : positionOf(shown, args.after, key) + 1;
  const to = args.before == null ? shown.length : positionOf(shown, args.before, key);
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

function positionOf<T>(items: T[], cursor: string, key: (item: T) => number): number {
  const found = items.findIndex((item) => cursorOf(key(item)) === cursor);
  if (found >= 0) return found;
  throw refuse('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
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
