/** The after-review of a break-glass: the issue stays open until somebody else signs it, and the sweep says when nobody does. */
import { expect, test } from 'vitest';
import { overdueWords } from '../../src/app/after-review.ts';
import { unavailable } from './fake-github.ts';
import { key, policyWith } from './policies.ts';
import { account, createWorld, eventsOf, faultOf, type World } from './world.ts';

/** Ana and Bo may break the glass; Bo or Di signs within the hour. */
const glass = (by = '[security, ana]') =>
  key(`break-glass: { who: [developers], reason: { min-length: 5 }, review: { by: ${by}, within: 1h } }`);
const POLICY = policyWith(glass());
const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
const ISSUE_1 = { what: { kind: 'issue' as const, number: 1 } };

/** Ana broke the glass, her command ran, and the close job looked after it. */
async function broken(policy = POLICY, prepare: (w: World) => void = () => {}) {
  const w = await createWorld(policy);
  prepare(w);
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  expect(asked.approved).toBe(true);
  await w.debug(asked);
  const [closed] = await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  w.runOf(9001);
  return { w, asked, closed };
}

const OPEN = {
  open: true,
  locked: false,
  labels: ['debug-request', 'debug:finished', 'debug:break-glass', 'debug:review-due'],
};
const SIGNED = { open: false, locked: true, labels: ['debug-request', 'debug:finished', 'debug:break-glass'] };

test('§4.12 a break-glass that has ended stays open and unlocked until somebody signs, and issue, card and sweep say so', async () => {
  const { w, closed } = await broken();
  expect(w.github.issue()).toMatchObject(OPEN);
  expect(w.github.issue().body).toMatch(
    /### After-review\n\nThis broke the glass\. Until 2026-03-02T11:00:0\dZ one of Bo, Di looks/,
  );
  expect(w.slack.cardOf().view).toMatchObject({ status: 'finished', review: { by: ['Bo', 'Di'], signed: null } });
  expect(closed).toMatchObject({ status: 'finished', overdue: false });
  expect(closed?.note).toMatch(
    /the after-review is to be signed\. .*due by 2026-03-02T11:00:0\dZ, from one of Bo, Di\./,
  );
  expect(await w.sweep()).toMatchObject([{ issue: 1, status: 'finished' }]);
  expect(w.github.issue()).toMatchObject(OPEN);
});

test('a break-glass whose command failed is reviewed just the same', async () => {
  const w = await createWorld(POLICY);
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  w.during.run = () => new Promise(() => {});
  void w.debug(asked);
  await w.after(10, () => w.sweep({ ...ISSUE_1, debugResult: 'failure' }, CLOSE));
  expect(w.github.issue()).toMatchObject({
    open: true,
    labels: ['debug-request', 'debug:failed', 'debug:break-glass', 'debug:review-due'],
  });
});

test.each([
  ['the scheduled sweep', {}],
  ['a close job', CLOSE],
])('/review by somebody eligible is recorded by %s; then the issue is closed and locked', async (_, who) => {
  const { w } = await broken();
  w.comment('di', '/review A stuck lock; OPS-2 follows it up');
  expect(await w.sweep(ISSUE_1, who)).toMatchObject([{ status: 'finished', overdue: false }]);
  expect(w.records().at(-1)).toMatchObject({
    by: { person: 'di', via: 'issue-comment' },
    events: [{ type: 'reviewed', person: 'di', comment: 'A stuck lock; OPS-2 follows it up' }],
  });
  expect(w.github.issue()).toMatchObject(SIGNED);
  expect(w.github.issue().body).toContain('**Signed** by Di');
  expect(w.slack.cardOf().view.review?.signed).toMatchObject({ name: 'Di' });
  expect(await w.sweep()).toEqual([]);
});

const REFUSED: [string, string, (w: World) => unknown, boolean][] = [
  ['the requester', 'own-request', (w) => w.comment('ana', '/review all fine'), true],
  ['somebody whom the policy does not name', 'not-eligible', (w) => w.comment('cy', '/review all fine'), true],
  ['a stranger', 'unknown-person', (w) => w.comment('stranger', '/review all fine'), true],
  ['a bot', 'bot', (w) => w.github.write({ id: 777, login: 'tool[bot]', bot: true }, '/review all fine'), true],
  ['an app in her name', 'bot', (w) => w.github.write(account('di'), '/review all fine', { throughApp: true }), true],
  ['somebody without words', 'no-review', (w) => w.comment('di', '/review'), true],
  ['somebody with nothing but signs', 'no-review', (w) => w.comment('di', '/review ... 1 !'), true],
  ['somebody who edited it', '-', (w) => w.github.edit(w.comment('di', '/review fine'), '/review all fine'), false],
  [
    'somebody who edited it in the first second',
    '-',
    (w) => w.github.edit(w.comment('di', 'thanks'), '/review all fine'),
    false,
  ],
  ['somebody in the middle of a sentence', '-', (w) => w.comment('di', 'I did not /review this'), false],
];
test.each(REFUSED)(
  '§4.4 an after-review by %s (%s) signs nothing: the issue stays open',
  async (_, code, write, onRecord) => {
    const { w } = await broken();
    const before = eventsOf(w);
    write(w);
    const told: string[] = [];
    await w.sweep({}, {}, told);
    expect(w.github.issue()).toMatchObject(OPEN);
    expect(eventsOf(w)).toEqual(onRecord ? [...before, 'refused'] : before);
    if (onRecord) expect(w.records().at(-1)?.events).toMatchObject([{ code, decision: 'review' }]);
    if (code !== '-') expect(told.join('\n')).toMatch(/may not sign the after-review/);
    // What was answered is answered once, and the log holds: the refusal's signature counts.
    const records = w.records().length;
    expect(await w.sweep()).toMatchObject([{ status: 'finished' }]);
    expect(w.records()).toHaveLength(records);
    w.comment('bo', '/review all fine');
    await w.sweep();
    expect(w.github.issue()).toMatchObject(SIGNED);
  },
);

