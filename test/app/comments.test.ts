/** Decisions by comment where somebody floods, edits or deletes them: neither the log nor those who decide suffer. */
import { expect, test } from 'vitest';
import { inDialog, policyWith } from './policies.ts';
import { createWorld, eventsOf, type World } from './world.ts';

/** Until the next reading of the issue, which follows a poll that saw something, has begun. */
async function whileRead(w: World): Promise<void> {
  const before = w.github.done.length;
  while (!w.github.done.slice(before).includes('issue')) await w.clock.sleep(10);
}

test('§4.6 a stranger who comments 50 times gets one record, costs few reads, and keeps nobody waiting', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => {
    for (let i = 0; i < 50; i++) w.comment('stranger', '/approve');
  });
  void w.after(11, () => w.comment('bo', '/approve'));
  void w.after(12, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(1);
  expect(w.records().flatMap(({ events }) => events.filter(({ type }) => type === 'refusals-counted'))).toEqual([
    { type: 'refusals-counted', counts: { 'github:999': 49 } },
  ]);
  expect(w.github.done.filter((operation) => operation === 'issue').length).toBeLessThan(15);
  expect(w.clock.now() - Date.parse('2026-03-02T10:00:00Z')).toBeLessThan(30_000);
});

test('an approval by comment that its author deletes at once decides nothing and keeps no later one waiting', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => (w.github.slow = { issue: 1_500 }));
  void w.after(10, async () => {
    const comment = w.comment('bo', '/approve');
    await whileRead(w);
    w.github.remove(comment);
  });
  void w.after(10.5, () => w.comment('cy', '/approve'));
  void w.after(40, () => w.comment('di', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.view.decisions.map(({ name }) => name)).not.toContain('Bo');
});

test('an approval by comment that is edited into a denial before it is read decides nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => (w.github.slow = { issue: 1_500 }));
  void w.after(10, async () => {
    const comment = w.comment('bo', '/approve');
    await whileRead(w);
    w.github.edit(comment, '/deny');
  });
  void w.after(40, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({ status: 'expired', decisions: [{ name: 'Cy' }] });
});

test("a stranger's comment that is gone before it can be read stops nothing", async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(9, () => (w.github.slow = { issue: 1_500 }));
  void w.after(10, async () => {
    const comment = w.comment('stranger', 'now you see me');
    await whileRead(w);
    w.github.remove(comment);
  });
  void w.after(60, () => w.comment('bo', '/approve'));
  void w.after(120, () => w.comment('cy', '/approve'));
  expect((await asking.result).approved).toBe(true);
});

test('whoever may not decide reads on the issue why, and who can; nothing of what they wrote', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.comment('ana', '/approve <b>please</b>'));
  void w.after(20, () => w.comment('stranger', '/deny'));
  void w.after(40, asking.cancel);
  await asking.result;
  expect(w.records().flatMap(({ events, sentence }) => (events[0]?.type === 'refused' ? [sentence] : []))).toEqual([
    'An attempt of Ana to approve this request was refused (own-request). Ana may not approve this request: Ana asked for it. Ask one of Bo, Cy, Di. 2 of sre: nobody approved yet; 2 more of Bo, Cy, Di.',
    'An attempt of stranger to deny this request was refused (unknown-person). stranger may not deny this request: the policy .github/debug-approval.yml links the GitHub account stranger (id 999) with nobody. Ask one of Bo, Cy, Di, or ask for an entry under `people`.',
  ]);
});

test('what gets no record is answered in person, once for each reason', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(20, () => w.comment('bo', '/approve once more'));
  void w.after(30, () => w.comment('bo', '/withdraw'));
  void w.after(50, asking.cancel);
  await asking.result;
  const toBo = w.slack.told.filter(({ user }) => user === 'UBO').map(({ text }) => text);
  expect(toBo).toEqual([
    expect.stringContaining(
      'request #1 decided nothing. Bo may not approve this request yet: 2 items of the checklist',
    ),
    expect.stringContaining('Nothing was withdrawn: there is no approval of Bo that counts.'),
  ]);
  expect(eventsOf(w)).not.toContain('refused');
});

test('who has an answer on the issue gets none in person for the same, but one for another reason', async () => {
  const w = await createWorld();
  const asking = w.ask();
  for (const seconds of [10, 20, 30]) void w.after(seconds, () => w.comment('ed', '/approve'));
  for (const seconds of [40, 50]) void w.after(seconds, () => w.comment('ed', '/cancel'));
  void w.after(60, asking.cancel);
  await asking.result;
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(1);
  expect(w.slack.told.filter(({ user }) => user === 'UED').map(({ text }) => text)).toEqual([
    expect.stringContaining('Ed may not cancel this request: only Ana'),
  ]);
});

test('without a Slack account, or where Slack does not take it, nothing more is written', async () => {
  const w = await createWorld(
    policyWith(...inDialog, ['login: cy-dev }, slack: { team: T1, user: UCY }', 'login: cy-dev }']),
  );
  const asking = w.ask();
  w.slack.broken.add('tell');
  void w.after(10, () => w.comment('cy', '/approve'));
  void w.after(20, () => w.comment('bo', '/approve'));
  void w.after(40, asking.cancel);
  await asking.result;
  expect(w.slack.told).toEqual([]);
  expect(asking.told.join('\n')).toContain('! Why a comment on issue #1 was refused could not be told in Slack');
  expect(eventsOf(w)).not.toContain('refused');
});
