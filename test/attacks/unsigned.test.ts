/** Attacks by records without a signature, and by jobs that lost their ID token or never had one. */
import { expect, test } from 'vitest';
import { nextRecord, readLog } from '../../src/log/chain.ts';
import { renderComment } from '../../src/log/comment.ts';
import type { Event } from '../../src/request/events.ts';
import { nothingRan } from '../app/approved.ts';
import { BOT } from '../app/fake-github.ts';
import { policyWith } from '../app/policies.ts';
import { createWorld, eventsOf, faultOf, INPUT, identity, type World } from '../app/world.ts';
import { byGithub, decided } from '../request/given.ts';

const ACCEPT: [string, string] = ['signers: {', 'signers: { unsigned: accept,'];

/** Another workflow with `issues: write` comments as the bot that all jobs are, with a record that is right but for its signature. */
async function forge(w: World, events: Event[]): Promise<void> {
  const signers = { workflows: ['.github/workflows/debug.yml'], unsigned: 'accept' as const };
  const trust = await w.trust.trust(await w.github.client().facts({ policyPath: INPUT.policyPath }), signers);
  const log = await readLog(w.github.snapshot(1), trust);
  const record = nextRecord(log, {
    ...{ issue: 1, request: '70/9001/1', at: new Date(w.clock.now()).toISOString(), by: byGithub('cy') },
    ...{ events, sentence: 'Cy approved.' },
    writer: { run: 9001, attempt: 1, job: 'ask', environment: 'debug-approval' },
  });
  const rendered = renderComment(record);
  if (!rendered.ok) throw new Error(rendered.message);
  w.github.write(BOT, rendered.body);
}

/** A request that Bo approved, and a bot in the name of Cy. Ends as it does when nobody else decides. */
async function forgedApproval(w: World, signed: boolean) {
  const asking = w.ask({ job: { signed } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => forge(w, [decided('cy')]));
  return asking.result;
}

test('§4.8 an unsigned approval by a bot approves nothing where the policy does not accept it', async () => {
  const w = await createWorld();
  const { approved, reading } = await forgedApproval(w, true);
  expect(approved).toBe(false);
  expect(reading.log.findings).toMatchObject([{ code: 'not-signed' }]);
  expect(reading.state.status).toBe('expired');
});

test('§4.8 nor does it where the policy accepts unsigned records, but the request was opened by a job that signs', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const { approved, reading } = await forgedApproval(w, true);
  expect(approved).toBe(false);
  expect(reading.log.findings).toMatchObject([{ code: 'not-signed' }]);
});

test('of an unsigned request whoever comments as a bot is believed: that is what the policy accepts, and card and issue say', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const { approved, view } = await forgedApproval(w, false);
  expect(approved).toBe(true);
  expect(view.notices[0]).toContain('Whoever may write comments as a bot in this repository could have written them.');
});

test('a policy that no longer accepts unsigned records believes no log that was begun under it: nothing runs', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const asking = w.ask({ job: { signed: false } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  if (w.github.policy !== null) w.github.policy = { ...w.github.policy, text: policyWith() };
  expect(await faultOf(w.debug(asked))).toMatchObject({ code: 'log' });
  expect(w.commands).toEqual([]);
});

test.each([
  ['the debug job', (w: World, asked: Parameters<World['debug']>[0]) => w.debug(asked, { job: { signed: false } })],
  [
    'the close job',
    (w: World) => w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'success' }, identity({ signed: false })),
  ],
])(
  '%s that has no token, or threw it away, is refused unless the policy accepts it, and nothing runs',
  async (who, job) => {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(10, () => w.press('bo'));
    void w.after(20, () => w.press('cy'));
    const asked = await asking.result;
    const fault = await faultOf(job(w, asked));
    expect(fault).toMatchObject({ code: 'oidc', remedy: expect.stringContaining('id-token: write') });
    expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
    if (who === 'the debug job') nothingRan(w, 'may not ask GitHub for an ID token');
  },
);

test('a debug job without a token starts nothing that was not approved, also where the policy accepts it', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy', 'deny'));
  const asked = await asking.result;
  expect(await faultOf(w.debug(asked, { job: { signed: false } }))).toMatchObject({ code: 'refused' });
  nothingRan(w, 'denied');
});

test('nor does it run twice, or in another run, by what it says of itself', async () => {
  const w = await createWorld(policyWith(ACCEPT));
  const asking = w.ask({ job: { signed: false } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  const other = { signed: false, run: { id: 9002, attempt: 1 } };
  expect(await faultOf(w.debug(asked, { job: other }))).toMatchObject({ code: 'refused' });
  await w.debug(asked, { job: { signed: false } });
  expect(await faultOf(w.debug(asked, { job: { signed: false } }))).toMatchObject({ code: 'refused' });
  expect(w.commands).toHaveLength(1);
});
