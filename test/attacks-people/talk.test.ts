/** Attacks on the discussion that the policy mirrors: none keeps it from the record, makes the log too long, or holds a decision up. */
import { expect, test } from 'vitest';
import { decide } from '../../src/request/decide.ts';
import { fold } from '../../src/request/state.ts';
import { policyWith } from '../app/policies.ts';
import { createWorld } from '../app/world.ts';
import { policyOf } from '../policy/sample.ts';
import { opened, POLICY_TEXT, record, T0 } from '../request/given.ts';

const SLACK = 'slack: { channel: C0APPROVE }';
const MIRRORING = 'slack: { channel: C0APPROVE, mirror: true }';
const MIRRORS = policyWith([SLACK, MIRRORING]);
const elsewhere = (n: number) => ({ team: 'T1', channel: 'C0ELSE', ts: `1740900000.${String(n).padStart(6, '0')}` });

test('§4.9 three messages of nothing but hidden characters keep what is said after them on record', async () => {
  const w = await createWorld(MIRRORS);
  const asking = w.ask();
  for (const at of [5, 10, 11, 12]) void w.after(at, () => w.reply('UMALLORY', '\u202e'.repeat(2_000)));
  void w.after(50, () => w.reply('cy', 'Look at the graphs first'));
  void w.after(200, asking.cancel);
  await asking.result;
  expect(JSON.stringify(w.records())).toContain('Look at the graphs first');
});

test.each([
  ['in as many threads', (n: number) => elsewhere(n)],
  ['in one thread', (_: number) => elsewhere(0)],
])('§4.6 hundreds of messages elsewhere, %s, keep the request’s own discussion on record', async (_, thread) => {
  const w = await createWorld(MIRRORS);
  const asking = w.ask();
  for (let n = 0; n < 520; n++) {
    void w.after(5 + n / 100, () => w.reply('UMALLORY', 'Lunch?'.repeat(300), { thread: thread(n) }));
  }
  void w.after(20, () => w.reply('cy', 'Look at the graphs first'));
  void w.after(200, asking.cancel);
  await asking.result;
  expect(JSON.stringify(w.records())).toContain('Look at the graphs first');
});

test('§4.6 hundreds of messages in one thread of others keep the talk about another job’s request on record', async () => {
  const w = await createWorld(MIRRORS);
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  await w.after(5, () => null);
  for (let n = 0; n < 520; n++) void w.reply('UMALLORY', 'Lunch?', { thread: elsewhere(0), listener: 1 });
  void w.reply('cy', 'Look at the graphs first', { issue: 1, listener: 1 });
  await w.after(80, () => [asking, other].forEach((job) => void job.cancel()));
  await Promise.all([asking.result, other.result]);
  expect(JSON.stringify(w.records(1))).toContain('Look at the graphs first');
});

test('§4.6 talk in other threads holds no approval up while Slack is slow', async () => {
  const w = await createWorld(policyWith([SLACK, MIRRORING], ['count: 2, of: sre', 'count: 1, of: sre']));
  const asking = w.ask();
  await w.after(3, () => w.slack.slow.set('valueOf', 8_000));
  for (const n of [1, 2, 3]) void w.after(5, () => w.reply('UMALLORY', 'Lunch?', { thread: elsewhere(n) }));
  const pressed = w.after(12, async () => {
    await w.press('bo');
    return w.clock.now();
  });
  expect((await asking.result).approved).toBe(true);
  expect(w.clock.now() - (await pressed)).toBeLessThan(3_000);
});

test('§4.6 the discussion gets on record only as far as the log can still be read at a click, and says where it ends', () => {
  const policy = policyOf(POLICY_TEXT.replace(SLACK, MIRRORING));
  const said = (n: number) => ({
    ...{ name: 'UX', slack: { team: 'T1', user: 'UX' } },
    ts: `1.${n}`,
  });
  const next = (before: number, text: string) => {
    const one = (n: number) => ({ ...said(n), text });
    const records = Array.from({ length: before }, (_, n) => record(n + 2, { type: 'discussed', messages: [one(n)] }));
    const state = fold(policy, [opened(), ...records]);
    const outcome = decide(policy, state, { type: 'discuss', messages: [one(5_000)] }, { now: T0 + 1_000 });
    return outcome.kind === 'append' ? outcome.sentence : outcome.kind;
  };
  const [long, short] = ['x'.repeat(5_000), 'x'];
  const goes = '1 message of the thread in Slack put on record.';
  const ends = `${goes} That is as much as a request holds; read the rest in Slack.`;
  expect([next(18, long), next(19, long), next(20, long)]).toEqual([goes, ends, 'nothing']);
  expect([next(48, short), next(49, short), next(50, short)]).toEqual([goes, ends, 'nothing']);
});
