/** Groups from directories: resolved when somebody asks, on record from then on, and asked again when somebody decides. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { unavailable } from './fake-github.ts';
import { oneOf, policyWith, sreFrom } from './policies.ts';
import { account, createWorld, eventsOf, faultOf, type World } from './world.ts';

const TEAM = 'github-team: acme/sre';
const GROUP = 'slack-group: S0SRE';
const byTeam = policyWith(sreFrom(TEAM));
const byGroup = policyWith(sreFrom(GROUP));

/** A world whose group sre is a team or a user group with these people in it. */
async function withSre(policy: string, people: string[]) {
  const w = await createWorld(policy);
  w.teams.teams.set('acme/sre', people.map(account));
  w.slack.groups.set(
    'S0SRE',
    people.map((person) => `U${person.toUpperCase()}`),
  );
  return w;
}

function leaves(w: World, person: string): void {
  w.teams.teams.set(
    'acme/sre',
    (w.teams.teams.get('acme/sre') ?? []).filter(({ login }) => login !== `${person}-dev`),
  );
  w.slack.groups.set(
    'S0SRE',
    (w.slack.groups.get('S0SRE') ?? []).filter((user) => user !== `U${person.toUpperCase()}`),
  );
}

test.each([
  ['a GitHub team', byTeam],
  ['a Slack user group', byGroup],
])('members of %s decide, and the opening record names them', async (_, policy) => {
  const w = await withSre(policy, ['ana', 'bo', 'cy']);
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('cy', '/approve'));
  void w.after(5, () => w.press('di'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  expect(asked.reading.state.opening).toMatchObject({ approvers: ['bo', 'cy'], members: { sre: ['ana', 'bo', 'cy'] } });
  expect(eventsOf(w)).toEqual(['requested', 'refused', 'decided', 'decided']);
});

test('the debug job believes the opening record, not what the team is by then', async () => {
  const w = await withSre(byTeam, ['bo', 'cy']);
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  w.teams.teams.clear();
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test.each([
  ['a GitHub team', byTeam],
  ['a Slack user group', byGroup],
])('§4.3 who left %s since decides nothing any more, by no channel', async (_, policy) => {
  const w = await withSre(policy, ['bo', 'cy', 'di']);
  const asking = w.ask();
  void w.after(5, () => leaves(w, 'cy'));
  void w.after(10, () => w.press('cy'));
  void w.after(15, () => w.reply('cy', 'approve'));
  void w.after(20, () => w.comment('cy', '/approve'));
  void w.after(25, () => w.slash('cy', 'approve', '1'));
  void w.after(30, () => w.press('bo'));
  const asked = await asking.result;
  expect(asked.view).toMatchObject({ status: 'expired', decisions: [{ name: 'Bo' }] });
  expect(w.records()[1]?.events).toMatchObject([{ type: 'refused', code: 'left-group' }]);
  expect(w.slack.answers[0]).toMatchObject({ user: 'UCY' });
});

const DENIES: [string, (w: World) => unknown][] = [
  ['by comment', (w) => w.comment('cy', '/deny')],
  ['in Slack', (w) => w.press('cy', 'deny')],
];
test.each(DENIES)(
  '§4.3 who left and was refused %s keeps nothing from starting by denying once more',
  async (_, denies) => {
    const w = await withSre(policyWith(sreFrom(TEAM), oneOf('[sre, di]')), ['bo', 'cy']);
    const asking = w.ask();
    void w.after(5, () => leaves(w, 'cy'));
    void w.after(10, () => denies(w));
    void w.after(20, () => w.press('bo'));
    const asked = await asking.result;
    w.comment('cy', '/deny');
    await w.debug(asked);
    expect(w.commands).toHaveLength(1);
  },
);

test('who left since still counts among those of whom so many must deny: fewer denials end nothing, and nothing runs', async () => {
  const two: [string, string] = ['require: { count: 2, of: sre }', 'require: { count: 1, of: sre }\n    denials: 2'];
  const w = await withSre(policyWith(sreFrom(TEAM), two), ['bo', 'cy']);
  const asking = w.ask();
  void w.after(5, () => leaves(w, 'cy'));
  void w.after(10, () => w.press('cy', 'deny'));
  void w.after(20, () => w.press('bo', 'deny'));
  void w.after(30, () => w.press('bo'));
  expect(await asking.result).toMatchObject({ approved: false, view: { status: 'expired', denialsNeeded: 2 } });
});

test('who left, came back and approved may still stop the start by a denial on the issue', async () => {
  const w = await withSre(policyWith(sreFrom(TEAM), oneOf('[sre, di]')), ['bo', 'cy']);
  const asking = w.ask();
  void w.after(5, () => leaves(w, 'cy'));
  void w.after(10, () => w.comment('cy', '/deny'));
  void w.after(15, () => w.teams.teams.set('acme/sre', ['bo', 'cy'].map(account)));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  w.comment('cy', '/deny');
  await faultOf(w.debug(asked));
  expect(w.commands).toEqual([]);
});

test('who joins later decides nothing: the opening record says who may', async () => {
  const w = await withSre(byTeam, ['bo', 'cy']);
  const asking = w.ask();
  void w.after(5, () => w.teams.teams.set('acme/sre', ['bo', 'cy', 'di'].map(account)));
  void w.after(10, () => w.press('di'));
  expect((await asking.result).view.decisions).toEqual([]);
});

function forbids(w: World): void {
  w.teams.broken = new Fault('permission', 'GitHub answered 403.', 'Give the right.');
}

test.each([
  ['a GitHub team', byTeam, forbids],
  ['a Slack user group', byGroup, (w: World) => void w.slack.broken.add('members')],
])('§4.6 while %s cannot be looked up its members decide nothing, and are told why', async (_, policy, broken) => {
  const w = await withSre(policy, ['bo', 'cy', 'di']);
  const asking = w.ask();
  void w.after(5, () => broken(w));
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.comment('cy', '/approve'));
  expect((await asking.result).view).toMatchObject({ status: 'expired', decisions: [] });
  expect(w.slack.answers[0]).toMatchObject({ user: 'UBO', text: expect.stringContaining('not recorded') });
  expect(asking.told.join('\n')).toContain('comment');
});

test('an approval by comment while GitHub is down is judged once it is back', async () => {
  const w = await withSre(byTeam, ['bo', 'cy']);
  const asking = w.ask();
  void w.after(5, () => (w.teams.broken = unavailable()));
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(60, () => (w.teams.broken = null));
  void w.after(90, () => w.press('cy'));
  expect((await asking.result).approved).toBe(true);
});

test('an account that is nobody in the policy is named on the card and decides nothing', async () => {
  const w = await withSre(byTeam, ['bo', 'cy']);
  w.teams.teams.set('acme/sre', [...['bo', 'cy'].map(account), { id: 999, login: 'stranger' }]);
  const asking = w.ask();
  void w.after(10, () => w.comment('stranger', '/approve'));
  const asked = await asking.result;
  expect(asked.view.decisions).toEqual([]);
  expect(asked.view.notices).toEqual([
    'stranger (id 999) of the GitHub team acme/sre (sre) is nobody under `people` in the policy and decides nothing.',
  ]);
});

test('a team of strangers leaves room on the card: five are named', async () => {
  const w = await withSre(byTeam, ['bo', 'cy']);
  const strangers = Array.from({ length: 40 }, (_, n) => ({ id: 1_000 + n, login: `s${n}` }));
  w.teams.teams.set('acme/sre', [...['bo', 'cy'].map(account), ...strangers]);
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).view.notices[0]).toMatch(/^s0 \(id 1000\).*s4 \(id 1004\) and 35 more of /);
});

