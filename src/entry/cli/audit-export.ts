/** `audit export`: writes logs as they are, or as events, and never loses what was written. */
import { createHash } from 'node:crypto';
import type { Auditor, Judged } from '../../app/audit.ts';
import { type ToldRequest, toldAs } from '../../app/audit-events.ts';
import { type AuditRange, exportOf, judgedIn } from '../../app/audit-export.ts';
import { Fault } from '../../app/fault.ts';
import { openingOf } from '../../app/reading.ts';
import { toLogEvent, toOcsfLogEvent } from '../../audit/broken-log.ts';
import { toCloudEvent } from '../../audit/cloud-events.ts';
import { toOcsf } from '../../audit/ocsf.ts';
import { cursorOf, later, settledBefore } from '../../log/export-format.ts';
import { isWritten, type ResumePoint, resumePoint } from '../../log/export-scan.ts';
import { exportLines } from '../../log/export-write.ts';
import { instant } from '../../request/instant.ts';
import { clock } from '../clock.ts';
import { onTerminal } from '../terminal-text.ts';
import { VERSION } from '../version.ts';
import type { ExportOptions, Format } from './audit.ts';
import { summed } from './audit-checksum.ts';
import { openFile } from './audit-input.ts';
import { auditorFor, waiting } from './audit-open.ts';
import { fileOutput, type Output, partOf, standardOutput, writeAll } from './audit-output.ts';
import { progressOn } from './audit-progress.ts';
import { narrowedTo, rangeOf, statusOf } from './audit-range.ts';
import { count } from './audit-words.ts';
import { serverFromShell } from './github.ts';
import { repositoryOf } from './repository.ts';
import { tell } from './tell.ts';

/** What was written so far. */
interface Written {
  requests: number;
  records: number;
  newest: string | null;
  /** Issues whose logs are broken or cannot be verified: what of them can be is in the file, which says so. */
  broken: number[];
  /** Issues whose records are not told as events, since nobody can judge them now. */
  untold: number[];
  /** Issues that openings name and that an export of everything lacks: they are gone. */
  missing: number[];
}

/** Exports and tells. Throws Faults where nothing was written. */
export async function exportCommand(issues: string[], options: ExportOptions): Promise<void> {
  refuseContradictions(issues, options);
  const exportedAt = instant(clock.now());
  const { range, of } = await rangeOf(issues, options);
  const point = options.resume === true ? await pointOf(options.output ?? '') : null;
  const name = await repositoryOf(options.repository);
  const progress = progressOn(process.stderr);
  const auditor = await auditorFor(name, { ...options, onWait: waiting(progress) }).finally(() => progress.end());
  refuseOther(auditor, of ?? point?.header.repository ?? null);
  const output = await outputOf(options, point);
  const newest = point?.newest ?? null;
  const written: Written = { requests: 0, records: 0, newest, broken: [], untold: [], missing: [] };
  const [held, openings] = [new Set(point?.issues.keys()), new Set<number>()];
  const records = new Map<number, number>();
  const onRequest = (judged: Judged) => {
    note(written, judged, records);
    held.add(judged.verdict.issue);
    for (const { issue } of openingOf(judged.log)?.earlier ?? []) openings.add(issue);
    progress.show(`${count(written.requests, 'request')} written, now issue #${judged.verdict.issue}`);
  };
  const skip = (issue: number, updatedAt: string) => point !== null && isWritten(point, issue, updatedAt);
  const how = { exportedAt, skip, onRequest };
  const lines =
    options.format === 'jsonl'
      ? exportLines(exportOf(auditor, goneOn(range, point), how), point)
      : eventLines(auditor, range, options.format, { onRequest, onUntold: (issue) => written.untold.push(issue) });
  const hash = point?.hash.copy() ?? createHash('sha256');
  try {
    await writeAll(summed(lines, hash), output);
    await output.finish();
  } catch (error) {
    progress.end();
    return await stopped(error, written, output, options);
  }
  progress.end();
  const header = point?.header ?? { exportedAt, range: { ...EVERYTHING, since: range.since } };
  if (Object.values(point?.header.range ?? range).every((bound) => bound === null)) {
    written.missing = [...openings].filter((issue) => !held.has(issue)).toSorted((a, b) => a - b);
  }
  // A later export would never come back for what one of certain issues or states leaves out.
  const cursor = narrowedTo(point?.header.range ?? range) === null ? cursorOf(written.newest, header) : null;
  done(name, { written, cursor, before: point?.requests ?? 0, sha256: hash.digest('hex') }, options);
}

