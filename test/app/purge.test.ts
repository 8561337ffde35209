/** What requests shared goes when its time is over, with a hash of it on record first and a receipt after it, whatever ends the sweep. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { account } from './asked.ts';
import { unavailable } from './fake-github.ts';
import { fakeIssuer } from './fake-issuer.ts';
import { approvedBy, CLOSE, ISSUE_1 } from './fake-receiver.ts';
import { again, finished, HOUR_MS, isWhole, kindsGone, LABELS, RETENTION, receipts, wait } from './finished.ts';
import { key, policyWith } from './policies.ts';
import { createWorld, eventsOf, type World } from './world.ts';

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

test('whatever was shared is gone at the latest one interval of the sweep after its time', async () => {
  const w = await finished();
  const ended = Date.parse(w.github.issue().comments.at(-1)?.createdAt ?? '');
  const due: [hours: number, kinds: string[]][] = [
    [24, ['card', 'message', 'file']],
    [48, ['transcript']],
    [72, ['run-logs']],
  ];
  for (const [hours, kinds] of due) {
    const before = w.shares.gone.length;
    // One sweep comes a moment too early, the other a quarter of an hour later.
    await w.clock.sleep(ended + hours * HOUR_MS - 1_000 - w.clock.now());
    await w.sweep();
    expect(w.shares.gone).toHaveLength(before);
    await w.clock.sleep(HOUR_MS / 4);
    await w.sweep();
    expect(w.shares.gone.slice(before).map((one) => one.split(' ')[0])).toEqual(kinds);
  }
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

const restored = await again();
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

test('a sweep whose records nobody could verify writes none and deletes nothing, however often it runs', async () => {
  const w = restored();
  const next = fakeIssuer();
  await next.rotate('k2');
  const { sign } = w.issuer;
  w.issuer.sign = next.sign;
  const before = w.github.issue().comments.length;
  const told: string[] = [];
  for (let sweep = 0; sweep < 3; sweep += 1) await w.sweep({}, {}, told);
  w.issuer.sign = sign;
  expect([w.github.issue().comments.length, w.github.issue().locked, w.shares.gone]).toEqual([before, true, []]);
  expect(told.join('\n')).toContain('Purge of #1: put off: ');
});

test.each([true, false])('nothing goes of a break-glass whose after-review is open (signed: %s)', async (signed) => {
  const review = 'review: { by: [security], within: 1h }';
  const glass = key(`break-glass: { who: [developers], reason: { min-length: 5 }, ${review} }`);
  const unsigned: [string, string] = ['signers: {', 'signers: { unsigned: accept,'];
  const w = await createWorld(policyWith(glass, unsigned, key(RETENTION)));
  const { result } = w.ask({ input: { breakGlass: true }, job: { signed } });
  await w.debug(await result, { job: { signed } });
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, { ...CLOSE, signed });
  w.shares.logs.set(9001, 'logs');
  await wait(w, 80);
  // Somebody puts it out of the sweep's sight, and it looks like any that is over.
  Object.assign(w.github.issue(), { open: false, labels: LABELS });
  const told: string[] = [];
  await w.sweep({}, { signed }, told);
  expect([receipts(w), w.shares.gone, w.shares.logs.has(9001)]).toEqual([[], [], true]);
  expect(told.join('\n')).toContain('kept, since its after-review is not signed yet');
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
  const other = {
    ...structuredClone(w.github.issue()),
    number: 2,
    labels: ['debug-request', 'debug:hold'],
    comments: [],
  };
  w.github.issues.set(2, other);
  await w.sweep();
  expect(w.shares.logs.has(9001)).toBe(true);
  expect(w.github.issue().labels).toContain('debug:run-logs');
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
