/** A person is added to a policy's text, and nothing else in it changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addPerson, type NewPerson } from '../../src/policy/add-person.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { FULL, SAMPLE } from './sample.ts';

const ED: NewPerson = {
  key: 'ed',
  person: { name: 'Ed', github: { id: 105, login: 'ed-dev' }, slack: { team: 'T1', user: 'UED' } },
  groups: [],
};

function edited(text: string, change: Partial<NewPerson> = {}): string {
  const result = addPerson(text, { ...ED, ...change });
  if (result.kind !== 'added') throw new Error(JSON.stringify(result));
  return result.text;
}

/** The lines that the edit takes and gives, as a diff shows them. */
function diff(text: string, change: Partial<NewPerson> = {}): string[] {
  const result = addPerson(text, { ...ED, ...change });
  if (result.kind !== 'added') throw new Error(JSON.stringify(result));
  return result.changes.flatMap(({ line, removed, added }) => [
    `@@ ${line}`,
    ...removed.map((one) => `-${one}`),
    ...added.map((one) => `+${one}`),
  ]);
}

describe('the policy of this repository', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.github/debug-approval.yml'), 'utf8');

  test('gains one line for the person and the name in each group', () => {
    expect(diff(text, { groups: ['sre', 'security'] })).toEqual([
      '@@ 11',
      '+  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }',
      '@@ 15',
      '-  sre: { members: [bo, cy] }',
      '+  sre: { members: [bo, cy, ed] }',
      '@@ 16',
      '-  security: { members: [di] }',
      '+  security: { members: [di, ed] }',
    ]);
  });

  test('keeps every other line, and holds', () => {
    const after = edited(text, { groups: ['sre'] });
    const kept = after.split('\n').filter((line) => !line.includes('ed: {') && !line.includes('sre: { members'));
    expect(kept).toEqual(text.split('\n').filter((line) => !line.includes('sre: { members')));
    expect(loadPolicy(after, { apiIsLoopback: false }).ok).toBe(true);
  });
});

test('the changes stand in the order of the text, wherever people and groups are', () => {
  const text = 'groups:\n  sre: { members: [ana] }\npeople:\n  ana: { name: Ana }\n';
  expect(diff(text, { groups: ['sre'] })).toEqual([
    '@@ 2',
    '-  sre: { members: [ana] }',
    '+  sre: { members: [ana, ed] }',
    '@@ 4',
    '+  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }',
  ]);
});

test('a person who decides on GitHub only has no Slack account', () => {
  const { name, github } = ED.person;
  expect(diff(SAMPLE, { person: { name, github } })[1]).toBe('+  ed: { name: Ed, github: { id: 105, login: ed-dev } }');
});

