/** What people reply in threads: below a request's card whole words decide; anything else is talk. */
import type { Card } from '../request/events.ts';
import { parseReply } from '../request/reply.ts';
import { countRefusal, inTime, type Remaining } from './append.ts';
import { claimOf, type Wish, wishOfReply } from './commands.ts';
import { Fault, messageOf } from './fault.ts';
import { type Claim, DONE, type Hearing, NONE, settle, withoutIssue } from './hearing.ts';
import type { Reply, SlackAck } from './ports.ts';

/** Deals with a reply. Never rejects. */
export async function takeReply(hearing: Hearing, deed: Reply, remaining: Remaining): Promise<SlackAck> {
  const own = hearing.own();
  const isOwn = own !== null && own.card !== null && sameCard(own.card, deed.thread);
  const words = parseReply(deed.text);
  if (words === null) {
    if (!deed.bot) hearing.talk(deed, isOwn);
    return DONE;
  }
  if (hearing.known.told.get(messageKey(deed)) !== undefined) return DONE;
  if (isOwn) return decided(hearing, deed, { issue: own.issue, asked: wishOfReply(deed, words, null) }, remaining);
  // What bots say elsewhere is no business of ours, and shall cost nothing.
  if (deed.bot || isKnownForgery(hearing, deed)) return DONE;
  const claim = await claimIn(hearing, deed, remaining);
  // Another conversation; or nobody could tell, and Slack brings it again.
  if (claim === null || claim === 'unknown') return claim === null ? DONE : NONE;
  const asked = wishOfReply(deed, words, withoutIssue(claim));
  return decided(hearing, deed, { issue: claim.issue, asked }, remaining);
}

function sameCard(a: Card, b: Card): boolean {
  return a.team === b.team && a.channel === b.channel && a.ts === b.ts;
}

function placeOf({ thread }: Reply): string {
  return `${thread.channel} ${thread.ts}`;
}

function accountKey({ slack }: Reply): string {
  return `slack:${slack.team}/${slack.user}`;
}

function messageKey(deed: Reply): string {
  return `${deed.thread.channel} ${deed.ts} ${accountKey(deed)}`;
}

async function decided(hearing: Hearing, deed: Reply, wish: Wish, remaining: Remaining): Promise<SlackAck> {
  const settled = await settle(hearing, wish, remaining);
  if (settled.kind === 'failed') return notDecided(hearing, deed, wish, settled);
  if (settled.kind === 'refused') {
    const { code, issue, message } = settled;
    if (FORGED.includes(code)) hearing.known.forged.set(`${placeOf(deed)} ${accountKey(deed)}`, { issue, message });
    hearing.later(answer(hearing, deed, message));
  }
  return DONE;
}

/**
 * Slack brings again what is not acknowledged. Whoever reads that an approval was not recorded may have changed their mind by
 * then, and could not take back what is not there: once told, it never counts. Whatever stops a request counts when it comes
 * again, as its author is told; and so does what nobody could be told of.
 */
async function notDecided(
  hearing: Hearing,
  deed: Reply,
  { asked }: Wish,
  { error, text }: { error: unknown; text: string },
): Promise<SlackAck> {
  if (asked.decision === 'approve') {
    const isTold = await tried(hearing, answer(hearing, deed, text));
    if (isTold) hearing.known.told.set(messageKey(deed), true);
    return isTold ? DONE : NONE;
  }
  // What is refused for now is taken all the same: Slack need not bring it again.
  const isTaken = error instanceof Fault && error.code === 'refused';
  hearing.later(answer(hearing, deed, isTaken ? text : `${text} ${COMES_AGAIN}`));
  return isTaken ? DONE : NONE;
}

const COMES_AGAIN = 'Slack delivers your reply again in a minute, and then it may still count.';

function answer({ chat }: Hearing, { thread, slack }: Reply, text: string): Promise<void> {
  return chat.answer(thread, slack.user, text, thread.ts);
}

async function tried({ desk }: Hearing, work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    desk.progress.warn(messageOf(error));
    return false;
  }
}

const FORGED: readonly string[] = ['wrong-card', 'wrong-digest'];

/** Counts a further reply below a message that is not the request's card, and answers it without looking again. */
function isKnownForgery(hearing: Hearing, deed: Reply): boolean {
  const known = hearing.known.forged.get(`${placeOf(deed)} ${accountKey(deed)}`);
  if (known === undefined) return false;
  countRefusal(hearing.desk, known.issue, accountKey(deed));
  hearing.later(answer(hearing, deed, known.message));
  return true;
}

/** Which request the message that began the thread speaks of; the verified log says whether it is its card. */
async function claimIn(hearing: Hearing, deed: Reply, remaining: Remaining): Promise<Claim | 'unknown'> {
  const { desk } = hearing;
  try {
    return await inTime(desk, remaining, lookUp(hearing, deed));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    desk.progress.warn(`A reply in a thread could not be judged: ${error.message}`);
    return 'unknown';
  }
}

/** Whoever chats in a thread costs one call of Slack a minute, however many they are. */
function lookUp({ desk, chat, known: { claims } }: Hearing, deed: Reply): Promise<Claim> {
  const place = placeOf(deed);
  const found = claims.get(place);
  if (found !== undefined) return found;
  const claim = chat
    .valueOf(deed.thread)
    .then((value) => (value === null ? null : claimOf(value, desk.trust.repositoryId)));
  claims.set(place, claim);
  // What could not be looked up is looked up again.
  claim.catch(() => claims.delete(place));
  return claim;
}
