/** Room for so much at once: whoever finds none waits, and comes in the order of coming. */

export type Room = <T>(work: () => Promise<T>) => Promise<T>;

export function newRoom(atOnce: number): Room {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside < atOnce) inside += 1;
    // Whoever leaves gives their place on.
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    }
  };
}
