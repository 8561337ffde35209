/** Row: what a waiting hour costs of GitHub's and Slack's limits. */
import { fileURLToPath } from 'node:url';
import { openTown } from '../../../src/sandbox/town.ts';
import { closeTown, startAsk } from '../ask-process.ts';
import { type Row, until } from '../row.ts';

/** An hour of polls, one every 5 s. */
const POLLS = 720;
const QUICK_POLLS = fileURLToPath(new URL('../quick-polls.ts', import.meta.url));

export const hour: Row = {
  name: 'hour',
  about: `a waiting hour: the bundle polls ${POLLS} times; only its sleep between two polls is shortened, from 5 s to 10 ms`,
  async measure(say) {
    const town = await openTown({ limits: true });
    const ask = startAsk(town, { preload: QUICK_POLLS });
    try {
      await ask.asked();
      town.github.resetCounts();
      town.slack.resetCounts();
      const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
      await until(`${POLLS} polls`, 120, () => ((town.github.counts().byRoute[route] ?? 0) >= POLLS ? true : null));
      const { counted, notModified, byRoute } = town.github.counts();
      say(`${counted} calls that count, ${notModified} unchanged: ${JSON.stringify(byRoute)}`);
      return [
        { name: 'hour-github', value: counted, unit: 'counted API calls', bar: 60 },
        { name: 'hour-slack', value: town.slack.counts().calls, unit: 'Slack calls', bar: 0 },
      ];
    } finally {
      await closeTown(town);
    }
  },
};
