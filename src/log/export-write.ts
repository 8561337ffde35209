/** Writes an export: a repository's logs, or one, as lines that stream. */
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import * as v from 'valibot';
import type { ArchiveLine } from './archive-record.ts';
import { isSameJson } from './canonical.ts';
import type { HeldRecord, Log } from './chain.ts';
import {
  cursorOf,
  ExportedKey,
  type ExportHeader,
  type ExportRange,
  entryText,
  later,
  lineText,
  type RequestBegin,
} from './export-format.ts';
import { isWritten, type ResumePoint } from './export-scan.ts';
import type { Record } from './record.ts';
import type { Trust, TrustedKey } from './trust.ts';
import { publicPart } from './verifying-keys.ts';

/** A request as it was read: without a `request` of its log where the issue holds no accepted opening. */
export interface ExportedRequest {
  issue: number;
  updatedAt: string;
  log: Log;
  /** What is broken beyond what the log says, such as the issue's text, or records that cannot be verified for want of their keys. */
  beyond?: RequestBegin['broken'];
  /** Records that nobody can verify now, and why not: they are written all the same. */
  unverified?: readonly Unverified[];
}

/** A record that stands in the issue, whole and unedited, and cannot be verified. */
export interface Unverified extends HeldRecord {
  code: string;
  why: string;
}

export interface ExportContent {
  /** What the logs were read with. */
  trust: Trust;
  /** Thumbprints of those of its keys that their issuer publishes now. Left out: all. */
  live?: ReadonlySet<string>;
  /** The records of the key archive that count. */
  archive?: readonly ArchiveLine[];
  range?: ExportRange;
  /** When the first of the requests was asked for: what changes later belongs to the next export. RFC 3339 UTC. */
  exportedAt: string;
  /** Those that changed longest ago first. An issue that comes again, since it went on, is written again and replaces the first. */
  requests: AsyncIterable<ExportedRequest> | Iterable<ExportedRequest>;
  /** A policy's text by its git blob id, asked for once; null: it cannot be had any more. */
  policyText(blob: string): Promise<string | null> | string | null;
}

const EVERYTHING: ExportRange = { since: null, until: null, states: null, issues: null };

/**
 * The lines of an export, each with its line break. With `resume` those that are still missing in a file that was cut after
 * `resume.bytes`. Throws a `TypeError` for a record whose key the header does not hold (of another repository, or signed with a
 * key that is newer than a resumed file's header), for a resumed file whose header says another trust than the logs were read
 * with, and a `RangeError` for a line that no reader would take.
 */
export async function* exportLines(
  content: ExportContent,
  resume: ResumePoint | null = null,
): AsyncGenerator<string, void, undefined> {
  const header = resume?.header ?? (await headerOf(content));
  if (resume !== null) refuseOther(header, content.trust);
  const all = header.issuers.flatMap((one) => one.keys.map((key) => calculateJwkThumbprint(key)));
  const keys = new Set(await Promise.all(all));
  const blobs = new Set(resume?.blobs);
  const hash = resume?.hash.copy() ?? createHash('sha256');
  let [requests, records, newest] = [resume?.requests ?? 0, resume?.records ?? 0, resume?.newest ?? null];
  const counted = (line: string) => {
    hash.update(line);
    return line;
  };
  const sum = () => `sha256:${hash.copy().digest('hex')}`;
  if (resume === null) yield counted(lineText(header));
  for await (const request of content.requests) {
    const { issue, updatedAt, log } = request;
    if (resume !== null && isWritten(resume, issue, updatedAt)) continue;
    newKey(request, keys);
    const policy = policyOf(log);
    if (policy !== null && !blobs.has(policy.blob)) {
      blobs.add(policy.blob);
      yield counted(lineText({ type: 'policy', ...policy, text: await content.policyText(policy.blob) }));
    }
    yield counted(beginText(request, policy));
    const held = heldIn(request);
    for (const { comment, record } of held) yield counted(entryText(comment, record));
    const { head, length } = log;
    const end = { type: 'request-end' as const, issue, records: held.length, head, length, sha256: sum() };
    yield counted(lineText(end));
    requests += 1;
    records += held.length;
    newest = later(newest, updatedAt);
  }
  yield lineText({ type: 'end', requests, records, cursor: cursorOf(newest, header), sha256: sum() });
}

/** A whole export as one text, where it is known to be small. Throws as `exportLines`. */
export async function exportText(content: ExportContent): Promise<string> {
  let text = '';
  for await (const line of exportLines(content)) text += line;
  return text;
}

