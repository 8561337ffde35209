/** What requests shared goes when its time is over, with a hash of it on record first and a receipt after it, whatever ends the sweep. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { readLog } from '../../src/log/chain.ts';
import { account } from './asked.ts';
import { unavailable } from './fake-github.ts';
import { approvedBy } from './fake-receiver.ts';
import { key, policyWith } from './policies.ts';
import { createWorld, eventsOf, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const RETENTION = 'retention: { slack: 24h, transcript: 2d, run-logs: 3d }';
const LABELS = ['debug-request', 'debug:finished', 'debug:shared', 'debug:transcript', 'debug:run-logs'];

/** A request that ran, was closed, and left a card, a message and a file of the app, talk of others, a transcript and logs. */
async function finished(): Promise<World> {
  const w = await createWorld(policyWith(key(RETENTION)));
  const asking = w.ask();
  await w.debug(await approvedBy(w, asking));
  const close = { run: { id: 9001, attempt: 1 }, event: 'workflow_dispatch' };
  const debug = { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' };
  await w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'success' }, { ...close, workflow: debug });
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

const wait = (w: World, hours: number): Promise<void> => w.clock.sleep(hours * HOUR_MS);
const receipts = (w: World) =>
  w.records().flatMap(({ events }) => events.flatMap((event) => (event.type === 'purged' ? [event] : [])));
const isWhole = async (w: World): Promise<boolean> => {
  const log = await readLog(
    w.github.snapshot(1),
    await w.trust.trust(await w.github.client().facts({ policyPath: 'x' }), {
      workflows: ['.github/workflows/debug.yml', '.github/workflows/sweep.yml'],
      unsigned: 'refuse',
    }),
  );
  return log.broken.length === 0 && log.findings.length === 0;
};

test('each part goes when its own time is over, and not before', async () => {
  const w = await finished();
  expect(w.github.issue()).toMatchObject({ open: false, locked: true, labels: LABELS });
  await wait(w, 23);
  await w.sweep();
  expect([w.shares.gone, eventsOf(w).includes('purge')]).toEqual([[], false]);
  await wait(w, 2);
  await w.sweep();
  expect(w.shares.gone).toEqual(['card C0APPROVE/1740909600.001000', 'message C0APPROVE/2.1', 'file F1']);
  expect(w.github.issue()).toMatchObject({ locked: true, labels: LABELS.filter((label) => label !== 'debug:shared') });
  await wait(w, 24);
  await w.sweep();
  expect(w.shares.gone.slice(3)).toEqual(['transcript 71']);
  await wait(w, 24);
  await w.sweep();
  expect(w.shares.gone.slice(4)).toEqual(['run-logs 9001']);
  expect(w.github.issue()).toMatchObject({ locked: true, labels: LABELS.slice(0, 2) });
  expect(eventsOf(w).slice(-6)).toEqual(['purge', 'purged', 'purge', 'purged', 'purge', 'purged']);
  const before = w.shares.done.length;
  await wait(w, 1);
  await w.sweep();
  expect(w.shares.done.slice(before)).toEqual(['marked']);
  expect(await isWhole(w)).toBe(true);
});

test('what people are told of a purge: the records, the tombstone, the lines of the sweep', async () => {
  const w = await finished();
  await wait(w, 80);
  w.shares.trouble.set(
    'deleteFile',
    new Fault('slack', 'Slack: could not delete a file: missing_scope.', 'Add files:write.'),
  );
  const told: string[] = [];
  await w.sweep({}, {}, told);
  const bodies = w.github
    .issue()
    .comments.slice(-2)
    .map(({ body }) => body.split('<details>')[0]?.trim());
  const lines = [
    ...bodies,
    '# tombstone',
    ...w.shares.buried,
    '# told',
    ...told,
    '# report',
    JSON.stringify(w.shares.reports.at(-1), null, 2),
  ];
  await expect(`${lines.join('\n\n')}\n`).toMatchFileSnapshot('golden/purge.txt');
});

