/** Who counts when a directory says too little: nobody escapes a rule, nobody gets a right, and nobody loses one for it. */
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { slackPeople } from '../../src/slack/people.ts';
import { key, oneOf, policyWith, sreFrom } from '../app/policies.ts';
import { account, createWorld, faultOf } from '../app/world.ts';

const TEAM = sreFrom('github-team: acme/sre');
const ANA = '  ana: { name: Ana, github: { id: 101, login: ana-dev }, slack: { team: T1, user: UANA } }';
const RULE = '  - name: Two of SRE\n    when: { tiers: [production] }\n    require: { count: 2, of: sre }';
const STRICTER = `  - name: One of SRE
    when: { tiers: [production] }
    require: { count: 1, of: sre }
  - name: Three for contractors
    when: { tiers: [production], requesters: [contractors] }
    require: { count: 3, of: sre }`;

test('§4.3 a requester whose Slack account is not known escapes no rule for a user group that she may be in', async () => {
  const w = await createWorld(
    policyWith(
      [ANA, '  ana: { name: Ana, github: { id: 101, login: ana-dev }, email: ana@acme.test }'],
      ['security: { members: [bo, di] }', 'security: { members: [bo, di] }\n  contractors: { slack-group: S0CON }'],
      [RULE, STRICTER],
      key('link-by-email: true'),
    ),
  );
  // She is in the group; her address in Slack is another by now, or Slack does not answer.
  w.slack.groups.set('S0CON', ['UANA']);
  const asking = w.ask();
  expect((await faultOf(asking.result)).message).toContain('Three for contractors');
});

test('§4.3 who is in such a group by their account is under its rule, and who is not in it asks as before', async () => {
  const policy = policyWith(
    ['security: { members: [bo, di] }', 'security: { members: [bo, di] }\n  contractors: { slack-group: S0CON }'],
    [RULE, STRICTER],
  );
  const needed = async (members: string[]): Promise<string[]> => {
    const w = await createWorld(policy);
    w.slack.groups.set('S0CON', members);
    const asking = w.ask();
    void w.after(10, asking.cancel);
    return (await asking.result).reading.state.verdict.children.map(({ sentence }) => sentence);
  };
  expect(await needed(['UANA'])).not.toEqual(await needed(['UBO']));
});

test('§4.3 a member of a user group makes no approver of somebody of another workspace with the same member id', async () => {
  const w = await createWorld(
    policyWith(
      sreFrom('slack-group: S0SRE'),
      ['slack: { team: T1, user: UCY } }', 'slack: { team: T9, user: UCY } }'],
      oneOf('sre'),
    ),
  );
  w.slack.groups.set('S0SRE', ['UBO', 'UCY']);
  w.slack.barred.set('UCY', 'Slack says that this account is of T1, and of T9 where it decided');
  const asking = w.ask();
  void w.after(10, () => w.comment('cy', '/approve'));
  void w.after(60, asking.cancel);
  const asked = await asking.result;
  expect(asked.approved).toBe(false);
  expect(asked.reading.state.opening.members).toEqual({ sre: ['bo'] });
});

test('who Slack says is of a sister workspace of the same organisation is a member of the group all the same', async () => {
  const w = await createWorld(
    policyWith(sreFrom('slack-group: S0SRE'), ['slack: { team: T1, user: UCY } }', 'slack: { team: T9, user: UCY } }']),
  );
  w.slack.groups.set('S0SRE', ['UBO', 'UCY']);
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).reading.state.opening.members).toEqual({ sre: ['bo', 'cy'] });
});

test('§4.6 who may decide by name too denies while their team cannot be read', async () => {
  const w = await createWorld(policyWith(TEAM, oneOf('[sre, bo]')));
  w.teams.teams.set('acme/sre', ['bo', 'cy'].map(account));
  const asking = w.ask();
  await w.after(5, () => w.teams.teams.clear());
  void w.after(10, () => w.press('bo', 'deny'));
  expect((await asking.result).view.status).toBe('denied');
});

test.each([
  ['the requester', 'ana'],
  ['who has decided already', 'bo'],
])('§4.6 a press of %s asks nothing about teams', async (_, person) => {
  const w = await createWorld(policyWith(TEAM));
  w.teams.teams.set('acme/sre', ['ana', 'bo', 'cy'].map(account));
  const asking = w.ask();
  await w.after(10, async () => {
    await w.press('bo');
    const before = w.teams.done.length;
    await w.press(person);
    expect(w.teams.done.slice(before)).toEqual([]);
  });
  asking.cancel();
  await asking.result;
});

const WHOLE = {
  ...{ id: 'U0BO', team_id: 'T0TEAM', name: 'bo', profile: {} },
  ...{ deleted: false, is_bot: false, is_restricted: false, is_ultra_restricted: false },
};
let server: Server | null = null;
afterEach(() => void server?.close());

/** A Slack of which users.info says this of everybody. */
async function whereSlackSays(user: object): Promise<string | null> {
  const started = createServer((request, response) => {
    const own = { ok: true, team_id: 'T0TEAM', user_id: 'U0BOT' };
    const answer = request.url?.includes('auth.test') === true ? own : { ok: true, user };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  const address = started.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const clock = { now: () => 0, sleep: async () => {} };
  const people = slackPeople({ token: 'xoxb-1', apiUrl: `http://127.0.0.1:${port}/api/`, clock });
  return people.barred({ team: 'T0TEAM', user: 'U0BO' }).catch((error: unknown) => String(error));
}

test('§4.6 an account of which Slack says all that counts is let through', async () => {
  expect(await whereSlackSays(WHOLE)).toBeNull();
});

test.each(['deleted', 'is_bot', 'is_restricted', 'is_ultra_restricted'])(
  '§4.6 an answer that does not say %s lets nobody through',
  async (name) => {
    expect(await whereSlackSays({ ...WHOLE, [name]: undefined })).not.toBeNull();
  },
);

test('§4.6 an answer about somebody else lets nobody through', async () => {
  expect(await whereSlackSays({ ...WHOLE, id: 'U0CY' })).not.toBeNull();
});
