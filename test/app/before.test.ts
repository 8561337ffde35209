/** Before anybody is asked: who can approve, who is pinged and where, what goes on at once, and what a newer request replaces. */
import { expect, test } from 'vitest';
import { unavailable } from './fake-github.ts';
import { key, oneOf, policyWith } from './policies.ts';
import { createWorld, eventsOf, faultOf, type World } from './world.ts';

test('the job’s log says beforehand who can approve, who is pinged, and who may decide and is not', async () => {
  const w = await createWorld(
    policyWith(['slack: { channel: C0APPROVE }', 'slack: { channel: C0APPROVE, quiet: [di] }']),
  );
  const asking = w.ask();
  const early = w.after(0.05, () => [...asking.told, w.slack.cards.length]);
  void w.after(10, asking.cancel);
  await asking.result;
  expect(await early).toEqual([
    'This request can be approved by 3 distinct eligible people other than you: Bo, Cy, Di.',
    'This pings 2 people in Slack (Bo, Cy); 1 more may decide and is not pinged now: Di.',
    0,
  ]);
  expect(w.slack.cardOf().pinged).toEqual(['UBO', 'UCY']);
});

test('a rule that names a channel is asked there', async () => {
  const w = await createWorld(
    policyWith(['require: { count: 2, of: sre }', 'require: { count: 2, of: sre }\n    channel: C0PROD']),
  );
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
  expect(w.slack.cards[0]?.channel).toBe('C0PROD');
});

test('the request says when it was asked, for rules that name times', async () => {
  const closed = policyWith([
    'when: { tiers: [production] }',
    'when: { tiers: [production], times: { days: [sun], from: "00:00", to: "23:59", zone: UTC } }',
  ]);
  expect((await faultOf((await createWorld(closed)).ask().result)).message).toContain('Nobody can approve this');
  const w = await createWorld(closed.replace('[sun]', '[mon]'));
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).view.request.askedAt).toBe('2026-03-02T10:00:00Z');
});

test('§4.5 who may ask for the target is asked too', async () => {
  const w = await createWorld(policyWith(['tier: production }', 'tier: production, requesters: [bo] }']));
  expect((await faultOf(w.ask().result)).message).toContain('Ana may not request anything on production');
});

const NONE = policyWith(['require: { count: 2, of: sre }', 'require: none']);