/** The same closed request again and again, as a sweep 80 hours later finds it. */
const closed = await finished();
await wait(closed, 80);
const copies = <T>(value: T): T => structuredClone(value);
const START = {
  issues: copies(closed.github.issues),
  threads: copies(closed.shares.threads),
  artifacts: copies(closed.shares.artifacts),
  logs: copies(closed.shares.logs),
};
function restored(): World {
  const { github, shares } = closed;
  github.issues.clear();
  for (const [number, issue] of copies(START.issues)) github.issues.set(number, issue);
  Object.assign(shares, {
    threads: copies(START.threads),
    artifacts: copies(START.artifacts),
    logs: copies(START.logs),
  });
  Object.assign(shares, { gone: [], buried: [] });
  shares.trouble.clear();
  shares.going.clear();
  shares.attempts.clear();
  shares.revive();
  return closed;
}
const ALL_GONE = ['card', 'file', 'message', 'run-logs', 'transcript'];
const kindsGone = (w: World): string[] => w.shares.gone.map((one) => one.split(' ')[0] ?? '').sort();

await restored().sweep();
const EFFECTS = closed.shares.done.length;

test.each(
  Array.from({ length: EFFECTS }, (_, n) => n + 1).flatMap((at) => [
    { at, when: 'before' as const },
    { at, when: 'after' as const },
  ]),
)(
  'a sweep that is killed $when its effect $at leaves nothing undone and nothing unrecorded for the next',
  async (kill) => {
    const w = restored();
    w.shares.kill = kill;
    await w.sweep();
    w.shares.revive();
    await w.sweep();
    expect(kindsGone(w)).toEqual(ALL_GONE);
    expect(w.github.issue()).toMatchObject({ open: false, locked: true, labels: LABELS.slice(0, 2) });
    const went = receipts(w).flatMap(({ items }) => items.flatMap(({ kind, gone }) => (gone ? [kind] : [])));
    expect([...new Set(went)].sort()).toEqual(ALL_GONE);
    expect(
      receipts(w)
        .flatMap(({ parts }) => parts)
        .sort(),
    ).toEqual(['run-logs', 'slack', 'transcript']);
    expect([...w.shares.threads.values()].flat()).toContainEqual(expect.objectContaining({ text: 'Looks good to me' }));
    expect([...w.shares.artifacts.keys()]).toEqual([72]);
    expect(await isWhole(w)).toBe(true);
  },
);

test.each<[string, (w: World) => void, string]>([
  ['that somebody holds while the sweep runs', (w) => void w.github.issue().labels.push('debug:hold'), 'On hold'],
  [
    'whose log misses a record',
    (w) => w.github.remove(w.github.issue().comments[1]?.id ?? 0, 1),
    'its log cannot be believed',
  ],
  ['whose run still goes on', (w) => void w.shares.going.add(9001), 'its workflow run still goes on'],
])('nothing goes of a request %s', async (_, change, why) => {
  const w = restored();
  change(w);
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect([w.shares.gone, eventsOf(w).includes('purge')]).toEqual([[], false]);
  expect(told.join('\n')).toContain(why);
});

test('without a Slack token only what GitHub has goes, and the job says so', async () => {
  const w = restored();
  const told: string[] = [];
  await w.sweep({}, {}, told, { shared: { github: w.shares.github(), slack: null, onPurged: () => {} } });
  expect(kindsGone(w)).toEqual(['run-logs', 'transcript']);
  expect(w.github.issue().labels).toEqual(LABELS.slice(0, 3));
  expect(told.join('\n')).toContain('this job has no Slack token');
});

test('an outage puts a request off, with no receipt; the next sweep finishes what was announced', async () => {
  const w = restored();
  w.shares.trouble.set('deleteArtifact', unavailable());
  await w.sweep();
  expect(receipts(w)).toEqual([]);
  w.shares.trouble.clear();
  w.shares.revive();
  await w.sweep();
  expect(eventsOf(w).filter((type) => type === 'purge')).toHaveLength(1);
  expect(receipts(w)).toMatchObject([{ parts: ['slack', 'transcript', 'run-logs'] }]);
});

