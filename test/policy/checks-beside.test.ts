/** One mistake is named once: what cannot be judged because of another mistake is not judged, and what is sound beside it is. */
import { describe, expect, it } from 'vitest';
import { FULL, mistakes, problemsOf } from './sample.ts';

const WHO = 'developers, sre, oncall, security, support, ana, bo, cy, di, ed';
const EVE = `there is no group or person "eve"; allowed: ${WHO}.`;
const SRE = 'require: { count: 1, of: sre }';

describe('a rule with an unknown name is not counted', () => {
  it.each([
    ['{ count: 9, of: [sre, eve] }', `of[1]: ${EVE}`],
    ['{ all: [{ count: 9, of: sre }, { count: 1, of: eve }] }', `all[1].of: ${EVE}`],
    ['{ any: [{ count: 1, of: sre }, { all: [{ count: 1, of: eve }] }] }', `any[1].all[0].of: ${EVE}`],
  ])('%s', (require, message) => {
    expect(mistakes([SRE, `require: ${require}`])).toEqual([`47 rules[1].require.${message}`]);
  });
  it('nor is one of a group with an unknown member, nor an after-review by it', () => {
    const unknown = '11 groups.oncall.members[1]: there is no person "eve"; allowed: ana, bo, cy, di, ed.';
    const member = ['oncall: { members: [cy]', 'oncall: { members: [cy, eve]'] as [string, string];
    expect(mistakes(member, [SRE, 'require: { count: 3, of: oncall }'])).toEqual([unknown]);
    expect(mistakes(member, ['by: [sre]', 'by: [oncall]'])).toEqual([unknown]);
  });
});

describe('a count deep in a rule', () => {
  it('that is too large is named where it stands', () => {
    const require = 'require: { any: [{ count: 1, of: sre }, { all: [{ count: 4, of: sre }] }] }';
    expect(mistakes([SRE, require])).toEqual([
      '47 rules[1].require.any[1].all[0].count: can never be met: it wants 4 people, but sre has only 3 (Bo, Cy, Di).',
    ]);
  });
  it('may stand in as many as a hundred ways to meet the rule', () => {
    const ways = (options: number): string => {
      const any = `{ any: [${Array(options).fill('{ count: 1, of: sre }').join(', ')}] }`;
      return `require: { all: [${any}, ${any}] }`;
    };
    expect(mistakes([SRE, ways(10)])).toEqual([]);
    expect(mistakes([SRE, ways(11)])).toEqual([
      '47 rules[1].require: has more than 100 ways to be met; use fewer combinations of any.',
    ]);
  });
});

describe('names', () => {
  it('of groups and people are not looked for where the groups cannot be read', () => {
    const text = FULL.replace(/groups:\n(?: {2}.*\n)*(?=targets:)/, 'groups: none\n');
    expect(problemsOf(text).filter((one) => !one.startsWith('8 groups'))).toEqual([]);
  });
  it('where the policy has nobody: none is allowed', () => {
    const text = FULL.replace(/people:\n(?: {2}.*\n)*(?=groups:)/, 'people: {}\n');
    expect(problemsOf(text)).toContain('4 groups.developers.members[0]: there is no person "ana"; allowed: none.');
  });
});

describe('a rule that requires none', () => {
  const always = ['    when: { tiers: [production] }\n', ''] as [string, string];
  it('is not compared with a rule that has a mistake itself', () => {
    expect(mistakes(always, ['  - name: Somebody of SRE\n    require', '  - require'])).toEqual([
      '45 rules[1].name: "name" is missing; write it here.',
    ]);
    expect(mistakes(always, [SRE, 'require: { count: 0, of: sre }'])).toEqual([
      '46 rules[1].require.count: must be at least 1: nothing runs without an approval.',
    ]);
  });
});

describe('an account', () => {
  it('whose part is there but wrong is no half link', () => {
    expect(mistakes(['slack: { team: T1, user: UBO }', 'slack: { team: 5, user: UBO }'])).toEqual([
      '4 people.bo.slack.team: must be a text, not 5.',
    ]);
  });
});

