/** A log that does not hold is told to other systems by one event that alerts, and never by what is left of its records. */
import { expect, test } from 'vitest';
import { toldAs } from '../../src/app/audit-events.ts';
import { auditIssue } from '../../src/app/audit-judge.ts';
import { type BrokenLog, toLogEvent, toOcsfLogEvent } from '../../src/audit/broken-log.ts';
import { toCloudEvent } from '../../src/audit/cloud-events.ts';
import { toOcsf } from '../../src/audit/ocsf.ts';
import { auditorOf, worldOf } from '../app/audit-world.ts';
import { BOT } from '../app/fake-github.ts';
import { createWorld, type World } from '../app/world.ts';
import { PLACE } from './given.ts';
import { cloudEventFault, ocsfFault } from './valid.ts';

const FAULT = {
  ...{ code: 'missing', record: 3, comment: 503, url: 'https://github.com/acme/shop/issues/17#issuecomment-503' },
  ...{ why: 'record 3 (comment 503) follows sha256:2222, which is not there: a record is lost', remedy: 'Look.' },
};
const LOG: BrokenLog = {
  ...PLACE,
  ...{ status: 'broken', request: '70/9001/1', head: `sha256:${'3'.repeat(64)}`, records: 4 },
  ...{ changedAt: '2026-03-02T10:00:00Z', faults: [FAULT] },
};
const OPEN: BrokenLog = {
  ...{ ...LOG, status: 'undetermined', request: null, head: null, records: 0 },
  faults: [
    { ...FAULT, code: 'keys', record: null, why: '5 records are signed with keys that are not to be had any more' },
  ],
};

async function told(w: World, issue = 1) {
  const judged = await auditIssue(await auditorOf(w), issue, null);
  return toldAs({ ...PLACE, issue }, judged);
}

test.each([
  ['log-broken', LOG],
  ['log-undetermined', OPEN],
])('%s is a valid event in both formats, as it always was', async (name, log) => {
  const [event, ocsf] = [toLogEvent(log), toOcsfLogEvent(log, '1.2.3')];
  expect([cloudEventFault(event), ocsfFault(ocsf)]).toEqual([null, null]);
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.cloudevent.json`);
  await expect(`${JSON.stringify(ocsf, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.ocsf.json`);
});

test('a broken log alerts, one that nobody can judge does not', () => {
  expect(toOcsfLogEvent(LOG, '1.2.3')).toMatchObject({ severity: 'High', is_alert: true, status: 'Failure' });
  expect(toOcsfLogEvent(OPEN, '1.2.3')).toMatchObject({ severity: 'Medium', is_alert: false });
});

test('the same finding has the same id however often it is told, another finding another one', () => {
  const ids = [LOG, { ...LOG, changedAt: '2026-03-03T10:00:00Z' }].map((log) => toLogEvent(log).id);
  expect(ids[0]).toBe(ids[1]);
  expect(toOcsfLogEvent(LOG, '1').metadata.uid).toBe(ids[0]);
  const others = [
    { ...LOG, issue: 18 },
    { ...LOG, head: null },
    { ...LOG, faults: [FAULT, { ...FAULT, why: 'another' }] },
    { ...LOG, status: 'undetermined' as const },
  ];
  expect(new Set([ids[0], ...others.map((log) => toLogEvent(log).id)]).size).toBe(5);
});

test('a log that lost a record is told by that alone, with what is wrong and where', async () => {
  const w = await worldOf(1);
  w.github.remove(w.github.issue().comments[1]?.id ?? 0, 666);
  const found = await told(w);
  if (found.kind !== 'log') throw new Error('Its records were told.');
  expect(toLogEvent(found.log)).toMatchObject({
    type: 'dev.debug-approval.log.broken.v1',
    data: { verification: { status: 'broken' }, records: 4, faultCount: 2 },
  });
  expect(toLogEvent(found.log).data.faults.map(({ code }) => code)).toEqual(['missing', 'deleted']);
});

test('an opening that was deleted and posted anew behind a decision keeps no export from going on', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  await w.after(20, () => {
    const [opening] = w.github.issue().comments;
    if (opening === undefined) throw new Error('There is no opening.');
    w.github.remove(opening.id, 666);
    w.github.write(BOT, opening.body);
  });
  await asking.result.catch(() => null);
  expect(await told(w)).toMatchObject({ kind: 'log', log: { status: 'broken' } });
});

test('each record of a log that holds says by which keys it does', async () => {
  const w = await worldOf(1);
  const found = await told(w);
  if (found.kind !== 'records') throw new Error('Its records were not told.');
  expect(found.records).toHaveLength(5);
  for (const one of found.records) {
    const verification = { status: 'whole', grade: 'live', proven: true };
    expect(toCloudEvent(one).data.verification).toEqual(verification);
    expect(toOcsf(one).unmapped.verification).toEqual(verification);
    expect([cloudEventFault(toCloudEvent(one)), ocsfFault(toOcsf(one))]).toEqual([null, null]);
  }
});

test('a log whose keys nobody has, and one whose policy is gone, are told as not determined, with why', async () => {
  const keyless = await worldOf(1);
  await keyless.issuer.rotate('k2');
  keyless.issuer.retire();
  expect(await told(keyless)).toMatchObject({ log: { status: 'undetermined', faults: [{ code: 'keys' }] } });
  const gone = await worldOf(1);
  const { policy } = gone.github;
  if (policy === null) throw new Error('The world has a policy.');
  gone.github.blobs.clear();
  gone.github.policy = { ...policy, blob: 'd'.repeat(40), text: `${policy.text}\n# changed` };
  expect(await told(gone)).toMatchObject({ log: { status: 'undetermined', faults: [{ code: 'policy' }] } });
});
