/** What exactly would run, who may ask for it, and what the words of a request must be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findByGithub, findBySlack, nameOf } from '../../src/policy/people.ts';
import { mayRequest, wordsProblems } from '../../src/policy/requesters.ts';
import { resolveRunbook } from '../../src/policy/runbook.ts';
import { anyCharacter } from '../any-character.ts';
import { FULL, policyOf, SAMPLE, sampleWith } from './sample.ts';

const policy = policyOf(SAMPLE);
const status = (inputs: unknown, target = 'production') =>
  resolveRunbook(policy, { runbook: 'status', target, inputs });
const problems = (inputs: unknown, target?: string) => {
  const resolved = status(inputs, target);
  return resolved.ok ? [] : resolved.problems;
};

describe('a runbook', () => {
  it('given its inputs, then the argument vector, the environment and the window are fixed', () => {
    expect(status({ service: 'api', name: "a; $(x) `y` '", lines: 5, verbose: true })).toMatchObject({
      ok: true,
      argv: ['runbooks/status.sh', '--service', 'api', "a; $(x) `y` '", '--lines=5', 'true'],
      inputs: { service: 'api', name: "a; $(x) `y` '", lines: 5, verbose: true },
      environment: 'production',
      windowSeconds: 600,
      env: ['STATUS_URL'],
    });
  });
  it("given no window of its own, then the policy's holds, and defaults stand in for what is left out", () => {
    const search = resolveRunbook(policy, { runbook: 'search', target: 'production', inputs: { text: 'x' } });
    expect(search).toMatchObject({ ok: true, windowSeconds: 1800 });
    expect(status({ service: 'web' })).toMatchObject({
      inputs: { service: 'web', name: 'none', lines: 10, verbose: false },
    });
  });
  it('given many mistakes, then all are named at once with what is allowed', () => {
    expect(problems({ service: 'db', lines: '5', verbose: 'yes', name: 1, colour: 'red' }, 'moon')).toEqual([
      'The policy has no target "moon"; allowed: staging, production.',
      '"colour" is no input of this runbook; allowed: service, name, lines, verbose.',
      'service: "db" is not allowed; allowed: api, web.',
      'name: must be a text in quotes, not 1.',
      'lines: must be a number without quotes, not "5".',
      'verbose: must be true or false without quotes, not "yes".',
    ]);
  });
  it.each([
    ['a missing input', {}, 'service: is missing; allowed: api, web.'],
    ['a number out of bounds', { service: 'api', lines: 101 }, 'lines: must be from 1 to 100, not 101.'],
    ['half a line', { service: 'api', lines: 1.5 }, 'lines: must be a whole number, not 1.5.'],
    [
      'a text that is too long',
      { service: 'api', name: 'x'.repeat(21) },
      'name: must have at most 20 characters, not 21.',
    ],
    [
      'inputs that are no object',
      'service=api',
      'The inputs must be a JSON object such as {"name": "value"}, not "service=api".',
    ],
    ['a list of inputs', [], 'The inputs must be a JSON object such as {"name": "value"}, not [].'],
  ])('given %s, then it is refused with the rule', (_, inputs, message) => {
    expect(problems(inputs)).toEqual([message]);
  });
  it('given a target that the runbook does not allow or an unknown runbook, then the allowed ones are named', () => {
    expect(resolveRunbook(policy, { runbook: 'search', target: 'staging', inputs: { text: 'x' } })).toEqual({
      ok: false,
      problems: ['The runbook search may not run on staging; allowed: production.'],
    });
    expect(resolveRunbook(policy, { runbook: 'constructor', target: 'staging', inputs: {} })).toEqual({
      ok: false,
      problems: ['The policy has no runbook "constructor"; allowed: status, search.'],
    });
  });
  it('given an unknown target, then those of the runbook are named, or all where the runbook is unknown too', () => {
    const moon = (runbook: string) => resolveRunbook(policy, { runbook, target: 'moon', inputs: { text: 'x' } });
    expect(moon('search')).toEqual({
      ok: false,
      problems: ['The policy has no target "moon"; allowed: production.'],
    });
    expect(moon('find')).toEqual({
      ok: false,
      problems: [
        'The policy has no runbook "find"; allowed: status, search.',
        'The policy has no target "moon"; allowed: staging, production.',
      ],
    });
  });
  it('given a value that begins with "-", then it is refused where it would become an option, and passes after "--"', () => {
    expect(problems({ service: 'api', name: '--delete' })).toEqual([
      'name: must not begin with "-": the command would take "--delete" for an option.',
    ]);
    const search = resolveRunbook(policy, { runbook: 'search', target: 'production', inputs: { text: '--delete' } });
    expect(search).toMatchObject({ ok: true, argv: ['grep', '--', '--delete'] });
  });
  it('given an empty first value and a "-" in the second, then the option is refused all the same', () => {
    const text = sampleWith('"{{ inputs.name }}"', '"{{ inputs.name }}{{ inputs.service }}"').replace(
      '[api, web]',
      '[-x, web]',
    );
    const resolved = resolveRunbook(policyOf(text), {
      runbook: 'status',
      target: 'staging',
      inputs: { service: '-x', name: '' },
    });
    expect(resolved.ok).toBe(false);
  });
  it.each(['\n', '\r', '\0', '\u001b', '\u2028', '\u202e', '\u200b', '\ud800'])(
    'given the invisible character %j in a value, then it is refused',
    (char) => {
      const inputs = { text: `a${char}b` };
      expect(resolveRunbook(policy, { runbook: 'search', target: 'production', inputs }).ok).toBe(false);
    },
  );
  it('given any text at all, then it stays one argument, unchanged, or nothing runs', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 20 }), (text) => {
        const resolved = resolveRunbook(policy, { runbook: 'search', target: 'production', inputs: { text } });
        if (resolved.ok) expect(resolved.argv).toEqual(['grep', '--', text]);
      }),
    );
  });
  it('given a value that looks like a placeholder, then it is not replaced again', () => {
    const inputs = { text: '{{ inputs.text }}' };
    const resolved = resolveRunbook(policy, { runbook: 'search', target: 'production', inputs });
    expect(resolved).toMatchObject({ argv: ['grep', '--', '{{ inputs.text }}'] });
  });
});

describe('a runbook whose steps are the team’s own', () => {
  const full = policyOf(FULL);
  it('has an empty argument vector, an environment and a window', () => {
    expect(resolveRunbook(full, { runbook: 'deploy', target: 'production', inputs: {} })).toEqual({
      ok: true,
      runbook: full.runbooks['deploy'],
      argv: [],
      inputs: {},
      environment: 'production',
      windowSeconds: 1800,
      env: [],
    });
  });
});

describe('asking', () => {
  it("given a requester of the policy, then she may; a runbook's own requesters stand instead", () => {
    expect(mayRequest(policy, 'ana', 'status', 'production')).toEqual({ ok: true });
    expect(mayRequest(policy, 'cy', 'search', 'production')).toEqual({ ok: true });
    expect(mayRequest(policy, 'ana', 'search', 'production')).toMatchObject({ ok: false });
  });
  it('given anybody else, then the message says who may, and what to do', () => {
    expect(mayRequest(policy, 'di', 'status', 'production')).toEqual({
      ok: false,
      message: 'Di may not request status: the policy lets only developers do so (Ana, Bo).',
      remedy: 'Let one of them ask, or change `requesters` in the policy.',
    });
  });
  it.each([
    ['developers', 'status'],
    ['constructor', 'status'],
    ['ana', 'constructor'],
    ['ed', 'status'],
  ])('given %s asking for %s, then it is refused', (person, runbook) => {
    expect(mayRequest(policy, person, runbook, 'production').ok).toBe(false);
  });
  it('given a short reason and a missing or malformed ticket, then both are named', () => {
    const strict = policyOf(
      `${SAMPLE}reason: { min-length: 10 }\nticket: { required: true, pattern: "[A-Z]+-[0-9]+" }\n`,
    );
    expect(wordsProblems(strict, { reason: '  short     ', ticket: '', breakGlass: false })).toEqual([
      'The reason must have at least 10 characters: say what is wrong and what you want to find out.',
      'A ticket is required; it must match [A-Z]+-[0-9]+.',
    ]);
    expect(wordsProblems(strict, { reason: 'long enough', ticket: 'OPS-1x', breakGlass: false })).toHaveLength(1);
    expect(wordsProblems(strict, { reason: 'long enough', ticket: 'OPS-12', breakGlass: false })).toEqual([]);
  });
});

describe('people', () => {
  it('given an account, then the id decides, never the login or the member id of another workspace', () => {
    expect([findByGithub(policy, 102), findByGithub(policy, 999)]).toEqual(['bo', null]);
    expect(findBySlack(policy, { team: 'T1', user: 'UBO' })).toBe('bo');
    expect(findBySlack(policy, { team: 'T2', user: 'UBO' })).toBeNull();
  });
  it('given a person that the policy no longer has, then the key stands for the name', () => {
    expect([nameOf(policy, 'bo'), nameOf(policy, 'ed')]).toEqual(['Bo', 'ed']);
  });
});
