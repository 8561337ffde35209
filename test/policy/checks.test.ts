/** Mistakes of names, accounts and groups that only the whole policy shows: what, why, what is allowed, and where. */
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { FULL, mistakes, problemsOf } from './sample.ts';

const WHO = 'developers, sre, oncall, security, support, ana, bo, cy, di, ed';

it('the full policy has none', () => {
  expect(mistakes()).toEqual([]);
});

describe('names that the policy does not have', () => {
  const unknown: [where: string, piece: string, replacement: string, message: string][] = [
    [
      'members',
      '[ana, bo]',
      '[ana, eve]',
      '9 groups.developers.members[1]: there is no person "eve"; allowed: ana, bo, cy, di, ed.',
    ],
    [
      'target requesters',
      '[developers, ed]',
      '[devs, ed]',
      `16 targets.production.requesters[0]: there is no group or person "devs"; allowed: ${WHO}.`,
    ],
    [
      'requesters',
      'requesters: [developers, support, ed]',
      'requesters: [developers, eve]',
      `17 requesters[1]: there is no group or person "eve"; allowed: ${WHO}.`,
    ],
    [
      'runbook targets',
      'targets: [staging, production]\n    risk: low',
      'targets: [test]\n    risk: low',
      '22 runbooks.hello.targets[0]: there is no target "test"; allowed: staging, production.',
    ],
    [
      'runbook requesters',
      'requesters: [ana, cy]',
      'requesters: [ana, eve]',
      `38 runbooks.deploy.requesters[1]: there is no group or person "eve"; allowed: ${WHO}.`,
    ],
    [
      'rule runbooks',
      'runbooks: [hello]',
      'runbooks: [hallo]',
      '43 rules[0].when.runbooks[0]: there is no runbook "hallo"; allowed: hello, status, deploy.',
    ],
    [
      'rule targets',
      'when: { runbooks: [hello], tiers: [staging] }',
      'when: { targets: [test] }',
      '43 rules[0].when.targets[0]: there is no target "test"; allowed: staging, production.',
    ],
    [
      'rule tiers',
      'tiers: [staging] }',
      'tiers: [prod] }',
      '43 rules[0].when.tiers[0]: there is no tier of a target "prod"; allowed: staging, production.',
    ],
    [
      'rule requesters',
      'requesters: [developers] }',
      'requesters: [sales] }',
      `55 rules[3].when.requesters[0]: there is no group or person "sales"; allowed: ${WHO}.`,
    ],
    [
      'a count of one',
      'count: 1, of: sre',
      'count: 1, of: eve',
      `47 rules[1].require.of: there is no group or person "eve"; allowed: ${WHO}.`,
    ],
    [
      'a count of several',
      'of: [sre, ed]',
      'of: [sre, eve]',
      `52 rules[2].require.of[1]: there is no group or person "eve"; allowed: ${WHO}.`,
    ],
    ['quiet', 'quiet: [di]', 'quiet: [eve]', `62 slack.quiet[0]: there is no group or person "eve"; allowed: ${WHO}.`],
    [
      'escalation',
      'to: [oncall]',
      'to: [sre, boss]',
      `64 escalation.to[1]: there is no group or person "boss"; allowed: ${WHO}.`,
    ],
    [
      'break-glass who',
      'who: [oncall, ana]',
      'who: [boss]',
      `66 break-glass.who[0]: there is no group or person "boss"; allowed: ${WHO}.`,
    ],
    [
      'break-glass targets',
      'targets: [production]\n  runbooks',
      'targets: [prod]\n  runbooks',
      '67 break-glass.targets[0]: there is no target "prod"; allowed: staging, production.',
    ],
    [
      'break-glass runbooks',
      'runbooks: [status]\n',
      'runbooks: [stat]\n',
      '68 break-glass.runbooks[0]: there is no runbook "stat"; allowed: hello, status, deploy.',
    ],
    [
      'review',
      'by: [sre]',
      'by: [boss]',
      `70 break-glass.review.by[0]: there is no group or person "boss"; allowed: ${WHO}.`,
    ],
  ];
  it.each(unknown)('in %s', (_, piece, replacement, message) => {
    expect(mistakes([piece, replacement])).toEqual([message]);
  });
  it('nested in a requirement', () => {
    const require = 'require: { any: [{ count: 1, of: sre }, { all: [{ count: 1, of: [ana, eve] }] }] }';
    expect(mistakes(['require: { count: 1, of: sre }', require])).toEqual([
      `47 rules[1].require.any[1].all[0].of[1]: there is no group or person "eve"; allowed: ${WHO}.`,
    ]);
  });
  it('are not looked for in a section that cannot be read', () => {
    const text = FULL.replace(/people:\n(?: {2}.*\n)*(?=groups:)/, 'people: none\n');
    expect(problemsOf(text).filter((one) => !one.startsWith('2 people:'))).toEqual([]);
    const tierless = mistakes(['tier: staging }', 'tier: 5 }'], ['tiers: [staging]', 'tiers: [prod]']);
    expect(tierless).toEqual(['15 targets.staging.tier: must be a text, not 5.']);
  });
  it('a group and a person may not share', () => {
    expect(
      mistakes(['  oncall: { members', '  di: { members'], ['to: [oncall]', 'to: [di]'], ['who: [oncall', 'who: [di']),
    ).toEqual(['11 groups.di: "di" is a person too; give the group another name.']);
  });
});

