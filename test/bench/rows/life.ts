/** Row: the calls of one request's whole life, ask, debug and close, by the reference workflow. */
import { play, type Stage } from '../../../src/sandbox/story.ts';
import { openTown } from '../../../src/sandbox/town.ts';
import type { Row, Say } from '../row.ts';

const TIMES = 2;

interface Calls {
  counted: number;
  creating: number;
  slack: number;
}

export const life: Row = {
  name: 'life',
  about: `a request's life with one approval, and what a second decision adds; the most of ${TIMES} runs of debug.yml each`,
  async measure(say) {
    const one: Calls[] = [];
    const two: Calls[] = [];
    for (let n = 0; n < TIMES; n += 1) {
      one.push(await lived(1, say));
      two.push(await lived(2, say));
    }
    const most = (calls: Calls[], key: keyof Calls): number => Math.max(...calls.map((of) => of[key]));
    const creating = most(two, 'creating') - most(one, 'creating');
    const others = most(two, 'counted') - most(one, 'counted') - creating;
    return [
      { name: 'life-counted', value: most(one, 'counted'), unit: 'counted GitHub calls', bar: 28 },
      { name: 'life-creating', value: most(one, 'creating'), unit: 'of them creating', bar: 5 },
      { name: 'life-slack', value: most(one, 'slack'), unit: 'Slack calls', bar: 10 },
      { name: 'life-decision-creating', value: creating, unit: 'creating calls', bar: 1 },
      { name: 'life-decision-others', value: others, unit: 'other counted calls', bar: 4 },
    ];
  },
};

/** Plays a request that needs so many approvals (Bo's, then Cy's) to its end. */
async function lived(approvals: 1 | 2, say: Say): Promise<Calls> {
  const town = await openTown({ policy: [{ path: ['rules', 0, 'require', 'count'], value: approvals }] });
  const silent = { say: () => {}, onLog: () => {}, onState: () => {} };
  const decide = async ({ press }: Stage): Promise<void> => {
    await press('bo', 'approve');
    if (approvals === 2) await press('cy', 'approve');
  };
  try {
    const told = await play(town, decide, silent, 'approve');
    if (told.run.conclusion !== 'success') throw new Error(`The run ended as ${told.run.conclusion}.`);
    const { counted, creating, byRoute } = town.github.counts();
    const slack = town.slack.counts();
    say(`${approvals} approval(s): ${JSON.stringify(byRoute)}; Slack ${JSON.stringify(slack.byMethod)}`);
    return { counted, creating, slack: slack.calls };
  } finally {
    await town.close();
  }
}
