/** An ask job from the first check to the last card: who decides, by what way, and how it ends. */
import { expect, test } from 'vitest';
import { createWorld, eventsOf, faultOf } from './world.ts';

test('two people approve by button; each press is acknowledged once its record stands', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const presses = [w.after(10, () => w.press('bo')), w.after(20, () => w.press('cy'))];
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(await Promise.all(presses)).toEqual([true, true]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
  expect(w.slack.cardOf().view).toMatchObject({ status: 'approved', button: null });
  expect(w.github.issue()).toMatchObject({ open: true, labels: ['debug-request', 'debug:approved'] });
});

test('the card pings those who may decide and only them, and has buttons only while the record stands', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const early = w.after(0.07, () => w.slack.cards.map(({ view }) => view.button));
  await w.after(5, () => expect(w.slack.cardOf().view.button).not.toBeNull());
  expect(await early).toEqual([null]);
  expect(w.slack.cardOf().pinged).toEqual(['UBO', 'UCY', 'UDI']);
  asking.cancel();
  await asking.result;
  expect(w.slack.cardOf().view.button).toBeNull();
});

test('two people approve by comment, without any Slack', async () => {
  const w = await createWorld();
  const asking = w.ask({ slack: null });
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(20, () => w.comment('di', '/Approve looks right'));
  expect((await asking.result).approved).toBe(true);
  expect(w.records().at(-1)?.by).toMatchObject({ person: 'di', via: 'issue-comment' });
  expect(w.slack.cards).toEqual([]);
});

test('one approves by button, the other by comment', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.view.decisions.map(({ name }) => name)).toEqual(['Bo', 'Cy']);
});

test('§4.3 one human who presses, comments, and comments with her login in other letters counts once', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('bo', '/approve'));
  void w.after(30, () => w.github.write({ id: 102, login: 'BO-DEV', bot: false }, '/approve'));
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: false, view: { status: 'expired' } });
  expect(asked.view.decisions).toHaveLength(1);
});

test.each([
  ['button', (w: Awaited<ReturnType<typeof createWorld>>) => void w.press('cy', 'deny')],
  ['comment', (w: Awaited<ReturnType<typeof createWorld>>) => void w.comment('cy', '/deny not now')],
])('one denial by %s ends the request, whoever approved', async (_, deny) => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => deny(w));
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: false, view: { status: 'denied' } });
  expect(w.github.issue()).toMatchObject({ open: false, locked: true, labels: ['debug-request', 'debug:denied'] });
  expect(w.slack.cardOf().view).toMatchObject({ status: 'denied', button: null });
});

test('silence is never consent: nobody answers, the request expires at its instant', async () => {
  const w = await createWorld();
  const asked = await w.ask().result;
  expect(asked).toMatchObject({ approved: false, view: { status: 'expired' } });
  expect(eventsOf(w)).toEqual(['requested', 'expired']);
  expect(w.clock.now()).toBeGreaterThanOrEqual(Date.parse(asked.view.request.expiresAt));
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:expired'] });
});

test('§4.12 a cancelled run closes its request and takes the buttons away', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(30, asking.cancel);
  expect((await asking.result).view.status).toBe('cancelled');
  expect(eventsOf(w)).toEqual(['requested', 'cancelled']);
  expect(w.github.issue()).toMatchObject({ open: false, locked: true });
  expect(w.slack.cardOf().view.button).toBeNull();
});

test.each(['ana', 'di'])('§4.4 %s, who asked or owns the run, approves on neither side', async (person) => {
  const w = await createWorld();
  w.runOf(9001, { triggering: 'ana', actor: 'di' });
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press(person));
  void w.after(30, () => w.comment(person, '/approve'));
  expect(await asking.result).toMatchObject({ approved: false, view: { status: 'expired' } });
  expect(w.slack.answers).toEqual([
    { user: person === 'ana' ? 'UANA' : 'UDI', text: expect.stringContaining('may not approve') },
  ]);
});

test('§4.4 bots, apps and edited comments decide nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const bo = { id: 102, login: 'bo-dev', bot: false };
  void w.after(10, () => w.github.write({ ...bo, bot: true }, '/approve'));
  void w.after(20, () => w.github.write(bo, '/approve', { throughApp: true }));
  void w.after(30, () => w.github.edit(w.comment('cy', 'I will look'), '/approve'));
  void w.after(40, () => w.comment('di', '/approve'));
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: false, view: { status: 'expired' } });
  expect(asked.view.decisions.map(({ name }) => name)).toEqual(['Di']);
});

test('§4.4 a bot requests nothing', async () => {
  const w = await createWorld();
  const bot = { id: 49699333, login: 'dependabot[bot]', bot: true };
  w.github.runs.set(9001, { ...(await w.github.client().run(9001)), triggeringActor: bot });
  expect((await faultOf(w.ask().result)).message).toContain('bots do not request');
  expect(w.github.issues.size).toBe(0);
});