test('§4.6 a group that cannot be read only lacks its people, where others can approve; the card says so', async () => {
  const w = await createWorld(policyWith(sreFrom(TEAM), oneOf('[sre, di]')));
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('di'));
  const asked = await asking.result;
  expect(asked).toMatchObject({ approved: true, view: { decisions: [{ name: 'Di' }] } });
  expect(asked.view.notices).toEqual([
    'The group sre (the GitHub team acme/sre) has nobody here, since it could not be read: GitHub shows no team acme/sre.',
  ]);
});

test.each([
  ['who may ask', policyWith(['developers: { members: [ana, bo] }', 'developers: { github-team: acme/developers }'])],
  [
    'who may ask for the target',
    policyWith(
      ['security: { members: [bo, di] }', 'security: { github-team: acme/security }'],
      ['tier: production }', 'tier: production, requesters: [security, ana] }'],
    ),
  ],
  [
    'which rule applies',
    policyWith(
      ['security: { members: [bo, di] }', 'security: { slack-group: S0SEC }'],
      ['when: { tiers: [production] }', 'when: { tiers: [production], requesters: [security] }'],
    ),
  ],
])('§4.6 a group that says %s and cannot be read refuses the ask', async (_, policy) => {
  const w = await createWorld(policy);
  const fault = await faultOf(w.ask().result);
  expect(fault.code).toBe('refused');
  expect(fault.message).toContain('could not be read');
  expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
});

