/** Watches an issue's comments by conditional requests, which cost nothing of GitHub's limit while nothing changes. */
import * as v from 'valibot';
import type { PolledComment } from '../app/ports.ts';
import { commentOfRest } from './account.ts';
import { ask, askMaybe, type Scope } from './ask.ts';
import { answerOf } from './faults.ts';
import { RestComment } from './shapes.ts';

const PER_PAGE = 100;

interface Page {
  etag: string | null;
  comments: PolledComment[];
}

const PageAnswer = v.looseObject({ etag: v.nullable(v.string()), comments: v.array(RestComment) });

/**
 * A watcher that remembers each page's ETag. It gives all comments when any page changed, null when none did.
 * Every page is asked, not the last alone: a deletion moves later comments to the page before.
 */
export function commentWatcher(scope: Scope): (issue: number) => Promise<PolledComment[] | null> {
  const known = new Map<number, Page[]>();
  return async (issue) => {
    const before = known.get(issue) ?? [];
    const pages: Page[] = [];
    let changed = false;
    do {
      const last = before[pages.length] ?? null;
      const page = await readPage(scope, issue, pages.length + 1, last?.etag ?? null);
      const now = page ?? last;
      if (now === null) break;
      changed ||= page !== null;
      pages.push(now);
    } while (pages.at(-1)?.comments.length === PER_PAGE);
    known.set(issue, pages);
    return changed ? pages.flatMap((page) => page.comments) : null;
  };
}

/** One comment by its id; null when it does not exist. */
export async function readComment(scope: Scope, id: number): Promise<PolledComment | null> {
  const found = await askMaybe(scope, `read comment ${id}`, RestComment, async () => {
    const answer = await scope.octokit.rest.issues.getComment({ owner: scope.owner, repo: scope.name, comment_id: id });
    return answer.data;
  });
  return found === null ? null : commentOfRest(found);
}

/** null: not modified since the ETag. */
async function readPage(scope: Scope, issue: number, page: number, etag: string | null): Promise<Page | null> {
  const found = await ask(scope, `read the comments of issue #${issue}`, v.nullable(PageAnswer), async () => {
    try {
      const answer = await scope.octokit.rest.issues.listComments({
        owner: scope.owner,
        repo: scope.name,
        issue_number: issue,
        per_page: PER_PAGE,
        page,
        headers: etag === null ? {} : { 'if-none-match': etag },
      });
      return { etag: answer.headers.etag ?? null, comments: answer.data };
    } catch (error) {
      if (etag !== null && answerOf(error)?.status === 304) return null;
      throw error;
    }
  });
  return found === null ? null : { etag: found.etag, comments: found.comments.map(commentOfRest) };
}
