/** What each line of an export does to its verification. */
import { createHash } from 'node:crypto';
import {
  cursorOf,
  type ExportEnd,
  type ExportedPolicy,
  type ExportHeader,
  type ExportLine,
  later,
  looksLikeOurs,
  type RequestBegin,
  type RequestEnd,
  readLine,
} from './export-format.ts';
import type { Failure, Lines, LineText } from './export-lines.ts';
import { findHead, judge, openRequest, takeEntry, takeUnreadable, visibly } from './export-request.ts';
import { addFault, misplaced, noteGrade, type Run } from './export-run.ts';
import { fileTrust } from './export-trust.ts';
import { gradeOf } from './grade.ts';
import { enterRequest, knownAmong, missingHeads, uncheckedHeads } from './heads.ts';

/** Takes the next line. Lines that complete something take time; the next one must wait for them. */
export function take(run: Run, text: LineText): Promise<void> | undefined {
  run.line += 1;
  if (run.header === null) return takeFirst(run, text);
  const read = text === null ? NOT_TEXT : readLine(text);
  const done = read.ok ? takeLine(run, read.line) : takeBad(run, read);
  toHash(run, text);
  return done;
}

const NOT_TEXT = { ok: false as const, why: 'it holds bytes that are no UTF-8 text', commentId: null };

/** Takes the end of the file. */
export async function finish(run: Run, { rest, failed }: NonNullable<Lines['end']>): Promise<void> {
  if (run.header === null) return finishStranger(run, rest, failed);
  if (failed?.kind === 'source') run.unknown = sentence(failed.why);
  else if (failed !== null) addFault(run, { line: run.line + 1, why: failed.why });
  else if (rest !== '') addFault(run, { line: run.line + 1, why: 'it has no line break: the file was cut in it' });
  // What could not be read to its end was not cut by anybody.
  if (failed?.kind === 'source') return;
  misplacedPolicy(run);
  if (run.open !== null) await close(run, null);
  if (run.end === null) addFault(run, { why: 'its end line is missing: the file was cut, or its end changed' });
  else noteHeads(run);
  if (run.unsure.size > 0 && run.unknown === '') run.unknown = unsure(run);
  for (const { hash } of run.wanted) {
    addFault(run, { why: `no request in it holds ${hash}, a head that is known from elsewhere` });
  }
}

/** What openings name must be there at the end of the file: what went on meanwhile stands in it again. */
function noteHeads(run: Run): void {
  const { header, heads } = run;
  for (const { issue, head, namedBy } of missingHeads(heads)) {
    const by = namedBy.filter((one) => one !== issue);
    const where =
      by.length === 0 ? 'it held where it stands before' : `the opening of issue ${by.join(', ')} names as its head`;
    addFault(run, { issue, why: `it does not hold ${head}, which ${where}: it lost a record` });
  }
  if (header === null || Object.values(header.range).some((bound) => bound !== null)) return;
  for (const { issue, head, namedBy } of uncheckedHeads(heads)) {
    const why = `it is not in the file, which says that it holds everything: it was gone already when that was made, or was taken out since; the opening of issue ${namedBy.join(', ')} names ${head} as its head`;
    addFault(run, { issue, why });
  }
}

function unsure({ unsure: why, counts }: Run): string {
  const issues = [...why.keys()].sort((a, b) => a - b);
  const first = issues[0] ?? 0;
  const what = issues.length === 1 ? `Issue #${first}` : `${issues.length} of ${counts.requests} requests`;
  const of = issues.length === 1 ? '' : ` Issue #${first}:`;
  return `${what} cannot be judged.${of} ${why.get(first) ?? ''}.`;
}

function takeFirst(run: Run, text: LineText): Promise<void> | undefined {
  if (run.line > 1) {
    if (text !== null && looksLikeOurs(text)) noHeader(run);
    return undefined;
  }
  const read = text === null ? NOT_TEXT : readLine(text);
  if (read.ok && read.line.type === 'debug-approval/export') {
    toHash(run, text);
    return takeHeader(run, read.line);
  }
  run.headerFault = read.ok ? `it is a ${read.line.type} line` : read.why;
  run.unknown = 'This is no export of Debug Approval: its first line is none of ours.';
  if (text !== null && looksLikeOurs(text)) noHeader(run);
  return undefined;
}