test.each([
  ['directory-token', byTeam, { teams: null }],
  ['slack-bot-token', byGroup, { slack: null }],
] as const)('§4.6 without a %s such a group has nobody, and that is said', async (name, policy, without) => {
  const w = await createWorld(policy);
  const { message } = await faultOf(w.ask(without).result);
  expect(message).toContain('Nobody can approve this');
  const x = await createWorld(policyWith(sreFrom(policy === byTeam ? TEAM : GROUP), oneOf('[sre, di]')));
  const asking = x.ask({ ...without, input: { target: 'production' } });
  void x.after(10, asking.cancel);
  expect((await asking.result).view.notices.join()).toContain(name);
});

test('only a member of the team that may ask can ask', async () => {
  const w = await createWorld(
    policyWith(['developers: { members: [ana, bo] }', 'developers: { github-team: acme/devs }']),
  );
  w.teams.teams.set('acme/devs', [account('bo')]);
  expect((await faultOf(w.ask().result)).message).toContain('Ana may not request status');
  w.teams.teams.set('acme/devs', [account('ana')]);
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).view.status).toBe('cancelled');
});

test('a group that says which rule applies and has nobody of the policy is named on the card: its rule holds for nobody', async () => {
  const w = await createWorld(
    policyWith(
      ['security: { members: [bo, di] }', 'security: { github-team: acme/security }'],
      [
        'rules:\n',
        'rules:\n  - { name: Two for security, when: { requesters: [security] }, require: { count: 2, of: sre } }\n',
      ],
    ),
  );
  w.teams.teams.set('acme/security', []);
  const asking = w.ask();
  void w.after(10, asking.cancel);
  expect((await asking.result).view.notices).toEqual([
    'The group security (the GitHub team acme/security) has nobody of the policy in it: what the policy says of requesters in it holds for nobody.',
  ]);
});

test('only groups that matter for the ask are looked up', async () => {
  const w = await createWorld(
    policyWith(['security: { members: [bo, di] }', 'security: { github-team: acme/security }']),
  );
  const asking = w.ask();
  void w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  expect(w.teams.done).toEqual([]);
  expect(w.slack.done.filter((call) => call === 'members' || call === 'byEmail')).toEqual([]);
});

test('who is eligible by a list costs no question about groups, and a press one about the account', async () => {
  const w = await createWorld(policyWith(sreFrom(TEAM), oneOf('[sre, di]')));
  w.teams.teams.set('acme/sre', ['bo'].map(account));
  const asking = w.ask();
  await w.after(10, async () => {
    const before = [w.teams.done.length, w.slack.done.length] as const;
    await w.press('di', 'deny');
    expect(w.teams.done.slice(before[0])).toEqual([]);
    expect(w.slack.done.slice(before[1])).toEqual(['barred']);
  });
  await asking.result;
});

test('§4.6 a press asks GitHub about the group while the log is read: it takes no longer for that', async () => {
  const w = await withSre(byGroup, ['bo', 'cy']);
  const asking = w.ask();
  w.github.slow = { issue: 600, comment: 600 };
  for (const call of ['members', 'barred'] as const) w.slack.slow.set(call, 600);
  const took = w.after(10, async () => {
    const from = w.clock.now();
    const acknowledged = await w.press('bo');
    return [acknowledged, w.clock.now() - from];
  });
  expect(await took).toEqual([true, 1_200]);
  asking.cancel();
  await asking.result;
});
