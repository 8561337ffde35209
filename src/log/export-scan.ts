/** What an export is for the next one: where a later one goes on, where a cut one does, and what a trusted one vouches for. */
import { createHash, type Hash } from 'node:crypto';
import { type ExportEnd, type ExportHeader, later, readLine } from './export-format.ts';
import { type Chunks, type LineText, linesOf } from './export-lines.ts';

/** How far a cut file is good. `exportLines` goes on from here; the file must be cut to `bytes` before. */
export interface ResumePoint {
  header: ExportHeader;
  /** Up to the end of the last whole request, or of the header. */
  bytes: number;
  /** Over these bytes. */
  hash: Hash;
  requests: number;
  records: number;
  newest: string | null;
  /** With the change up to which each is written. */
  issues: Map<number, string>;
  blobs: Set<string>;
  /** The issues that openings in it name. */
  named: Set<number>;
}

export type Scan =
  | { kind: 'complete'; header: ExportHeader; end: ExportEnd }
  | { kind: 'cut'; point: ResumePoint }
  | { kind: 'none'; why: string };

/**
 * Looks through a file for its frame alone: whether its bytes are those that its lines state, request by request. Of what its
 * records are worth it says nothing (`verifyExport` does). Never throws for what a file holds.
 */
export async function scanExport(chunks: Chunks): Promise<Scan> {
  const scan: Scanning = { hash: createHash('sha256'), bytes: 0, point: null, end: null, begun: null, fault: null };
  for await (const { lines, end } of linesOf(chunks)) {
    for (const line of lines) if (scan.fault === null) takeLine(scan, line);
    if (end?.failed?.kind === 'source') return { kind: 'none', why: end.failed.why };
    if (end !== null && end.rest !== '' && scan.end !== null) scan.fault = 'something stands after its end line';
  }
  const { point, end, fault } = scan;
  if (point === null) return { kind: 'none', why: `it is no export: ${fault ?? 'it has no whole line'}` };
  if (end === null) return { kind: 'cut', point };
  return fault === null ? { kind: 'complete', header: point.header, end } : { kind: 'none', why: fault };
}

/**
 * Where a later export goes on (`--since FILE`): the newest change that the file holds. null: it holds none and began at the
 * beginning. Refuses a file that is cut or changed, since what it lacks would never be exported.
 */
export async function exportCursor(
  chunks: Chunks,
): Promise<{ ok: true; cursor: string | null; header: ExportHeader } | { ok: false; why: string }> {
  const scan = await scanExport(chunks);
  if (scan.kind === 'complete') return { ok: true, cursor: scan.end.cursor, header: scan.header };
  return { ok: false, why: scan.kind === 'none' ? scan.why : 'its end line is missing: it was cut' };
}

/** Where a cut file is gone on with. Refuses one that is complete and one that has no header. */
export async function resumePoint(
  chunks: Chunks,
): Promise<{ ok: true; point: ResumePoint } | { ok: false; complete: boolean; why: string }> {
  const scan = await scanExport(chunks);
  if (scan.kind === 'cut') return { ok: true, point: scan.point };
  if (scan.kind === 'none') return { ok: false, complete: false, why: scan.why };
  return { ok: false, complete: true, why: 'it is complete' };
}

/**
 * Whether an issue stands in the cut file as it is now. What changed since that was begun may have changed again within the second
 * in which it was read: it is written once more.
 */
export function isWritten({ header, issues }: ResumePoint, issue: number, updatedAt: string): boolean {
  return issues.get(issue) === updatedAt && Date.parse(updatedAt) < Date.parse(header.exportedAt);
}

interface Scanning {
  hash: Hash;
  bytes: number;
  point: ResumePoint | null;
  end: ExportEnd | null;
  /** The request whose end is awaited, and the policy that came with it. */
  begun: { issue: number | null; updatedAt: string | null; blob: string | null; named: number[] } | null;
  fault: string | null;
}

function takeLine(scan: Scanning, text: LineText): void {
  const read = text === null ? null : frameOf(text);
  const sum = () => `sha256:${scan.hash.copy().digest('hex')}`;
  if (scan.end !== null) scan.fault = 'something stands after its end line';
  else if (read === null) scan.fault = 'a line in it cannot be read';
  else if ((scan.point === null) !== (read.type === 'debug-approval/export'))
    scan.fault = 'its header is not its first line';
  else if ((read.type === 'end' || read.type === 'request-end') && read.sha256 !== sum())
    scan.fault = 'its bytes were changed';
  if (scan.fault !== null || read === null || text === null) return;
  scan.hash.update(text).update('\n');
  scan.bytes += Buffer.byteLength(text) + 1;
  note(scan, read);
}

function note(scan: Scanning, line: Frame): void {
  const { point, begun } = scan;
  const { hash, bytes } = scan;
  if (line.type === 'debug-approval/export') {
    const counts = {
      requests: 0,
      records: 0,
      newest: null,
      issues: new Map<number, string>(),
      blobs: new Set<string>(),
      named: new Set<number>(),
    };
    scan.point = { header: line, bytes, hash: hash.copy(), ...counts };
  } else if (line.type === 'policy') {
    scan.begun = { issue: null, updatedAt: null, blob: line.blob, named: [] };
  } else if (line.type === 'request') {
    scan.begun = { issue: line.issue, updatedAt: line.updatedAt, blob: begun?.blob ?? null, named: [] };
  } else if (line.type === 'request-end' && point !== null && begun !== null && begun.updatedAt !== null) {
    point.issues.set(line.issue, begun.updatedAt);
    if (begun.blob !== null) point.blobs.add(begun.blob);
    for (const issue of begun.named) point.named.add(issue);
    const counts = { requests: point.requests + 1, records: point.records + line.records };
    scan.point = { ...point, ...counts, bytes, hash: hash.copy(), newest: later(point.newest, begun.updatedAt) };
    scan.begun = null;
  } else if (line.type === 'entry') begun?.named.push(...line.named);
  else if (line.type === 'end') scan.end = line;
}

type Frame =
  | Exclude<Extract<ReturnType<typeof readLine>, { ok: true }>['line'], { type: 'entry' }>
  | { type: 'entry'; named: number[] };

/** Of the records only openings are taken apart: the sum of its request's bytes says enough here. */
function frameOf(text: string): Frame | null {
  if (text.startsWith('{"comment":') && !text.includes('"type":"requested"')) return { type: 'entry', named: [] };
  const read = readLine(text);
  if (!read.ok) return null;
  if (read.line.type !== 'entry') return read.line;
  const openings = read.line.record.events.flatMap((event) => (event.type === 'requested' ? event.earlier : []));
  return { type: 'entry', named: openings.map(({ issue }) => issue) };
}
