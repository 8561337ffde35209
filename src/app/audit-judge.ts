/** Judges one request as an auditor does: reads its issue until it is whole, verifies its log, grades it, checks its body. */
import { type Log, readLog } from '../log/chain.ts';
import { parseComment } from '../log/comment.ts';
import type { Finding } from '../log/finding.ts';
import { gradeOf } from '../log/grade.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import type { EventOf } from '../request/events.ts';
import { fold, type OpenedState } from '../request/state.ts';
import { type Auditor, type Judged, type RequestVerdict, type Trouble, troubleAt } from './audit.ts';
import { type Keyless, keylessOf } from './audit-keys.ts';
import { type AuditCode, remedyFor } from './audit-remedies.ts';
import { bodyFault, bodyFindings, unseenTexts } from './body.ts';
import { Fault, messageOf } from './fault.ts';
import { isPersons } from './issue-snapshot.ts';
import type { AuditedIssue, IssueSnapshot } from './ports.ts';
import { openingOf, textFault, wholeSnapshot } from './reading.ts';

/** A list of GitHub lags for seconds: what did not change for so long, in ms, is shown as it is. */
const SETTLED_MS = 600_000;
/** Waits before a broken log is believed, in ms, as long as it may be that a list lags. */
const LOOKS = [1_000, 3_000, 6_000];

/**
 * Judges an issue; `first` is a look at it. A list that lacks comments, or a record that a later one names, is read again
 * before it is believed. Resolves to a verdict `unknown` where GitHub does not show it whole. Throws what is no Fault.
 */
export async function judge(auditor: Auditor, first: AuditedIssue): Promise<Judged> {
  try {
    let snapshot = await whole(auditor, first);
    let log = await readLog(snapshot, auditor.trust);
    for (const wait of LOOKS) {
      if (!mayLag(auditor, snapshot, log)) break;
      await auditor.deps.clock.sleep(wait);
      snapshot = await whole(auditor, await reread(auditor, snapshot.number));
      log = await readLog(snapshot, auditor.trust);
    }
    return await judged(auditor, snapshot, log);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return unread(first, error);
  }
}

async function whole(auditor: Auditor, first: AuditedIssue): Promise<AuditedIssue> {
  const { clock } = auditor.deps;
  const repository = { issue: (issue: number) => reread(auditor, issue) };
  const snapshot = await wholeSnapshot({ repository, clock }, first.number, { first });
  // What was read later may hold more than this time tells: then it is exported again, and nothing is missed.
  return { ...snapshot, updatedAt: first.updatedAt };
}

async function reread({ deps }: Auditor, issue: number): Promise<AuditedIssue> {
  const found = await deps.source.issue(issue);
  if (found !== null) return found;
  throw new Fault('not-found', `Issue #${issue} was deleted or moved while it was read.`, 'Verify again.');
}

/** Whether a lagging list could be all that is wrong. */
function mayLag({ deps }: Auditor, { updatedAt }: AuditedIssue, { broken }: Log): boolean {
  const missing = broken.every(({ code }) => code === 'missing' || code === 'no-opening');
  return broken.length > 0 && missing && Math.abs(deps.clock.now() - Date.parse(updatedAt)) < SETTLED_MS;
}

/** An issue that a person opened and that somebody gave the label: what was edited or deleted in it was no record. */
function ofAPerson(snapshot: AuditedIssue, log: Log): Judged {
  const { number: issue, url } = snapshot;
  const verdict: RequestVerdict = {
    ...{ issue, url, status: 'none', request: null, records: 0, head: null, grading: null, broken: [] },
    notes: log.findings.map((one) => troubleAt(snapshot, one.code, one)),
  };
  return { snapshot, log: { ...log, broken: [] }, opened: null, verdict, unverified: [], standing: [] };
}