test('whoever may not sign, or says nothing, is answered on the issue before the one who signs, in the same look', async () => {
  const { w } = await broken();
  w.comment('bo', '/review A stuck lock');
  w.comment('ana', '/review all fine');
  w.comment('di', '/review');
  await w.sweep();
  expect(eventsOf(w).slice(3)).toEqual(['refused', 'refused', 'reviewed']);
  expect(w.records().map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('refused (own-request). Ana may not sign the after-review of this request: Ana asked'),
      expect.stringContaining('refused (no-review). Di may not sign the after-review of this request without a word'),
    ]),
  );
  expect(w.github.issue()).toMatchObject(SIGNED);
});

test('a crowd of strangers holds up nobody who signs', async () => {
  const { w } = await broken();
  for (let n = 0; n < 30; n += 1) {
    w.github.write({ id: 900 + n, login: `stranger-${n}`, bot: false }, '/review all fine');
  }
  w.comment('bo', '/review A stuck lock');
  await w.sweep();
  expect(eventsOf(w).slice(3)).toEqual(['reviewed']);
  expect(w.github.issue()).toMatchObject(SIGNED);
});

test.each([
  ['[security, ana]', 'one of Bo, Di signs it with /review and what was found, as a comment on the issue'],
  ['[di]', 'Di signs it with /review and what was found, as a comment on the issue'],
])('that it is overdue is one sentence: until when, and who signs it how (%s)', async (by, who) => {
  const { w } = await broken(policyWith(glass(by)));
  const [swept] = await w.after(3_700, () => w.sweep());
  const reading = swept?.reading ?? null;
  expect(reading === null ? null : overdueWords(reading)).toMatch(
    new RegExp(`^The after-review of #1 was due by 2026-03-02T11:00:0\\dZ and is not signed; ${who}\\.$`),
  );
});

test('of each account the first refused after-review is on record, however many it writes', async () => {
  const { w } = await broken();
  for (let n = 0; n < 5; n += 1) w.comment('ana', `/review all fine ${n}`);
  await w.sweep();
  await w.sweep();
  w.comment('ana', '/review all is really fine');
  await w.sweep();
  expect(eventsOf(w).filter((type) => type === 'refused')).toHaveLength(1);
});

test('nobody signs while the job still runs, nor by what was written until then', async () => {
  const w = await createWorld(POLICY);
  const asked = await w.ask({ input: { breakGlass: true } }).result;
  w.during.run = async () => {
    w.comment('di', '/review all fine');
    expect(await w.sweep()).toMatchObject([{ status: 'running' }]);
  };
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
  expect(eventsOf(w)).toEqual(['requested', 'started', 'ended']);
  await w.sweep({ ...ISSUE_1, debugResult: 'success' }, CLOSE);
  expect(w.github.issue()).toMatchObject(OPEN);
  expect(w.github.issue().body).toContain("written before the job's end");
  w.comment('di', '/review all fine, now that it is over');
  await w.sweep();
  expect(w.github.issue()).toMatchObject(SIGNED);
});

test('what is overdue is recorded once, the reviewers are pinged once, and each later sweep warns of it', async () => {
  const { w } = await broken();
  expect(await w.after(3_500, () => w.sweep())).toMatchObject([{ overdue: false }]);
  expect(eventsOf(w)).not.toContain('review-overdue');
  expect(await w.after(200, () => w.sweep())).toMatchObject([{ status: 'finished', overdue: true }]);
  expect(await w.after(3_600, () => w.sweep())).toMatchObject([{ status: 'finished', overdue: true }]);
  expect(eventsOf(w)).toEqual(['requested', 'started', 'ended', 'review-overdue']);
  expect(w.slack.said.slice(1)).toMatchObject([
    { pinged: ['UBO', 'UDI'], text: expect.stringContaining('One of Bo, Di writes /review') },
  ]);
  expect(w.github.issue()).toMatchObject(OPEN);
  expect(w.github.issue().body).toContain('**Overdue.**');
  w.comment('bo', '/review late, but fine');
  expect(await w.sweep()).toMatchObject([{ status: 'finished', overdue: false }]);
  expect(w.github.issue()).toMatchObject(SIGNED);
});

