/** Row: the calls of a sweep among ten thousand closed requests, fifty of which shared what is now to go. */
import { openTown } from '../../../src/sandbox/town.ts';
import { makeClosed } from '../closed-requests.ts';
import { pause, type Row, type Say } from '../row.ts';
import { headOf, sweepOnce } from '../sweep-once.ts';

const CLOSED = 10_000;
const DUE = 50;
const RETENTION = { slack: '1s', transcript: '1s', 'run-logs': '1s' };

export const sweep: Row = {
  name: 'sweep',
  about: `${CLOSED} closed requests, of which ${DUE} have a card with a reply, a transcript and run logs to be deleted; half as many beside it`,
  async measure(say) {
    const half = await swept(DUE / 2, say);
    const all = await swept(DUE, say);
    return [
      { name: 'sweep-counted', value: all, unit: 'counted GitHub calls', bar: 200 },
      // What a sweep costs beside any request stands in both: a straight line through both meets it at none.
      { name: 'sweep-linear', value: all - 2 * half, unit: 'more calls than twice the half', bar: 0 },
    ];
  },
};

/** Counted calls of GitHub. Throws where anything is left. */
async function swept(due: number, say: Say): Promise<number> {
  const town = await openTown({ limits: false, policy: [{ path: ['retention'], value: RETENTION }] });
  try {
    await makeClosed(town, due, headOf(town));
    town.github.plantClosed(CLOSED - due, ['debug-request', 'debug:finished']);
    await pause(2_500);
    town.github.resetCounts();
    town.slack.resetCounts();
    const report = await sweepOnce(town);
    const { counted, creating, byRoute } = town.github.counts();
    const done = report?.requests.filter((one) => one.done).length ?? 0;
    say(
      `${due} due: ${counted} counted, ${creating} comments; ${JSON.stringify(byRoute)}; Slack ${town.slack.counts().calls}`,
    );
    if (done !== due) throw new Error(`${done} of ${due} were purged: ${JSON.stringify(report?.requests.slice(0, 3))}`);
    if (town.github.violations.length > 0) throw new Error(JSON.stringify(town.github.violations[0]));
    return counted;
  } finally {
    await town.close();
  }
}
