/** A request that is over, with all that it shared, for tests of what a purge does with it. */
import { readLog } from '../../src/log/chain.ts';
import { approvedBy, CLOSE, ISSUE_1 } from './fake-receiver.ts';
import { key, policyWith } from './policies.ts';
import { createWorld, type World } from './world.ts';

export const HOUR_MS = 3_600_000;
export const RETENTION = 'retention: { slack: 24h, transcript: 2d, run-logs: 3d }';
export const LABELS = ['debug-request', 'debug:finished', 'debug:shared', 'debug:transcript', 'debug:run-logs'];

/** A request that ran, was closed, and left a card, a message and a file of the app, talk of others, a transcript and logs. */
export async function finished(): Promise<World> {
  const w = await createWorld(policyWith(key(RETENTION)));
  const asking = w.ask();
  await w.debug(await approvedBy(w, asking));
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  const { channel, ts } = w.slack.cardOf().card;
  const place = `${channel}/${ts}`;
  w.shares.threads.set(place, [
    { kind: 'card', id: place, text: 'The card', own: true },
    { kind: 'message', id: `${channel}/2.1`, text: 'A reminder', own: true },
    { kind: 'message', id: `${channel}/2.2`, text: 'Looks good to me', own: false },
    { kind: 'file', id: 'F1', text: 'lines', own: true },
  ]);
  w.shares.artifacts.set(71, { run: 9001, name: 'transcript-1', text: 'transcript' });
  w.shares.artifacts.set(72, { run: 9001, name: 'coverage', text: 'of others' });
  w.shares.logs.set(9001, 'logs');
  return w;
}

/** Beside it another request, #2, that was denied: it has a card, a reminder and its run's logs, and no transcript. */
export async function finishedAndDenied(): Promise<World> {
  const w = await finished();
  const run = { id: 9002, attempt: 1 };
  w.runOf(run.id);
  const asking = w.ask({ job: { run } });
  void w.after(10, () => w.press('bo', 'deny', { issue: 2 }));
  await asking.result;
  const denied = { what: { kind: 'issue' as const, number: 2 }, debugResult: 'skipped' as const };
  await w.sweep(denied, { ...CLOSE, run });
  const { channel, ts } = w.slack.cardOf(2).card;
  w.shares.threads.set(`${channel}/${ts}`, [
    { kind: 'card', id: `${channel}/${ts}`, text: 'Another card', own: true },
    { kind: 'message', id: `${channel}/3.1`, text: 'Another reminder', own: true },
  ]);
  w.shares.logs.set(run.id, 'other logs');
  return w;
}

export const wait = (w: World, hours: number): Promise<void> => w.clock.sleep(hours * HOUR_MS);
export const receipts = (w: World, issue = 1) =>
  w.records(issue).flatMap(({ events }) => events.flatMap((event) => (event.type === 'purged' ? [event] : [])));
export const isWhole = async (w: World, issue = 1): Promise<boolean> => {
  const log = await readLog(
    w.github.snapshot(issue),
    await w.trust.trust(await w.github.client().facts({ policyPath: 'x' }), {
      workflows: ['.github/workflows/debug.yml', '.github/workflows/sweep.yml'],
      unsigned: 'refuse',
    }),
  );
  return log.broken.length === 0 && log.findings.length === 0;
};

export const ALL_GONE = ['card', 'file', 'message', 'run-logs', 'transcript'];
export const kindsGone = (w: World): string[] => w.shares.gone.map((one) => one.split(' ')[0] ?? '').sort();

const copies = <T>(value: T): T => structuredClone(value);

/** The same closed requests again and again, as a sweep 80 hours later finds it. */
export async function again(build: () => Promise<World> = finished): Promise<() => World> {
  const w = await build();
  await wait(w, 80);
  const { github, shares } = w;
  const { issues, threads, artifacts, logs } = { issues: copies(github.issues), ...sharesOf(w) };
  return () => {
    github.issues.clear();
    for (const [number, issue] of copies(issues)) github.issues.set(number, issue);
    Object.assign(shares, copies({ threads, artifacts, logs }), { gone: [], buried: [] });
    shares.trouble.clear();
    shares.slow.clear();
    shares.going.clear();
    shares.attempts.clear();
    shares.revive();
    return w;
  };
}

const sharesOf = ({ shares: { threads, artifacts, logs } }: World) => copies({ threads, artifacts, logs });
