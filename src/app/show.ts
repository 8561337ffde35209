/** Shows a request's state where people look: the issue and the card. What is shown follows from the log and proves nothing. */
import { encodeButton } from '../request/button.ts';
import { present } from '../request/present.ts';
import { isOpen } from '../request/state.ts';
import { UNSIGNED_NOTICE } from '../request/unsigned.ts';
import type { RequestView } from '../request/view.ts';
import type { Desk } from './desk.ts';
import { messageOf } from './fault.ts';
import type { IssueContent } from './ports.ts';
import { HOLD, sharingLabels } from './purge-labels.ts';
import type { Reading } from './reading.ts';
import { UNDELIVERED } from './undelivered.ts';

/** How a view becomes an issue; src/github/issue.ts. */
export type DrawIssue = (view: RequestView) => IssueContent;

type Shown = Pick<Reading, 'policy' | 'state'> & { snapshot: { number: number; url: string }; log?: Reading['log'] };

/** The view of a request as it was just read, with live buttons while it is open. */
export function viewOf(desk: Desk, shown: Shown): RequestView {
  return draft(desk, shown, isOpen(shown.state) ? claimOf(shown) : null);
}

/** What a card carries, so that any listener finds the request and what was asked. */
function claimOf({ state, snapshot }: Shown): string {
  const { request, digest } = state.opening;
  return encodeButton({ issue: snapshot.number, request: request.id, digest, policyBlob: request.policy.blob });
}

/** The view without buttons: of a request that is not recorded yet, or that nobody is to decide any more. */
export function viewWithoutButtons(desk: Desk, shown: Shown): RequestView {
  return draft(desk, shown, null);
}

function draft(desk: Desk, shown: Shown, button: string | null): RequestView {
  const { policy, state, snapshot, log } = shown;
  const place = {
    repository: desk.repositoryName,
    serverUrl: desk.serverUrl,
    issue: { number: snapshot.number, url: snapshot.url },
  };
  // The issue is drawn once before it has a number.
  const asked = state.status === 'pending' || snapshot.number === 0 ? {} : { reference: claimOf(shown) };
  const view = { ...present(policy, state, place, button), ...asked };
  // The opening says it where the ask job is without a token; where only a later job is, the log alone does.
  const later = log?.entries.some(({ key }) => key === null) === true && !view.notices.includes(UNSIGNED_NOTICE);
  return later ? { ...view, notices: [...view.notices, UNSIGNED_NOTICE] } : view;
}

/** Updates the card; false: it shows what was before. A failure is said and changes nothing: the card is a view, the log is the truth. */
export async function showCard(desk: Desk, reading: Pick<Reading, 'state'>, view: RequestView): Promise<boolean> {
  const { card } = reading.state.opening;
  if (card === null || desk.chat === null) return true;
  try {
    await desk.chat.update(card, view);
    return true;
  } catch (error) {
    desk.progress.warn(`The Slack card of issue #${view.issue.number} could not be updated: ${messageOf(error)}`);
    return false;
  }
}

/**
 * The issue's content; marked where the policy's webhook may lack a record of it, and for each part of what it shares, so that
 * the sweep finds it.
 */
export function drawn(
  { hasWebhook, retention }: Pick<Desk, 'hasWebhook' | 'retention'>,
  draw: DrawIssue,
  view: RequestView,
  { delivered = false, labels = [] }: { delivered?: boolean; labels?: readonly string[] } = {},
): IssueContent {
  const content = draw(view);
  const undelivered = hasWebhook && !delivered ? [UNDELIVERED] : [];
  const marks = [...sharingLabels(view.status, retention), ...undelivered];
  return { ...content, labels: [...content.labels, ...marks, ...labels.filter((label) => !isOurs(label))] };
}

/** All others were put there by people, and stay; so does a hold, which people set. */
export function isOurs(label: string): boolean {
  return label !== HOLD && (label === 'debug-request' || label.startsWith('debug:'));
}

/** An issue's labels as they are now: for whoever draws it some time after having read it, so that none that a person set meanwhile is lost. */
export async function labelsNow(desk: Desk, issue: number): Promise<string[]> {
  return (await desk.repository.issue(issue)).labels;
}

/**
 * Updates the issue's table and labels, keeping those of `labels` that are not ours (null: of those that it has now); closes and
 * locks it, or opens it again, where asked; false: it shows what was before. A failure is said and changes nothing.
 */
export async function showIssue(
  desk: Desk,
  draw: DrawIssue,
  view: RequestView,
  change: { close?: boolean; reopen?: boolean; delivered?: boolean; labels: readonly string[] | null },
): Promise<boolean> {
  try {
    const labels = change.labels ?? (await labelsNow(desk, view.issue.number));
    const completed = view.status === 'finished';
    const state = change.close === true ? { open: false, completed } : change.reopen === true ? { open: true } : {};
    await desk.repository.updateIssue(view.issue.number, {
      ...drawn(desk, draw, view, { ...change, labels }),
      ...state,
    });
    if (change.close === true) await desk.repository.lockIssue(view.issue.number);
    return true;
  } catch (error) {
    desk.progress.warn(`Issue #${view.issue.number} could not be updated: ${messageOf(error)}`);
    return false;
  }
}
