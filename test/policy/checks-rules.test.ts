/** Mistakes of runbooks, rules and what goes with them that only the whole policy shows: what could never be met, hold or happen. */
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { FULL, mistakes, problemsOf } from './sample.ts';

describe('runbooks', () => {
  it('run a command or the job’s own steps, exactly one of both', () => {
    expect(mistakes(['    manual: true', '    manual: true\n    run: [x.sh]'])).toEqual([
      '35 runbooks.deploy.run: and `manual: true` exclude each other: remove `run` where the debug job has steps of its own.',
    ]);
    expect(mistakes(['    manual: true\n', ''])).toEqual([
      '32 runbooks.deploy: says nothing that runs: write `run`, or `manual: true` where the debug job has steps of its own.',
    ]);
    expect(mistakes(['manual: true', 'manual: false'])).toEqual([
      '34 runbooks.deploy.manual: must be true, or left out.',
    ]);
    expect(mistakes(['run: [runbooks/hello.sh]', 'run: []'])).toEqual([
      '21 runbooks.hello.run: must hold at least the command.',
    ]);
  });
  it('with the job’s own steps hand on no variables', () => {
    expect(mistakes(['    manual: true', '    manual: true\n    env: [TOKEN]'])).toEqual([
      '35 runbooks.deploy.env: is for the command of `run`; with `manual: true` the steps have what the workflow gives them. Remove it.',
    ]);
    expect(mistakes(['    manual: true', '    manual: true\n    env: []'])).toEqual([]);
    expect(mistakes(['    run: [runbooks/hello.sh]', '    run: [runbooks/hello.sh]\n    env: [TOKEN]'])).toEqual([]);
  });
  it('have a checklist that Slack can show', () => {
    expect(mistakes(['[The change is reverted, Nobody else deploys]', `[Same, Same, ${'x'.repeat(76)}]`])).toEqual([
      '35 runbooks.deploy.checklist[1]: is listed twice; write it once.',
      '35 runbooks.deploy.checklist[2]: must have at most 75 characters.',
    ]);
  });
});

describe('rules that nobody could meet', () => {
  const change = (require: string): string[] => mistakes(['require: { count: 1, of: sre }', `require: ${require}`]);
  it.each([
    ['{ count: 4, of: sre }', 'count: can never be met: it wants 4 people, but sre has only 3 (Bo, Cy, Di).'],
    [
      '{ count: 3, of: [oncall, ed] }',
      'count: can never be met: it wants 3 people, but oncall, ed has only 2 (Cy, Ed).',
    ],
    [
      '{ count: 6, of: security }',
      'count: can never be met: it wants 6 people, but the policy has only 5 (Ana, Bo, Cy, Di, Ed).',
    ],
    [
      '{ count: 6, of: [sre, support] }',
      'count: can never be met: it wants 6 people, but the policy has only 5 (Ana, Bo, Cy, Di, Ed).',
    ],
  ])('%s wants too many', (require, message) => {
    expect(change(require)).toEqual([`47 rules[1].require.${message}`]);
  });
  it.each([
    '{ count: 5, of: security }',
    '{ count: 3, of: sre }',
    '{ all: [{ count: 4, of: security }, { count: 1, of: ana }] }',
  ])('%s could be met', (require) => {
    expect(change(require)).toEqual([]);
  });
  it('since nobody counts twice', () => {
    expect(change('{ all: [{ count: 1, of: oncall }, { count: 3, of: sre }] }')).toEqual([
      '47 rules[1].require: can never be met: nobody counts twice, so it wants 4 different people, and Bo, Cy, Di do not suffice.',
    ]);
    expect(change('{ all: [{ count: 5, of: security }, { count: 1, of: ana }] }')).toEqual([
      '47 rules[1].require: can never be met: nobody counts twice, so it wants 6 different people, and Ana, Bo, Cy, Di, Ed do not suffice.',
    ]);
  });
  it('nor judge, with too many ways', () => {
    const any = `{ any: [${'{ count: 1, of: sre }, '.repeat(10)}{ count: 1, of: di }] }`;
    expect(change(`{ all: [${any}, ${any}] }`)).toEqual([
      '47 rules[1].require: has more than 100 ways to be met; use fewer combinations of any.',
    ]);
  });
  it('are what a mapping, a list or another word would be', () => {
    const forms = 'must be none, { count, of }, { all: [...] } or { any: [...] }.';
    expect(change('nobody')).toEqual([`47 rules[1].require: ${forms}`]);
    expect(change('[]')[0]).toBe('47 rules[1].require: must be { count, of }, { all: [...] } or { any: [...] }.');
  });
});

