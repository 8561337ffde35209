/** Judges a rule's time window by the clock on the wall of its time zone, so that summer time needs no arithmetic. */
import type { Times } from './rule-schema.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof DAYS)[number];

/** What a wall clock shows: the day and the time as `08:30`. */
export interface WallClock {
  day: Weekday;
  time: string;
}

// Making one takes far longer than using it, and a policy has few zones.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(zone, made);
  return made;
}

/** Whether this is a time zone by its IANA name. Offsets such as +02:00 are none: they hide the change to summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  // Node knows no other way to ask.
  try {
    clockOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the clocks of a time zone (IANA name) show at an instant (RFC 3339). Throws a RangeError where either is none. */
export function wallClock(instant: string, zone: string): WallClock {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(Date.parse(instant))
      .map(({ type, value }) => [type, value]),
  );
  const day = DAYS.find((one) => one === parts.get('weekday')?.toLowerCase());
  if (day === undefined) throw new RangeError(`${zone} has no day of the week at ${instant}`);
  return { day, time: `${parts.get('hour')}:${parts.get('minute')}` };
}

/** Whether an instant (RFC 3339) is inside a window. A window over midnight belongs to the day on which it began. */
export function isWithin(times: Times, instant: string): boolean {
  const { from, to, days = DAYS } = times;
  const { day, time } = wallClock(instant, times.zone);
  const today = days.some((one) => one === day);
  if (from < to) return today && from <= time && time < to;
  const yesterday = DAYS[(DAYS.indexOf(day) + 6) % 7];
  return (today && from <= time) || (time < to && days.some((one) => one === yesterday));
}

/** A window for people: `mon, tue 22:00–06:00 Europe/Berlin`. */
export function timesText({ days, from, to, zone }: Times): string {
  return `${days === undefined ? '' : `${days.join(', ')} `}${from}–${to} ${zone}`;
}
