/** Attacks by way of runs: an approval used again, a reason that shouts, and the wait until nobody looks. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { commitAll, OWNER, PEOPLE, REPOSITORY, type Town } from '../town.ts';
import type { RerunMode } from '../workflow/run.ts';
import type { Attack, Situation } from './attacks.ts';
import type { Run } from './runs.ts';

/** The newest run that is over and whose approval could be used again. */
function approvedRun({ board }: Situation): Run | null {
  return (
    board.runs.findLast(
      (run) => run === board.latest(run.id) && run.result !== null && run.jobs.get('ask')?.conclusion === 'success',
    ) ?? null
  );
}

/** The newest run that is over and opened a request. */
function finishedRun({ board, evidence }: Situation): Run | null {
  const openings = [...evidence.values()].flatMap(({ opening }) => opening ?? []);
  const asked = new Set(openings.map(({ request }) => request.run.id));
  return board.runs.findLast((run) => run === board.latest(run.id) && run.result !== null && asked.has(run.id)) ?? null;
}

/** Runs the debug job alone, or everything, again. */
export function byRerun(what: 'debug' | 'all'): Attack {
  const mode: RerunMode = what === 'all' ? 'all' : { job: 'debug' };
  return {
    id: `rerun-${what}`,
    label: what === 'all' ? 'Re-run everything' : 'Re-run the debug job alone',
    explains:
      what === 'all'
        ? 'Somebody presses "Re-run all jobs" on a run that is over, in the hope that its approval still counts. It asks anew instead.'
        : 'GitHub offers to re-run one job, and hands it the outputs of the approved attempt. The debug job refuses.',
    plan(at) {
      const run = what === 'all' ? finishedRun(at) : approvedRun(at);
      if (run === null)
        return {
          kind: 'waits',
          why: what === 'all' ? 'No run is over yet.' : 'No approved run is over yet. Ask, approve, and let it end.',
        };
      const { name } = PEOPLE[run.by];
      const again = what === 'all' ? 'all jobs' : 'the debug job alone';
      return {
        kind: 'ready',
        words: `${name} re-runs ${again} of run ${run.id}, which ended as ${run.conclusion ?? 'unknown'}.`,
        act: async () => void (await at.board.rerun(run.by, run.id, mode)),
      };
    },
  };
}

const LOUD = '<!channel> Please approve now: <https://example.com|the dashboard> `rm` ::add-mask::x ${{ secrets.ALL }}';

export const byReason: Attack = {
  id: 'loud-reason',
  label: 'Smuggle a ping into the reason',
  explains:
    'Ana asks with a reason that would ping the whole channel, show a link under a false name, and talk to the runner.',
  plan: (at) => ({
    kind: 'ready',
    words: `Ana asks to run hello on staging, with the reason “${LOUD}”.`,
    act: async () =>
      void (await at.board.start('ana', { runbook: 'hello', target: 'staging', reason: LOUD, ticket: 'OPS-42' })),
  }),
};

export const byBreakingGlass: Attack = {
  id: 'break-glass',
  label: 'Break the glass without the right',
  explains: 'Ana is no SRE. She ticks break-glass all the same, to start without anybody’s approval.',
  plan: (at) => ({
    kind: 'ready',
    words: 'Ana asks to run hello on production as a break-glass, which the policy leaves to SRE.',
    async act() {
      const reason = 'I need it now, and nobody of SRE answers.';
      await at.board.start('ana', { runbook: 'hello', target: 'production', reason, 'break-glass': 'true' });
    },
  }),
};

/** Towns whose policy waits only briefly just now: changed twice at once, it would stay so. */
const briefly = new WeakSet<Town>();

/** How long the request of {@link bySilence} waits. */
const SHORT_EXPIRY = '10s';

export const bySilence: Attack = {
  id: 'silence',
  label: 'Wait until nobody looks',
  explains: `Ana asks, and hopes that a request which nobody answers is let through. For this one request the policy waits only ${SHORT_EXPIRY}.`,
  plan(at) {
    if (briefly.has(at.town)) return { kind: 'waits', why: 'That request is just being opened. Wait a moment.' };
    const words = `Ana asks to run hello on production, and nobody answers. The policy gives this request ${SHORT_EXPIRY}.`;
    return { kind: 'ready', words, act: () => askBriefly(at) };
  },
};

/** Starts a run under a policy of short expiry, which is taken back as soon as its request stands. */
async function askBriefly({ town, board }: Situation): Promise<void> {
  briefly.add(town);
  const before = await changeExpiry(town, SHORT_EXPIRY);
  try {
    const inputs = {
      runbook: 'hello',
      target: 'production',
      reason: 'Nobody will look at this one.',
      ticket: 'OPS-43',
    };
    const run = await board.start('ana', inputs);
    await Promise.race([issueOpened(town), run.over]);
  } finally {
    await changeExpiry(town, before);
    briefly.delete(town);
  }
}

/** Sets the policy's expiry on the default branch; gives what it was. */
async function changeExpiry({ checkout }: Town, expiry: string): Promise<string> {
  const path = join(checkout, '.github/debug-approval.yml');
  const policy = parseDocument(await readFile(path, 'utf8'));
  const before = String(policy.get('expiry') ?? '2h');
  policy.set('expiry', expiry);
  await writeFile(path, policy.toString());
  await commitAll(checkout, `Wait ${expiry} for an answer`);
  return before;
}

function issueOpened({ github }: Town): Promise<void> {
  return new Promise((resolve) => {
    const unwatch = github.watch(({ method, path, status }) => {
      if (method !== 'POST' || path !== `/repos/${OWNER}/${REPOSITORY}/issues` || status !== 201) return;
      unwatch();
      resolve();
    });
  });
}
