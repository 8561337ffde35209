/** Requests whose jobs have no ID token: refused, or where the policy accepts it asked, decided, run and closed, and told as unsigned. */

import { expect, test } from 'vitest';
import { jobSummary } from '../../src/github/summary.ts';
import { jobOf } from '../../src/log/record.ts';
import { UNSIGNED_NOTICE } from '../../src/request/unsigned.ts';
import { inDialog, policyWith } from './policies.ts';
import { createWorld, eventsOf, faultOf, identity, type World } from './world.ts';

const ACCEPT: [string, string] = ['signers: {', 'signers: { unsigned: accept,'];
const SIGNED = 'each is one signed record';
const NO_TOKEN = { job: { signed: false } } as const;
const NO_ID_TOKEN = { code: 'oidc', remedy: expect.stringContaining('id-token: write') };

/** A request that Bo and Cy approved, asked with or without a token. */
async function approved(w: World, signed: boolean) {
  const asking = w.ask({ job: { signed } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  return { asked, told: asking.told };
}

const warned = (told: string[]) => told.filter((line) => line.startsWith('! This job has no ID token'));

test('without a token and without leave nothing is opened, and the missing permission is named', async () => {
  const w = await createWorld();
  expect(await faultOf(w.ask(NO_TOKEN).result)).toMatchObject(NO_ID_TOKEN);
  expect(w.github.issues.size).toBe(0);
  expect(w.slack.cards).toEqual([]);
});

test('where the policy accepts it, a request is asked, decided, run and closed by jobs without a token', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const { asked } = await approved(w, false);
  await w.debug(asked, NO_TOKEN);
  const closed = await w.sweep(
    { what: { kind: 'issue', number: 1 }, debugResult: 'success' },
    identity({ signed: false }),
  );
  expect(closed).toMatchObject([{ status: 'finished' }]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided', 'started', 'ended']);
  expect(w.commands).toHaveLength(1);
  expect(w.records().map(({ sig, writer }) => [sig, jobOf(writer)?.environment])).toEqual([
    ...[1, 2, 3].map(() => [null, 'debug-approval']),
    ...[4, 5].map(() => [null, 'production']),
  ]);
});

test('card, dialog, issue and summary of an unsigned request say so, and each of its jobs', async () => {
  const w = await createWorld(policyWith(ACCEPT, ...inDialog));
  const asking = w.ask(NO_TOKEN);
  await w.after(10, () => w.pressForDialog('bo'));
  expect(w.slack.dialogs).toMatchObject([{ content: { kind: 'approval', dialog: { notices: [UNSIGNED_NOTICE] } } }]);
  expect(w.slack.cardOf().view.notices).toEqual([UNSIGNED_NOTICE]);
  const { body } = w.github.issue();
  expect(body).not.toContain(SIGNED);
  expect(body.split('Not signed: ')).toHaveLength(3);
  expect(warned(asking.told)).toHaveLength(1);
  asking.cancel();
  const { view } = await asking.result;
  expect(jobSummary(view)).toContain(UNSIGNED_NOTICE);
  const told: string[] = [];
  await w.sweep({}, { signed: false }, told);
  expect(warned(told)).toHaveLength(1);
});

test('a request whose debug job alone has no token runs where the policy accepts it, and its issue says so from then on', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const { asked, told } = await approved(w, true);
  expect(w.github.issue().body).toContain(SIGNED);
  expect(told.join()).not.toContain('ID token');
  const debug: string[] = [];
  await w.debug(asked, { ...NO_TOKEN, told: debug });
  expect(warned(debug)).toHaveLength(1);
  expect(w.github.issue().body).not.toContain(SIGNED);
  expect(w.github.issue().body).toContain('### Notices\n\n- Not signed');
});

test('the end of a manual runbook is recorded without a token, in the environment that was approved', async () => {
  const manual = '  steps: { title: Our steps, manual: true, targets: [production], risk: low }\n  repair:\n';
  const w = await createWorld(policyWith(ACCEPT, ['  repair:\n', manual]));
  const asking = w.ask({ ...NO_TOKEN, input: { runbook: 'steps', inputs: {} } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  await w.debug(await asking.result, NO_TOKEN);
  await w.finish('success', { signed: false });
  expect(w.records().at(-1)).toMatchObject({ sig: null, writer: { environment: 'production' } });
  expect(eventsOf(w).at(-1)).toBe('ended');
});

test('a sweep without a token archives no keys, since nobody would believe the archive', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  expect(await w.sweep({}, { signed: false })).toEqual([]);
  expect(w.github.issues.size).toBe(0);
});

test('where the policy accepts unsigned records, what signed jobs write is signed, and nothing is said of it', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const { asked, told } = await approved(w, true);
  await w.debug(asked, { told });
  expect(w.records().map(({ sig }) => sig?.type)).toEqual(w.records().map(() => 'oidc'));
  expect(w.github.issue().body).toContain(SIGNED);
  expect(w.slack.cardOf().view.notices).toEqual([]);
  expect(told.join()).not.toContain('ID token');
});
