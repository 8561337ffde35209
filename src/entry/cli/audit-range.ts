/** Which requests an export is about, as its options say it. */
import { createReadStream } from 'node:fs';
import type { AuditRange } from '../../app/audit-export.ts';
import { Fault } from '../../app/fault.ts';
import { STATUSES } from '../../audit/report/words.ts';
import { exportCursor } from '../../log/export-scan.ts';
import type { Status } from '../../request/state.ts';
import type { ExportOptions } from './audit.ts';

/** The range. `of`: the repository's id, where --since is an export of one. Throws a Fault `input`. */
export async function rangeOf(
  issues: readonly string[],
  options: ExportOptions,
): Promise<{ range: AuditRange; of: { id: number; name: string } | null }> {
  const since = await sinceOf(options.since);
  const until = options.until === undefined ? null : timeOf(options.until);
  if (options.until !== undefined && until === null) throw noTime('--until', options.until);
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
  const time = timeOf(text);
  if (time !== null) return { time, of: null };
  if (/^\d{4}-\d\d/.test(text)) throw noTime('--since', text);
  const found = await exportCursor(createReadStream(text));
  if (found.ok) return { time: found.cursor, of: found.header.repository };
  throw new Fault(
    'input',
    `--since ${text} says no time: as an export, ${found.why}.`,
    'Give a time such as 2026-11-01T00:00:00Z, or an export that is whole.',
  );
}

const noTime = (option: string, text: string): Fault =>
  new Fault('input', `${option} ${text} is no time.`, 'Write 2026-11-01 (UTC) or 2026-11-01T00:00:00Z.');

/** RFC 3339 UTC in whole seconds, from a date or a time with its zone; null: it is neither. */
function timeOf(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
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
