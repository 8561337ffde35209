/** Durations as people write them, and as they are written for people. */
import { describe, expect, it } from 'vitest';
import { durationSeconds, formatDuration } from '../../src/policy/duration.ts';

describe('a duration', () => {
  it.each([
    ['1s', 1],
    ['59s', 59],
    ['30m', 1_800],
    ['2h', 7_200],
    ['1h30m', 5_400],
    ['30m1h', 5_400],
    ['30d', 2_592_000],
    ['1d1h1m1s', 90_061],
    ['999999d', 86_399_913_600],
  ])('%s is %i seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });
  it.each([
    '',
    '0s',
    '5',
    'm',
    '1.5h',
    '-1m',
    '1 h',
    '2 hours',
    '1h 30m',
    ' 1h',
    '1h ',
    '01h',
    '1H',
    '1w',
    '1000000s',
    '1s1s1s1s1s',
  ])('%j is none', (text) => {
    expect(durationSeconds(text)).toBeNull();
  });
});

it.each([
  [0, '0s'],
  [1, '1s'],
  [60, '1m'],
  [61, '1m1s'],
  [3_600, '1h'],
  [5_400, '1h30m'],
  [86_400, '1d'],
  [90_061, '1d1h1m1s'],
])('%i seconds are written %s, which reads back', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
  expect(durationSeconds(text)).toBe(seconds === 0 ? null : seconds);
});