test('what is refused stands in the receipt, is tried at five sweeps, and then no more', async () => {
  const w = restored();
  w.shares.trouble.set('bury', new Fault('slack', 'Slack: could not change the card: cant_update_message.', 'Look.'));
  for (let sweep = 0; sweep < 7; sweep += 1) await w.sweep();
  expect(receipts(w).filter(({ items }) => items.some(({ gone }) => !gone))).toHaveLength(5);
  expect(w.github.issue().labels).toEqual(LABELS.slice(0, 2));
});

test('a part that is given up keeps no other part from going later', async () => {
  const w = restored();
  w.github.policy = w.github.policy && { ...w.github.policy, text: policyWith(key(RETENTION.replace('2d', '100h'))) };
  w.shares.trouble.set('thread', new Fault('slack', 'Slack: could not read the thread: not_in_channel.', 'Invite it.'));
  for (let sweep = 0; sweep < 6; sweep += 1) await w.sweep();
  expect(w.github.issue().labels).toEqual(['debug-request', 'debug:finished', 'debug:transcript']);
  await wait(w, 30);
  await w.sweep();
  expect(kindsGone(w)).toEqual(['run-logs', 'transcript']);
});

test('the logs of a run that ran again stay: GitHub would delete those of its other requests too', async () => {
  const w = restored();
  w.shares.attempts.set(9001, 2);
  await w.sweep();
  expect(w.shares.logs.has(9001)).toBe(true);
  expect(receipts(w)).toMatchObject([{ parts: ['slack', 'transcript', 'run-logs'] }]);
  expect(w.github.issue().labels).toEqual(LABELS.slice(0, 2));
});

test('nothing goes of a request whose text somebody changed', async () => {
  const w = restored();
  w.github.rewrite(account('cy'), w.github.issue().body.replace('web', 'api'));
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect(told.join('\n')).toContain('kept, since its text was changed');
  expect([receipts(w), kindsGone(w), w.shares.logs.has(9001)]).toEqual([[], [], true]);
});

test('no logs go of a run of which another request is on hold', async () => {
  const w = restored();
  const other = { ...copies(w.github.issue()), number: 2, labels: ['debug-request', 'debug:hold'], comments: [] };
  w.github.issues.set(2, other);
  await w.sweep();
  expect(w.shares.logs.has(9001)).toBe(true);
  expect(w.github.issue().labels).toContain('debug:run-logs');
});

test('a sweep with much to do looks at a hundred requests and says what is left', async () => {
  const w = restored();
  const one = copies(w.github.issue());
  for (let number = 2; number <= 130; number += 1) w.github.issues.set(number, { ...copies(one), number });
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect(w.shares.reports.at(-1)).toMatchObject({ left: 30 });
  expect(told.at(-1)).toContain('30 are left for the next sweep');
});

test('with a webhook the issue is marked before its records are written, so that they are delivered later', async () => {
  const w = restored();
  const text = policyWith(key(`webhook: { url: "https://hooks.example.com/x" }\n${RETENTION}`));
  const policy = w.github.policy;
  w.github.policy = policy === null ? null : { ...policy, text };
  await w.sweep();
  w.github.policy = policy;
  expect(w.github.issue().labels).toEqual([...LABELS.slice(0, 2), 'debug:undelivered']);
});

test('a policy without retention deletes nothing and marks nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await approvedBy(w, asking);
  await w.sweep();
  expect([w.github.issue().labels, w.shares.done]).toEqual([['debug-request', 'debug:approved'], []]);
});

test('a hold that somebody sets while the job runs stays when the request is closed', async () => {
  const w = await createWorld(policyWith(key(RETENTION)));
  const asked = await approvedBy(w, w.ask());
  w.during.run = async () => void w.github.issue().labels.push('debug:hold');
  await w.debug(asked);
  w.github.runs.set(9001, { ...(await w.github.client().run(9001)), status: 'completed', conclusion: 'success' });
  await w.sweep();
  expect(w.github.issue()).toMatchObject({ open: false, labels: expect.arrayContaining(['debug:hold']) });
});