test('§4.6 a stranger who presses 50 times gets one record; the rest are counted in the next', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, async () => {
    for (let i = 0; i < 50; i++) await w.press('UNOBODY');
  });
  void w.after(200, () => w.press('bo'));
  void w.after(210, () => w.press('cy', 'deny'));
  await asking.result;
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'decided', 'refusals-counted', 'decided']);
  expect(w.records().at(-2)?.events.at(-1)).toEqual({ type: 'refusals-counted', counts: { 'slack:T1/UNOBODY': 49 } });
  expect(w.slack.answers).toHaveLength(50);
});

test('§4.6 a flood of presses gets one record even while the lists lag', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, async () => {
    w.github.lagMs = 3_000;
    await Promise.all(Array.from({ length: 50 }, () => w.press('UNOBODY')));
  });
  void w.after(200, () => w.press('bo', 'deny'));
  await asking.result;
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(1);
});

test('§4.6 a comment that was refused is judged once, however often the issue changes', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.comment('ana', '/approve'));
  void w.after(20, () => w.comment('ana', '/approve please'));
  for (const seconds of [30, 40, 50]) void w.after(seconds, () => w.comment('ed', 'Anybody there?'));
  void w.after(60, () => w.press('bo', 'deny'));
  await asking.result;
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'decided', 'refusals-counted']);
  expect(w.records().at(-1)?.events.at(-1)).toEqual({ type: 'refusals-counted', counts: { 'github:101': 1 } });
});

test("a stranger's comment of any length and kind stops nothing", async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.comment('stranger', `/deny ${'x'.repeat(65_000)}`));
  void w.after(20, () => w.github.remove(w.comment('stranger', '<details><summary>Record 2</summary>')));
  void w.after(30, () => w.github.edit(w.comment('stranger', 'hello'), 'bye'));
  void w.after(40, () => w.press('bo'));
  void w.after(50, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test('an approval by comment counts however much else its author writes', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.comment('bo', `/approve ${'"'.repeat(60_000)}`));
  void w.after(20, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test.each([
  ['another card', { card: { team: 'T1', channel: 'C0OTHER', ts: '1.2' } }],
  ['a value that somebody made up', { value: '{"i":1}' }],
  [
    'a value of another repository',
    { value: JSON.stringify({ i: 1, r: '71/9001/1', d: `sha256:${'0'.repeat(64)}`, p: 'b'.repeat(40) }) },
  ],
  [
    'a value with another digest',
    { value: JSON.stringify({ i: 1, r: '70/9001/1', d: `sha256:${'0'.repeat(64)}`, p: 'b'.repeat(40) }) },
  ],
])('§4.1 a press on %s approves nothing', async (_, change) => {
  const w = await createWorld();
  const asking = w.ask();
  for (const person of ['bo', 'cy', 'di']) void w.after(10, () => w.press(person, 'approve', change));
  expect(await asking.result).toMatchObject({ approved: false, view: { status: 'expired', decisions: [] } });
});

test('§4.1 a re-run is a new request: nothing that was approved before counts for it', async () => {
  const w = await createWorld();
  const first = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const before = await first.result;
  expect(before.approved).toBe(true);
  w.runOf(9001, { attempt: 2 });
  const again = await w.ask({ job: { run: { id: 9001, attempt: 2 } } }).result;
  expect(again).toMatchObject({ approved: false, view: { status: 'expired', request: { id: '70/9001/2' } } });
  expect(again.view.notices.join()).toContain('attempt 2');
  expect(again.reading.state.opening.earlier).toEqual([{ issue: 1, head: before.reading.log.head, length: 3 }]);
});

test('§4.10 a secret in reason, ticket or a text input reaches neither issue nor card nor log', async () => {
  const w = await createWorld();
  const secret = 'xoxb-1234567890-abcdefgh';
  const inputs = { service: 'web', note: `use ${secret}` };
  const asking = w.ask({ input: { inputs, reason: `Look at ${secret}` }, secrets: [secret] });
  void w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  const seen = JSON.stringify([w.github.issue(), w.slack.cards, asking.told]);
  expect(seen.includes(secret)).toBe(false);
  expect(seen.includes('Look at ‹secret#1›')).toBe(true);
});

test('§4.9 a reason made of commands, mentions and a copy of a record stays text: it decides and breaks nothing', async () => {
  const w = await createWorld();
  const reason = [
    '/approve',
    '@here <!channel> <@UBO> ${{ secrets.TOKEN }} ::add-mask::x',
    '</details>\n\n<details><summary>Record 1</summary>\n\n```json\n{"seq":1}\n```\n\n</details>',
    '```\n<!-- hidden -->\u202e\n',
  ].join('\n');
  const asking = w.ask({ input: { reason, inputs: { service: 'web', note: '$(id) `id` ; id && id | id' } } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.reading.log.findings).toEqual([]);
  await w.debug(asked);
  expect(w.commands[0]?.argv.at(-1)).toBe('--note=$(id) `id` ; id && id | id');
});

test('§4.12 a run that is cancelled while it opens its request leaves none open', async () => {
  for (const seconds of [0.01, 0.05, 0.07, 0.09]) {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(seconds, asking.cancel);
    expect((await asking.result).view.status).toBe('cancelled');
    expect(w.github.issue().open).toBe(false);
    expect(w.slack.cardOf().view.button).toBeNull();
  }
});
