/** When a rule's time window holds, by the clocks of its time zone. */
import { describe, expect, it } from 'vitest';
import type { Times } from '../../src/policy/schema.ts';
import { isTimeZone, isWithin, timesText, wallClock } from '../../src/policy/times.ts';

const window = (from: string, to: string, change: Partial<Times> = {}): Times => ({ from, to, zone: 'UTC', ...change });

describe('a wall clock', () => {
  it.each([
    ['2026-07-01T12:05:00Z', 'UTC', { day: 'wed', time: '12:05' }],
    ['2026-07-01T22:30:00Z', 'Europe/Berlin', { day: 'thu', time: '00:30' }],
    ['2026-07-01T03:59:59Z', 'America/New_York', { day: 'tue', time: '23:59' }],
    ['2026-01-04T23:59:59Z', 'Asia/Kathmandu', { day: 'mon', time: '05:44' }],
    // Summer time begins: 02:00 is 03:00.
    ['2026-03-29T00:59:00Z', 'Europe/Berlin', { day: 'sun', time: '01:59' }],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', { day: 'sun', time: '03:00' }],
    // It ends: 03:00 is 02:00 once more.
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', { day: 'sun', time: '02:30' }],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', { day: 'sun', time: '02:30' }],
  ])('at %s in %s it shows %j', (instant, zone, shown) => {
    expect(wallClock(instant, zone)).toEqual(shown);
  });
  it('given what is no instant, then it is an error, never a time', () => {
    expect(() => wallClock('yesterday', 'UTC')).toThrow(RangeError);
  });
});

describe('a window until 24:00', () => {
  it.each([
    ['the last minute of its day', '2026-07-01T23:59:59Z', true],
    ['the first of the next', '2026-07-02T00:00:00Z', false],
  ])('at %s: %s %s', (_, instant, inside) => {
    expect(isWithin(window('00:00', '24:00', { days: ['wed'] }), instant)).toBe(inside);
  });
});

describe('a window within one day', () => {
  it.each([
    ['the minute before it', '2026-07-01T08:59:59Z', false],
    ['its first minute', '2026-07-01T09:00:00Z', true],
    ['its last minute', '2026-07-01T16:59:59Z', true],
    ['the minute in which it ends', '2026-07-01T17:00:00Z', false],
  ])('at %s: %s %s', (_, instant, inside) => {
    expect(isWithin(window('09:00', '17:00'), instant)).toBe(inside);
  });
  it('holds on its days only', () => {
    const times = window('09:00', '17:00', { days: ['mon', 'wed'] });
    expect(isWithin(times, '2026-07-01T12:00:00Z')).toBe(true);
    expect(isWithin(times, '2026-07-02T12:00:00Z')).toBe(false);
  });
  it('is judged by the clocks of its zone, in summer and in winter', () => {
    const times = window('08:00', '09:00', { zone: 'Europe/Berlin' });
    expect(isWithin(times, '2026-07-01T06:30:00Z')).toBe(true);
    expect(isWithin(times, '2026-07-01T07:30:00Z')).toBe(false);
    expect(isWithin(times, '2026-01-07T06:30:00Z')).toBe(false);
    expect(isWithin(times, '2026-01-07T07:30:00Z')).toBe(true);
  });
});

describe('a window over midnight', () => {
  const friday = window('22:00', '06:00', { days: ['fri'] });
  it.each([
    ['before it begins', '2026-07-03T21:59:00Z', false],
    ['its first minute', '2026-07-03T22:00:00Z', true],
    ['the morning after, which belongs to the day on which it began', '2026-07-04T05:59:00Z', true],
    ['its end', '2026-07-04T06:00:00Z', false],
    ['the morning of its own day', '2026-07-03T05:00:00Z', false],
    ['the evening after', '2026-07-04T22:30:00Z', false],
    ['noon between', '2026-07-03T12:00:00Z', false],
  ])('%s: %s %s', (_, instant, inside) => {
    expect(isWithin(friday, instant)).toBe(inside);
  });
  it('that begins on Sunday ends on Monday', () => {
    const sunday = window('22:00', '06:00', { days: ['sun'] });
    expect(isWithin(sunday, '2026-07-06T01:00:00Z')).toBe(true);
    expect(isWithin(sunday, '2026-07-07T01:00:00Z')).toBe(false);
  });
  it('of every day is open every night', () => {
    expect(isWithin(window('22:00', '06:00'), '2026-07-08T03:00:00Z')).toBe(true);
    expect(isWithin(window('22:00', '06:00'), '2026-07-08T23:00:00Z')).toBe(true);
    expect(isWithin(window('22:00', '06:00'), '2026-07-08T12:00:00Z')).toBe(false);
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Etc/GMT+2'])('%s is one', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });
  it.each(['+02:00', '-0200', 'Mars/Olympus', '', 'Berlin', ' UTC'])('%j is none', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});

it('a window in words', () => {
  expect(timesText(window('22:00', '06:00'))).toBe('22:00–06:00 UTC');
  expect(timesText(window('09:00', '17:00', { days: ['mon', 'tue'] }))).toBe('mon, tue 09:00–17:00 UTC');
});
