/** Room for so much at once: whoever finds none waits, and comes in the order of coming. */

export type Room = <T>(work: () => Promise<T>) => Promise<T>;

/** `size`: for how much there is room now, at least for one; asked whenever somebody comes or leaves. */
export function newRoom(size: () => number): Room {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const letIn = (): void => {
    while (inside < size()) {
      const next = waiting.shift();
      if (next === undefined) return;
      inside += 1;
      next();
    }
  };
  return async (work) => {
    await new Promise<void>((enter) => {
      waiting.push(enter);
      letIn();
    });
    try {
      return await work();
    } finally {
      inside -= 1;
      letIn();
    }
  };
}
