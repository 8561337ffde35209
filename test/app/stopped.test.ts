/** What people take back on the issue after the wait stops the debug job: an approval by whoever gave it, a request by whoever asked. */
import { expect, test } from 'vitest';
import { nothingRan } from './approved.ts';
import { oneOf, policyWith } from './policies.ts';
import { account, createWorld, eventsOf, faultOf, type World } from './world.ts';

const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
const REFUSED = { what: { kind: 'issue' as const, number: 1 }, debugResult: 'failure' as const };

/** A request that these people approved by a press; one approval is enough. */
async function approvedBy(...persons: string[]) {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  const all = Promise.all(persons.map((person) => w.after(10, () => w.press(person))));
  const asked = await asking.result;
  await all;
  expect(asked.approved).toBe(true);
  return { w, asked };
}

const through = (w: World, person: string, body: string) => w.github.write(account(person), body, { throughApp: true });

test.each([
  ['withdraws', '/withdraw I was wrong', 'bo', 'Bo took their approval back on the issue before the job started.'],
  ['denies', '/deny I was wrong', 'bo', 'Bo denied this request on the issue'],
  ['cancels, whose request it is,', '/cancel found it', 'ana', 'Ana cancelled this request on the issue'],
])(
  '§4.7 whoever %s on the issue keeps the job from starting, and the message says who',
  async (_, body, person, why) => {
    const { w, asked } = await approvedBy('bo');
    w.comment(person, body);
    expect((await faultOf(w.debug(asked))).message).toContain(why);
    nothingRan(w, why);
  },
);

test.each([
  ['a withdrawal', '/withdraw', 'bo', 'Bo took their approval back'],
  ['a cancellation', '/cancel', 'ana', 'Ana cancelled this request'],
])('§4.7 %s between the start record and the command ends the job as refused', async (_, body, person, why) => {
  const { w, asked } = await approvedBy('bo');
  w.github.slow = { comment: 500 };
  void w.after(0.3, () => w.comment(person, body));
  expect((await faultOf(w.debug(asked))).message).toContain(why);
  expect(w.commands).toEqual([]);
  expect(eventsOf(w).slice(-2)).toEqual(['started', 'ended']);
  expect(w.records().at(-1)).toMatchObject({
    events: [{ outcome: 'failed', reason: 'refused' }],
    sentence: 'The debug job ran nothing: the request was stopped before its command started.',
  });
});

