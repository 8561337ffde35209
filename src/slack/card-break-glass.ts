/** A break-glass on the card: that nobody was asked, and who must sign the after-review by when, and how. */
import type { KnownBlock } from '@slack/types';
import { oneLine } from '../request/plain-text.ts';
import type { RequestView } from '../request/view.ts';
import { dated } from './dated.ts';
import { cut, plain } from './inert.ts';

const NAMES_MAX = 300;
const SENTENCE_MAX = 900;

/** Whether it goes ahead, or went, without anybody's approval. */
export function wentAround({ request, status }: RequestView): boolean {
  return request.breakGlass && ['approved', 'running', 'finished', 'failed'].includes(status);
}

/** Loud until the after-review is signed. Nothing for a request that goes the usual way, or did not go ahead. */
export function breakGlass(view: RequestView): KnownBlock[] {
  if (!wentAround(view)) return [];
  // Before the start the outcome says it itself.
  const loud = view.status === 'approved' ? [] : [said('⚠ Break-glass: nobody approved this beforehand.')];
  return [...loud, ...afterReview(view)];
}

function afterReview({ review, issue }: RequestView): KnownBlock[] {
  // Who signed it, and what was found, stands in the outcome.
  if (review === null || review.signed !== null) return [];
  const names = cut(oneLine(review.by.join(', ')), NAMES_MAX);
  const who =
    names === ''
      ? 'Nobody can sign it any more: correct the policy'
      : `To be signed by ${review.by.length > 1 ? 'one of: ' : ''}${names}`;
  return [
    ...dated(review.overdue ? '⚠ The after-review is overdue since' : 'After-review due by', review.dueAt),
    said(`${who}. How: comment /review and what was found on issue #${issue.number}.`),
  ];
}

function said(text: string): KnownBlock {
  return { type: 'section', text: plain(cut(text, SENTENCE_MAX)) };
}
