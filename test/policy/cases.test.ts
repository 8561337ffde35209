/** A team's own cases hold its policy to what it expects. */
import { describe, expect, it } from 'vitest';
import { loadCases, policyNamedBy, runCases } from '../../src/policy/cases.ts';
import { formatProblems } from '../../src/policy/load.ts';
import { FULL, policyOf, SAMPLE } from './sample.ts';

const policy = policyOf(FULL);

/** What differs in one case, written as flow YAML without its name. */
function differences(text: string, of = policy): string[] {
  const loaded = loadCases(`cases:\n  - { name: Case, ${text} }\n`, of);
  if (!loaded.ok) throw new Error(formatProblems('cases.yml', loaded.problems));
  const [result] = runCases(of, loaded.cases);
  if (result === undefined) throw new Error('No case was tried.');
  expect(result.name).toBe('Case');
  return result.differences;
}

const DAY = 'at: "2026-07-01T12:00:00Z"';
const NIGHT = 'at: "2026-07-04T01:00:00+02:00"';
const STATUS = 'runbook: status, target: production, as: ana';
const API = `${STATUS}, inputs: { service: api }`;

describe('a case that the policy meets', () => {
  const met: [what: string, text: string][] = [
    ['may ask', `${STATUS}, ${DAY}, expect: {}`],
    ['may not ask', `runbook: status, target: production, as: di, ${DAY}, expect: { may-request: false }`],
    [
      'pre-approved',
      `runbook: hello, target: staging, as: ana, ${DAY}, expect: { status: met, eligible: [], pinged: [], mode: one-click }`,
    ],
    [
      'waiting',
      `${API}, ${DAY}, expect: { status: waiting, mode: one-click, eligible: [di, cy, bo], denials: 1, pinged: [bo] }`,
    ],
    ['met', `${API}, ${DAY}, approved-by: [bo], expect: { status: met }`],
    [
      'an own approval',
      `runbook: status, target: production, as: bo, inputs: { service: api }, ${DAY}, approved-by: [bo], expect: { status: waiting }`,
    ],
    ['at night', `${API}, ${NIGHT}, approved-by: [bo], expect: { status: waiting, eligible: [bo, cy, di, ed] }`],
    ['at night but urgent', `${API}, ${NIGHT}, urgency: high, approved-by: [bo], expect: { status: met }`],
    [
      'an input',
      `${STATUS}, ${DAY}, inputs: { service: web }, members: { security: [ed] }, approved-by: [bo], expect: { status: waiting, mode: dialog, eligible: [bo, cy, di, ed] }`,
    ],
    ['nobody in the directory', `${STATUS}, ${DAY}, inputs: { service: web }, expect: { status: blocked }`],
    ['denied', `${API}, ${DAY}, approved-by: [bo], denied-by: [di], expect: { status: denied }`],
    ['a denial that does not count', `${API}, ${DAY}, approved-by: [bo], denied-by: [ed], expect: { status: met }`],
    [
      'members who may ask',
      `runbook: hello, target: staging, as: cy, members: { support: [cy] }, ${DAY}, expect: { may-request: true }`,
    ],
    ['in the channel of a rule', `${API}, ${DAY}, expect: { channel: C0SRE }`],
    ['in the channel of all else', `${API.replace('production', 'staging')}, ${NIGHT}, expect: { channel: C0ALL }`],
    ['break-glass', `${API}, ${DAY}, break-glass: true, expect: { status: met }`],
    ['break-glass denied', `${API}, ${DAY}, break-glass: true, denied-by: [bo], expect: { status: denied }`],
    [
      'break-glass of others',
      `runbook: status, target: production, as: bo, ${DAY}, break-glass: true, expect: { may-request: false, status: blocked }`,
    ],
  ];
  it.each(met)('%s has no differences', (_, text) => {
    expect(differences(text)).toEqual([]);
  });
  it('counts a denial against the own approval', () => {
    const one = policyOf(SAMPLE.replace('{ count: 2, of: sre }', '{ count: 1, of: sre }\n    denials: 2'));
    const both = 'runbook: search, target: production, as: cy, approved-by: [bo], denied-by: [bo]';
    expect(differences(`${both}, expect: { status: waiting, denials: 2 }`, one)).toEqual([]);
    expect(differences(`${both.replace('d-by: [bo]', 'd-by: [di]')}, expect: { status: met }`, one)).toEqual([]);
  });
  it('waits for nobody who denied', () => {
    const two = policyOf(SAMPLE.replace('{ count: 2, of: sre }', '{ count: 2, of: [bo, di] }\n    denials: 2'));
    const ask = 'runbook: search, target: production, as: cy, denied-by: [bo]';
    expect(differences(`${ask}, expect: { status: blocked }`, two)).toEqual([]);
  });
  it('where there is no Slack is asked in no channel', () => {
    const ask = 'runbook: search, target: production, as: cy';
    expect(differences(`${ask}, expect: { channel: none }`, policyOf(SAMPLE))).toEqual([]);
    expect(differences(`${ask}, expect: { channel: C1 }`, policyOf(SAMPLE))).toEqual([
      'channel: expected C1, but it is none.',
    ]);
  });
  it('needs a time only where a rule turns on it', () => {
    expect(differences(`${API}, urgency: high, expect: { status: waiting }`)).toEqual([]);
    expect(differences(`${API}, expect: { status: waiting }`)).toEqual([
      'at: is missing, and the rule "Two at night" looks at the time; say when it is asked.',
    ]);
    for (const wanted of [
      'channel: C0SRE',
      'mode: one-click',
      'eligible: [bo, cy, di]',
      'denials: 1',
      'pinged: [bo]',
    ]) {
      expect(differences(`${API}, expect: { ${wanted} }`)).toHaveLength(1);
    }
    expect(differences(`${STATUS}, expect: { may-request: true }`)).toEqual([]);
    expect(differences(`${API}, break-glass: true, expect: { status: met }`)).toEqual([]);
    expect(differences(`${API}, break-glass: true, denied-by: [bo], expect: { status: denied }`)).toHaveLength(1);
  });
});