test('what is pre-approved pings nobody, waits for nobody, listens to nobody, and runs', async () => {
  const w = await createWorld(NONE);
  const asking = w.ask();
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(w.clock.now() - Date.parse('2026-03-02T10:00:00Z')).toBeLessThan(1_000);
  expect(w.slack.cardOf()).toMatchObject({ pinged: [], view: { status: 'approved', button: null } });
  // Neither listened to nor given buttons.
  expect(w.slack.done.toSorted()).toEqual(['post', 'tell', 'update']);
  expect(w.slack.told).toMatchObject([
    { user: 'UANA', text: expect.stringContaining('Pre-approved by the policy; the debug job may start.') },
  ]);
  expect(asking.told).toContain('Asked in https://github.com/acme/shop/issues/1.');
  expect(w.github.issue()).toMatchObject({ open: true, labels: ['debug-request', 'debug:approved'] });
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('§4.6 what no rule covers is not pre-approved', async () => {
  const w = await createWorld(NONE.replace('when: { tiers: [production] }', 'when: { tiers: [elsewhere] }'));
  expect((await faultOf(w.ask().result)).code).toBe('policy');
});

const GLASS = policyWith(
  key('break-glass: { who: [ana], targets: [production], review: { by: [security], within: 24h } }'),
);
const BREAK = { breakGlass: true, reason: 'The checkout is down for everybody' };

test('break-glass goes on at once, loudly: whom it passes over is pinged, and the record says so', async () => {
  const w = await createWorld(GLASS);
  const asking = w.ask({ input: BREAK });
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: true, view: { status: 'approved', decisions: [] } });
  expect(w.slack.cardOf()).toMatchObject({ pinged: ['UBO', 'UCY', 'UDI'], view: { button: null } });
  expect(w.records()[0]?.sentence).toContain('breaks the glass');
  expect(asking.told.join('\n')).toContain('It passes over Bo, Cy, Di, who are told at once.');
  expect(asking.told).toContain('Asked in https://github.com/acme/shop/issues/1.');
  expect(w.slack.told).toMatchObject([{ user: 'UANA', text: expect.stringContaining('BREAK-GLASS: nobody approved') }]);
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('a break-glass that passes over one person says so of one', async () => {
  const w = await createWorld(
    policyWith(
      oneOf('[cy]'),
      key('break-glass: { who: [ana], targets: [production], review: { by: [di], within: 24h } }'),
    ),
  );
  const asking = w.ask({ input: BREAK });
  expect((await asking.result).view.verdict?.sentence).toContain('beforehand; Di must sign the after-review');
  expect(asking.told.join('\n')).toContain('It passes over Cy, who is told at once.');
});

test('whoever is asked later, or has no Slack, is named as not pinged now', async () => {
  const w = await createWorld(
    policyWith(key('escalation: { after: 20m, to: [di] }'), [
      'login: cy-dev }, slack: { team: T1, user: UCY }',
      'login: cy-dev }',
    ]),
  );
  const asking = w.ask();
  void w.after(10, asking.cancel);
  await asking.result;
  expect(asking.told).toContain('This pings 1 person in Slack (Bo); 2 more may decide and are not pinged now: Cy, Di.');
});

test('§4.7 a denial on the issue before the start stops a break-glass', async () => {
  const w = await createWorld(GLASS);
  const asked = await w.ask({ input: BREAK }).result;
  w.comment('cy', '/deny not like this');
  expect((await faultOf(w.debug(asked))).message).toContain('Cy denied');
  expect(w.commands).toEqual([]);
});

test.each([
  ['somebody whom the policy does not name', {}, GLASS.replace('who: [ana]', 'who: [bo]'), 'only bo'],
  ['a target that it does not name', { target: 'staging' }, GLASS, 'staging'],
  ['a reason that is too short', { reason: 'It is down' }, GLASS, '20 characters'],
  ['a policy without it', {}, undefined, 'break-glass'],
])('§4.6 break-glass by %s is refused, and nobody is told', async (_, input, policy, why) => {
  const w = await createWorld(policy);
  expect((await faultOf(w.ask({ input: { ...BREAK, ...input } }).result)).message).toContain(why);
  expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
});

test('§4.6 a break-glass whose group cannot be read is refused', async () => {
  const w = await createWorld(
    policyWith(
      ['security: { members: [bo, di] }', 'security: { members: [bo, di] }\n  heroes: { github-team: acme/heroes }'],
      key('break-glass: { who: [heroes], review: { by: [security], within: 24h } }'),
    ),
  );
  expect((await faultOf(w.ask({ input: BREAK }).result)).message).toContain('heroes');
});

/** A second request of Ana's, or of whoever triggers it. */
function askAgain(w: World, change: Parameters<World['ask']>[0] = {}, triggering = 'ana') {
  w.runOf(9002, { triggering, actor: triggering });
  return w.ask({ job: { run: { id: 9002, attempt: 1 } }, ...change });
}

test('a newer request of the same person for the same supersedes the older one, and both say so', async () => {
  const w = await createWorld();
  const first = w.ask();
  await w.after(20, () => w.press('bo'));
  const second = askAgain(w);
  const old = await first.result;
  expect(old.view).toMatchObject({ status: 'cancelled', detail: 'Superseded by #2.' });
  expect(w.github.issue(1)).toMatchObject({ open: false, labels: ['debug-request', 'debug:cancelled'] });
  expect(w.slack.cardOf(1).view).toMatchObject({ status: 'cancelled', button: null });
  expect(w.records(1).at(-1)?.writer).toMatchObject({ run: 9002 });
  void w.after(10, () => w.press('bo', 'approve', { issue: 2 }));
  void w.after(20, () => w.press('cy', 'approve', { issue: 2 }));
  const asked = await second.result;
  expect(asked).toMatchObject({ approved: true, view: { notices: ['Supersedes #1.'] } });
  await w.debug(asked, { job: { run: { id: 9002, attempt: 1 } } });
  expect(w.commands).toHaveLength(1);
});

test('of two requests that are asked at the same moment one supersedes the other', async () => {
  const w = await createWorld();
  const first = w.ask();
  const second = askAgain(w);
  expect((await first.result).view).toMatchObject({ status: 'cancelled', detail: 'Superseded by #2.' });
  expect(w.slack.cardOf(2).view.status).toBe('pending');
  second.cancel();
  await second.result;
});

test('an older request that was approved and has not started is superseded too: it runs no more', async () => {
  const w = await createWorld();
  const first = w.ask();
  void w.after(10, () => Promise.all([w.press('bo'), w.press('cy')]));
  const approved = await first.result;
  const second = askAgain(w);
  await w.after(10, second.cancel);
  await second.result;
  expect((await faultOf(w.debug(approved))).message).toContain('cancelled');
  expect(w.commands).toEqual([]);
});

test.each([
  ['another person’s', {}, 'bo', undefined],
  ['one for another target', { input: { target: 'staging' } }, 'ana', undefined],
  ['any, where the policy lets many be open', {}, 'ana', policyWith(key('open-requests: many'))],
])('%s request is left alone', async (_, change, triggering, policy) => {
  const w = await createWorld(policy);
  const first = w.ask();
  await w.after(20, () => null);
  const second = askAgain(w, change, triggering);
  await w.after(30, () => expect(w.slack.cardOf(1).view.status).toBe('pending'));
  first.cancel();
  second.cancel();
  expect((await second.result).view.notices).toEqual([]);
  expect(eventsOf(w, 1)).toEqual(['requested', 'cancelled']);
  await first.result;
});

test('a request whose job runs already is not superseded, and nobody says so', async () => {
  const w = await createWorld();
  const first = w.ask();
  void w.after(10, () => Promise.all([w.press('bo'), w.press('cy')]));
  const running = await first.result;
  let notices: string[] | null = null;
  w.during.run = async () => {
    const second = askAgain(w);
    await w.after(10, second.cancel);
    notices = (await second.result).view.notices;
  };
  const ran = await w.debug(running);
  expect(ran?.ended.outcome).toBe('finished');
  expect(notices).toEqual([]);
});

test('§4.8 what only says that it is an older request is believed nothing, and stops nothing', async () => {
  const w = await createWorld();
  const first = w.ask();
  await w.after(20, first.cancel);
  await first.result;
  const look = { ...w.github.issue(1), open: true, labels: ['debug-request', 'debug:pending'], locked: false };
  w.github.issues.set(2, { ...look, number: 2, comments: [] });
  const second = askAgain(w);
  void w.after(10, second.cancel);
  expect((await second.result).view.notices).toEqual([]);
  expect(w.github.issue(2).open).toBe(true);
});

test.each(['openRequests', 'issue'] as const)(
  'a GitHub that fails at %s supersedes nothing, and the ask goes on',
  async (what) => {
    const w = await createWorld();
    const first = w.ask();
    await w.after(20, () => null);
    w.github.fail(what, { fault: unavailable() });
    const second = askAgain(w);
    void w.after(10, () => Promise.all(['cy', 'di'].map((who) => w.press(who, 'approve', { issue: 2 }))));
    expect((await second.result).approved).toBe(true);
    first.cancel();
    await first.result;
  },
);

test('a decision that only one rule channel hears is still one: quiet people may decide', async () => {
  const w = await createWorld(
    policyWith(oneOf('sre'), ['slack: { channel: C0APPROVE }', 'slack: { channel: C0APPROVE, quiet: [sre] }']),
  );
  const asking = w.ask();
  void w.after(10, () => w.press('di'));
  expect((await asking.result).approved).toBe(true);
});

test('where several must deny, the first denial is shown, takes its author’s approval away, and blocks nobody', async () => {
  const w = await createWorld(
    policyWith(['require: { count: 2, of: sre }', 'require: { count: 2, of: sre }\n    denials: 2']),
  );
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('bo', 'deny'));
  const between = w.after(30, () => w.slack.cardOf().view);
  void w.after(40, () => w.press('cy'));
  void w.after(50, () => w.press('di'));
  expect((await asking.result).approved).toBe(true);
  expect(await between).toMatchObject({ status: 'pending', decisions: [{ name: 'Bo', decision: 'deny' }] });
});
