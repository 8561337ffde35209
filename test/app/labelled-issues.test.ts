/** Issues that somebody gives the labels of the product: they are no requests and no archive, and hide none. */
import { expect, test } from 'vitest';
import { auditIssue } from '../../src/app/audit-judge.ts';
import { auditRepository } from '../../src/app/audit-repository.ts';
import type { EventOf } from '../../src/request/events.ts';
import { auditorOf, debugged, worldOf } from './audit-world.ts';
import { BOT } from './fake-github.ts';
import { account, type World } from './world.ts';

/** Ed's own issue, with this label. */
async function labelled(w: World, label: string): Promise<number> {
  const { number } = await w.github.client().createIssue({ title: 'Talk', body: 'x', labels: [label] });
  w.github.issue(number).author = account('ed');
  return number;
}

async function audited(w: World) {
  const verdict = await auditRepository(await auditorOf(w), () => {});
  const faults = [...verdict.requests.flatMap(({ broken }) => broken), ...verdict.archive.broken];
  return { status: verdict.status, faults: faults.map(({ why }) => why) };
}

const earlierIn = (w: World, issue: number): EventOf<'requested'>['earlier'] =>
  w.records(issue).flatMap(({ events }) => events.flatMap((one) => (one.type === 'requested' ? one.earlier : [])));

const WHOLE = { status: 'whole', faults: [] };

test.each(['debug-request', 'debug-approval-keys'])(
  'a person’s own issue with the label %s breaks nothing, whatever was edited and deleted in it',
  async (label) => {
    const w = await worldOf(1);
    const issue = await labelled(w, label);
    w.github.remove(w.github.write(account('ed'), 'hello', { issue }));
    w.github.edit(w.github.write(BOT, 'Coverage: 80 %', { issue }), 'Coverage: 81 %', BOT.id);
    expect(await audited(w)).toEqual(WHOLE);
    expect((await auditIssue(await auditorOf(w), issue, null)).verdict.status).toBe('none');
  },
);

test('a bot’s issue with the label may have held an opening: what is edited in it is a loss', async () => {
  const w = await worldOf(1);
  const { number } = await w.github.client().createIssue({ title: 'Talk', body: 'x', labels: ['debug-request'] });
  w.github.edit(w.github.write(BOT, 'hello', { issue: number }), 'hello 2', BOT.id);
  expect((await audited(w)).status).toBe('broken');
});

test('a person’s issue with the label is named by no opening, and its deletion is no loss', async () => {
  const w = await worldOf(1);
  const issue = await labelled(w, 'debug-request');
  await debugged(w, 9002);
  expect(earlierIn(w, 3).map((one) => one.issue)).toEqual([1]);
  w.github.issues.delete(issue);
  expect(await audited(w)).toEqual(WHOLE);
});

test('an issue that was named without a record and is gone is worth knowing, and no loss', async () => {
  const w = await worldOf(1);
  const { number } = await w.github.client().createIssue({ title: 'Talk', body: 'x', labels: ['debug-request'] });
  await debugged(w, 9002);
  expect(earlierIn(w, 3)).toContainEqual({ issue: number, head: null, length: 0 });
  w.github.issues.delete(number);
  const { status, requests } = await auditRepository(await auditorOf(w), () => {});
  expect({ status, notes: requests[1]?.notes }).toMatchObject({ status: 'whole', notes: [{ code: 'gone' }] });
});

test('issues that somebody gives the label do not keep the next opening from naming the requests that it pushes out of sight', async () => {
  const w = await worldOf(2);
  for (let more = 0; more < 4; more += 1) await labelled(w, 'debug-request');
  await debugged(w, 9003);
  expect(earlierIn(w, 7).map(({ issue, head }) => [issue, head !== null])).toEqual([
    [2, true],
    [1, true],
  ]);
  w.github.issues.delete(1);
  expect((await audited(w)).status).toBe('broken');
});

test('comments that push a request’s opening out of sight do not keep its head from being named', async () => {
  const w = await worldOf(2);
  for (let more = 0; more < 21; more += 1) w.github.write(account('ed'), `talk ${more}`, { issue: 1 });
  await debugged(w, 9003);
  expect(earlierIn(w, 3)).toEqual([expect.objectContaining({ issue: 2 }), ...earlierIn(w, 2)]);
});

test('openings name five requests, however many those before them named', async () => {
  const w = await worldOf(8);
  expect(earlierIn(w, 8).map(({ issue }) => issue)).toEqual([7, 6, 5, 4, 3]);
});
