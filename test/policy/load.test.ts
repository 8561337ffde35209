/** What a policy may say, and how its mistakes are reported. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policyJsonSchema } from '../../scripts/policy-schema.ts';
import { formatProblems, loadPolicy } from '../../src/policy/load.ts';
import { FULL, policyOf, problemsOf, SAMPLE, sampleWith } from './sample.ts';

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('a policy with mistakes', () => {
  it('given many, when it is loaded, then all are named at once with line, column, place and what is allowed', async () => {
    const loaded = loadPolicy(file('golden/mistakes.yml'), { apiIsLoopback: false });
    const text = loaded.ok ? 'no problems' : formatProblems('mistakes.yml', loaded.problems);
    await expect(`${text}\n`).toMatchFileSnapshot('golden/mistakes.txt');
  });

  const lines: [given: string, piece: string, replacement: string, then: string][] = [
    [
      'two people with one GitHub id',
      'id: 102',
      'id: 101',
      '4 people.bo.github.id: The GitHub id 101 belongs to one human only, and ana has it on line 3.',
    ],
    [
      'two people with one login in other letters',
      'bo-dev',
      'ANA-dev',
      '4 people.bo.github.login: The GitHub login ana-dev belongs to one human only, and ana has it on line 3.',
    ],
    [
      'two people with one Slack user',
      'user: UBO',
      'user: UANA',
      '4 people.bo.slack.user: The Slack user T1/UANA belongs to one human only, and ana has it on line 3.',
    ],
    ['the same key twice', '  cy:', '  bo:', '5 : This key stands twice in the same mapping; remove one.'],
    [
      'an unknown member',
      '[ana, bo]',
      '[ana, ed]',
      '8 groups.developers.members[1]: there is no person "ed"; allowed: ana, bo, cy, di.',
    ],
    [
      'an unknown requester',
      'requesters: [developers]',
      'requesters: [devs]',
      '14 requesters[0]: there is no group or person "devs"; allowed: developers, sre, security, ana, bo, cy, di.',
    ],
    [
      'a group named like a person',
      '  security:',
      '  ana:',
      '10 groups.ana: "ana" is a person too; give the group another name.',
    ],
    [
      'a rule that wants more people than there are',
      'count: 2',
      'count: 4',
      '37 rules[0].require.count: can never be met: it wants 4 people, but sre has only 3 (Bo, Cy, Di).',
    ],
    [
      'a rule over an unknown tier',
      'require:',
      'when: { tiers: [prod] }\n    require:',
      '37 rules[0].when.tiers[0]: there is no tier of a target "prod"; allowed: staging, production.',
    ],
    [
      'the approval environment as a target, in any letters',
      'environment: production',
      'environment: DEBUG-approval',
      '13 targets.production.environment: must not be debug-approval: that environment holds the approval itself, not the command.',
    ],
    [
      'an unknown input in an argument',
      '{{ inputs.text }}',
      '{{ inputs.txt }}',
      '29 runbooks.search.run[2]: uses the unknown input txt; this runbook has text.',
    ],
    [
      'a templated command',
      '[grep,',
      '["{{ inputs.text }}",',
      '29 runbooks.search.run[0]: is the command and must be fixed; inputs may only stand in its arguments.',
    ],
    [
      "an input as a shell's code",
      '[grep, "--",',
      '[env, bash, -ec,',
      '29 runbooks.search.run[3]: would let an input become program code; hand the input over as an argument of its own after it.',
    ],
    [
      'a default of the wrong type',
      'default: 10',
      'default: 1000',
      '22 runbooks.status.inputs.lines.default: must be from 1 to 100, not 1000.',
    ],
    [
      'a longer window than the longest',
      'window: 10m',
      'window: 40m',
      "26 runbooks.status.window: is longer than the policy's window (30m), which is the longest.",
    ],
    [
      'a variable that lets a command sign',
      'STATUS_URL',
      'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      '27 runbooks.status.env[0]: may not be handed to a command: it could sign, or act, in the name of the debug job.',
    ],
    [
      'a count of zero',
      'count: 2',
      'count: 0',
      '37 rules[0].require.count: must be at least 1: nothing runs without an approval.',
    ],
  ];
  it.each(lines)('given %s, when it is loaded, then the line says so', (_, piece, replacement, then) => {
    const line = problemsOf(sampleWith(piece, replacement)).map((one) => one.replace(/^\d+/, (n) => n));
    expect(line.map((one) => one.replace(/^\d+ /, ''))).toContain(then.replace(/^\d+ /, ''));
  });

  it('given several unknown keys in one mapping, when it is loaded, then each is named', () => {
    const problems = problemsOf(sampleWith('{ name: Ana,', '{ nick: a, mail: b, name: Ana,'));
    expect(problems.map((one) => one.split(':')[0])).toEqual(['3 people.ana.nick', '3 people.ana.mail']);
  });

  it.each([
    'Bo <!channel>',
    '@bo',
    '[Bo](x)',
    'www.bo.dev',
    '`Bo`',
    '_Bo_',
    '- Bo',
    '1. Bo',
    'Bo  Bo',
    'Bo\u202e',
    '*Bo*',
    '',
  ])(
    'given the name %j, when it is loaded, then it is refused, since it could be active in Slack or Markdown',
    (name) => {
      expect(problemsOf(sampleWith('name: Bo,', `name: ${JSON.stringify(name)},`))).toHaveLength(1);
    },
  );
  it.each(['Bo', 'Bo-Cy Di', "O'Di", 'J. Bo', 'Zoë Ünal', 'Ana Jr.'])(
    'given the name %j, then it is accepted',
    (name) => {
      expect(problemsOf(sampleWith('name: Bo,', `name: ${JSON.stringify(name)},`))).toEqual([]);
    },
  );
});

describe('YAML itself', () => {
  it.each([
    ['a syntax error', 'a: [1\nb: 2\n', '2 : This is not valid YAML'],
    ['an alias', 'a: &x 1\nb: *x\n', '2 : Aliases (*name) are not read'],
    ['an unknown tag', 'a: !danger 1\n', '1 : This is not valid YAML: Unresolved tag'],
    ['two documents', 'a: 1\n---\nb: 1\n', '2 : This is not valid YAML'],
    ['a merge key', 'a: { <<: { b: 1 } }\n', '1 : << cannot be a key here'],
    ['a key that JavaScript reserves', 'people:\n  constructor: {}\n', '2 : constructor cannot be a key here'],
    ['a hundred thousand open brackets', '['.repeat(100_000), '1 : The policy is nested deeper than 500 levels'],
    [
      'requirements within requirements',
      `rules: [{ require: ${'{ all: ['.repeat(240)}${']}'.repeat(240)} }]`,
      '1 version: "version" is missing',
    ],
    ['nothing but empty lines', '\n'.repeat(199_999), ' : must be a mapping'],
    ['far too long a text', '#'.repeat(300_000), '1 : The policy has 300000 characters'],
    ['nothing at all', '', '1 : must be a mapping with the keys version,'],
  ])('given %s, when it is loaded, then it is refused with the line', (_, text, start) => {
    expect(problemsOf(text)[0]).toContain(start);
  });
});

describe('signers', () => {
  const issuer = (url: string) => sampleWith('signers: { ', `signers: { issuer: "${url}", `);
  it.each([
    'http://127.0.0.1:9000',
    'https://localhost',
    'http://127.1',
    'http://[::1]:80',
    'http://2130706433',
    'https://x.localhost.',
  ])('given the loopback issuer %s, then it is accepted only while the API is on loopback too', (url) => {
    expect(problemsOf(issuer(url), true)).toEqual([]);
    expect(problemsOf(issuer(url), false)[0]).toContain('is an address of the machine itself');
  });
  it.each([
    'http://issuer.example.com',
    'https://u:p@issuer.example.com',
    'https://issuer.example.com?x=1',
    'nonsense',
    'ftp://127.0.0.1',
  ])('given the issuer %s, then it is refused even on loopback', (url) => {
    expect(problemsOf(issuer(url), true)).toHaveLength(1);
  });
});

describe('a sound policy', () => {
  it('given nothing said, then nothing is open: not public, no admin bypass', () => {
    const policy = policyOf(SAMPLE);
    expect([policy.public, policy.adminBypass]).toEqual([false, 'forbid']);
  });
  it('given durations, then they are seconds', () => {
    const policy = policyOf(sampleWith('expiry: 2h', 'expiry: 1h30m'));
    expect([policy.expirySeconds, policy.windowSeconds, policy.runbooks['status']?.windowSeconds]).toEqual([
      5400, 1800, 600,
    ]);
  });
  it("given a name of JavaScript's own, then nothing is found under it", () => {
    expect(policyOf(SAMPLE).runbooks['constructor']).toBeUndefined();
  });
  it("given this repository's own policy, then it is sound", () => {
    expect(problemsOf(file('../../.github/debug-approval.yml'))).toEqual([]);
  });
});

describe('the published JSON Schema', () => {
  const published = file('../../schema/debug-approval.schema.json');
  it('is current: node scripts/policy-schema.ts writes it', () => {
    expect(published).toBe(policyJsonSchema());
  });
  const validate = new Ajv({ strict: false }).compile(JSON.parse(published));
  it.each([
    ['the sample', SAMPLE],
    ['a policy that says all that a policy can say', FULL],
  ])('accepts %s, and refuses it with an unknown key', (_, text) => {
    expect(validate(parse(text))).toBe(true);
    expect(validate({ ...parse(text), publik: true })).toBe(false);
  });
  it.each([
    ['a group of neither form', '{ members: [cy] }', '{ people: [cy] }'],
    ['a group of two forms', '{ members: [cy] }', '{ members: [cy], github-team: acme/sre }'],
    ['a team without its organization', 'acme/security', 'security'],
    ['a requirement in another word', 'require: none', 'require: nobody'],
    ['a time without its zeros', 'from: "22:00"', 'from: "8:00"'],
    ['an empty list', 'quiet: [di]', 'quiet: []'],
    ['a runbook that is manual in another word', 'manual: true', 'manual: yes'],
    ['a value of an input that is a list', 'service: [web] }', 'service: [[web]] }'],
  ])('refuses %s, as the parser does', (_, piece, replacement) => {
    expect(FULL).toContain(piece);
    const text = FULL.replace(piece, replacement);
    expect(validate(parse(text))).toBe(false);
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });
});