describe('accounts and addresses', () => {
  const twice: [what: string, piece: string, replacement: string, message: string][] = [
    [
      'GitHub id',
      'id: 102',
      'id: 101',
      '4 people.bo.github.id: The GitHub id 101 belongs to one human only, and ana has it on line 3.',
    ],
    [
      'GitHub login',
      'login: bo-dev',
      'login: Ana-Dev',
      '4 people.bo.github.login: The GitHub login ana-dev belongs to one human only, and ana has it on line 3.',
    ],
    [
      'Slack user',
      'user: UBO',
      'user: UANA',
      '4 people.bo.slack.user: The Slack user T1/UANA belongs to one human only, and ana has it on line 3.',
    ],
    [
      'address',
      '104, login: di-dev }',
      '104, login: di-dev }, email: CY@Example.com',
      '6 people.di.email: The address cy@example.com belongs to one human only, and cy has it on line 5.',
    ],
  ];
  it.each(twice)('a %s belongs to one human, and both lines are named', (_, piece, replacement, message) => {
    expect(mistakes([piece, replacement])).toEqual([message]);
  });
  it('a Slack user of an organisation is one human in all its workspaces', () => {
    expect(mistakes(['team: T1, user: UANA', 'team: E1, user: U7'], ['user: UBO', 'user: U7'])).toEqual([
      '4 people.bo.slack.user: The Slack user U7 belongs to one human only, and ana has it on line 3.',
    ]);
    expect(mistakes(['user: UANA', 'user: W7'], ['team: T1, user: UBO', 'team: T2, user: W7'])).toEqual([
      '4 people.bo.slack.user: The Slack user W7 belongs to one human only, and ana has it on line 3.',
    ]);
    expect(mistakes(['user: UANA', 'user: U7'], ['team: T1, user: UBO', 'team: T2, user: U7'])).toEqual([]);
  });
  const half: [what: string, piece: string, replacement: string, message: string][] = [
    [
      'Slack user',
      'slack: { team: T1, user: UBO }',
      'slack: { team: T1 }',
      '4 people.bo.slack.user: "user" is missing, and half a link links nobody: slack.team is on line 4; write user beside it.',
    ],
    [
      'Slack team',
      'slack: { team: T1, user: UBO }',
      'slack: { user: UBO }',
      '4 people.bo.slack.team: "team" is missing, and half a link links nobody: slack.user is on line 4; write team beside it.',
    ],
    [
      'GitHub id',
      'github: { id: 102, login: bo-dev }',
      'github: { login: bo-dev }',
      '4 people.bo.github.id: "id" is missing, and half a link links nobody: github.login is on line 4; write id beside it.',
    ],
    [
      'GitHub login',
      'github: { id: 102, login: bo-dev }',
      'github: { id: 102 }',
      '4 people.bo.github.login: "login" is missing, and half a link links nobody: github.id is on line 4; write login beside it.',
    ],
  ];
  it.each(half)('a link without its %s is half a link', (_, piece, replacement, message) => {
    expect(mistakes([piece, replacement])).toEqual([message]);
  });
  it('a link over several lines is half with the line of its other half', () => {
    const lines = '\n    name: Bo\n    github: { id: 102, login: bo-dev }\n    slack:\n      team: T1';
    const piece = ' { name: Bo, github: { id: 102, login: bo-dev }, slack: { team: T1, user: UBO } }';
    expect(mistakes([piece, lines])).toEqual([
      '7 people.bo.slack.user: "user" is missing, and half a link links nobody: slack.team is on line 8; write user beside it.',
    ]);
  });
  it('what is missing elsewhere is no half link', () => {
    expect(mistakes(['{ name: Bo, ', '{ '])).toEqual(['4 people.bo.name: "name" is missing; write it here.']);
  });
  it('an address links nobody unless the policy says so, and the policy says so for nobody without one', () => {
    expect(mistakes(['link-by-email: true', 'link-by-email: false'])).toEqual([
      '5 people.cy.email: links nobody without `link-by-email: true`; write that, or remove the address.',
    ]);
    const none =
      'links nobody: no person without `slack` has an `email`; give one to whom it shall link, or write false.';
    expect(mistakes([', email: cy@example.com', ''])).toEqual([`39 link-by-email: ${none}`]);
    const linked = ', slack: { team: T1, user: UCY }, email: cy@example.com';
    expect(mistakes([', email: cy@example.com', linked])).toEqual([`39 link-by-email: ${none}`]);
  });
});