describe('a case that leaves an input out', () => {
  const missing =
    'inputs.service: is missing, and the rule "Security sees the web service" looks at it; say what it is.';
  it('says nothing of approval where a rule looks at it: whoever asks must give one', () => {
    expect(differences(`${STATUS}, ${DAY}, approved-by: [bo], expect: { status: met }`)).toEqual([missing]);
    for (const wanted of [
      'channel: C0SRE',
      'mode: one-click',
      'eligible: [bo, cy, di]',
      'denials: 1',
      'pinged: [bo]',
    ]) {
      expect(differences(`${STATUS}, ${DAY}, expect: { ${wanted} }`)).toEqual([missing]);
    }
    expect(differences(`${STATUS}, expect: { status: met }`)).toHaveLength(2);
  });
  it('says who may ask and who may break the glass all the same', () => {
    expect(differences(`${STATUS}, expect: { may-request: true }`)).toEqual([]);
    expect(differences(`${STATUS}, break-glass: true, expect: { status: met }`)).toEqual([]);
  });
});

describe('a case that the policy does not meet', () => {
  const missed: [text: string, difference: string, of?: string][] = [
    [
      `runbook: status, target: production, as: di, ${DAY}, expect: {}`,
      'may-request: expected true, but it is false: Di may not request status: the policy lets only developers, support, ed do so (Ana, Bo, Ed).',
    ],
    [`${STATUS}, ${DAY}, expect: { may-request: false }`, 'may-request: expected false, but it is true: ana may.'],
    [
      `runbook: status, target: production, as: bo, ${DAY}, break-glass: true, expect: {}`,
      'may-request: expected true, but it is false: Bo may not break the glass: the policy lets only oncall, ana do so (Ana, Cy).',
    ],
    [
      `${API}, ${DAY}, expect: { status: met }`,
      'status: expected met, but it is waiting: 1 of sre: nobody approved yet; 1 more of Bo, Cy, Di.',
    ],
    [
      `${API}, ${DAY}, denied-by: [bo, di], expect: { status: met }`,
      'status: expected met, but it is denied: bo, di denied it.',
    ],
    [
      `${API}, ${DAY}, break-glass: true, expect: { status: waiting }`,
      'status: expected waiting, but it is met: a break-glass needs nobody beforehand.',
    ],
    [
      `runbook: hello, target: staging, as: ana, ${DAY}, break-glass: true, expect: { status: met, may-request: false }`,
      'status: expected met, but it is blocked: The policy has no break-glass for the runbook "hello"; allowed: status.',
    ],
    [`${API}, ${DAY}, expect: { mode: dialog }`, 'mode: expected dialog, but it is one-click.'],
    [`${API}, ${DAY}, expect: { channel: C0SEC }`, 'channel: expected C0SEC, but it is C0SRE.'],
    [`${API}, ${DAY}, expect: { channel: none }`, 'channel: expected none, but it is C0SRE.'],
    [`${API}, ${DAY}, expect: { denials: 2 }`, 'denials: expected 2, but it is 1.'],
    [
      `${API}, ${DAY}, expect: { eligible: [bo, ed] }`,
      'eligible: expected bo, ed, but it is bo, cy, di (missing: ed; not expected: cy, di).',
    ],
    [
      `${API}, ${DAY}, expect: { eligible: [bo, cy, di, ed] }`,
      'eligible: expected bo, cy, di, ed, but it is bo, cy, di (missing: ed).',
    ],
    [`${API}, ${DAY}, expect: { pinged: [] }`, 'pinged: expected nobody, but it is bo (not expected: bo).'],
    [
      `runbook: hello, target: staging, as: ana, ${DAY}, expect: { pinged: [bo] }`,
      'pinged: expected bo, but it is nobody (missing: bo).',
    ],
    [
      'runbook: hallo, target: staging, as: ana, expect: {}',
      'The policy has no runbook "hallo"; allowed: hello, status, deploy.',
    ],
    [
      'runbook: search, target: production, as: cy, expect: { status: waiting }, inputs: { text: "\\u200b" }',
      'text: must be one line without control or invisible characters.',
      SAMPLE,
    ],
    [
      'runbook: status, target: production, as: ana, expect: {}, inputs: { service: web, name: --delete }',
      'name: must not begin with "-": the command would take "--delete" for an option.',
      SAMPLE,
    ],
    [`${STATUS}, inputs: { lines: 10 }, expect: {}`, 'lines: must be from 1 to 9, not 10.'],
  ];
  it.each(missed)('%s: the difference says what it is and why', (text, difference, of = FULL) => {
    expect(differences(text, policyOf(of))).toEqual([difference]);
  });
  it('has all its differences named, and the others are tried all the same', () => {
    const text = `cases:\n- { name: One, ${API}, ${DAY}, expect: { mode: dialog, denials: 2 } }\n- { name: Two, ${STATUS}, ${DAY}, expect: {} }\n`;
    const loaded = loadCases(text, policy);
    expect(loaded.ok && runCases(policy, loaded.cases)).toEqual([
      {
        name: 'One',
        differences: ['mode: expected dialog, but it is one-click.', 'denials: expected 2, but it is 1.'],
      },
      { name: 'Two', differences: [] },
    ]);
  });
});

