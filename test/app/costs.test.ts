/** What a decision costs until it is acknowledged: calls of GitHub, of Slack, of directories, and how many wait for one another. */
import { expect, test } from 'vitest';
import { inDialog, oneOf, policyWith, sreFrom } from './policies.ts';
import { account, createWorld, type World } from './world.ts';

/** Everything that is asked of anybody while this happens, and how many answers of half a second had to come one after the other. */
async function costOf(policy: string | undefined, deed: (w: World) => Promise<unknown>, listener = 0) {
  const w = await createWorld(policy);
  w.teams.teams.set('acme/sre', ['bo', 'cy'].map(account));
  const asking = w.ask();
  await w.after(2, () => null);
  w.runOf(9002, { triggering: 'bo', actor: 'bo' });
  const other = listener === 0 ? null : w.ask({ job: { run: { id: 9002, attempt: 1 } } });
  const cost = await w.after(12.5, async () => {
    w.github.slow = { issue: 500, comment: 500 };
    for (const call of ['barred', 'members', 'openDialog', 'fillDialog', 'valueOf'] as const)
      w.slack.slow.set(call, 500);
    const [github, slack, teams] = [w.github.done.length, w.slack.done.length, w.teams.done.length];
    const from = w.clock.now();
    await deed(w);
    const took = w.clock.now() - from;
    const asked = w.github.done.slice(github).filter((call) => call !== 'poll');
    // What the waiting job does once the record stands keeps nobody waiting.
    const recorded = asked.lastIndexOf('comment');
    return {
      github: recorded === -1 ? asked : asked.slice(0, recorded + 1),
      slack: w.slack.done.slice(slack),
      teams: w.teams.done.slice(teams),
      inARow: took / 500,
    };
  });
  asking.cancel();
  other?.cancel();
  await Promise.all([asking.result, other?.result]);
  return cost;
}

const READ_AND_WRITE = ['issue', 'comment'];

test('a press: one look at the log, one at the account beside it, one record', async () => {
  expect(await costOf(undefined, (w) => w.press('bo'))).toEqual({
    ...{ github: READ_AND_WRITE, slack: ['barred'], teams: [], inARow: 2 },
  });
});

test("a press on another request's card costs the same", async () => {
  expect(await costOf(undefined, (w) => w.press('cy', 'approve', { issue: 1, listener: 1 }), 1)).toEqual({
    ...{ github: READ_AND_WRITE, slack: ['barred'], teams: [], inARow: 2 },
  });
});

test('a press of a member of a GitHub team: one question about the team more, beside the others', async () => {
  expect(await costOf(policyWith(sreFrom('github-team: acme/sre')), (w) => w.press('bo'))).toEqual({
    ...{ github: READ_AND_WRITE, slack: ['barred'], teams: ['isMember'], inARow: 2 },
  });
});

test('a press of somebody whom the policy lists, where others are in a team: none', async () => {
  const policy = policyWith(sreFrom('github-team: acme/sre'), oneOf('[sre, di]'));
  expect((await costOf(policy, (w) => w.press('di'))).teams).toEqual([]);
});

test('an approval by dialog: two calls of Slack more; nothing is looked up before it opens', async () => {
  const policy = policyWith(...inDialog);
  const press = await costOf(policy, (w) => w.press('bo', 'approve', { dialog: true }));
  expect(press).toMatchObject({ slack: ['openDialog', 'barred'], inARow: 1 });
  const whole = await costOf(policy, async (w) => w.submit('bo', await w.pressForDialog('bo')));
  expect(whole).toMatchObject({
    github: ['issue', ...READ_AND_WRITE],
    slack: ['openDialog', 'barred', 'fillDialog', 'barred'],
  });
});

test('a reply: as a press; in another thread one look at the message that began it', async () => {
  expect(await costOf(undefined, (w) => w.reply('bo', 'approve'))).toEqual({
    ...{ github: READ_AND_WRITE, slack: ['barred'], teams: [], inARow: 2 },
  });
  expect(await costOf(undefined, (w) => w.reply('cy', 'approve', { issue: 1, listener: 1 }), 1)).toEqual({
    ...{ github: READ_AND_WRITE, slack: ['valueOf', 'barred'], teams: [], inARow: 3 },
  });
});

test('a slash command: as a press', async () => {
  expect(await costOf(undefined, (w) => w.slash('bo', 'deny', '1'))).toEqual({
    ...{ github: READ_AND_WRITE, slack: ['barred'], teams: [], inARow: 2 },
  });
});
