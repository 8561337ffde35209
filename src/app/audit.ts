/** An audit of requests: their logs verified with the keys of now, of the repository's archive and of trusted exports, and graded. */
import { calculateJwkThumbprint } from 'jose';
import { type Archive, readArchive, withArchive } from '../log/archive.ts';
import type { Log } from '../log/chain.ts';
import { parseComment } from '../log/comment.ts';
import type { VouchedKey } from '../log/export-vouch.ts';
import type { Finding } from '../log/finding.ts';
import type { Grading, KnownKeys } from '../log/grade.ts';
import { GATEWAY_ISSUER, type Trust } from '../log/trust.ts';
import type { Policy } from '../policy/schema.ts';
import type { OpenedState } from '../request/state.ts';
import { policyOf } from './allowed.ts';
import { type AuditCode, remedyFor } from './audit-remedies.ts';
import { type PolicyShelf, policyShelf } from './desk.ts';
import { Fault } from './fault.ts';
import { isPersons } from './issue-snapshot.ts';
import type {
  AuditedIssue,
  AuditSource,
  Clock,
  IssueSnapshot,
  PolicyFile,
  Repository,
  RepositoryFacts,
  TrustSource,
} from './ports.ts';
import { wholeSnapshot } from './reading.ts';
import type { DrawIssue } from './show.ts';

export interface AuditDeps {
  repository: Pick<Repository, 'facts' | 'blob'>;
  source: AuditSource;
  trust: TrustSource;
  clock: Clock;
  /** How this version of the product draws an issue: by this it is told whether the text still says what was asked. */
  draw: DrawIssue;
  version: string;
}

export interface AuditInput {
  policyPath: string;
  apiIsLoopback: boolean;
  /** Of exports that were kept elsewhere. */
  vouched: readonly VouchedKey[];
  /** Who signs the tokens of this GitHub's jobs, and whom the auditor names besides; what another issuer signed is not proven. */
  issuers: readonly string[];
  /** Thumbprints (RFC 7638, SHA-256, base64url) of the gateway's keys that the auditor knows; others are the policy's word alone. */
  gatewayKeys: readonly string[];
}

/** What an audit works with. */
export interface Auditor {
  deps: AuditDeps;
  facts: RepositoryFacts;
  /** The keys of now, the archived ones and the vouched ones: which of them a log rests on says its grade. */
  trust: Trust;
  known: KnownKeys;
  policies: PolicyShelf;
  /** A policy's text by its git blob id, read once; null: the repository holds no such blob any more. */
  policyText(blob: string): Promise<string | null>;
  archive: Archive;
  /** Records of the archive that were lost or changed; no request's log rests on that. */
  archiveBroken: Trouble[];
  /** What somebody added to the archive, and is ignored. */
  archiveNotes: Trouble[];
}

/** Something that does not hold, or a mere note. */
export interface Trouble {
  code: AuditCode;
  /** The record's number (its `seq`); null where none can be named. */
  record: number | null;
  comment: number | null;
  /** Where to look. */
  url: string;
  /** What happened. */
  why: string;
  /** What to do. */
  remedy: string;
}

/**
 * What an audit says of a request. `none`: the issue has the label of a request and never held one; `unknown`: it could not be
 * read whole, nobody has the keys of its records any more, or no workflow that the policy of now trusts signed them.
 */
export interface RequestVerdict {
  issue: number;
  url: string;
  status: 'whole' | 'broken' | 'none' | 'unknown';
  request: string | null;
  records: number;
  head: string | null;
  /** null unless it has records. */
  grading: Grading | null;
  /** What was lost or changed, the first broken record first. */
  broken: Trouble[];
  /** What is ignored or merely worth knowing: additions of others, harmless edits. */
  notes: Trouble[];
}

/** A record in a comment that nobody can verify now. */
export interface Unverifiable {
  code: AuditCode;
  commentId: number;
  why: string;
}

/** A request as it was read and judged. `state` is null without a sound opening, or where its policy cannot be had. */
export interface Judged {
  snapshot: AuditedIssue;
  log: Log;
  opened: { policy: Policy; state: OpenedState } | null;
  verdict: RequestVerdict;
  /** The records that nobody can verify now, and that the request needs: they may be whole. */
  unverified: Unverifiable[];
  /** Records that stand there, whole and unedited, and do not count. Where an opening names one it was not removed. */
  standing: (Unverifiable & { hash: string })[];
}

