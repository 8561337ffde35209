/** What a look at an issue shows where GitHub's lists lag, in the world in memory. */
import type { IssueComment, IssueSnapshot } from '../../src/app/ports.ts';
import type { World } from './world.ts';

/** From now on each whole look at an issue is this one. */
export function looksAs(w: World, shown: (real: IssueSnapshot) => IssueSnapshot): void {
  const { client } = w.github;
  w.github.client = () => {
    const real = client();
    return { ...real, issue: async (number) => shown(await real.issue(number)) };
  };
}

/** The look with these comments alone, in its count too: as a replica has it that lags. */
export function only(snapshot: IssueSnapshot, comments: IssueComment[]): IssueSnapshot {
  return { ...snapshot, comments, commentCount: comments.length };
}