test('two sweeps at once ping the reviewers once', async () => {
  const { w } = await broken();
  await w.after(3_700, () => Promise.all([w.sweep(), w.sweep({}, { run: { id: 9501, attempt: 1 } })]));
  expect(w.slack.said.filter(({ pinged }) => pinged.length > 0)).toHaveLength(1);
  expect(await w.sweep()).toMatchObject([{ status: 'finished', overdue: true }]);
});

test('that it is overdue is said once even where Slack does not take it', async () => {
  const { w } = await broken();
  w.slack.broken.add('say');
  const told: string[] = [];
  await w.after(3_700, () => w.sweep({}, {}, told));
  expect(told.join('\n')).toContain('Nobody was pinged about the overdue after-review');
  expect(await w.sweep()).toMatchObject([{ overdue: true }]);
  expect(eventsOf(w).filter((type) => type === 'review-overdue')).toHaveLength(1);
});

test('a break-glass that was cancelled before its job started needs no review', async () => {
  const w = await createWorld(POLICY);
  await w.ask({ input: { breakGlass: true } }).result;
  expect(await w.sweep({ ...ISSUE_1, debugResult: 'skipped' }, CLOSE)).toMatchObject([{ status: 'cancelled' }]);
  expect(w.github.issue()).toMatchObject({
    open: false,
    locked: true,
    labels: ['debug-request', 'debug:cancelled', 'debug:break-glass'],
  });
});

/** Who signs is whoever the team held when the glass was broken, and is in it still. */
const BY_TEAM = policyWith(glass('[leads]'), [
  '  security: { members: [bo, di] }',
  '  security: { members: [bo, di] }\n  leads: { github-team: acme/leads }',
]);
const inTeam = (w: World, ...people: string[]) => w.teams.teams.set('acme/leads', people.map(account));

const NOBODY_SIGNS: [string, (w: World) => void, string][] = [
  ['has nobody else', (w) => inTeam(w, 'ana'), 'has nobody but whoever asks'],
  ['cannot be read', (w) => Object.assign(w.teams, { broken: unavailable() }), 'GitHub answered 503.'],
];
test.each(NOBODY_SIGNS)(
  '§4.6 where the directory that names who signs %s, nobody breaks the glass',
  async (_, prepare, why) => {
    const w = await createWorld(BY_TEAM);
    prepare(w);
    const fault = await faultOf(w.ask({ input: { breakGlass: true } }).result);
    expect(fault).toMatchObject({ code: 'refused', message: expect.stringContaining(why) });
    expect(fault.remedy).toContain('break-glass.review.by');
    expect([w.github.issues.size, w.slack.cards.length]).toEqual([0, 0]);
  },
);

test('members of a directory sign, as the opening record names them', async () => {
  const { w } = await broken(BY_TEAM, (world) => inTeam(world, 'di', 'cy'));
  inTeam(w, 'di', 'bo');
  w.comment('bo', '/review all fine');
  await w.sweep();
  expect(w.github.issue()).toMatchObject(OPEN);
  w.comment('di', '/review all fine');
  await w.sweep();
  expect(w.github.issue()).toMatchObject(SIGNED);
});

test('§4.3 who left the directory since signs nothing, and keeps nobody else from signing', async () => {
  const { w } = await broken(BY_TEAM, (world) => inTeam(world, 'di', 'cy'));
  inTeam(w, 'cy');
  w.comment('di', '/review all fine');
  const told: string[] = [];
  await w.sweep({}, {}, told);
  expect(told.join('\n')).toContain('Di may not sign the after-review of this request any more: Di has left leads');
  expect(w.records().at(-1)?.events).toMatchObject([{ type: 'refused', code: 'left-group' }]);
  w.comment('di', '/review all is fine');
  w.comment('cy', '/review all fine');
  await w.sweep();
  expect(w.records().at(-1)?.events[0]).toMatchObject({ type: 'reviewed', person: 'cy' });
  expect(w.github.issue()).toMatchObject(SIGNED);
});

const silentTeams = (w: World) => {
  w.teams.broken = unavailable();
  return {};
};
test.each([
  ['there is no token for it', (_: World) => ({ teams: null }), 'no `directory-token`'],
  ['GitHub does not answer', silentTeams, 'GitHub answered 503.'],
])('§4.6 where %s, whoever must be looked up signs nothing, and the job says why', async (_, trouble, why) => {
  const { w } = await broken(BY_TEAM, (world) => inTeam(world, 'di'));
  w.comment('di', '/review all fine');
  const told: string[] = [];
  expect(await w.sweep({}, {}, told, trouble(w))).toMatchObject([{ status: 'finished' }]);
  expect(told.join('\n')).toContain(why);
  expect(w.github.issue()).toMatchObject(OPEN);
  w.teams.broken = null;
  await w.sweep();
  expect(w.github.issue()).toMatchObject(SIGNED);
});
