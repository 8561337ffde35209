/** Changes one field of one record after the other, and tells which of the changes a reader does not notice. */
import { auditIssue } from '../../src/app/audit-judge.ts';
import { canonicalJson } from '../../src/log/canonical.ts';
import { containsHead, type Log, type LogComment, readLog, type SignatureCache } from '../../src/log/chain.ts';
import { parseComment } from '../../src/log/comment.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import type { Record as LogRecord } from '../../src/log/record.ts';
import * as x from '../log/export-build.ts';
import { bodyWith, type Changed, changesOf, fieldsOf, isObject, sealedAnew } from './leaves.ts';
import type { Place } from './place.ts';
import { auditor, meet, replay } from './replay.ts';

/** How many changes were tried, and which of them nothing told of. */
export interface Unseen {
  tried: number;
  missed: string[];
}

export type Seal = (changed: unknown) => unknown;
export const asItIs: Seal = (changed) => changed;

/** A request of the place, and what people know of its last record. */
export interface Known {
  issue: Place['approved'];
  head: string;
  length: number;
}

/** Each change of the issue's records, where GitHub shows no edit of them. */
function* changesIn(
  { comments }: Known['issue'],
  changes: (record: LogRecord) => Iterable<Changed>,
  seal: Seal,
): Generator<{ name: string; comment: LogComment; body: string }> {
  for (const comment of comments) {
    const parsed = parseComment(comment.body);
    if (parsed.kind !== 'record') continue;
    const { record } = parsed;
    for (const { path, value } of changes(record)) {
      const body = bodyWith(comment.body, record, seal(value));
      // Sealing undoes a change of the hash alone.
      if (body !== comment.body) yield { name: `record ${record.seq}${path}`, comment, body };
    }
  }
}

/** Every change of every field, at any depth, by what all readers of an issue share. */
export async function unseenInLog({ believed }: Place, known: Known, seal: Seal): Promise<Unseen> {
  const cache: SignatureCache = new Map();
  const unseen: Unseen = { tried: 0, missed: [] };
  for (const { name, comment, body } of changesIn(known.issue, changesOf, seal)) {
    const { issue } = known;
    const comments = issue.comments.map((one) => (one.id === comment.id ? { ...one, body } : one));
    const log = await readLog({ ...issue, comments }, believed, cache);
    unseen.tried += 1;
    if (!isNoticed(log, known)) unseen.missed.push(name);
  }
  return unseen;
}

/** Of the last record nothing but its head is missing, which is known from elsewhere. */
function isNoticed(log: Log, { head, length }: Known): boolean {
  return log.broken.length > 0 || !containsHead(log, head, length).ok;
}

/** A change of each field that a record has, by the debug job as a whole. */
export async function unseenByJob(place: Place): Promise<Unseen> {
  const unseen: Unseen = { tried: 0, missed: [] };
  for (const { name, comment, body } of changesIn(place.approved, fieldsOf, sealedAnew)) {
    const github = replay(place, [place.approved]);
    withBody(github, comment.id, body);
    const { ran, fault } = await meet(place, github);
    unseen.tried += 1;
    if (ran > 0 || fault?.code !== 'log') unseen.missed.push(name);
  }
  return unseen;
}

/** The same, by `audit verify` as a whole. */
export async function unseenByAudit(place: Place, { issue, head }: Known): Promise<Unseen> {
  const unseen: Unseen = { tried: 0, missed: [] };
  const github = replay(place, [issue]);
  const own = await auditor(place, github);
  for (const { name, comment, body } of changesIn(issue, fieldsOf, sealedAnew)) {
    withBody(github, comment.id, body);
    const { verdict } = await auditIssue(own, issue.number, head);
    unseen.tried += 1;
    if (verdict.status !== 'broken') unseen.missed.push(name);
    withBody(github, comment.id, comment.body);
  }
  return unseen;
}

function withBody(github: ReturnType<typeof replay>, id: number, body: string): void {
  const comment = github.issue().comments.find((one) => one.id === id);
  if (comment === undefined) throw new Error(`There is no comment ${id}.`);
  comment.body = body;
}

const NOBODYS = { live: new Set<string>(), vouched: new Set<string>() };
const isEntry = (line: string): boolean => line.startsWith('{"comment":');

/**
 * Each change of a line of an export, in files with a line to change in each; `made` puts a file together again. What is not
 * noticed is named by its path, once for all lines.
 */
export async function unseenInFiles(
  { believed }: Place,
  files: readonly ToChange[],
  made: (lines: readonly string[]) => string,
  changes: (line: unknown) => Iterable<Changed> = changesOf,
): Promise<Unseen> {
  const missed = new Set<string>();
  let tried = 0;
  for (const [file, index] of files) {
    const line = file[index] ?? '';
    for (const { path, value } of changes(JSON.parse(line))) {
      const changed = made(file.with(index, canonicalJson(value)));
      if (changed === joined(file)) continue;
      tried += 1;
      const { status } = await verifyExport(changed, { trusted: { trust: believed, known: NOBODYS } });
      if (status === 'whole') missed.add(`${nameOf(line)}${path.replace(/ \(.*/, '').replaceAll(/\.\d+/g, '')}`);
    }
  }
  return { tried, missed: [...missed].toSorted() };
}

/** A change of each field of the record that a line holds. */
export function* fieldsOfRecord(line: unknown): Generator<Changed> {
  if (!isObject(line) || !isObject(line['record'])) return;
  for (const { path, value } of fieldsOf(line['record'])) yield { path, value: { ...line, record: value } };
}

/** The lines of a file, and the place of the one to change. */
export type ToChange = readonly [file: readonly string[], index: number];

/** Each record of an export of one request, in a file that ends with it, so that no later one tells of its change. */
export const recordsOf = (lines: readonly string[]): ToChange[] =>
  lines.flatMap((line, index): ToChange[] => (isEntry(line) ? [[endingWith(lines, index), index]] : []));

/** Each other line, in a file of the first record alone. */
export function frameOf(lines: readonly string[]): ToChange[] {
  const short = endingWith(lines, lines.findIndex(isEntry));
  return short.flatMap((line, index): ToChange[] => (isEntry(line) ? [] : [[short, index]]));
}

const endingWith = (lines: readonly string[], last: number): string[] =>
  x.linesOf(x.resealed(lines.filter((line, index) => index <= last || !isEntry(line))));

function nameOf(line: string): string {
  const value: unknown = JSON.parse(line);
  return isObject(value) && typeof value['type'] === 'string' ? value['type'] : 'entry';
}

/** Lines as they are, with sums that no longer fit. */
export const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Lines with sums, counts, heads and the hashes of records made to fit: all that needs no signature of GitHub. */
export const fitting = (lines: readonly string[]): string => x.resealed(lines.map(withRecordSealed));

function withRecordSealed(line: string): string {
  const value: unknown = JSON.parse(line);
  if (!isObject(value) || !('record' in value)) return line;
  return canonicalJson({ ...value, record: sealedAnew(value['record']) });
}
