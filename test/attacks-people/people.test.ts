/** Who asks, who approves, and as whom: second accounts, colleagues who re-run, apps, other workspaces, forged cards. */
import { expect, test } from 'vitest';
import { createWorld, eventsOf, faultOf } from '../app/world.ts';

const BLOB = 'b'.repeat(40);
const forgedValue = (change: object) =>
  JSON.stringify({ i: 1, r: '70/9001/1', d: `sha256:${'0'.repeat(64)}`, p: BLOB, ...change });

test('§4.4 after a re-run by a colleague neither she nor whoever ran it first approves, by no channel', async () => {
  const w = await createWorld();
  w.runOf(9001, { actor: 'ana', triggering: 'bo' });
  const asking = w.ask();
  void w.after(10, () => w.press('ana'));
  void w.after(12, () => w.press('bo'));
  void w.after(14, () => w.comment('ana', '/approve'));
  void w.after(16, () => w.comment('bo', '/approve'));
  void w.after(18, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({ status: 'expired', requester: { name: 'Bo' } });
  expect(asked.view.decisions.map(({ name }) => name)).toEqual(['Cy']);
});

test.each([
  ['a bot', { id: 41898282, login: 'github-actions[bot]', bot: true }],
  ['an account that the policy does not know', { id: 4242, login: 'ana-dev', bot: false }],
])('§4.4 %s asks for nothing, whatever its login', async (_, triggeringActor) => {
  const w = await createWorld();
  const run = w.github.runs.get(9001);
  if (run !== undefined) w.github.runs.set(9001, { ...run, triggeringActor });
  expect(await faultOf(w.ask().result)).toMatchObject({ code: 'refused' });
  expect(w.github.issues.size).toBe(0);
});

test('§4.3 one human in Slack and on GitHub counts once, under whatever login', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.github.write({ id: 102, login: 'BO-renamed', bot: false }, '/approve'));
  void w.after(30, () => w.github.write({ id: 999, login: 'cy-dev', bot: false }, '/approve'));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({ status: 'expired' });
  expect(asked.view.decisions).toHaveLength(1);
});

test.each([
  ['another workspace', { team: 'T2', user: 'UCY' }],
  ['the organisation', { team: 'E1', user: 'UCY' }],
  ['a member id in small letters', { team: 'T1', user: 'ucy' }],
])('§4.3 a press from %s is not that of the member whose id it has', async (_, slack) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy', 'approve', { slack }));
  expect((await asking.result).view.status).toBe('expired');
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'refused', 'expired']);
});

test('§4.4 what an app writes with the token of an approver decides nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.github.write({ id: 103, login: 'cy-dev', bot: false }, '/approve', { throughApp: true }));
  expect((await asking.result).view.status).toBe('expired');
});

test.each([
  ['the digest of another request', forgedValue({})],
  ['another attempt', forgedValue({ r: '70/9001/2' })],
  ['another policy', null],
])('a button that carries %s approves nothing', async (_, value) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => {
    const button = w.slack.cardOf().button ?? '';
    return w.press('cy', 'approve', { value: value ?? button.replace(BLOB, 'a'.repeat(40)) });
  });
  const asked = await asking.result;
  expect(asked.view.status).toBe('expired');
  expect(w.slack.answers.at(-1)).toMatchObject({
    user: 'UCY',
    text: expect.stringContaining('another request or was changed'),
  });
});

test.each([
  ['another repository', forgedValue({ r: '71/9001/1' })],
  ['a longer repository id', forgedValue({ r: '700/9001/1' })],
  ['an issue that is none', forgedValue({ i: 99 })],
  ['nothing', ''],
])('a button of %s is not acknowledged', async (_, value) => {
  const w = await createWorld();
  const asking = w.ask();
  const acknowledged = w.after(20, () => w.press('cy', 'approve', { value }));
  await asking.result;
  expect(await acknowledged).toBe(false);
});

test("a writer who puts another command into the issue's text leaves the true one in plain sight", async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(5, () => Object.assign(w.github.issue(), { body: 'Runs hello.sh only.' }));
  asking.cancel();
  await asking.result;
  const [before = ''] = w.github.issue().comments[0]?.body.split('<details>') ?? [];
  for (const argument of ['"runbooks/status.sh"', '"--service"', '"web"', '"--note=none"'])
    expect(before).toContain(argument);
});