function outputOf({ output, force }: ExportOptions, point: ResumePoint | null): Promise<Output> {
  if (output === undefined) return Promise.resolve(standardOutput());
  return fileOutput(output, { force: force === true, bytes: point?.bytes ?? null });
}

/** One that went on meanwhile comes again; it counts once, as it was written last. `records`: how many each issue has so far. */
function note(written: Written, { snapshot, verdict, unverified }: Judged, records: Map<number, number>): void {
  const { issue, status } = verdict;
  const before = records.get(issue);
  const now = verdict.records + unverified.length;
  records.set(issue, now);
  written.requests += before === undefined ? 1 : 0;
  written.records += now - (before ?? 0);
  written.newest = later(written.newest, snapshot.updatedAt);
  written.broken = written.broken.filter((one) => one !== issue);
  if (status === 'broken' || status === 'unknown') written.broken.push(issue);
}

const EVERYTHING = { since: null, until: null, states: null, issues: null };

function refuseContradictions(
  issues: string[],
  { resume, output, format, json, since, until, state }: ExportOptions,
): void {
  const refuse = (why: string, remedy: string) => {
    throw new Fault('input', why, remedy);
  };
  if (json === true && output === undefined) refuse('--json tells of a file.', 'Name it with --output.');
  if (resume !== true) return;
  if (output === undefined) refuse('--resume goes on with a file.', 'Name with --output what the export was to be.');
  if (format !== 'jsonl') {
    refuse(`Events (${format}) are not gone on with.`, 'Export them anew: each has an id, by which doubles are told.');
  }
  if (issues.length > 0 || since !== undefined || until !== undefined || state !== undefined) {
    refuse('--resume takes the range from the file.', 'Leave out the issues, --since, --until and --state.');
  }
}

async function pointOf(output: string): Promise<ResumePoint> {
  const part = partOf(output);
  const file = await openFile(part).catch((cause: unknown) => {
    const why = cause instanceof Fault ? cause.message : String(cause);
    throw new Fault('input', `There is nothing to go on with: ${why}`, 'Export without --resume.', { cause });
  });
  const found = await resumePoint(file);
  if (found.ok) return found.point;
  const remedy = found.complete ? `Rename it to ${output}.` : 'Export anew with --force, without --resume.';
  throw new Fault('input', `${part} cannot be gone on with: ${found.why}.`, remedy);
}

function refuseOther({ facts }: Auditor, of: { id: number; name: string } | null): void {
  if (of === null || of.id === facts.id) return;
  throw new Fault(
    'input',
    `The export is of ${of.name} (${of.id}), not of ${facts.name} (${facts.id}).`,
    `Give --repository ${of.name}.`,
  );
}

/**
 * The range in the file; requests come in the order of their changes, so that nothing is missing that changed before the last one,
 * but for what a list that lagged did not show.
 */
function goneOn(range: AuditRange, point: ResumePoint | null): AuditRange {
  if (point === null) return range;
  const { since, until, states, issues } = point.header.range;
  const known = states?.map(statusOf) ?? null;
  const from = issues === null && point.newest !== null ? later(since, settledBefore(point.newest)) : since;
  const named = [...point.named].filter((issue) => !point.issues.has(issue));
  return { since, until, states: known, issues, goOnFrom: from, named };
}

/** The records of each request as events, one on a line; of a log that does not hold, or cannot be judged, that alone. */
async function* eventLines(
  auditor: Auditor,
  range: AuditRange,
  format: Exclude<Format, 'jsonl'>,
  { onRequest, onUntold }: { onRequest: (judged: Judged) => void; onUntold: (issue: number) => void },
): AsyncGenerator<string> {
  const { id, name } = auditor.facts;
  const serverUrl = serverFromShell().server.url;
  for await (const judged of judgedIn(auditor, range)) {
    const { snapshot, verdict } = judged;
    onRequest(judged);
    if (verdict.status === 'none') continue;
    const place = { repository: { id, name }, serverUrl, issue: snapshot.number };
    const told = toldAs(place, judged);
    if (told.kind === 'log' && told.log.status === 'undetermined') onUntold(snapshot.number);
    for (const event of eventsOf(told, format)) yield `${JSON.stringify(event)}\n`;
  }
}

