/** What becomes of a request whose records somebody touches while ask waits, and of what strangers merely add. */
import { expect, test } from 'vitest';
import { createWorld, faultOf, type World } from './world.ts';

/** The comment of the record with this sequence number. */
function commentOf(w: World, index: number): number {
  const id = w.github.issue().comments[index]?.id;
  if (id === undefined) throw new Error(`There is no comment ${index}.`);
  return id;
}

test.each([
  [
    'the opening record was edited',
    (w: World) =>
      w.github.edit(commentOf(w, 0), w.github.issue().comments[0]?.body.replace('production', 'staging') ?? ''),
    'comment 5000000001',
  ],
  ['the opening record was deleted', (w: World) => w.github.remove(commentOf(w, 0)), 'deleted'],
  [
    'an approval was edited',
    (w: World) => w.github.edit(commentOf(w, 1), 'Bo denied this request.'),
    'comment 5000000002',
  ],
  [
    "an approval's sentence alone was changed, not its block",
    (w: World) =>
      w.github.edit(commentOf(w, 1), w.github.issue().comments[1]?.body.replace('approved', 'denied') ?? ''),
    'comment 5000000002',
  ],
  [
    'an approval was edited and edited back',
    (w: World) => {
      const before = w.github.issue().comments[1]?.body ?? '';
      w.github.edit(commentOf(w, 1), 'Bo denied this request.');
      w.github.edit(commentOf(w, 1), before);
    },
    'comment 5000000002',
  ],
  ['an approval was deleted', (w: World) => w.github.remove(commentOf(w, 1)), 'deleted'],
  [
    'the opening record was deleted and nothing else stood',
    (w: World) => {
      w.github.remove(commentOf(w, 1));
      w.github.remove(commentOf(w, 0));
    },
    'deleted',
  ],
])(
  '§4.8 %s: the request ends in an error that says so on issue and card, and nothing runs',
  async (_, attack, names) => {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(10, () => w.press('bo'));
    void w.after(20, () => attack(w));
    void w.after(60, () => w.press('cy'));
    const fault = await faultOf(asking.result);
    expect(fault).toMatchObject({ code: 'log', message: expect.stringContaining(names) });
    expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
    expect(w.github.issue().body).toContain(names);
    expect(w.slack.cardOf().view).toMatchObject({
      status: 'error',
      button: null,
      detail: expect.stringContaining(names),
    });
  },
);

test('§4.8 the last record deleted without any trace is missed by whoever has read it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => {
    w.github.remove(commentOf(w, 1));
    w.github.issue().deletions.length = 0;
  });
  void w.after(60, () => w.press('cy'));
  void w.after(70, () => w.press('di'));
  expect((await faultOf(asking.result)).code).toBe('log');
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('§4.8 a record written and deleted between two polls, so that the list is as before, ends the request', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(11, () => w.press('bo'));
  void w.after(12, () => w.github.remove(commentOf(w, 1)));
  const fault = await faultOf(asking.result);
  expect(fault).toMatchObject({ code: 'log', message: expect.stringContaining('deleted') });
  expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', 'debug:error'] });
});

test('§4.8 a record that a person pastes into another comment counts for nothing and stops nothing', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('stranger', w.github.issue().comments[1]?.body ?? ''));
  void w.after(30, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.reading.log.findings.map(({ code }) => code)).toEqual(['not-a-bot']);
});

test('§4.8 records copied from another request, by a person or by an app, approve nothing and stop nothing', async () => {
  const w = await createWorld();
  const first = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  await first.result;
  w.runOf(9002);
  const second = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  void w.after(10, () => {
    for (const { body } of w.github.issue(1).comments.slice(0, 3)) {
      w.comment('bo', body, 2);
      w.github.write({ id: 41898282, login: 'github-actions', bot: true }, body, { issue: 2 });
    }
  });
  void w.after(60, second.cancel);
  const { reading, approved } = await second.result;
  expect(approved).toBe(false);
  expect(reading.state.status).toBe('cancelled');
  expect(reading.log.findings.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 'other-issue'));
});

test('§4.8 a whole deleted earlier request shows: the next opening names its head no more', async () => {
  const w = await createWorld();
  const first = w.ask();
  void w.after(10, first.cancel);
  const head = (await first.result).reading.log.head;
  w.runOf(9002);
  const second = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  void w.after(10, second.cancel);
  expect((await second.result).reading.state.opening.earlier).toEqual([{ issue: 1, head, length: 2 }]);
});
