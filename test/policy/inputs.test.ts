/** The values of inputs against their types, and the argument vector that they make. */
import { describe, expect, it } from 'vitest';
import { placeholders, renderArgv, templateProblems } from '../../src/policy/argv.ts';
import { checkInputs, shown, valueProblem } from '../../src/policy/inputs.ts';
import type { Input } from '../../src/policy/schema.ts';

const list: Input = { type: 'enum', values: ['api', 'web'] };
const flag: Input = { type: 'boolean' };
const text: Input = { type: 'string', pattern: '[a-z]*' };
const number = (bounds: { min?: number; max?: number; integer?: boolean } = {}): Input => ({
  type: 'number',
  ...bounds,
});

describe('a value', () => {
  const values: [input: Input, value: unknown, problem: string | null][] = [
    [list, 'web', null],
    [list, 'db', '"db" is not allowed; allowed: api, web'],
    [list, 1, '1 is not allowed; allowed: api, web'],
    [flag, true, null],
    [flag, false, null],
    [flag, 'true', 'must be true or false without quotes, not "true"'],
    [number(), 1.5, null],
    [number(), '1', 'must be a number without quotes, not "1"'],
    [number(), Number.NaN, 'must be a number without quotes, not null'],
    [number(), Number.POSITIVE_INFINITY, 'must be a number without quotes, not null'],
    [number({ min: 1 }), 2 ** 53, `must be from 1 to ${Number.MAX_SAFE_INTEGER}, not ${2 ** 53}`],
    [number({ max: 9 }), -(2 ** 53), `must be from ${-Number.MAX_SAFE_INTEGER} to 9, not ${-(2 ** 53)}`],
    [number({ integer: true }), 2, null],
    [number({ integer: true }), 2.5, 'must be a whole number, not 2.5'],
    [number({ min: 1 }), 1, null],
    [number({ min: 1 }), 0, 'must be at least 1, not 0'],
    [number({ max: 9 }), 9, null],
    [number({ max: 9 }), 10, 'must be at most 9, not 10'],
    [number({ min: 1, max: 9 }), 0, 'must be from 1 to 9, not 0'],
    [number({ min: 1, max: 9 }), 10, 'must be from 1 to 9, not 10'],
    [text, 'abc', null],
    [text, '', null],
    [text, 5, 'must be a text in quotes, not 5'],
    [text, 'aB', '"aB" does not match the pattern [a-z]*'],
    [text, 'a\nb', 'must be one line without control or invisible characters'],
    [text, 'a'.repeat(200), null],
    [text, 'a'.repeat(201), 'must have at most 200 characters, not 201'],
    [{ ...text, 'max-length': 2 }, 'ab', null],
    [{ ...text, 'max-length': 2 }, 'abc', 'must have at most 2 characters, not 3'],
  ];
  it.each(values)('of %j: %j', (input, value, problem) => {
    expect(valueProblem(input, value)).toBe(problem);
  });
  it('in a message is one short visible line', () => {
    expect(shown('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`);
    expect(shown('x'.repeat(59))).toBe(`"${'x'.repeat(59)}…`);
    expect(shown('a\u202eb')).toBe('"a?b"');
    expect(shown(undefined)).toBe('undefined');
  });
});

describe('the inputs of a runbook', () => {
  it('are checked against what is wanted, and what is missing says what to give', () => {
    const inputs = { list, flag, text, low: number({ min: 1 }), high: number({ max: 9 }), any: number() };
    expect(checkInputs(inputs, {})).toEqual({
      values: {},
      problems: [
        'list: is missing; allowed: api, web.',
        'flag: is missing; give true or false.',
        'text: is missing; give a text that matches [a-z]*.',
        'low: is missing; give a number from 1.',
        'high: is missing; give a number up to 9.',
        'any: is missing; give a number.',
      ],
    });
  });
  it('that it does not have are refused', () => {
    expect(checkInputs({}, { x: 1 }).problems).toEqual(['"x" is no input of this runbook; allowed: none.']);
  });
  it.each([null, [], 'x', 5])('given as %j are none', (given) => {
    const message = `The inputs must be a JSON object such as {"name": "value"}, not ${JSON.stringify(given)}.`;
    expect(checkInputs({ flag }, given)).toEqual({ values: {}, problems: [message] });
  });
  it('are taken from what is given itself, not from what every object has', () => {
    expect(checkInputs({ constructor: text }, {}).problems).toHaveLength(1);
  });
});

describe('a template', () => {
  const problem = (run: string[], inputs = ['word', 'other-1']) => templateProblems(run, inputs);
  it('may use inputs in its arguments, with any spaces', () => {
    expect(
      problem(['x.sh', '{{inputs.word}}', '--a={{  inputs.other-1 }}', '{{ inputs.word }}{{ inputs.word }}']),
    ).toEqual([]);
    expect(placeholders('{{inputs.word}} and {{ inputs.other-1 }}')).toEqual(['word', 'other-1']);
    expect(placeholders('plain')).toEqual([]);
  });
  it.each([
    [['{{ inputs.word }}'], 0, 'is the command and must be fixed; inputs may only stand in its arguments'],
    [['-x'], 0, 'is the command and must not begin with "-"'],
    [['../x.sh'], 0, 'must not leave the repository with ".."'],
    [['a\\..\\x'], 0, 'must not leave the repository with ".."'],
    [['x.sh', '{{ word }}'], 1, 'has {{ or }} that is no {{ inputs.name }}'],
    [['x.sh', 'a }}'], 1, 'has {{ or }} that is no {{ inputs.name }}'],
    [['x.sh', '{{ inputs.wrd }}'], 1, 'uses the unknown input wrd; this runbook has word, other-1'],
    [['x.sh', '{{ inputs.a }}{{ inputs.b }}'], 1, 'uses the unknown input a, b; this runbook has word, other-1'],
  ])('%j is refused', (run, index, message) => {
    expect(problem(run)).toEqual([{ index, message }]);
  });
  it('without inputs to use says so', () => {
    expect(problem(['x.sh', '{{ inputs.a }}'], [])).toEqual([
      { index: 1, message: 'uses the unknown input a; this runbook has no inputs' },
    ]);
  });
  it.each(['a..b/x.sh', 'dir/x-y.sh', 'x.sh'])('may begin with %s', (command) => {
    expect(problem([command])).toEqual([]);
  });
  const word = '{{ inputs.word }}';
  it.each([
    [['sh', '-c', word]],
    [['/bin/bash', '-ec', word]],
    [['env', 'bash', '-c', '--', word]],
    [['python3.12', '-c', word]],
    [['python', '-c', `print(${word})`]],
    [['node', '-e', word]],
    [['node', '--eval', word]],
    [['node', `--eval=${word}`]],
    [['node', '-p', word]],
    [['node', `-e${word}`]],
    [['node', '--require', word]],
    [['perl', '-E', word]],
    [['ruby', '-r', word]],
    [['php', '-B', word]],
    [['cmd.exe', '/c', word]],
    [['pwsh', '-Command', word]],
    [['bash', '-c', `${word}/bash`]],
    [['pwsh', '-EncodedCommand', word]],
    [['C:\\tools\\bash.exe', '-c', word]],
  ])('%j would let an input become code', (run) => {
    const message = 'would let an input become program code; hand the input over as an argument of its own after it';
    expect(problem(run)).toEqual([{ index: run.length - 1, message }]);
  });
  it.each([
    [['bash', 'x.sh', word]],
    [['bash', '-c', 'x.sh "$1"', 'x', word]],
    [['node', 'x.js', '-p', word]],
    [['node', 'x.js', `-e${word}`]],
    [['grep', '-c', word]],
    [['grep', '-e', word]],
    [['bashful', '-c', word]],
    [['python3', 'x.py', '--run', word]],
  ])('%j would not', (run) => {
    expect(problem(run)).toEqual([]);
  });
});

describe('an argument vector', () => {
  it('has each input in its place, whatever its type', () => {
    const inputs = { word: 'a b', lines: 5, all: false };
    expect(renderArgv(['x.sh', '{{ inputs.word }}', '{{inputs.lines}}/{{ inputs.all }}'], inputs)).toEqual({
      argv: ['x.sh', 'a b', '5/false'],
      problems: [],
    });
  });
  it('has what the policy says itself unchanged, also what looks odd', () => {
    const odd = ['x.sh', '-v', 'a\u200bb', '--'];
    expect(renderArgv(odd, {})).toEqual({ argv: odd, problems: [] });
  });
  it('takes no option and nothing invisible from an input', () => {
    const option = (value: string) =>
      `word: must not begin with "-": the command would take ${JSON.stringify(value)} for an option.`;
    const render = (run: string[], word: string) => renderArgv(run, { word }).problems;
    expect(render(['x.sh', '{{ inputs.word }}'], '-r')).toEqual([option('-r')]);
    expect(render(['x.sh', '{{ inputs.word }}'], '–r')).toEqual([option('–r')]);
    expect(render(['x.sh', '{{ inputs.word }}'], '―r')).toEqual([option('―r')]);
    expect(render(['x.sh', '--word={{ inputs.word }}'], '-r')).toEqual([]);
    expect(render(['x.sh', '--', '{{ inputs.word }}'], '-r')).toEqual([]);
    expect(render(['--', '{{ inputs.word }}'], '-r')).toEqual([option('-r')]);
    expect(render(['x.sh', '{{ inputs.word }}'], 'a\u200bb')).toEqual([
      'word: must be one line without control or invisible characters.',
    ]);
    expect(render(['x.sh', '{{ inputs.word }}{{ inputs.word }}'], 'a\nb')).toEqual([
      'word: must be one line without control or invisible characters.',
    ]);
    expect(renderArgv(['x.sh', '{{ inputs.one }}{{ inputs.two }}'], { one: '-a', two: 'b' }).problems).toEqual([
      'one, two: must not begin with "-": the command would take "-ab" for an option.',
    ]);
  });
});