describe('denials', () => {
  it('by more people than may decide can never be', () => {
    expect(mistakes(['denials: 2', 'denials: 5'])).toEqual([
      '53 rules[2].denials: can never be reached: it wants 5 people to deny, but only 4 may decide (Bo, Cy, Di, Ed).',
    ]);
    expect(mistakes(['denials: 2', 'denials: 4'])).toEqual([]);
  });
  it('by people of a directory may be, up to everybody', () => {
    expect(mistakes(['approve: dialog', 'denials: 5'])).toEqual([]);
    expect(mistakes(['approve: dialog', 'denials: 6'])).toEqual(
      [
        '56 rules[3].denials: can never be reached: it wants 6 people to deny, but only 5 may decide (Ana, Bo, Cy, Di, Ed).',
      ].map((one) => one.replace('56', '57')),
    );
  });
});

describe('conditions that never hold', () => {
  const when = (text: string): string[] =>
    mistakes(['when: { inputs: { service: [web] }, requesters: [developers] }', `when: { ${text} }`]);
  it.each([
    ['inputs: { name: [x] }', 'inputs.name: no runbook has an input "name"; allowed: service, lines.'],
    ['runbooks: [hello], inputs: { service: [web] }', 'inputs.service: hello has no input "service"; allowed: none.'],
    [
      'runbooks: [hello, status], inputs: { name: [x] }',
      'inputs.name: hello, status has no input "name"; allowed: service, lines.',
    ],
    ['inputs: { service: [web, db] }', 'inputs.service[1]: never holds: "db" is not allowed; allowed: api, web.'],
    ['inputs: { lines: ["5"] }', 'inputs.lines[0]: never holds: must be a number without quotes, not "5".'],
    ['inputs: { lines: [5, 10] }', 'inputs.lines[1]: never holds: must be from 1 to 9, not 10.'],
    ['inputs: { lines: [] }', 'inputs.lines: must name at least one value.'],
    ['inputs: { lines: [[5]] }', 'inputs.lines[0]: must be a text, a number, true or false.'],
    [
      'times: { from: "08:00", to: "08:00", zone: UTC }',
      'times.to: must differ from "from" ("08:00"): leave "times" out for the whole day, or name whole days as 00:00 to 24:00.',
    ],
    ['times: { from: "8:00", to: "24:00", zone: UTC }', 'times.from: must be a time such as 08:30.'],
    [
      'times: { from: "08:00", to: "09:00", zone: "+02:00" }',
      'times.zone: must be a time zone such as Europe/Berlin or UTC.',
    ],
    ['times: { days: [], from: "08:00", to: "09:00", zone: UTC }', 'times.days: must name at least one day.'],
    ['urgencies: [urgent]', 'urgencies[0]: must be "low" or "normal" or "high", not "urgent".'],
  ])('%s', (text, message) => {
    expect(when(text)).toContain(`55 rules[3].when.${message}`);
  });
  it.each([
    'runbooks: [hello, status], inputs: { service: [web] }',
    'inputs: { lines: [1, 9] }',
    'times: { from: "22:00", to: "06:00", zone: UTC }',
  ])('%s may hold', (text) => {
    expect(when(text)).toEqual([]);
  });
  it('nothing is said of inputs where runbooks or one of the inputs cannot be read', () => {
    const none = FULL.replace(/runbooks:\n(?: {2,}.*\n)*(?=link-by-email)/, 'runbooks: none\n');
    expect(problemsOf(none).filter((one) => one.includes('inputs'))).toEqual([]);
    const second = '    inputs: { service: { type: enum, values: [db, db] } }\n    checklist';
    expect(mistakes(['    checklist', second], ['service: [web]', 'service: [db]'])).toEqual([
      '35 runbooks.deploy.inputs.service.values[1]: is listed twice; write it once.',
    ]);
  });
  it('a value that one of several runbooks takes may hold', () => {
    const second = '    inputs: { service: { type: enum, values: [db] } }\n    checklist';
    expect(mistakes(['    checklist', second], ['service: [web]', 'service: [db]'])).toEqual([]);
  });
  it('nothing is said of inputs where the runbook is unknown or the input has a mistake', () => {
    expect(when('runbooks: [status, x], inputs: { name: [x] }')).toEqual([
      '55 rules[3].when.runbooks[1]: there is no runbook "x"; allowed: hello, status, deploy.',
    ]);
    expect(mistakes(['values: [api, web]', 'values: [api, api]'], ['service: [web]', 'service: [db]'])).toEqual([
      '28 runbooks.status.inputs.service.values[1]: is listed twice; write it once.',
    ]);
  });
});

