/** A mistake in a form that can be written in several ways is named where it stands, by the way that was begun. */
import { describe, expect, it } from 'vitest';
import { mistakes } from './sample.ts';

describe('what a rule requires', () => {
  const FORMS = 'must be { count, of }, { all: [...] } or { any: [...] }.';
  it.each([
    ['{ count: two, of: sre }', ['.count: must be a number, not "two".']],
    ['{ of: sre }', ['.count: "count" is missing; write it here.']],
    ['{ count: 1 }', ['.of: "of" is missing; write it here.']],
    ['{ count: 1, of: 5 }', ['.of: must name a group or a person, or a list of them.']],
    ['{ count: 1, of: [5] }', ['.of[0]: must be a text, not 5.']],
    ['{ count: 1, of: [] }', ['.of: must name at least one.']],
    ['{ count: 1, of: [bo, bo] }', ['.of[1]: is listed twice; write it once.']],
    ['{ count: 21, of: sre }', ['.count: must be at most 20.']],
    ['{ count: 1.5, of: sre }', ['.count: must be a whole number.']],
    ['{ all: sre }', ['.all: must be a list, not "sre".']],
    ['{ any: [] }', ['.any: must hold at least one requirement.']],
    ['{ any: [5, ~, [sre]] }', [`.any[0]: ${FORMS}`, `.any[1]: ${FORMS}`, `.any[2]: ${FORMS}`]],
    ['{ all: [{ any: [{ count: none, of: sre }] }] }', ['.all[0].any[0].count: must be a number, not "none".']],
    ['~', [': must be none, { count, of }, { all: [...] } or { any: [...] }.']],
    ['nobody', [': must be none, { count, of }, { all: [...] } or { any: [...] }.']],
  ])('given as %s', (require, expected) => {
    expect(mistakes(['require: { count: 1, of: sre }', `require: ${require}`])).toEqual(
      expected.map((one) => `47 rules[1].require${one}`),
    );
  });
});

describe('a group', () => {
  const FORMS = ': must be { members: [...] }, { github-team: organization/team-slug } or { slack-group: S012AB3CD }.';
  it.each([
    ['~', FORMS],
    ['{ github-team: 5 }', '.github-team: must be a text, not 5.'],
    ['{ slack-group: 5 }', '.slack-group: must be a text, not 5.'],
    ['{ members: cy }', '.members: must be a list, not "cy".'],
  ])('given as %s', (group, message) => {
    expect(mistakes(['oncall: { members: [cy] }', `oncall: ${group}`])[0]).toBe(`11 groups.oncall${message}`);
  });
});

describe('the environment of a command', () => {
  const env = (name: string): string[] =>
    mistakes(['    run: [runbooks/hello.sh]', `    run: [runbooks/hello.sh]\n    env: [${name}]`]);
  it.each(['TOKEN', 'MY_ACTIONS_URL', 'MY_INPUT_X', 'NODE_OPTIONS_OLD', 'MY_NODE_OPTIONS'])('may have %s', (name) => {
    expect(env(name)).toEqual([]);
  });
  it.each(['ACTIONS_RUNTIME_TOKEN', 'INPUT_TOKEN', 'NODE_OPTIONS', 'actions_x'])('may not have %s', (name) => {
    expect(env(name)).toHaveLength(1);
  });
});

it('a bound of a number may be as large as whole numbers are exact, and no larger', () => {
  const bound = (max: string): string[] => mistakes(['min: 1, max: 9, default: 5', `min: 1, max: ${max}, default: 5`]);
  expect(bound('9007199254740991')).toEqual([]);
  expect(bound('9007199254740992')).toEqual(['29 runbooks.status.inputs.lines.max: must be a number below 2^53.']);
});
