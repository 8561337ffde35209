/**
 * The archive of keys: what a repository's records were signed with, once the issuer publishes it no more. It stands in
 * issues of the repository, so a key from it is only as good as the signatures that lead from it to a live key; whoever
 * trusts no repository needs an export that was kept elsewhere.
 */
import type { LogComment } from './accept.ts';
import { type Belief, believe } from './archive-belief.ts';
import { type ArchiveLine, faultIn, parseArchiveComment } from './archive-record.ts';
import { brief, type Finding } from './finding.ts';
import type { Trust } from './trust.ts';

export { liveKeys, withArchive } from './archive-keys.ts';
export type { ArchivedKey, ArchiveLine, ArchiveRecord } from './archive-record.ts';

/** The slice of the application's `IssueSnapshot` that the archive needs. */
export interface ArchiveIssue {
  number: number;
  comments: readonly LogComment[];
  /** When, and whose comment it was (null: unknown). */
  deletions: readonly { at: string; authorId: number | null }[];
}

export interface Archive extends Belief {
  /** Records that were lost or changed. They break no request's log; a key that only they held is gone. */
  broken: Finding[];
}

/**
 * Reads the archive from all issues with its label, in any order. `trust` holds the live keys: a record counts if one of
 * them signed it, or one that a record which counts holds or names by its thumbprint. Needs no network, no clock.
 */
export async function readArchive(issues: readonly ArchiveIssue[], trust: Trust): Promise<Archive> {
  const refused: Finding[] = [];
  const lines = issues.flatMap((issue) => linesIn(issue, trust, refused));
  const belief = await believe(lines, trust);
  const changes = issues.map((issue) => changesOf(issue, belief.lines));
  return {
    ...belief,
    findings: [...refused, ...belief.findings, ...changes.flatMap(({ findings }) => findings)].map(brief),
    broken: [...changes.flatMap(({ broken }) => broken), ...lostRecords(belief.lines)],
  };
}

/** Reads the archive from the header of an export, by the same rule; what was edited or deleted since, no line tells. */
export async function readArchiveLines(lines: readonly ArchiveLine[], trust: Trust): Promise<Archive> {
  const refused: Finding[] = [];
  const kept = lines.filter((line) => {
    const fault = faultIn(line.record);
    if (fault === null) return isOurs(line, trust, refused);
    refused.push({ code: 'malformed', commentId: line.comment.id, why: `it is no record of keys: ${fault}` });
    return false;
  });
  const belief = await believe(kept, trust);
  return { ...belief, findings: [...refused, ...belief.findings].map(brief), broken: lostRecords(belief.lines) };
}

/** The records in an issue's comments that might count: whole, a bot's, never edited, of this issue and repository. */
function linesIn(issue: ArchiveIssue, trust: Trust, refused: Finding[]): ArchiveLine[] {
  return issue.comments.flatMap(({ id, createdAt, author, editedAt, body }) => {
    const parsed = parseArchiveComment(body);
    // Edits are told of all comments alike, whatever they hold now.
    if (parsed.kind === 'none' || editedAt !== null) return [];
    if (parsed.kind === 'malformed') {
      refused.push({ code: 'malformed', commentId: id, why: `it is no record of keys: ${parsed.why}` });
      return [];
    }
    const { record } = parsed;
    if (record.issue !== issue.number) {
      refused.push({ code: 'other-issue', commentId: id, why: `it is a record of issue ${record.issue}` });
      return [];
    }
    if (author === null) {
      refused.push({ code: 'not-a-bot', commentId: id, why: 'it was written by a deleted account, not by an app' });
      return [];
    }
    const line = {
      comment: { id, createdAt, author: { id: author.id, login: author.login, bot: author.bot } },
      record,
    };
    return isOurs(line, trust, refused) ? [line] : [];
  });
}

function isOurs({ comment, record }: ArchiveLine, trust: Trust, refused: Finding[]): boolean {
  const { id, author } = comment;
  if (!author.bot) {
    const why = `it was written by ${author.login}; records are written by an app's account only`;
    refused.push({ code: 'not-a-bot', commentId: id, why });
    return false;
  }
  if (record.repository === trust.repositoryId) return true;
  refused.push({ code: 'other-issue', commentId: id, why: `it is a record of repository ${record.repository}` });
  return false;
}

/**
 * Edits and deletions. Those of a bot's comment may have been a record: what it held can no longer be told. So may any
 * deletion where no record is left that would show who writes them, and that of nobody knows whose comment where a deleted
 * account wrote a record: of every account that exists GitHub names the comments.
 */
function changesOf(issue: ArchiveIssue, lines: readonly ArchiveLine[]): Pick<Archive, 'findings' | 'broken'> {
  const writers = new Set(lines.map(({ comment }) => comment.author.id));
  const isGhosts = ({ author, body }: LogComment) => author === null && parseArchiveComment(body).kind === 'record';
  const byAnybody = issue.comments.some(isGhosts);
  const findings: Finding[] = [];
  const broken: Finding[] = [];
  for (const { id, author, editedAt } of issue.comments) {
    if (editedAt === null) continue;
    const why = `comment ${id} of ${author?.login ?? 'a deleted account'} in issue ${issue.number} was edited at ${editedAt}`;
    (author?.bot === true ? broken : findings).push({ code: 'edited', commentId: id, why });
  }
  for (const { at, authorId } of issue.deletions) {
    const whose = authorId === null ? 'an unknown account' : `account ${authorId}`;
    const why = `a comment of ${whose} in issue ${issue.number} was deleted at ${at}`;
    const lost = writers.size === 0 || (authorId === null ? byAnybody : writers.has(authorId));
    (lost ? broken : findings).push({ code: 'deleted', commentId: null, why });
  }
  return { findings, broken };
}

/** Records that one which counts was written after, and that count no more. */
function lostRecords(lines: readonly ArchiveLine[]): Finding[] {
  const there = new Set(lines.map(({ record }) => record.hash));
  return lines.flatMap(({ comment, record }) => {
    const missing = record.prev.filter((hash) => !there.has(hash));
    if (missing.length === 0) return [];
    const what = `record ${record.seq} (comment ${comment.id}) of issue ${record.issue}`;
    const why = `${what} follows ${missing.join(', ')}, which is not there: a record is lost`;
    return [{ code: 'missing' as const, commentId: comment.id, why }];
  });
}