async function judged(auditor: Auditor, snapshot: AuditedIssue, log: Log): Promise<Judged> {
  if (isPersons(snapshot) && log.entries.length === 0) return ofAPerson(snapshot, log);
  const opening = openingOf(log);
  const read = opening === null ? null : await openedOf(auditor, log, opening);
  const opened = read instanceof Fault ? null : read;
  const about = (code: AuditCode, why: string) => troubleAt(snapshot, code, { commentId: null, why });
  const keyless = await keylessOf(snapshot, log, auditor.trust);
  const touched = lostOpening(snapshot, log);
  const standing = standingIn(snapshot, log);
  const foreign = foreignlySigned(log, keyless, standing);
  const lost = log.broken.filter((fault) => !keyless.excused.includes(fault));
  const text = textTrouble(auditor, snapshot, log, opened);
  const broken = [
    ...[...inOrder(lost), ...touched].map((one) => troubleAt(snapshot, one.code, one)),
    ...(text === null ? [] : [about('body', clause(text))]),
  ];
  const beside = log.request === null ? [] : besideIt(snapshot, log);
  const notes = [
    ...foreign.slice(0, 1).map((one) => troubleAt(snapshot, 'signer', { ...one, why: whyForeign(foreign) })),
    ...log.findings
      .filter((one) => ![...touched, ...foreign].includes(one) && !keyless.comments.includes(one.commentId ?? 0))
      .map((one) => troubleAt(snapshot, one.code, one)),
    ...beside.map((why) => about('beside', clause(why))),
    ...(read instanceof Fault ? [about('policy', clause(read.message))] : []),
    ...(keyless.comments.length === 0 ? [] : [about('keys', withoutKeys(keyless))]),
  ];
  const verdict: RequestVerdict = {
    issue: snapshot.number,
    url: snapshot.url,
    status: statusOf(broken, log, keyless.comments.length > 0 || foreign.length > 0),
    request: log.request,
    records: log.entries.length,
    head: log.head,
    grading: log.entries.length === 0 ? null : gradeOf(log.entries, auditor.known),
    broken,
    notes,
  };
  const lacking = withoutKeys(keyless);
  const unverified = [
    ...keyless.comments.map((commentId) => ({ code: 'keys' as const, commentId, why: lacking })),
    ...foreign.flatMap(({ commentId, why }) =>
      commentId === null ? [] : [{ code: 'signer' as const, commentId, why }],
    ),
  ];
  return { snapshot, log, opened, verdict, unverified, standing };
}

/** Without the policy nobody knows what the text should say; a person's edit of it shows all the same. */
function textTrouble({ deps }: Auditor, snapshot: AuditedIssue, log: Log, opened: Judged['opened']): string | null {
  if (opened !== null) return textFault(deps, { snapshot, log, ...opened });
  return log.request === null ? null : bodyFault(snapshot, log.entries, null);
}

/** What stops nothing, and what nobody can tell. */
function besideIt(snapshot: IssueSnapshot, { entries }: Log): string[] {
  const unseen = unseenTexts(snapshot);
  return [...bodyFindings(snapshot, entries), ...(unseen === null ? [] : [unseen])];
}

/** A sentence as part of another one. */
function clause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, '');
}

function statusOf(broken: readonly Trouble[], log: Log, isOpen: boolean): RequestVerdict['status'] {
  if (broken.length > 0) return 'broken';
  if (isOpen) return 'unknown';
  return log.request === null ? 'none' : 'whole';
}

/**
 * Where no record counts, those that bots wrote as records of this very issue and that lack nothing but a signature of a trusted
 * workflow: the policy of now says which these are, so that one changed line would make a whole log look like none. So would the
 * deletion of the app that wrote them.
 */
function foreignlySigned({ request, findings }: Log, keyless: Keyless, standing: Judged['standing']): Finding[] {
  if (request !== null || keyless.comments.length > 0) return [];
  return findings.filter((one) => standing.some(({ commentId }) => commentId === one.commentId));
}

function whyForeign(refused: readonly Finding[]): string {
  const what = refused.length === 1 ? 'its only record does not count' : `none of its ${refused.length} records counts`;
  const isOfNow = refused.every(({ code }) => code === 'not-signed');
  return `${isOfNow ? 'by the policy of now ' : ''}${what}: ${refused[0]?.why}`;
}

function withoutKeys({ comments, keys }: Keyless): string {
  const what = comments.length === 1 ? '1 record is' : `${comments.length} records are`;
  return `${what} signed with keys that are not to be had any more (${keys.join(', ')})`;
}

/** The state as the policy says that the opening names; the Fault where that policy cannot be had or read any more. */
async function openedOf(
  { policies }: Auditor,
  log: Log,
  opening: EventOf<'requested'>,
): Promise<{ policy: Policy; state: OpenedState } | Fault | null> {
  try {
    const policy = policyAsOf(await policies.get(opening.request.policy.blob), opening);
    const state = fold(policy, log.entries);
    return state.status === 'none' ? null : { policy, state };
  } catch (error) {
    if (error instanceof Fault && error.code === 'policy') return error;
    throw error;
  }
}