function eventsOf(told: ToldRequest, format: Exclude<Format, 'jsonl'>): object[] {
  if (format === 'ocsf')
    return told.kind === 'records' ? told.records.map(toOcsf) : [toOcsfLogEvent(told.log, VERSION)];
  return told.kind === 'records' ? told.records.map(toCloudEvent) : [toLogEvent(told.log)];
}

/** Tells how far it came and how it goes on. What is no failure of the outside world is thrown on. */
async function stopped(error: unknown, written: Written, output: Output, options: ExportOptions): Promise<void> {
  await output.leave();
  const fault = error instanceof Fault || options.resume !== true ? error : outgrown(error);
  if (!(fault instanceof Fault)) throw fault;
  const { requests, records } = written;
  const far = `Stopped after ${count(requests, 'request')} (${count(records, 'record')}): ${onTerminal(fault.message)}`;
  const words = [far, onTerminal(fault.remedy), goOn(options, fault)].join('\n');
  tell(2, words, options.json, { ...written, code: fault.code });
}

/** A file's header holds the keys of its time: what is signed with a newer one does not fit behind it. */
function outgrown(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  return new Fault('input', error.message, 'Export anew with --force; --since goes on with a file that is whole.', {
    cause: error,
  });
}

function goOn({ output, format, repository }: ExportOptions, { code }: Fault): string {
  if (output === undefined)
    return 'What was written to standard output is cut: export to a file (--output) to go on with it.';
  const stands = `What was written stands in ${partOf(output)}.`;
  // What is not there now will not be there later.
  if (code === 'not-found') return `${stands} Export anew with --force, without what is not there.`;
  if (format !== 'jsonl') return `${stands} Export anew with --force.`;
  const where = repository === undefined ? '' : ` --repository ${repository}`;
  return `${stands} Go on with: debug-approval audit export${where} --output ${output} --resume`;
}

function done(
  name: string,
  { written, cursor, before, sha256 }: { written: Written; cursor: string | null; before: number; sha256: string },
  options: ExportOptions,
): void {
  const { requests, records, broken, untold, missing } = written;
  const { output, format } = options;
  const went = before === 0 ? '' : `, after ${before} that were there`;
  const what = `${count(requests, 'request')} of ${name} (${count(records, 'record')})${went}`;
  const next =
    cursor === null
      ? []
      : [`The next export goes on with --since ${format === 'jsonl' && output !== undefined ? output : cursor}.`];
  const unsound = format === 'jsonl' ? broken : broken.filter((issue) => !untold.includes(issue));
  const words = [
    `${what} written${output === undefined ? '' : ` to ${output}`}.`,
    ...(format === 'jsonl' ? [`Its SHA-256, to be kept elsewhere, is ${sha256}`] : []),
    ...(unsound.length === 0
      ? []
      : [`Not whole, and told so in it: ${named(unsound)}. See: debug-approval audit verify ${name}`]),
    ...(untold.length === 0
      ? []
      : [
          `Told by one event each, since they cannot be judged: ${named(untold)}. See: debug-approval audit verify ${name}`,
        ]),
    ...(missing.length === 0
      ? []
      : [`Named by openings and not in it: ${named(missing)}. See: debug-approval audit verify ${name}`]),
    ...next,
  ].join('\n');
  // As the verdict on them; a log itself (jsonl) is carried away whatever it proves.
  const code = format !== 'jsonl' && unsound.length > 0 ? 1 : untold.length === 0 ? 0 : 2;
  if (options.json === true || output !== undefined) {
    tell(code, words, options.json, { repository: name, output, format, cursor, sha256, ...written });
    return;
  }
  // Standard output holds the export.
  process.exitCode = code;
  console.error(words);
}

const named = (issues: readonly number[]): string => issues.map((issue) => `#${issue}`).join(', ');
