/** Who comes next where many want something of one request: one at a time, by account in turn, those whom the request names first. */

export interface Claimant {
  /** Deeds of one account wait for each other; other accounts need not wait for all of them. */
  account: string;
  /** Asked when it matters: who may decide is known once the request was read. */
  isFirst(): boolean;
}

export type InTurn = <T>(issue: number, who: Claimant, work: () => Promise<T>) => Promise<T>;

interface Waiting {
  who: Claimant;
  run(): Promise<void>;
}

/** Lets one work at a time go on for each issue. Whoever does much waits for whoever does little: no flood keeps a denial out. */
export function newTurns(): InTurn {
  const queues = new Map<number, Waiting[]>();
  const serve = async (issue: number, queue: Waiting[]): Promise<void> => {
    const served = new Map<string, number>();
    for (let turn = 1; queue.length > 0; turn++) {
      const [next] = queue.toSorted((a, b) => rank(a.who) - rank(b.who) || last(served, a.who) - last(served, b.who));
      if (next === undefined) break;
      queue.splice(queue.indexOf(next), 1);
      served.set(next.who.account, turn);
      await next.run();
    }
    queues.delete(issue);
  };
  return <T>(issue: number, who: Claimant, work: () => Promise<T>) => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = () => work().then(resolve, reject);
    const queue = queues.get(issue);
    if (queue !== undefined) {
      queue.push({ who, run });
    } else {
      const begun: Waiting[] = [{ who, run }];
      queues.set(issue, begun);
      void serve(issue, begun);
    }
    return promise;
  };
}

function rank(who: Claimant): number {
  return who.isFirst() ? 0 : 1;
}

/** The turn in which the account came last; 0: it did not yet. */
function last(served: ReadonlyMap<string, number>, { account }: Claimant): number {
  return served.get(account) ?? 0;
}