function noHeader(run: Run): void {
  if (run.faults.length === 0)
    addFault(run, { line: 1, why: `it is no header of an export of version 2: ${run.headerFault}` });
}

async function takeHeader(run: Run, header: ExportHeader): Promise<void> {
  run.header = header;
  const { trusted } = run.options;
  const own = typeof trusted === 'function' ? trusted(header) : (trusted ?? null);
  const { name, id } = header.repository;
  run.unknown =
    trusted !== undefined && own === null ? `It is of ${name} (${id}), of which nothing that is trusted tells.` : '';
  run.fileTrust = await fileTrust(header, own);
  for (const why of run.fileTrust.faults) addFault(run, { line: 1, why });
  run.options.onHeader?.(header);
}

function finishStranger(run: Run, rest: LineText, failed: Failure | null): void {
  if (failed !== null && run.faults.length === 0) run.unknown = `This is no export that can be read: ${failed.why}.`;
  if (failed !== null || rest === '') return;
  if (run.line === 0) run.unknown = 'This is no export of Debug Approval: it has no whole line.';
  run.headerFault ??= 'it has no line break: the file was cut in it';
  if (rest !== null && looksLikeOurs(rest)) noHeader(run);
}

function takeLine(run: Run, line: ExportLine): Promise<void> | undefined {
  if (run.end !== null) return misplaced(run, 'it stands after the end line');
  if (line.type === 'entry') {
    if (run.open === null)
      return misplaced(run, 'it is a record outside of any request: lines were moved or removed', line.comment.id);
    takeEntry(run.open, line, run.line);
    return undefined;
  }
  if (line.type === 'request-end') {
    if (run.open === null) return misplaced(run, 'it ends a request that does not begin: lines were moved or removed');
    checkBytes(run, line.sha256);
    return close(run, line);
  }
  // The request before this line has no end line: it is judged as it is.
  if (run.open !== null) return close(run, null).then(() => takeOutside(run, line));
  return takeOutside(run, line);
}

function takeOutside(run: Run, line: Exclude<ExportLine, { type: 'entry' }>): undefined {
  if (line.type !== 'request') misplacedPolicy(run);
  if (line.type === 'debug-approval/export') return misplaced(run, 'it is a second header: another export was put in');
  if (line.type === 'policy') return takePolicy(run, line);
  if (line.type === 'request') return takeRequest(run, line);
  if (line.type === 'end') takeEnd(run, line);
}

function takePolicy(run: Run, policy: ExportedPolicy): undefined {
  if (run.policies.has(policy.blob))
    misplaced(run, `policy ${policy.blob} stands in the file already: a line was doubled`);
  const id = policy.text === null ? policy.blob : gitBlob(policy.text, policy.blob.length === 64 ? 'sha256' : 'sha1');
  if (id !== policy.blob) misplaced(run, `the policy's text is blob ${id}, not ${policy.blob}: it was changed`);
  if (policy.text === null) run.counts.policiesWithoutText += 1;
  run.policies.add(policy.blob);
  run.policy = policy;
  run.options.onPolicy?.(policy);
}

function misplacedPolicy(run: Run): void {
  if (run.policy !== null)
    misplaced(run, `the policy before it is not followed by a request under it: lines were moved or removed`);
  run.policy = null;
}

function takeRequest(run: Run, request: RequestBegin): undefined {
  const { policy, issue } = request;
  const before = run.policy;
  run.policy = null;
  run.open = openRequest(request, run.line);
  const fault = (why: string) => run.open?.faults.push({ line: run.line, issue, record: null, commentId: null, why });
  if (policy !== null && !run.policies.has(policy.blob)) fault(`its policy ${policy.blob} does not stand before it`);
  if (
    before !== null &&
    (policy?.path !== before.path || policy.commit !== before.commit || policy.blob !== before.blob)
  ) {
    fault('the policy before it is another than its own: lines were moved or removed');
  }
  run.newest = later(run.newest, request.updatedAt);
}

