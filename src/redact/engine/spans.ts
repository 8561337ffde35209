/** Places that must not be shown, in order and without overlaps once they are taken out. */

export interface Spans {
  count: number;
  froms: Int32Array;
  tos: Int32Array;
  ranks: Int32Array;
}

export function createSpans(): Spans {
  return { count: 0, froms: new Int32Array(256), tos: new Int32Array(256), ranks: new Int32Array(256) };
}

/** Adds a span to its place in the order. */
export function addSpan(spans: Spans, from: number, to: number, rank: number): void {
  if (spans.count === spans.froms.length) {
    spans.froms = doubled(spans.froms);
    spans.tos = doubled(spans.tos);
    spans.ranks = doubled(spans.ranks);
  }
  // They come nearly in order, so that the right place is near the end.
  let at = spans.count;
  for (; at > 0 && goesBefore(from, to, rank, spans, at - 1); at--) copySpan(spans, at - 1, at);
  spans.froms[at] = from;
  spans.tos[at] = to;
  spans.ranks[at] = rank;
  spans.count += 1;
}

type Visit = (from: number, to: number, rank: number) => void;

/** Hands over the spans of all lists that begin before `before`, in order, and forgets them. */
export function takeSpans(lists: readonly Spans[], before: number, visit: Visit): void {
  const filled = lists.filter(({ count }) => count > 0);
  const [only] = filled;
  if (only === undefined) return;
  if (filled.length > 1) {
    takeMerged(filled, before, visit);
    return;
  }
  let taken = 0;
  for (; taken < only.count && (only.froms[taken] ?? 0) < before; taken++) {
    visit(only.froms[taken] ?? 0, only.tos[taken] ?? 0, only.ranks[taken] ?? 0);
  }
  dropSpans(only, taken);
}

function takeMerged(lists: readonly Spans[], before: number, visit: Visit): void {
  const heads = lists.map(() => 0);
  for (;;) {
    let first = -1;
    for (let list = 0; list < lists.length; list++) {
      const spans = lists[list];
      const head = heads[list] ?? 0;
      if (spans === undefined || head === spans.count || (spans.froms[head] ?? 0) >= before) continue;
      const best = lists[first];
      if (best === undefined || isBefore(spans, head, best, heads[first] ?? 0)) first = list;
    }
    const spans = lists[first];
    if (spans === undefined) break;
    const head = heads[first] ?? 0;
    heads[first] = head + 1;
    visit(spans.froms[head] ?? 0, spans.tos[head] ?? 0, spans.ranks[head] ?? 0);
  }
  lists.forEach((spans, list) => {
    dropSpans(spans, heads[list] ?? 0);
  });
}

/** Moves every span by so many bytes towards the beginning. */
export function shiftSpans({ count, froms, tos }: Spans, by: number): void {
  for (let at = 0; at < count; at++) {
    froms[at] = (froms[at] ?? 0) - by;
    tos[at] = (tos[at] ?? 0) - by;
  }
}

function dropSpans(spans: Spans, taken: number): void {
  if (taken === 0) return;
  for (const list of [spans.froms, spans.tos, spans.ranks]) list.copyWithin(0, taken, spans.count);
  spans.count -= taken;
}

function copySpan({ froms, tos, ranks }: Spans, source: number, target: number): void {
  froms[target] = froms[source] ?? 0;
  tos[target] = tos[source] ?? 0;
  ranks[target] = ranks[source] ?? 0;
}

function isBefore(one: Spans, at: number, other: Spans, otherAt: number): boolean {
  return goesBefore(one.froms[at] ?? 0, one.tos[at] ?? 0, one.ranks[at] ?? 0, other, otherAt);
}

/**
 * Whether a span counts before another: the one that begins first, then the registered value (its rank is below zero)
 * and of two the longer, then the lower rank.
 */
function goesBefore(from: number, to: number, rank: number, other: Spans, at: number): boolean {
  const otherFrom = other.froms[at] ?? 0;
  if (from !== otherFrom) return from < otherFrom;
  const otherTo = other.tos[at] ?? 0;
  const otherRank = other.ranks[at] ?? 0;
  if (rank < 0 && otherRank < 0) return to > otherTo || (to === otherTo && rank > otherRank);
  return rank < otherRank || (rank === otherRank && to > otherTo);
}

function doubled(list: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(list.length * 2);
  larger.set(list);
  return larger;
}
