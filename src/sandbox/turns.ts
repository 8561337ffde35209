/** Work on the same thing is done one after the other, work on different things at once. */

export type InTurn<K> = <T>(what: K, work: () => Promise<T>) => Promise<T>;

/** Gives what begins work once all earlier work on the same thing is over, whatever came of that. */
export function createTurns<K>(): InTurn<K> {
  const last = new Map<K, Promise<unknown>>();
  return (what, work) => {
    const turn = (last.get(what) ?? Promise.resolve()).then(work);
    const over = turn
      .catch(() => null)
      .then(() => {
        if (last.get(what) === over) last.delete(what);
      });
    last.set(what, over);
    return turn;
  };
}
