/** Attacks on what people judge by: the issue's own text, its title and its labels, changed by whoever may write. */
import { expect, test } from 'vitest';
import { account, createWorld, eventsOf, faultOf, type World } from '../app/world.ts';

const MALLORY = { id: 666, login: 'mallory', bot: false };
/** A workflow on the attacker's own branch writes as this. */
const ACTIONS = { id: 41898282, login: 'github-actions', bot: true };
const HELPER = { id: 777, login: 'helper[bot]', bot: true };

/** The text with a harmless command where the real one stands. */
const harmless = (w: World): string =>
  w.github.issue().body.replace(/```json\n[^`]*```/, '```json\n[\n  "true"\n]\n```');
const twoApprove = (w: World) => {
  void w.after(40, () => w.press('bo'));
  void w.after(50, () => w.press('cy'));
};

const STOPPED = { open: false, labels: ['debug-request', 'debug:error'] };

test.each([
  ['a person changed', MALLORY, harmless, 'was changed by mallory at '],
  ['an approver changed', account('bo'), harmless, 'was changed by bo'],
  ["a workflow of somebody's own branch changed", ACTIONS, harmless, 'is not what its opening record asks for'],
  ['another app changed', HELPER, harmless, 'it was changed last by helper[bot] at '],
  ['a person emptied', MALLORY, () => '', 'was changed by mallory at '],
])(
  '§4.8 nobody decides by a text that %s: the request ends as an error that names it, and nothing runs',
  async (...row) => {
    const [, by, text, names] = row;
    const w = await createWorld();
    const asking = w.ask();
    void w.after(20, () => w.github.rewrite(by, text(w)));
    twoApprove(w);
    const fault = await faultOf(asking.result);
    expect(fault).toMatchObject({ code: 'changed', message: expect.stringContaining(names) });
    expect(eventsOf(w)).toEqual(['requested', 'errored']);
    expect(w.github.issue()).toMatchObject(STOPPED);
    expect(w.github.issue().body).toContain("Stopped: the issue's text was changed; nothing ran.");
    expect(w.github.issue().body).toContain(names);
    expect(w.slack.cardOf().view).toMatchObject({
      status: 'error',
      button: null,
      detail: expect.stringContaining(names),
    });
    expect(w.commands).toEqual([]);
  },
);

test('§4.8 whoever presses a button of a request whose text somebody changed is told so and has decided nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(20, () => w.github.rewrite(MALLORY, harmless(w)));
  expect(await w.after(40, () => w.press('bo'))).toBe(false);
  await faultOf(asking.result);
  const toBo = w.slack.answers.filter(({ user }) => user === 'UBO').map(({ text }) => text);
  expect(toBo).toEqual([expect.stringMatching(/^Your decision was not recorded: .* was changed by mallory at /)]);
  expect(eventsOf(w)).not.toContain('decided');
});

test('§4.8 a text that was changed and restored stays a changed one, also where a comment decides', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(20, () => {
    const before = w.github.issue().body;
    w.github.rewrite(MALLORY, harmless(w));
    w.github.rewrite(MALLORY, before);
  });
  void w.after(40, () => w.comment('bo', '/approve'));
  expect((await faultOf(asking.result)).message).toContain('was changed by mallory');
  expect(eventsOf(w)).toEqual(['requested', 'errored']);
});

test.each([
  ['once an approver wrote', 301.2],
  ['before any approver writes', 300],
])(
  '§4.8 a text that a workflow of somebody’s own branch forges, and restores %s, stays a changed one',
  async (...row) => {
    const w = await createWorld();
    const asking = w.ask({ slack: null });
    const before = await w.after(20, () => {
      const { body } = w.github.issue();
      w.github.rewrite(ACTIONS, harmless(w));
      return body;
    });
    void w.after(row[1] - 20, () => w.github.rewrite(ACTIONS, before));
    void w.after(281, () => w.comment('bo', '/approve'));
    void w.after(290, () => w.comment('cy', '/approve'));
    const fault = await faultOf(asking.result);
    expect(fault).toMatchObject({
      code: 'changed',
      message: expect.stringMatching(/from \S+ on, when github-actions/),
    });
    expect(eventsOf(w)).toEqual(['requested', 'errored']);
    expect(w.commands).toEqual([]);
  },
);

test('§4.8 a first line that shows another request and folds the true one away is found before anybody decides by it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const line = '<table><tr><td>Target</td><td>staging</td></tr></table><details><summary>Details</summary>';
  void w.after(20, () => w.github.rewrite(ACTIONS, w.github.issue().body.replace(/^.*/, line)));
  void w.after(40, () => w.comment('bo', '/approve'));
  expect(await faultOf(asking.result)).toMatchObject({ code: 'changed' });
  expect(eventsOf(w)).toEqual(['requested', 'errored']);
});

test('§4.8 a text that is changed once all have approved keeps the debug job from starting, and the log says why', async () => {
  const w = await createWorld();
  const asking = w.ask();
  twoApprove(w);
  const asked = await asking.result;
  w.github.rewrite(MALLORY, harmless(w));
  expect(await faultOf(w.debug(asked))).toMatchObject({ code: 'changed', message: expect.stringContaining('mallory') });
  expect(w.commands).toEqual([]);
  await w.sweep({ what: { kind: 'own-run' }, debugResult: 'failure' }, CLOSE);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided', 'errored']);
  expect(w.github.issue()).toMatchObject(STOPPED);
  expect(w.github.issue().body).toContain('was changed by mallory');
});

/** The close job of the request's own run. */
const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};

test('§4.8 the sweep stops a request whose text was changed and whose own job is no more', async () => {
  const w = await createWorld();
  const asking = w.ask();
  const told: string[] = [];
  await w.after(10, () => w.github.rewrite(MALLORY, harmless(w)));
  const [swept] = await w.sweep({}, {}, told);
  expect(swept).toMatchObject({ status: 'error', note: expect.stringContaining('was changed by mallory') });
  expect(eventsOf(w)).toEqual(['requested', 'errored']);
  await asking.result.catch(() => null);
});

test('§4.8 a text that is changed while the command runs stops nothing, and the close job says so', async () => {
  const w = await createWorld();
  const asking = w.ask();
  twoApprove(w);
  const asked = await asking.result;
  w.during.run = async () => w.github.rewrite(MALLORY, 'Nothing happened here.');
  await w.debug(asked);
  const told: string[] = [];
  const [swept] = await w.sweep({ what: { kind: 'own-run' }, debugResult: 'success' }, CLOSE, told);
  expect(swept).toMatchObject({ status: 'finished', note: expect.stringContaining('was changed by mallory') });
  expect(told.join('\n')).toMatch(/^! The text of issue #1 was changed by mallory at \S+\.$/m);
});

test('§4.8 who changes a title or labels, and an app that leaves alone what was asked, stop nothing and are reported', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(20, () => {
    w.github.rename(MALLORY, 'Nothing to see');
    w.github.rename({ login: 'github-actions', bot: true }, 'Debug: hello on staging (Ana)');
    w.github.issue().labels = [];
    w.github.rewrite(HELPER, `${w.github.issue().body}\n\nHelped.`);
  });
  twoApprove(w);
  const asked = await asking.result;
  w.during.run = async () => w.github.rename(MALLORY, 'Nothing at all');
  await w.debug(asked);
  const told: string[] = [];
  const [swept] = await w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'success' }, CLOSE, told);
  expect(swept?.status).toBe('finished');
  expect(told.filter((line) => line.startsWith('! '))).toEqual([
    expect.stringMatching(/^! The text of issue #1 was changed by helper\[bot\], which wrote no record, at /),
    expect.stringMatching(/^! The title of issue #1 was changed by mallory at /),
    expect.stringMatching(/^! The title of issue #1 was changed by github-actions at /),
    expect.stringMatching(/^! The title of issue #1 was changed by mallory at /),
  ]);
});

test('§4.8 a request whose text was changed is listed as one that cannot be believed', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10, () => w.github.rewrite(MALLORY, harmless(w)));
  expect(await w.list()).toMatchObject([{ kind: 'broken', why: expect.stringContaining('was changed by mallory') }]);
  asking.cancel();
  await asking.result.catch(() => null);
});

test('§4.8 what people pasted among the records is ignored, and the sweep names it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(20, () => {
    for (let n = 0; n < 7; n += 1) w.comment('nobody', w.github.issue().comments[0]?.body ?? '');
  });
  twoApprove(w);
  await w.debug(await asking.result);
  const told: string[] = [];
  await w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'success' }, CLOSE, told);
  expect(told.filter((line) => line.startsWith('! '))).toEqual([
    ...Array.from({ length: 5 }, () => expect.stringMatching(/^! Comment \d+ of issue #1 is ignored: .* by nobody; /)),
    '! 2 more comments of issue #1 are ignored likewise.',
  ]);
});