/** What nobody believes for want of a key or a trusted signer, or since its author's account is gone. */
function standingIn({ comments }: IssueSnapshot, { findings }: Log): Judged['standing'] {
  return findings.flatMap(({ code, commentId, why, signature }) => {
    const comment = comments.find(({ id }) => id === commentId);
    if (comment === undefined || comment.editedAt !== null) return [];
    if (code !== 'not-signed' && !(code === 'not-a-bot' && comment.author === null)) return [];
    const parsed = parseComment(comment.body);
    return parsed.kind === 'record'
      ? [
          {
            code: signature === 'signature' ? ('keys' as const) : ('signer' as const),
            commentId: comment.id,
            why,
            hash: parsed.record.hash,
          },
        ]
      : [];
  });
}

/**
 * A request of which somebody else names these records: where one of them stands there and does not count, nobody removed it,
 * and whether the request is whole nobody can tell.
 */
export function withNamed(judged: Judged, heads: readonly string[]): Judged {
  const named = judged.standing.filter(({ hash }) => heads.includes(hash));
  const { verdict, snapshot } = judged;
  if (named.length === 0 || verdict.status === 'broken') return judged;
  const unverified = named.map(({ hash: _, ...one }) => one);
  const notes = unverified.map((one) => {
    const why = `a record that is named elsewhere as its last stands there and does not count: ${one.why}`;
    return troubleAt(snapshot, one.code, { ...one, why });
  });
  return {
    ...{ ...judged, unverified: [...judged.unverified, ...unverified] },
    verdict: { ...verdict, status: 'unknown', notes: [...notes, ...verdict.notes] },
  };
}

/** By the comments' ids, so that the first broken record is named first; what is about no comment stands last. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const place = ({ commentId }: Finding) => commentId ?? Number.MAX_SAFE_INTEGER;
  return findings.toSorted((a, b) => place(a) - place(b));
}

/** Where no opening stands, an edited comment of a bot or a deleted one may have been it. */
function lostOpening({ comments }: IssueSnapshot, { entries, findings, broken }: Log): Finding[] {
  if (entries.length > 0 || broken.length > 0) return [];
  const byBot = new Set(comments.filter(({ author }) => author?.bot !== false).map(({ id }) => id));
  return findings.filter(
    ({ code, commentId }) => code === 'deleted' || (code === 'edited' && commentId !== null && byBot.has(commentId)),
  );
}

function unread(snapshot: AuditedIssue, fault: Fault): Judged {
  const { number: issue, url } = snapshot;
  const trouble: Trouble = {
    ...{ code: 'unread', record: null, comment: null, url, why: messageOf(fault) },
    remedy: fault.remedy || remedyFor('unread'),
  };
  const log: Log = {
    ...{ request: null, entries: [], head: null, length: 0, tips: [], seq: 0, findings: [], broken: [] },
  };
  return {
    ...{ snapshot, log, opened: null, unverified: [], standing: [] },
    verdict: {
      ...{ issue, url, status: 'unknown', request: null, records: 0, head: null, grading: null },
      ...{ broken: [], notes: [trouble] },
    },
  };
}

/**
 * Audits one issue; `head` is the hash of a record that it must hold, as known from elsewhere. Throws a Fault `not-found` where
 * there is no such issue.
 */
export async function auditIssue(auditor: Auditor, issue: number, head: string | null): Promise<Judged> {
  const found = await auditor.deps.source.issue(issue);
  if (found === null) {
    throw new Fault(
      'not-found',
      `There is no issue #${issue} in ${auditor.facts.name}: it never was, was deleted, or was moved.`,
      `debug-approval audit verify ${auditor.facts.name} says whether later requests name it.`,
    );
  }
  const judged = withNamed(await judge(auditor, found), head === null ? [] : [head]);
  // What could not be read whole, or verified, may hold it.
  if (judged.verdict.status === 'unknown') return judged;
  if (head === null || judged.log.entries.some(({ record }) => record.hash === head)) return judged;
  const why = `issue #${issue} lacks the record ${head}, which is known from elsewhere`;
  const trouble = troubleAt(judged.snapshot, 'head', { commentId: null, why });
  return { ...judged, verdict: { ...judged.verdict, status: 'broken', broken: [...judged.verdict.broken, trouble] } };
}