test.each([
  [
    'entries in blocks, with comments before, beside and after them',
    `# top
people: # who
    ana:   # the first
        name: "Ana"
        github:
            id:    101
            login: 'ana-dev' # since 2026

    # nobody else
groups:
  sre:
    # on call
    members:
    - ana # leads
    # the end
`,
    `# top
people: # who
    ana:   # the first
        name: "Ana"
        github:
            id:    101
            login: 'ana-dev' # since 2026
    ed:
        name: Ed
        github:
            id: 105
            login: ed-dev
        slack:
            team: T1
            user: UED

    # nobody else
groups:
  sre:
    # on call
    members:
    - ana # leads
    - ed
    # the end
`,
  ],
  [
    'entries in blocks whose accounts stand in one line',
    'people:\n  ana:\n    name: Ana\n    github: { id: 101, login: a }\ngroups:\n  sre:\n    members:\n      - ana\n',
    'people:\n  ana:\n    name: Ana\n    github: { id: 101, login: a }\n  ed:\n    name: Ed\n    github: { id: 105, login: ed-dev }\n    slack: { team: T1, user: UED }\ngroups:\n  sre:\n    members:\n      - ana\n      - ed\n',
  ],
  [
    'brackets over several lines, with and without a comma at the end',
    'people: {\n  ana: {name: Ana, github: {id: 1, login: a}} # Ana\n  }\ngroups: { sre: { members: [\n  ana, # leads\n  ] } }\n',
    'people: {\n  ana: {name: Ana, github: {id: 1, login: a}}, # Ana\n  ed: {name: Ed, github: {id: 105, login: ed-dev}, slack: {team: T1, user: UED}}\n  }\ngroups: { sre: { members: [\n  ana, # leads\n  ed,\n  ] } }\n',
  ],
  [
    'everything in one line without a line break',
    '{people: {ana: {name: Ana}}, groups: {sre: {members: ["ana"]}}}',
    '{people: {ana: {name: Ana}, ed: {name: Ed, github: {id: 105, login: ed-dev}, slack: {team: T1, user: UED}}}, groups: {sre: {members: ["ana", ed]}}}',
  ],
  [
    'line ends of Windows',
    'people:\r\n  ana: { name: Ana }\r\ngroups:\r\n  sre:\r\n    members:\r\n      - ana\r\n',
    'people:\r\n  ana: { name: Ana }\r\n  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }\r\ngroups:\r\n  sre:\r\n    members:\r\n      - ana\r\n      - ed\r\n',
  ],
  [
    'groups before people, and no line break at the end',
    'groups:\n  sre:\n    members:\n      -   ana\npeople:\n  ana: { name: Ana }',
    'groups:\n  sre:\n    members:\n      -   ana\n      -   ed\npeople:\n  ana: { name: Ana }\n  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }',
  ],
  [
    'brackets over several lines with nothing after them',
    'people: {\n  ana: {name: Ana}\n  }\ngroups: { sre: { members: [\n  ana\n  ] } }\n',
    'people: {\n  ana: {name: Ana},\n  ed: {name: Ed, github: {id: 105, login: ed-dev}, slack: {team: T1, user: UED}}\n  }\ngroups: { sre: { members: [\n  ana,\n  ed\n  ] } }\n',
  ],
  [
    'a person of whom nothing is said yet',
    'people:\n  ana:\ngroups: { sre: { members: [ana] } }\n',
    'people:\n  ana:\n  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }\ngroups: { sre: { members: [ana, ed] } }\n',
  ],
  [
    'a policy without people yet',
    'people: {}\ngroups: { sre: { members: [] } }\n',
    'people: { ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } } }\ngroups: { sre: { members: [ed] } }\n',
  ],
])('the layout stays: %s', (_, before, after) => {
  expect(edited(before, { groups: ['sre'] })).toBe(after);
});

test('a login or key that YAML would read as something else is quoted', () => {
  const person = { name: 'Ed', github: { id: 105, login: '0x10' } };
  expect(diff(SAMPLE, { key: 'null', person })[1]).toBe('+  "null": { name: Ed, github: { id: 105, login: "0x10" } }');
  expect(diff(SAMPLE, { groups: ['sre'], key: 'true' })).toContain('+  sre: { members: [bo, cy, di, "true"] }');
});