describe('a file of cases with mistakes', () => {
  const problems = (text: string) => {
    const loaded = loadCases(text, policy);
    return loaded.ok ? [] : formatProblems('cases.yml', loaded.problems).split('\n');
  };
  it('has them all named at once, with line, column and what is allowed', () => {
    const text = `polisy: x
cases:
- name: One
  runbook: status
  target: production
  as: ana
  at: tomorrow
  approved-by: [bo, bo]
  expect: { status: approved, denials: 0 }
- { name: Two, runbok: status, target: production, as: ana, urgency: urgent }
`;
    expect(problems(text)).toEqual([
      'cases.yml:1:1: polisy: there is no such key here; allowed: policy, members, cases.',
      'cases.yml:7:7: cases[0].at: must be a time such as 2026-01-31T12:00:00Z.',
      'cases.yml:8:21: cases[0].approved-by[1]: is listed twice; write it once.',
      'cases.yml:9:21: cases[0].expect.status: must be "met" or "waiting" or "blocked" or "denied", not "approved".',
      'cases.yml:9:40: cases[0].expect.denials: must be at least 1.',
      'cases.yml:10:3: cases[1].runbook: "runbook" is missing; write it here.',
      'cases.yml:10:3: cases[1].expect: "expect" is missing; write it here.',
      'cases.yml:10:16: cases[1].runbok: there is no such key here; allowed: name, runbook, target, as, inputs, urgency, at, break-glass, members, approved-by, denied-by, expect.',
      'cases.yml:10:70: cases[1].urgency: must be "low" or "normal" or "high", not "urgent".',
    ]);
  });
  it('names people and groups that the policy does not have', () => {
    const text = `members: { oncall: [], security: [bo, eve] }\ncases:\n- { name: One, ${STATUS}, members: { sre: [bo], support: [eve] }, approved-by: [eve], denied-by: [bo, eve], expect: { eligible: [eve], pinged: [eve] } }\n`;
    const eve = 'there is no person "eve"; allowed: ana, bo, cy, di, ed.';
    expect(problems(text).map((one) => one.replace(/^cases.yml:[13]:\d+: /, ''))).toEqual([
      'members.oncall: there is no group from a directory "oncall"; allowed: security, support.',
      `members.security[1]: ${eve}`,
      'cases[0].members.sre: there is no group from a directory "sre"; allowed: security, support.',
      `cases[0].members.support[0]: ${eve}`,
      `cases[0].approved-by[0]: ${eve}`,
      `cases[0].denied-by[1]: ${eve}`,
      `cases[0].expect.eligible[0]: ${eve}`,
      `cases[0].expect.pinged[0]: ${eve}`,
    ]);
  });
  it.each([
    ['no YAML', '- [', 'This is not valid YAML'],
    ['the same key twice', `cases: [{ name: One, name: Two, ${STATUS}, expect: {} }]`, 'This key stands twice'],
    ['a text', 'cases', 'must be a mapping with the keys policy, members, cases.'],
    ['a list', '[]', 'must be a mapping with the keys policy, members, cases.'],
    [
      'inputs that are a list',
      `cases: [{ name: One, ${STATUS}, inputs: [], expect: {} }]`,
      'cases[0].inputs: must be a mapping such as { service: api }.',
    ],
    ['no case', 'cases: []', 'must hold at least one case.'],
    ['an empty path', 'policy: " "\ncases: []', 'policy: must not be empty.'],
    [
      'a time that there is not',
      `cases: [{ name: One, ${STATUS}, at: "2026-13-01T00:00:00Z", expect: {} }]`,
      'must be a time that there is.',
    ],
  ])('given %s, then it is refused', (_, text, message) => {
    expect(problems(text)[0]).toContain(message);
  });
});

describe('a file of cases', () => {
  it('may name whom it has in groups from a directory for all cases, and each case its own instead', () => {
    const text = `members: { security: [ed], support: [di] }
cases:
- { name: One, ${STATUS}, ${DAY}, inputs: { service: web }, expect: { eligible: [bo, cy, di, ed] } }
- { name: Two, ${STATUS}, ${DAY}, inputs: { service: web }, members: { security: [] }, expect: { status: blocked } }
- { name: Three, runbook: hello, target: staging, as: di, ${DAY}, expect: {} }
`;
    const loaded = loadCases(text, policy);
    expect(loaded.ok && runCases(policy, loaded.cases).flatMap((one) => one.differences)).toEqual([]);
  });
  it.each([
    ['policy: ../policy.yml\ncases: []', '../policy.yml'],
    ['cases: []', null],
    ['policy: [1]', null],
    ['[policy]', null],
    ['- [', null],
    ['', null],
  ])('%j names the policy %j', (text, path) => {
    expect(policyNamedBy(text)).toBe(path);
  });
});
