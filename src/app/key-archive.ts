/** The sweep's archive of keys: what GitHub signs with now is kept in one issue, for the time when it is published no more. */
import { type Archive, type ArchiveRecord, readArchive } from '../log/archive.ts';
import { type Lacking, lacking, nextArchiveRecord } from '../log/archive-next.ts';
import { ARCHIVE_TITLE, renderArchiveComment } from '../log/archive-record.ts';
import { verifySignature } from '../log/signature.ts';
import type { Trust } from '../log/trust.ts';
import type { Desk } from './desk.ts';
import { Fault, noIdToken, whyOf } from './fault.ts';
import { isPersons } from './issue-snapshot.ts';
import type { IssueSnapshot, JobIdentity, KeyArchive } from './ports.ts';

type Place = Pick<Desk, 'repository' | 'signer' | 'trust' | 'writer' | 'clock' | 'progress'>;

/** The archive as the sweep found it. */
export interface FoundArchive {
  issues: IssueSnapshot[];
  read: Archive;
  /** With the live keys alone, by which it was read. */
  live: Trust;
  /** The key that signs this job's tokens. */
  kid: string;
}

/**
 * Reads the archive with one call and says what of it was lost; null: it could not be read, or this job signs nothing that a key
 * would have to be kept for. Trouble is told and thrown never: what GitHub's live keys prove does not depend on it.
 */
export async function readKeys(
  desk: Place,
  archive: KeyArchive,
  { kid }: Pick<JobIdentity, 'kid'>,
): Promise<FoundArchive | null> {
  if (kid === null) return null;
  return orTell(desk, () => look(desk, archive, kid));
}

/**
 * Archives the live keys that no record holds yet: writes only what is new. Trouble is told and thrown never: the requests do not
 * depend on it, and the next sweep tries again.
 */
export async function archiveKeys(desk: Place, archive: KeyArchive, found: FoundArchive): Promise<void> {
  // What the archive itself holds is no live key.
  await orTell(desk, () => lookAfter({ ...desk, trust: found.live }, archive, found));
}

async function orTell<T>({ progress }: Place, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const why = whyOf(error);
    progress.warn(`The keys that sign the log were not archived this time; the next sweep tries again. ${why}`);
    return null;
  }
}

async function look(desk: Place, archive: KeyArchive, kid: string): Promise<FoundArchive> {
  const issues = (await archive.issues()).filter((one) => !isPersons(one));
  const cut = issues.find(({ comments, commentCount }) => comments.length < commentCount);
  if (cut !== undefined) {
    const shown = `${cut.comments.length} of ${cut.commentCount} comments of issue #${cut.number}`;
    throw new Fault('unavailable', `GitHub shows ${shown} only.`, 'If it stays so, look at that issue.');
  }
  const read = await readArchive(issues, desk.trust);
  for (const { why } of read.broken) {
    desk.progress.warn(
      `The archive of keys was changed: ${why}. A key that only that record held can be proven by an export alone.`,
    );
  }
  return { issues, read, live: desk.trust, kid };
}

async function lookAfter(desk: Place, archive: KeyArchive, { issues, read, kid }: FoundArchive): Promise<void> {
  const place = placeOf(issues, read);
  const due = await lacking(read, desk.trust, kid);
  if (due !== null) await settle(desk, await write(desk, read, due, place?.number ?? (await archive.open()).number));
  else if (place?.open === true) await settle(desk, place.number);
}

/**
 * Where the next record is written: the issue with the lowest number that holds one which counts, or else that has the
 * archive's title. Two sweeps at once may open two issues; all of them are read.
 */
function placeOf(issues: readonly IssueSnapshot[], { lines }: Archive): IssueSnapshot | null {
  const holding = issues.filter(({ number }) => lines.some(({ record }) => record.issue === number));
  const titled = issues.filter(({ title }) => title === ARCHIVE_TITLE);
  const [first = null] = (holding.length > 0 ? holding : titled).toSorted((a, b) => a.number - b.number);
  return first;
}

/** Gives the issue that it wrote to. */
async function write(desk: Place, read: Archive, due: Lacking, issue: number): Promise<number> {
  const record = nextArchiveRecord(read, due, {
    issue,
    repository: desk.trust.repositoryId,
    at: new Date(desk.clock.now()).toISOString(),
    writer: desk.writer,
  });
  const token = await desk.signer.sign(record.hash);
  if (token === null) throw noIdToken();
  const signed = { ...record, sig: { type: 'oidc' as const, token } };
  await refuseUnlessBelieved(desk, signed);
  await desk.repository.comment(issue, renderArchiveComment(signed));
  desk.progress.info(`Issue #${issue}: ${record.sentence}`);
  return issue;
}

/** What no reader would believe would be written anew by each sweep. */
async function refuseUnlessBelieved({ trust }: Place, record: ArchiveRecord): Promise<void> {
  const result = await verifySignature(record, { createdAt: record.at }, trust);
  // This machine's clock may be wrong; what counts is when GitHub creates the comment.
  if (result.ok || result.code === 'time') return;
  throw new Fault(
    'refused',
    `Nobody would believe this job's record: ${result.why}.`,
    'List the workflow of this job under `signers.workflows` of the policy.',
  );
}

/** Nobody needs to write there, nor to see it among the open issues; nor where somebody opened it again. */
async function settle({ repository }: Place, issue: number): Promise<void> {
  await repository.lockIssue(issue);
  await repository.updateIssue(issue, { open: false, completed: true });
}