describe('refused, with nothing edited:', () => {
  const ONE_ENTRY = 'One human has one entry: change that of bo by hand where it is wrong.';
  test.each([
    [
      'the same GitHub account under another login',
      { person: { name: 'Ed', github: { id: 102, login: 'bo-now' } } },
      'The person is there already: Bo (bo) has the GitHub account bo-now (id 102).',
      ONE_ENTRY,
    ],
    [
      'the same Slack account',
      { person: { ...ED.person, slack: { team: 'T1', user: 'UBO' } } },
      'The person is there already: Bo (bo) has the Slack account UBO of T1.',
      ONE_ENTRY,
    ],
    [
      'a key that is taken',
      { key: 'cy' },
      'The policy has another person with the key "cy".',
      'Give another with --key.',
    ],
    [
      'a key that a group has',
      { key: 'sre' },
      'The policy has another group with the key "sre".',
      'Give another with --key.',
    ],
    [
      'a group that there is not',
      { groups: ['sre', 'ops'] },
      'The policy has no group "ops"; it has: developers, sre, security.',
      'Name one of these, or write the group first.',
    ],
  ])('%s', (_, change, why, remedy) => {
    expect(addPerson(SAMPLE, { ...ED, ...change })).toEqual({ kind: 'refused', why, remedy });
  });

  test('somebody who is there without a name, by the key', () => {
    expect(addPerson('people: { bo: { github: { id: 105, login: bo } } }\n', ED)).toEqual({
      kind: 'refused',
      why: 'The person is there already: bo has the GitHub account ed-dev (id 105).',
      remedy: ONE_ENTRY,
    });
  });

  test('a group where the policy has none', () => {
    expect(addPerson('people: { ana: { name: Ana } }\n', { ...ED, groups: ['sre'] })).toEqual({
      kind: 'refused',
      why: 'The policy has no group "sre"; it has: none.',
      remedy: 'Name one of these, or write the group first.',
    });
  });

  test.each([
    ['support', 'the Slack user group S012AB3CD'],
    ['security', 'the GitHub team acme/security'],
  ])('%s, whose members a directory has: with where to add them', (group, directory) => {
    const text = FULL.replace(/^ {2}ed: .*\n/m, '').replaceAll(/, ed\b/g, '');
    expect(addPerson(text, { ...ED, groups: ['sre', group] })).toEqual({
      kind: 'refused',
      why: `Who is in ${group} does not stand in the policy: it is ${directory}.`,
      remedy: `Add the person without --group ${group}, and add them to ${directory}.`,
    });
    expect(addPerson(text, { ...ED, groups: ['sre'] }).kind).toBe('added');
  });

  test('a file without people', () => {
    expect(addPerson('version: 1\n', ED)).toEqual({
      kind: 'refused',
      why: 'The policy has no people to add to.',
      remedy: 'Write the line `people: {}` first.',
    });
  });

  test('what is no YAML, with its places', () => {
    expect(addPerson('people: [\n', ED)).toMatchObject({ kind: 'problems', problems: [{ line: 2 }] });
  });

  const { name, github } = ED.person;
  test.each<[layout: string, text: string, change: Partial<NewPerson>, byHand: string]>([
    [
      'people with marks for keys',
      'people:\n  ? ana\n  : name: Ana\n',
      {},
      'ed: { name: "Ed", github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }.',
    ],
    [
      'a group that is no list',
      'people: {}\ngroups: { sre: { members: ana }, ops: { members: [] } }\n',
      { person: { name, github }, groups: ['ops', 'sre'] },
      'ed: { name: "Ed", github: { id: 105, login: ed-dev } }, and ed to the members of ops, sre.',
    ],
  ])('%s, which cannot be edited without risk: with what to write by hand', (_, text, change, byHand) => {
    expect(addPerson(text, { ...ED, ...change })).toEqual({
      kind: 'refused',
      why: 'The policy is laid out in a way that is not edited here without risk to what else it says.',
      remedy: `Add by hand under people: ${byHand}`,
    });
  });
});

test('whatever comments and blank lines stand in it, taking the new lines out gives the old text', () => {
  const noise = fc.constantFrom('', '# note', '  # note', '    # note', '\t');
  const lines = SAMPLE.split('\n');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(lines.length), noise), { maxLength: 8 }), (additions) => {
      const noisy = [...lines];
      for (const [at, line] of additions) noisy.splice(at, 0, line);
      const result = addPerson(noisy.join('\n'), ED);
      if (result.kind !== 'added') return result.kind === 'problems';
      const mine = '  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }';
      const without = result.text.split('\n').filter((line) => line !== mine);
      return without.join('\n') === noisy.join('\n');
    }),
    { numRuns: 200 },
  );
});