async function headerOf({ trust, live, archive, range, exportedAt }: ExportContent): Promise<ExportHeader> {
  const { repositoryId, ownerId, repositoryName, defaultBranch, workflows, unsigned } = trust;
  const issuers = trust.issuers.map(async ({ issuer, keys }) => ({ issuer, keys: await exportedKeys(keys, live) }));
  return {
    type: 'debug-approval/export',
    v: 2,
    repository: { id: repositoryId, ownerId, name: repositoryName, defaultBranch },
    workflows,
    unsigned,
    issuers: await Promise.all(issuers),
    archive: [...(archive ?? [])],
    range: range ?? EVERYTHING,
    exportedAt,
  };
}

/** Only the public part of a key leaves. Of two with one `kid` the first is the one that verifies. */
async function exportedKeys(
  keys: readonly TrustedKey[],
  live: ReadonlySet<string> | undefined,
): Promise<ExportedKey[]> {
  const byKid = new Map<string | undefined, ExportedKey>();
  for (const key of keys) {
    const part = publicPart(key);
    if (part === null || byKid.has(key.kid)) continue;
    const isLive = live === undefined || live.has(await calculateJwkThumbprint(part));
    const named = Object.entries({ kid: key.kid, alg: key.alg, use: key.use, until: key.until });
    const said = Object.fromEntries(named.filter(([, value]) => value !== undefined));
    const exported = { ...part, ...said, live: isLive };
    if (v.is(ExportedKey, exported)) byKid.set(key.kid, exported);
  }
  return [...byKid.values()];
}

/** A file in which a record cannot be verified with the file's own keys would be broken for whoever has nothing else. */
function newKey({ issue, log }: ExportedRequest, keys: ReadonlySet<string>): void {
  const other = log.entries.find(({ key }) => key !== null && !keys.has(key.thumbprint));
  if (other === undefined) return;
  const { record, key } = other;
  const name = `record ${record.seq} of issue ${issue} is signed with the key ${key?.kid} (${key?.thumbprint})`;
  throw new TypeError(`This export cannot hold that request: ${name}, which its header lacks. Begin a new export.`);
}

function policyOf(log: Log): { path: string; commit: string; blob: string } | null {
  const opening = log.entries[0]?.record.events.find((event) => event.type === 'requested');
  if (log.request === null || opening === undefined) return null;
  const { path, commit, blob } = opening.request.policy;
  return { path, commit, blob };
}

/** The records that count and those that nobody can verify, in the order of their comments. */
function heldIn({
  log,
  unverified = [],
}: ExportedRequest): { comment: Parameters<typeof entryText>[0]; record: Record }[] {
  const counted = log.entries.map(({ commentId: id, createdAt, author, record }) => ({
    comment: { id, createdAt, author },
    record,
  }));
  const others = unverified.flatMap(({ comment: { id, createdAt, author }, record }) =>
    author === null ? [] : [{ comment: { id, createdAt, author }, record }],
  );
  return [...counted, ...others].sort((a, b) => a.comment.id - b.comment.id);
}

/** So many of those comments that were ignored are told one by one: anybody may write more. */
const FINDINGS_TOLD = 100;

function beginText(
  { issue, updatedAt, log, beyond = [], unverified = [] }: ExportedRequest,
  policy: ReturnType<typeof policyOf>,
): string {
  const told = (all: RequestBegin['broken']) => all.map(({ code, commentId, why }) => ({ code, commentId, why }));
  const { request, broken, findings } = log;
  const more = findings.length - FINDINGS_TOLD;
  return lineText({
    type: 'request',
    issue,
    request,
    policy,
    updatedAt,
    broken: told([...broken, ...beyond]),
    findings:
      more > 0
        ? [...told(findings.slice(0, FINDINGS_TOLD)), { ...MORE, why: `${more} more were ignored` }]
        : told(findings),
    unverified: unverified.map(({ code, comment: { id }, why }) => ({ code, commentId: id, why })),
  });
}

const MORE = { code: 'more', commentId: null };

/** What follows behind a header is verified by what that says: it must have been read by the same. */
function refuseOther({ repository, workflows, unsigned }: ExportHeader, trust: Trust): void {
  const { id, ownerId, name, defaultBranch } = repository;
  if (id !== trust.repositoryId) {
    throw new TypeError(
      `The export to be resumed is of ${name} (${id}), not of ${trust.repositoryName} (${trust.repositoryId}).`,
    );
  }
  const changed = [
    ...(ownerId === trust.ownerId ? [] : ['owner']),
    ...(defaultBranch === trust.defaultBranch ? [] : ['default branch']),
    ...(isSameJson([...workflows].sort(), [...trust.workflows].sort()) ? [] : ['signing workflows']),
    ...(unsigned === trust.unsigned ? [] : ['rule for unsigned records']),
  ];
  if (changed.length === 0) return;
  throw new TypeError(
    `The export to be resumed was begun under another ${changed.join(', ')} of ${name}. Begin a new export.`,
  );
}