describe('groups', () => {
  it.each(['5', 'sre', '[ana]'])('given as %s, then the forms that there are are named', (group) => {
    expect(mistakes(['{ members: [cy] }', group])[0]).toBe(
      '11 groups.oncall: must be { members: [...] }, { github-team: organization/team-slug } or { slack-group: S012AB3CD }.',
    );
  });
  it.each([
    ['{ github-team: acme }', 'github-team: must be organization/team-slug.'],
    ['{ slack-group: "@sre" }', 'slack-group: must be the id of a Slack user group such as S012AB3CD.'],
    ['{ members: [] }', 'members: must name at least one.'],
  ])('given as %s, then the mistake is named where it stands', (group, message) => {
    expect(mistakes(['{ members: [cy] }', group])).toContain(`11 groups.oncall.${message}`);
  });
});

it('a mistake of shape hides no mistake of names', () => {
  expect(
    mistakes(['expiry: 2h', 'expiry: soon'], ['quiet: [di]', 'quiet: [eve]'], ['risk: low', 'risk: none']),
  ).toEqual([
    '23 runbooks.hello.risk: must be "low" or "medium" or "high", not "none".',
    '60 expiry: must be a duration such as 30m, 2h or 1h30m.',
    `62 slack.quiet[0]: there is no group or person "eve"; allowed: ${WHO}.`,
  ]);
});

it('what the full policy says is read as it says', () => {
  const loaded = loadPolicy(FULL, { apiIsLoopback: false });
  if (!loaded.ok) throw new Error('It has mistakes.');
  const { slack, reminders, escalation, breakGlass, linkByEmail, openRequests, runbooks, groups } = loaded.policy;
  expect({ slack, reminders, escalation, breakGlass, linkByEmail, openRequests }).toEqual({
    slack: { channel: 'C0ALL', quiet: ['di'], mirror: true, lastLines: 0 },
    reminders: { afterSeconds: 600, times: 3 },
    escalation: { afterSeconds: 1800, to: ['oncall'] },
    breakGlass: {
      who: ['oncall', 'ana'],
      targets: ['production'],
      runbooks: ['status'],
      minLength: 30,
      review: { by: ['sre'], withinSeconds: 86_400 },
    },
    linkByEmail: true,
    openRequests: 'many',
  });
  expect(runbooks['deploy']).toMatchObject({ manual: true, run: [] });
  expect(runbooks['hello']).toMatchObject({ manual: false, run: ['runbooks/hello.sh'], checklist: [] });
  expect(groups['sre']).toEqual({ members: ['bo', 'cy', 'di'], source: { kind: 'listed' } });
});