describe('an escalation', () => {
  const listed = ['of: security', 'of: sre'] as [string, string];
  it('may ask others too, as long as a rule counts one of them', () => {
    expect(mistakes(['to: [oncall]', 'to: [ana, cy]'], listed)).toEqual([]);
  });
  it('is not judged where a rule has a mistake', () => {
    expect(mistakes(['to: [oncall]', 'to: [ana]'], listed, [SRE, 'require: sre'])).toEqual([
      '47 rules[1].require: must be none, { count, of }, { all: [...] } or { any: [...] }.',
    ]);
  });
  it('asks nobody to any avail where no rule wants anybody', () => {
    const text = FULL.replaceAll(/require: \{.*\}$/gm, 'require: none').replace('to: [oncall]', 'to: [ana]');
    expect(problemsOf(text)).toEqual([
      '64 escalation.to: would be asked to no avail: no rule counts Ana; allowed: groups and people whom a rule counts (none).',
    ]);
  });
});

it('an after-review by a group from a directory besides who starts is sound', () => {
  expect(mistakes(['by: [sre]', 'by: [cy, security]'])).toEqual([]);
});

describe('what is sound is judged beside a mistake elsewhere', () => {
  const SOON = '60 expiry: must be a duration such as 30m, 2h or 1h30m.';
  const soon = ['expiry: 2h', 'expiry: soon'] as [string, string];
  const RISK = '23 runbooks.hello.risk: must be "low" or "medium" or "high", not "none".';
  const risk = ['risk: low', 'risk: none'] as [string, string];
  it.each<[what: string, piece: string, replacement: string, message: string]>([
    ['requesters', 'requesters: [developers, support, ed]', 'requesters: [eve]', `17 requesters[0]: ${EVE}`],
    ['the requesters of a target', '[developers, ed] }', '[eve] }', `16 targets.production.requesters[0]: ${EVE}`],
    ['who may break the glass', 'who: [oncall, ana]', 'who: [eve]', `66 break-glass.who[0]: ${EVE}`],
    [
      'where the glass may be broken',
      'targets: [production]\n  runbooks',
      'targets: [moon]\n  runbooks',
      '67 break-glass.targets[0]: there is no target "moon"; allowed: staging, production.',
    ],
    [
      'for what the glass may be broken',
      'runbooks: [status]\n',
      'runbooks: [stat]\n',
      '68 break-glass.runbooks[0]: there is no runbook "stat"; allowed: hello, status, deploy.',
    ],
    ['who reviews', 'by: [sre]', 'by: [eve]', `70 break-glass.review.by[0]: ${EVE}`],
    ['whom an escalation asks', 'to: [oncall]', 'to: [eve]', `64 escalation.to[0]: ${EVE}`],
    ['who is quiet', 'quiet: [di]', 'quiet: [eve]', `62 slack.quiet[0]: ${EVE}`],
    [
      'when somebody is reminded',
      'after: 10m',
      'after: 2h',
      '63 reminders.after: never comes: a request waits for at most 2h (expiry); allowed: anything shorter.',
    ],
    [
      'whose signatures count',
      'signers: {',
      'signers: { issuer: "http://issuer.example.com",',
      '71 signers.issuer: must begin with https://: whoever sits between could give out keys of their own.',
    ],
    [
      'a window',
      '    targets: [staging, production]\n    risk: medium',
      '    targets: [staging, production]\n    window: 31m\n    risk: medium',
      "31 runbooks.status.window: is longer than the policy's window (30m), which is the longest.",
    ],
  ])('%s', (_, piece, replacement, message) => {
    expect(mistakes(risk, [piece, replacement]).toSorted()).toEqual([RISK, message].toSorted());
  });
  it('but what needs the mistaken part is not', () => {
    expect(mistakes(soon, ['after: 10m', 'after: 9d'])).toEqual([SOON]);
    expect(mistakes(risk, ['    manual: true', '    run: x.sh'])).toEqual([
      RISK,
      '34 runbooks.deploy.run: must be a list, not "x.sh".',
    ]);
    expect(mistakes(risk, ['    manual: true\n', ''])).toEqual([
      RISK,
      '32 runbooks.deploy: says nothing that runs: write `run`, or `manual: true` where the debug job has steps of its own.',
    ]);
  });
  it('and Slack and groups that are left out are left out', () => {
    const channel =
      'is never used, since the policy has no `slack`; write `slack: { channel: … }` for where everything else is asked, or remove this one.';
    expect(mistakes(risk, ['slack: { channel: C0ALL, quiet: [di], mirror: true }\n', ''])).toEqual([
      RISK,
      `49 rules[1].channel: ${channel}`,
      `58 rules[3].channel: ${channel}`,
    ]);
  });
});
