/** Mistakes of a runbook's inputs, window and argument template that its shape does not show. */
import { describe, expect, it } from 'vitest';
import { problemsOf, sampleWith } from './sample.ts';

describe('an input of a runbook', () => {
  const number = 'lines: { type: number, integer: true, min: 1, max: 100, default: 10 }';
  const lines = (rest: string): string[] => problemsOf(sampleWith(number, `lines: { type: number, ${rest} }`));
  it.each([
    ['min: 5, max: 4', ['max: must not be below min (5).']],
    ['min: 5, max: 5', []],
    ['min: 5', []],
    ['max: 4', []],
    ['min: 5, max: 9, default: 4', ['default: must be from 5 to 9, not 4.']],
    ['required: false', ['required: false needs a default: every argument must have a value.']],
    ['required: false, default: 1', []],
    ['required: true, default: 1', ['required: true and a default contradict each other; remove one.']],
    ['required: true', []],
    ['default: ten', ['default: must be a number, not "ten".']],
  ])('given as a number with %s', (rest, expected) => {
    expect(lines(rest)).toEqual(expected.map((one) => `22 runbooks.status.inputs.lines.${one}`));
  });
  it('of another type has its default checked by that type', () => {
    expect(problemsOf(sampleWith('values: [api, web] }', 'values: [api, web], default: db }'))).toEqual([
      '20 runbooks.status.inputs.service.default: "db" is not allowed; allowed: api, web.',
    ]);
    expect(problemsOf(sampleWith('max-length: 20, default: none', 'max-length: 3, default: none'))).toEqual([
      '21 runbooks.status.inputs.name.default: must have at most 3 characters, not 4.',
    ]);
  });
});

describe("a runbook's window", () => {
  it.each([
    ['29m', []],
    ['30m', []],
    ['31m', ["26 runbooks.status.window: is longer than the policy's window (30m), which is the longest."]],
  ])('of %s under a longest of 30m', (window, expected) => {
    expect(problemsOf(sampleWith('window: 10m', `window: ${window}`))).toEqual(expected);
  });
  it('is not judged where the longest cannot be read', () => {
    const text = sampleWith('window: 10m', 'window: 31m').replace('window: 30m', 'window: long');
    expect(problemsOf(text)).toEqual(['40 window: must be a duration such as 30m, 2h or 1h30m.']);
  });
});
