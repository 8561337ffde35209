/** Which requests an export is about, as its options say it. */
import type { AuditRange } from '../../app/audit-export.ts';
import { Fault } from '../../app/fault.ts';
import { moment, STATUSES } from '../../audit/report/words.ts';
import { exportCursor } from '../../log/export-scan.ts';
import { instant } from '../../request/instant.ts';
import type { Status } from '../../request/state.ts';
import type { ExportOptions } from './audit.ts';
import { openFile } from './audit-input.ts';

/** The range. `of`: the repository's id, where --since is an export of one. Throws a Fault `input`. */
export async function rangeOf(
  issues: readonly string[],
  options: ExportOptions,
): Promise<{ range: AuditRange; of: { id: number; name: string } | null }> {
  const since = await sinceOf(options.since);
  const until = options.until === undefined ? null : timeOf(options.until, '23:59:59');
  if (options.until !== undefined && until === null) throw noTime('--until', options.until);
  if (since.time !== null && until !== null && Date.parse(since.time) > Date.parse(until)) {
    throw new Fault(
      'input',
      `Nothing lies between ${since.time} and ${until}.`,
      'Give an --until that is later than --since.',
    );
  }
  const range = {
    ...{ since: since.time, until },
    states: options.state === undefined ? null : options.state.map(statusOf),
    issues: issues.length === 0 ? null : [...new Set(issues.map(issueOf))],
  };
  return { range, of: since.of };
}

async function sinceOf(
  text: string | undefined,
): Promise<{ time: string | null; of: { id: number; name: string } | null }> {
  if (text === undefined) return { time: null, of: null };
  const time = timeOf(text, '00:00:00');
  if (time !== null) return { time, of: null };
  // A file may be called 2026-11.jsonl.
  if (/^\d{4}-\d\d(-\d\d(T.*)?)?$/.test(text)) throw noTime('--since', text);
  const remedy = 'Give a time such as 2026-11-01T00:00:00Z, or an export of all requests that is whole.';
  const file = await openFile(text).catch((cause: unknown) => {
    const why = cause instanceof Fault ? cause.message : String(cause);
    throw new Fault('input', `--since ${text} is no time, and no file: ${why}`, remedy, { cause });
  });
  const found = await exportCursor(file);
  if (!found.ok) throw new Fault('input', `No export can go on after ${text}: ${found.why}.`, remedy);
  const narrowed = narrowedTo(found.header.range);
  if (narrowed === null) return { time: found.cursor, of: found.header.repository };
  const why = `it holds ${narrowed} alone, and what else changed before would never be exported`;
  throw new Fault('input', `No export can go on after ${text}: ${why}.`, remedy);
}

/** What an export was narrowed to by issues or states; null: it holds all that changed in its time. */
export function narrowedTo({
  issues,
  states,
}: {
  issues: readonly number[] | null;
  states: readonly string[] | null;
}): string | null {
  if (issues !== null) return issues.map((issue) => `#${issue}`).join(', ');
  return states === null ? null : `requests that were ${states.join(' or ')}`;
}

/** Which requests of a repository are within a range, for people; null: all. */
export function rangeWords(range: {
  since: string | null;
  until: string | null;
  issues: readonly number[] | null;
  states: readonly string[] | null;
}): string | null {
  const narrowed = narrowedTo(range);
  const parts = [
    ...(narrowed === null ? [] : [narrowed]),
    ...(range.since === null ? [] : [`changed since ${moment(range.since)}`]),
    ...(range.until === null ? [] : [`changed until ${moment(range.until)}`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

const noTime = (option: string, text: string): Fault =>
  new Fault('input', `${option} ${text} is no time.`, 'Write 2026-11-01 (UTC) or 2026-11-01T00:00:00Z.');

/** RFC 3339 UTC in whole seconds, from a time with its zone or a date, which means `clock` of that day; null: it is neither. */
function timeOf(text: string, clock: string): string | null {
  const [, day, withClock] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return null;
  const time = Date.parse(withClock === undefined ? `${day}T${clock}Z` : text);
  return Number.isNaN(time) ? null : instant(time);
}

/** Whether a calendar has it: Date.parse takes 31 February for a day in March. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

/** A state by its name. Throws a Fault `input` for any other text. */
export function statusOf(text: string): Status {
  const found = STATUSES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new Fault(
    'input',
    `${JSON.stringify(text)} is no state of a request.`,
    `With --state give one of ${STATUSES.join(', ')}.`,
  );
}

function issueOf(text: string): number {
  const number = /^#?([1-9]\d{0,9})$/.exec(text)?.[1];
  if (number !== undefined) return Number(number);
  throw new Fault('input', `${JSON.stringify(text)} is no issue.`, 'Give numbers: audit export 12 14.');
}
