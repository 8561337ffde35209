/** Who may ask, who may break the glass, and what the words of a request must be. */
import { describe, expect, it } from 'vitest';
import { directoryGroups } from '../../src/policy/group-source.ts';
import { mayBreakGlass, mayRequest, requestersOf, wordsProblems } from '../../src/policy/requesters.ts';
import type { Policy } from '../../src/policy/schema.ts';
import { FULL, policyOf, SAMPLE } from './sample.ts';

const policy = policyOf(FULL);
const plain = policyOf(SAMPLE);

describe('who may ask', () => {
  it.each([
    ['ana', 'status', 'staging'],
    ['bo', 'status', 'production'],
    ['ed', 'status', 'production'],
    ['ana', 'deploy', 'production'],
  ])('%s may ask for %s on %s', (person, runbook, target) => {
    expect(mayRequest(policy, person, runbook, target)).toEqual({ ok: true });
  });
  const refused: [person: string, runbook: string, target: string, message: string][] = [
    [
      'di',
      'status',
      'staging',
      'Di may not request status: the policy lets only developers, support, ed do so (Ana, Bo, Ed).',
    ],
    ['bo', 'deploy', 'production', 'Bo may not request deploy: the policy lets only ana, cy do so (Ana, Cy).'],
    [
      'cy',
      'deploy',
      'production',
      'Cy may not request anything on production: the policy lets only developers, ed do so (Ana, Bo, Ed).',
    ],
    [
      'nobody',
      'status',
      'staging',
      'nobody may not request status: the policy lets only developers, support, ed do so (Ana, Bo, Ed).',
    ],
    [
      'developers',
      'status',
      'staging',
      'developers may not request status: the policy lets only developers, support, ed do so (Ana, Bo, Ed).',
    ],
  ];
  it.each(refused)('%s may not ask for %s on %s', (person, runbook, target, message) => {
    const remedy = 'Let one of them ask, or change `requesters` in the policy.';
    expect(mayRequest(policy, person, runbook, target)).toEqual({ ok: false, message, remedy });
  });
  it('nobody may ask for a runbook or on a target that there is not', () => {
    expect(mayRequest(policy, 'ana', 'constructor', 'staging')).toEqual({
      ok: false,
      message: 'The policy has no runbook "constructor".',
      remedy: 'Ask for a runbook that the policy has.',
    });
    expect(mayRequest(policy, 'ana', 'status', 'constructor')).toEqual({
      ok: false,
      message: 'The policy has no target "constructor".',
      remedy: 'Ask for a target that the policy has.',
    });
  });
  it('a group without anybody lets nobody ask', () => {
    const empty: Policy = { ...policy, requesters: ['support'] };
    expect(mayRequest(empty, 'ana', 'status', 'staging')).toMatchObject({
      message: 'Ana may not request status: the policy lets only support do so (nobody).',
    });
  });
  it('all of them are found, in the order of the policy', () => {
    expect(requestersOf(policy, 'deploy', 'production')).toEqual(['ana']);
    expect(requestersOf(policy, 'status', 'production')).toEqual(['ana', 'bo', 'ed']);
    expect(requestersOf(policy, 'status', 'moon')).toEqual([]);
  });
});

describe('who may break the glass', () => {
  const remedy = 'Ask without break-glass, or change `break-glass` in the policy.';
  it('whom the policy names, by name or by group, for what it names', () => {
    expect(mayBreakGlass(policy, 'ana', 'status', 'production')).toEqual({ ok: true });
    expect(mayBreakGlass(policy, 'cy', 'status', 'production')).toEqual({ ok: true });
  });
  it.each([
    ['bo', 'status', 'production', 'Bo may not break the glass: the policy lets only oncall, ana do so (Ana, Cy).'],
    ['ana', 'hello', 'production', 'The policy has no break-glass for the runbook "hello"; allowed: status.'],
    ['ana', 'status', 'staging', 'The policy has no break-glass for the target "staging"; allowed: production.'],
  ])('%s may not for %s on %s', (person, runbook, target, message) => {
    expect(mayBreakGlass(policy, person, runbook, target)).toEqual({ ok: false, message, remedy });
  });
  it('anything everywhere, where the policy names neither runbooks nor targets', () => {
    const { breakGlass } = policy;
    if (breakGlass === null) throw new Error('The policy has no break-glass.');
    const wide: Policy = { ...policy, breakGlass: { ...breakGlass, runbooks: null, targets: null } };
    expect(mayBreakGlass(wide, 'ana', 'hello', 'staging')).toEqual({ ok: true });
    expect(mayBreakGlass(wide, 'ed', 'hello', 'staging').ok).toBe(false);
  });
  it('nobody, where the policy does not speak of it', () => {
    expect(mayBreakGlass(plain, 'ana', 'status', 'production')).toEqual({
      ok: false,
      message: 'The policy has no `break-glass`: nobody may start without approval.',
      remedy,
    });
  });
});