test('of two approvals one may be withdrawn where one is enough', async () => {
  const { w, asked } = await approvedBy('bo', 'cy');
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided']);
  w.comment('bo', '/withdraw');
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('§4.7 of two approvals both withdrawn, one before the start and one while it is on its way: nothing runs', async () => {
  const { w, asked } = await approvedBy('bo', 'cy');
  w.comment('bo', '/withdraw');
  w.github.slow = { comment: 500 };
  void w.after(0.3, () => w.comment('cy', '/withdraw'));
  expect((await faultOf(w.debug(asked))).message).toContain('Bo and Cy took their approval back');
  expect(w.commands).toEqual([]);
  expect(eventsOf(w).slice(-2)).toEqual(['started', 'ended']);
});

const NO_EFFECT: [string, (w: World) => unknown][] = [
  ['the withdrawal of somebody who approved nothing', (w) => w.comment('di', '/withdraw')],
  ["the requester's", (w) => w.comment('ana', '/withdraw')],
  ['a withdrawal through an app', (w) => through(w, 'bo', '/withdraw')],
  ['a withdrawal that its author edited', (w) => w.github.edit(w.comment('bo', '/withdraw'), '/withdraw now')],
  ["an approver's cancellation", (w) => w.comment('bo', '/cancel')],
  ["a stranger's cancellation", (w) => w.comment('stranger', '/cancel')],
  ['a cancellation through an app', (w) => through(w, 'ana', '/cancel')],
  ['a comment edited into a cancellation', (w) => w.github.edit(w.comment('ana', 'thanks'), '/cancel')],
  ['a cancellation within a sentence', (w) => w.comment('ana', 'I do not /cancel this')],
  ['a review', (w) => w.comment('bo', '/review all fine')],
];
test.each(NO_EFFECT)('%s stops nothing', async (_, write) => {
  const { w, asked } = await approvedBy('bo');
  write(w);
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('a withdrawal that was refused since nothing was approved yet does not take back the approval that follows', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  void w.after(10, () => w.comment('bo', '/withdraw'));
  void w.after(30, () => w.press('bo'));
  await w.debug(await asking.result);
  expect(w.commands).toHaveLength(1);
});

test('an approval by comment is taken back by what stands after that comment, and by nothing before it', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  void w.after(10, () => w.comment('bo', '/withdraw'));
  void w.after(11, () => w.comment('bo', '/approve'));
  const asked = await asking.result;
  w.comment('bo', '/withdraw');
  expect((await faultOf(w.debug(asked))).message).toContain('Bo took their approval back');
  nothingRan(w, 'Bo took their approval back');
});

test('§4.7 what is pressed and withdrawn within two seconds is withdrawn, whichever GitHub writes first', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  w.github.slow = { comment: 1_500 };
  void w.after(21, () => w.press('bo'));
  void w.after(21.5, () => w.comment('bo', '/withdraw'));
  const asked = await asking.result;
  if (asked.approved) await faultOf(w.debug(asked));
  expect(w.commands).toEqual([]);
});

const SILENCED: [string, string, (w: World) => void, RegExp][] = [
  [
    "the requester's",
    'ana',
    (w) => w.github.edit(w.comment('ana', '/cancel'), 'fine', 103),
    /Ana .* may have cancelled/,
  ],
  [
    "the requester's, deleted,",
    'ana',
    (w) => w.github.remove(w.comment('ana', '/cancel'), 103),
    /Ana .* may have cancelled/,
  ],
  ["an approver's", 'bo', (w) => w.github.edit(w.comment('bo', '/withdraw'), 'fine', 103), /Bo .*another account/],
];
test.each(SILENCED)(
  '§4.7 a comment that may have stopped the request (%s) and that another edits keeps it from starting',
  async (_, __, silence, why) => {
    const { w, asked } = await approvedBy('bo');
    silence(w);
    expect((await faultOf(w.debug(asked))).message).toMatch(why);
    nothingRan(w, 'by another account');
  },
);

test.each([
  ['before the start', 0],
  ['while the start is being recorded', 0.3],
])('§4.6 GitHub does not say %s who wrote a /deny: nothing runs', async (_, seconds) => {
  const { w, asked } = await approvedBy('bo');
  w.github.slow = { comment: 500 };
  const { client } = w.github;
  w.github.client = () => ({ ...client(), readComment: () => Promise.reject(new Error('GitHub answered 503.')) });
  void w.after(seconds, () => w.comment('di', '/deny'));
  await expect(w.after(0.01, () => w.debug(asked))).rejects.toThrow('503');
  expect(w.commands).toEqual([]);
  expect(eventsOf(w).at(-1)).toBe(seconds === 0 ? 'decided' : 'ended');
});

test('§4.7 denials count together while the start is on its way: one by a record and one by a comment make two', async () => {
  const w = await createWorld(
    policyWith(['require: { count: 2, of: sre }', 'require: { count: 1, of: sre }\n    denials: 2']),
  );
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  const asked = await asking.result;
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  await w.after(5, () => null);
  w.github.slow = { comment: 500 };
  void w.after(0.2, () => w.comment('di', '/deny'));
  void w.after(0, () => w.press('cy', 'deny', { issue: 1 }));
  const fault = await faultOf(w.after(0.1, () => w.debug(asked)));
  expect(fault.message).toMatch(/denied/);
  expect(w.commands).toEqual([]);
  other.cancel();
  await other.result.catch(() => null);
});

test.each([
  ['denied', 'di', '/deny I see an incident', 'Denied by Di; nothing ran. Reason: I see an incident'],
  ['cancelled', 'ana', '/cancel found it', 'Cancelled by Ana; nothing ran. Reason: found it'],
  ['cancelled', 'bo', '/withdraw I was wrong', 'Cancelled; nothing ran. The workflow run ended before'],
])(
  '§4.12 what the debug job refused for is put on record by close: the request is %s',
  async (status, person, body, note) => {
    const { w, asked } = await approvedBy('bo');
    w.comment(person, body);
    await faultOf(w.debug(asked));
    expect(await w.sweep(REFUSED, CLOSE)).toMatchObject([{ status, note: expect.stringContaining(note) }]);
    expect(w.github.issue()).toMatchObject({ open: false, labels: ['debug-request', `debug:${status}`] });
    expect(w.records().some(({ by }) => by.person === person && by.via === 'issue-comment')).toBe(true);
  },
);

test('what was taken back before it was given is not put on record by close', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  void w.after(10, () => w.comment('bo', '/withdraw'));
  void w.after(30, () => w.press('bo'));
  await faultOf(w.debug(await asking.result, { version: '0.2.0' }));
  expect(await w.sweep(REFUSED, CLOSE)).toMatchObject([{ status: 'error' }]);
});

test('what counts for nothing is not put on record by close', async () => {
  const { w, asked } = await approvedBy('bo');
  through(w, 'di', '/deny');
  w.comment('stranger', '/deny');
  w.comment('cy', '/cancel');
  w.github.edit(w.comment('ana', 'thanks'), '/cancel');
  await faultOf(w.debug(asked, { version: '0.2.0' }));
  expect(await w.sweep(REFUSED, CLOSE)).toMatchObject([{ status: 'error' }]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'errored']);
});

test("a scheduled sweep, whose word for a decision nobody would believe, records the run's end alone", async () => {
  const { w, asked } = await approvedBy('bo');
  w.comment('di', '/deny');
  await faultOf(w.debug(asked));
  const facts = w.github.runs.get(9001);
  if (facts !== undefined) w.github.runs.set(9001, { ...facts, status: 'completed', conclusion: 'failure' });
  expect(await w.sweep()).toMatchObject([{ status: 'error' }]);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'errored']);
});
