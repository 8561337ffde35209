/** The issues as the page shows them: each comment with what the product's own verifier says of it. */
import * as v from 'valibot';
import type { IssueComment } from '../../app/ports.ts';
import { ARCHIVE_LABEL } from '../../log/archive-record.ts';
import { type Evidence, findEvidence } from '../evidence.ts';
import type { SeenRequest } from '../github/ledger.ts';
import { OWNER, REPOSITORY, type Town } from '../town.ts';
import type { Mark, SceneComment, SceneIssue } from './scene.ts';

export interface IssueShelf {
  /** Notes what a request to GitHub may have changed; false: nothing that the page shows. */
  note(request: SeenRequest): boolean;
  /** Reads anew what may have changed. */
  refresh(): Promise<void>;
  /** What each issue proves, by its number, oldest first. */
  evidence(): ReadonlyMap<number, Evidence>;
  /** The issue of a request; null: it has none (yet). An issue keeps its request, whatever becomes of its records. */
  issueOfRequest(request: string): number | null;
}

const Mutation = v.looseObject({ query: v.pipe(v.string(), v.regex(/^\s*mutation\b/)) });
const ISSUES = `/repos/${OWNER}/${REPOSITORY}/issues`;

/** An empty shelf; issues come onto it as they are opened. */
export function openShelf(town: Town): IssueShelf {
  const known = new Map<number, Evidence>();
  const requests = new Map<string, number>();
  const stale = new Set<number>();
  let opened = false;

  const keep = (number: number, found: Evidence): void => {
    known.set(number, found);
    const { request } = found.log;
    if (request !== null && !requests.has(request)) requests.set(request, number);
  };
  /** Numbers follow each other, so that the first that is missing ends the search. */
  const findNew = async (): Promise<void> => {
    for (let number = known.size + 1; ; number += 1) {
      const found = await findEvidence(town, number);
      if (found === null) return;
      keep(number, found);
    }
  };
  const reread = async (number: number): Promise<void> => {
    const found = await findEvidence(town, number);
    if (found !== null) keep(number, found);
  };

  return {
    note({ method, path, status, body }) {
      if (v.is(Mutation, body)) {
        // It may name any of them, by ids that are GraphQL's own.
        for (const number of known.keys()) stale.add(number);
        return true;
      }
      if (method === 'GET' || status >= 400 || !path.startsWith(ISSUES)) return false;
      const [first = '', ...rest] = path.slice(ISSUES.length + 1).split('/');
      if (first === '') opened = true;
      else if (/^\d+$/.test(first)) stale.add(Number(first));
      // A change of one comment names no issue.
      else if (first === 'comments' && rest.length > 0) for (const number of known.keys()) stale.add(number);
      else return false;
      return true;
    },
    async refresh() {
      const again = [...stale].filter((number) => known.has(number));
      const news = opened || again.length < stale.size;
      stale.clear();
      opened = false;
      try {
        for (const number of again) await reread(number);
        if (news) await findNew();
      } catch (error) {
        // Still to be read: at the next refresh.
        for (const number of again) stale.add(number);
        opened ||= news;
        throw error;
      }
    },
    // The archive of keys is no request, and nobody needs to read it.
    evidence: () => new Map([...known].filter(([, { snapshot }]) => !snapshot.labels.includes(ARCHIVE_LABEL))),
    issueOfRequest: (request) => requests.get(request) ?? null,
  };
}

/**
 * What breaks a log, each a sentence; empty while it is whole. Where no record is left, what was edited or deleted may
 * have been the opening.
 */
export function faultsOf({ log }: Evidence): string[] {
  const touched = log.findings.filter(({ code }) => code === 'edited' || code === 'deleted');
  const lost = log.entries.length === 0 ? touched : [];
  return [...log.broken, ...lost].map(({ why }) => sentence(why));
}

/** The request's state. A log that does not hold is an error, whatever its remaining records would say. */
export function statusOf(evidence: Evidence): string {
  if (faultsOf(evidence).length > 0) return 'error';
  return evidence.state.status === 'none' ? 'opening' : evidence.state.status;
}

/** An issue as it stands. */
export function issueOf(evidence: Evidence): SceneIssue {
  const { snapshot, log } = evidence;
  const { number, title, body, open, labels, comments } = snapshot;
  const shown = comments.map((comment) => commentOf(comment, markOf(comment, log)));
  const [status, broken] = [statusOf(evidence), faultsOf(evidence)];
  return { number, title, body, open, labels, status, comments: shown, broken };
}

function commentOf({ id, author, createdAt, editedAt, body }: IssueComment, mark: Mark): SceneComment {
  const by = { name: author?.login ?? 'ghost', bot: author?.bot ?? false };
  return { id, author: by, at: createdAt, edited: editedAt !== null, body, mark };
}

function markOf({ id }: IssueComment, log: Evidence['log']): Mark {
  const about = ({ commentId }: { commentId: number | null }): boolean => commentId === id;
  const broken = log.broken.find(about);
  if (broken !== undefined) return { kind: 'broken', why: sentence(broken.why) };
  const entry = log.entries.find(about);
  if (entry !== undefined) return { kind: 'verified', seq: entry.record.seq };
  const finding = log.findings.find(about);
  return { kind: 'plain', why: finding === undefined ? null : sentence(finding.why) };
}

/** The verifier's words as a sentence. */
export function sentence(why: string): string {
  const text = `${why.charAt(0).toUpperCase()}${why.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