describe('a reason', () => {
  const problems = (reason: string, breakGlass = false, of: Policy = policy) =>
    wordsProblems(of, { reason, ticket: '', breakGlass });
  const short = (least: number, whose = 'The reason') =>
    `${whose} must have at least ${least} characters: say what is wrong and what you want to find out.`;
  const wordless =
    'The reason must hold at least one word of two letters: say what is wrong and what you want to find out.';
  it.each(['.', '...', '!!!!!!!!!!', 'a 1 b 2', '12345', '🙂🙂', '- - x'])(
    '%j is refused: it holds no word',
    (reason) => {
      expect(problems(reason, false, plain)).toEqual([wordless]);
    },
  );
  it.each(['ok', 'Zoë', '修复', 'ok.', 'n\u0303o', '1 is up', 'हिन्दी'])('%j holds a word', (reason) => {
    expect(problems(reason, false, plain)).toEqual([]);
  });
  it('must be as long as the policy wants, spaces around it and halves of characters not counted', () => {
    expect(problems('  ten chars ')).toEqual([short(10)]);
    expect(problems('ten  chars')).toEqual([]);
    expect(problems('it is 🙂🙂🙂')).toEqual([short(10)]);
    expect(problems('', false, plain)).toEqual([short(1)]);
  });
  it('of a break-glass must be as long as that wants, and never shorter than any other', () => {
    expect(problems('The shop is down.', true)).toEqual([short(30, 'The reason of a break-glass')]);
    expect(problems('The shop is down for everybody.', true)).toEqual([]);
    const strict: Policy = { ...policy, reason: { minLength: 40 } };
    expect(problems('The shop is down for everybody.', true, strict)).toEqual([short(40)]);
    expect(problems('It is down', true, plain)).toEqual([]);
  });
});

describe('a ticket', () => {
  const problems = (ticket: string, rest: string) =>
    wordsProblems(policyOf(`${SAMPLE}${rest}\n`), { reason: 'It is down', ticket, breakGlass: false });
  it.each([
    ['', 'ticket: { required: false }', []],
    ['anything', 'ticket: { required: false }', []],
    ['', 'ticket: { required: true }', ['A ticket is required.']],
    ['', 'ticket: { required: true, pattern: "[A-Z]+" }', ['A ticket is required; it must match [A-Z]+.']],
    ['', 'ticket: { required: false, pattern: "[A-Z]+" }', []],
    ['OPS', 'ticket: { required: true, pattern: "[A-Z]+" }', []],
    [
      'OPS 1',
      'ticket: { required: false, pattern: "[A-Z]+" }',
      ['The ticket "OPS 1" does not match the pattern [A-Z]+.'],
    ],
    ['x'.repeat(200), 'ticket: { required: false }', []],
    ['x'.repeat(201), 'ticket: { required: false }', ['The ticket must have at most 200 characters, not 201.']],
  ])('%j under %s', (ticket, rest, expected) => {
    expect(problems(ticket, rest)).toEqual(expected);
  });
});

it('groups from a directory are told apart from those of the policy, each once', () => {
  expect(directoryGroups(policy, ['support', 'sre', 'ana', 'security', 'nobody', 'support', 'constructor'])).toEqual([
    'support',
    'security',
  ]);
});