describe('what has no effect', () => {
  it('a channel without Slack', () => {
    const message =
      'is never used, since the policy has no `slack`; write `slack: { channel: … }` for where everything else is asked, or remove this one.';
    expect(mistakes(['slack: { channel: C0ALL, quiet: [di], mirror: true }\n', ''])).toEqual([
      `49 rules[1].channel: ${message}`,
      `58 rules[3].channel: ${message}`,
    ]);
  });
  it('one click where every runbook of the rule has a checklist', () => {
    const rule = ['when: { tiers: [production] }', 'when: { runbooks: [deploy] }'] as [string, string];
    expect(mistakes(rule)).toEqual([
      '48 rules[1].approve: has no effect: deploy has a checklist, which only the dialog shows; write dialog, or remove the checklist.',
    ]);
    expect(mistakes([rule[0], 'when: { runbooks: [deploy, hello] }'])).toEqual([]);
    const both = mistakes(
      [rule[0], 'when: { runbooks: [deploy, hello] }'],
      ['risk: low', 'risk: low\n    checklist: [Look]'],
    );
    expect(both).toEqual([expect.stringContaining('approve: has no effect: deploy, hello has a checklist')]);
    expect(mistakes(rule, ['approve: one-click', 'approve: dialog'])).toEqual([]);
  });
  it('a rule that requires none where another applies to everything', () => {
    const always = ['    when: { tiers: [production] }\n', ''] as [string, string];
    expect(mistakes(always)).toEqual([
      '44 rules[0].require: has no effect: the rule "Somebody of SRE" on line 45 applies to everything and wants somebody; give that one a `when`, or remove this one.',
    ]);
    // By these it has one.
    for (const more of ['channel: C0ONE', 'approve: dialog', 'denials: 2']) {
      expect(mistakes(always, ['require: none', `require: none\n    ${more}`])).toEqual([]);
    }
    expect(mistakes(['require: { count: 1, of: sre }', 'require: none'], always)).toEqual([]);
  });
});

describe('reminders, escalation and after-review', () => {
  it('come before a request expires, or never', () => {
    const message = 'never comes: a request waits for at most 2h (expiry); allowed: anything shorter.';
    expect(mistakes(['after: 10m', 'after: 2h'], ['after: 30m', 'after: 3h'])).toEqual([
      `63 reminders.after: ${message}`,
      `64 escalation.after: ${message}`,
    ]);
    expect(mistakes(['after: 10m', 'after: 119m'])).toEqual([]);
  });
  it('an escalation asks somebody whom a rule counts', () => {
    expect(mistakes(['to: [oncall]', 'to: [ana]'], ['of: security', 'of: sre'])).toEqual([
      '64 escalation.to: would be asked to no avail: no rule counts Ana; allowed: groups and people whom a rule counts (sre, ed).',
    ]);
    // Who is in a group from a directory is not known here.
    expect(mistakes(['to: [oncall]', 'to: [ana]'])).toEqual([]);
    expect(mistakes(['to: [oncall]', 'to: [security]'])).toEqual([]);
    expect(mistakes(['to: [oncall]', 'to: [support]'], ['of: security', 'of: sre'])).toEqual([]);
  });
  it('an after-review can be signed by somebody else than who started', () => {
    expect(mistakes(['by: [sre]', 'by: [oncall]'])).toEqual([
      '70 break-glass.review.by: nobody could sign what Cy starts, since nobody signs their own; name somebody besides Cy.',
    ]);
    expect(mistakes(['by: [sre]', 'by: [di]'])).toEqual([]);
    expect(mistakes(['by: [sre]', 'by: [oncall, ana]'])).toEqual([]);
    expect(mistakes(['by: [sre]', 'by: [security]'])).toEqual([]);
  });
});

describe('a mistake of what is written there stands at its name, one of its value at the value', () => {
  const place = (piece: string, replacement: string): string[] => {
    const loaded = loadPolicy(FULL.replace(piece, replacement), { apiIsLoopback: false });
    return loaded.ok ? [] : loaded.problems.map(({ line, column, path }) => `${line}:${column} ${path}`);
  };
  it.each([
    ['    manual: true', '    manual: true\n    run: [x.sh]', '35:5 runbooks.deploy.run'],
    ['    manual: true', '    manual: true\n    env: [TOKEN]', '35:5 runbooks.deploy.env'],
    ['    manual: true\n', '', '32:3 runbooks.deploy'],
    ['inputs: { service: [web] }', 'inputs: { name: [x] }', '55:23 rules[3].when.inputs.name'],
    ['service: [web]', 'service: [db]', '55:33 rules[3].when.inputs.service[0]'],
    ['after: 10m', 'after: 3h', '63:21 reminders.after'],
    ['to: [oncall]', 'to: [eve]', '64:32 escalation.to[0]'],
  ])('%j as %j at %s', (piece, replacement, where) => {
    expect(place(piece, replacement)).toEqual([where]);
  });
});