/**
 * Prepares an audit: reads the policy on the default branch, fetches the live keys, reads the archive. Throws Faults where one
 * of these cannot be had; a repository without an archive is fine.
 */
export async function openAudit(deps: AuditDeps, input: AuditInput): Promise<Auditor> {
  const facts = await deps.repository.facts({ policyPath: input.policyPath });
  const { policy, file } = policyOf(facts, input.policyPath, input.apiIsLoopback);
  const texts = readingOnce(deps.repository, file);
  const policies = policyShelf(texts, { blob: file.blob, policy }, input.apiIsLoopback);
  const [live, issues] = await Promise.all([deps.trust.trust(facts, policy.signers), archiveIssues(deps)]);
  const own = live.issuers.filter(({ issuer }) => input.issuers.includes(issuer));
  const thumbprints = await Promise.all(own.flatMap(({ keys }) => keys.map((key) => calculateJwkThumbprint(key))));
  const named = input.gatewayKeys.length === 0 ? input.issuers : [...input.issuers, GATEWAY_ISSUER];
  const vouching = withVouched(live, input.vouched);
  const archive = await readArchive(issues, vouching);
  const troubles = (findings: readonly Finding[]) => findings.map((one) => archiveTrouble(issues, one));
  return {
    ...{ deps, facts, archive, trust: withArchive(vouching, archive) },
    known: {
      live: new Set([...thumbprints, ...input.gatewayKeys]),
      vouched: new Set(input.vouched.map(({ thumbprint }) => thumbprint)),
      foreign: new Set(live.issuers.map(({ issuer }) => issuer).filter((issuer) => !named.includes(issuer))),
    },
    ...{ policies, policyText: texts.blob },
    archiveBroken: troubles(archive.broken),
    archiveNotes: troubles(archive.findings),
  };
}

/** The issues of the archive, all comments of each: a list that lags would make records look lost. */
async function archiveIssues({ source, clock }: AuditDeps): Promise<IssueSnapshot[]> {
  const again = async (issue: number) => {
    const found = await source.issue(issue);
    if (found !== null) return found;
    throw new Fault(
      'not-found',
      `Issue #${issue}, which holds archived keys, was deleted while it was read.`,
      'Try again.',
    );
  };
  const whole = (first: IssueSnapshot) =>
    wholeSnapshot({ repository: { issue: again }, clock }, first.number, { first });
  return Promise.all((await source.archive()).filter((one) => !isPersons(one)).map(whole));
}

/** The repository's blobs, of which each is asked for once. */
function readingOnce(repository: Pick<Repository, 'blob'>, { blob, text }: PolicyFile): Pick<Repository, 'blob'> {
  const texts = new Map<string, Promise<string | null>>([[blob, Promise.resolve(text)]]);
  return {
    blob(sha) {
      const found = texts.get(sha) ?? repository.blob(sha);
      texts.set(sha, found);
      found.catch(() => texts.delete(sha));
      return found;
    },
  };
}

/** The keys stand behind those that are there, so that none takes the place of a live one. */
function withVouched(trust: Trust, vouched: readonly VouchedKey[]): Trust {
  const issuers = trust.issuers.map(({ issuer, keys }) => ({
    issuer,
    keys: [...keys, ...vouched.filter((one) => one.issuer === issuer).map(({ key }) => key)],
  }));
  return { ...trust, issuers };
}

function archiveTrouble(issues: readonly IssueSnapshot[], finding: Finding): Trouble {
  const holding = issues.find(({ comments }) => comments.some(({ id }) => id === finding.commentId)) ?? issues[0];
  return troubleAt(holding ?? { url: '', comments: [] }, 'archive', finding);
}

/** A finding of an issue's log, in the words of a verdict. */
export function troubleAt(
  { url, comments }: Pick<IssueSnapshot, 'url' | 'comments'>,
  code: AuditCode,
  { commentId, why }: Omit<Finding, 'code'>,
): Trouble {
  const held = comments.find(({ id }) => id === commentId);
  const parsed = held === undefined ? null : parseComment(held.body);
  return {
    code,
    record: parsed?.kind === 'record' ? parsed.record.seq : null,
    comment: commentId,
    url: commentId === null ? url : `${url}#issuecomment-${commentId}`,
    why,
    remedy: remedyFor(code),
  };
}