function takeEnd(run: Run, end: ExportEnd): void {
  const { requests, records } = run.written;
  const explained = run.counts.faults > run.explained;
  checkBytes(run, end.sha256);
  run.end = end;
  if (explained) return;
  if (end.requests !== requests || end.records !== records) {
    misplaced(
      run,
      `it counts ${end.requests} requests and ${end.records} records, there are ${requests} and ${records}`,
    );
  }
  const cursor = run.header === null ? null : cursorOf(run.newest, run.header);
  if (end.cursor !== cursor) misplaced(run, `its cursor is ${end.cursor}, the file's newest change ${cursor}`);
}

function takeBad(run: Run, { why, commentId }: { why: string; commentId: number | null }): undefined {
  if (run.open === null || run.end !== null) misplaced(run, `it is no line of an export: ${why}`, commentId);
  else takeUnreadable(run.open, { line: run.line, commentId, why });
}

/** So many characters are hashed at once: each call costs as much as a short line. */
const HASHED_AT_ONCE = 65_536;

function toHash(run: Run, text: LineText): void {
  run.unhashed += `${text ?? ''}\n`;
  if (run.unhashed.length > HASHED_AT_ONCE) hashNow(run);
}

function hashNow(run: Run): void {
  run.hash.update(run.unhashed);
  run.unhashed = '';
}

/** What the bytes hash to; said once, and only where nothing else tells what was changed. */
function checkBytes(run: Run, stated: string): void {
  hashNow(run);
  const found = `sha256:${run.hash.copy().digest('hex')}`;
  const explained = run.counts.faults + (run.open?.faults.length ?? 0) > run.explained;
  if (found !== stated && run.bytesRight && !explained) {
    const why = `the bytes before line ${run.line} hash to ${found}, the line says ${stated}: something was changed`;
    if (run.open === null) misplaced(run, why);
    else run.open.faults.push({ line: run.line, issue: run.open.begin.issue, record: null, commentId: null, why });
  }
  run.bytesRight &&= found === stated;
}

async function close(run: Run, end: RequestEnd | null): Promise<void> {
  const { open, fileTrust: trusted, counts, written, heads } = run;
  if (open === null || trusted === null) return;
  run.open = null;
  const { verdict, log } = await judge(open, end === null ? null : { ...end, line: run.line }, trusted);
  const { issue } = verdict;
  const again = heads.held.has(issue);
  const known = knownAmong(heads, issue, log.entries);
  written.requests += 1;
  written.records += verdict.records;
  counts.requests += again ? 0 : 1;
  counts.records += verdict.records - known.length;
  note(counts.none, issue, verdict.status === 'none');
  run.unsure.delete(issue);
  if (verdict.status === 'unknown') run.unsure.set(issue, visibly(verdict.unverified[0]?.why ?? ''));
  for (const fault of verdict.faults) addFault(run, fault);
  const hashes = open.held.map(({ record }) => record.hash);
  enterRequest(heads, issue, hashes, log.entries);
  run.wanted = run.wanted.filter((head) => {
    const found = findHead(log, head);
    if (found !== null && found.why !== null) addFault(run, { issue, why: found.why });
    // One that stands there and that nobody can verify is not missing.
    return found === null && !hashes.includes(head.hash);
  });
  run.lastIssue = verdict.request === null ? null : issue;
  run.lastHead = verdict.head;
  if (verdict.grading !== null)
    noteGrade(run, issue, verdict.grading, known.length === 0 ? null : gradeOf(known, trusted.known));
  if (run.bytesRight) run.explained = counts.faults;
  await run.options.onRequest?.(verdict, log);
}

function note(issues: Set<number>, issue: number, is: boolean): void {
  if (is) issues.add(issue);
  else issues.delete(issue);
}

function sentence(why: string): string {
  return `The file cannot be verified: ${why}.`;
}

/** The id that git gives a text. */
function gitBlob(text: string, algorithm: 'sha1' | 'sha256'): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
