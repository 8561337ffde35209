/** Looks many members up by their ids: one by one while they are few, else out of the workspace's list. */
import type { WebClient } from '@slack/web-api';
import * as v from 'valibot';
import type { MemberFacts, SlackFailure } from '../app/ports.ts';
import { factsOf, Member } from './directory.ts';
import type { Put } from './inspect.ts';
import { paging } from './inspect-shapes.ts';

/** users.info may be called about 100 times a minute, and others call it too. */
const MOST_ALONE = 80;
const AT_ONCE = 8;
/** users.list may be called about 20 times a minute; with this many pages of a thousand it is not. */
const MOST_PAGES = 10;
const PAGE = 1000;

interface LookedUp {
  found: Map<string, MemberFacts | null>;
  failure: SlackFailure | null;
}

/** The members with these ids; see `SlackInspector.members`. */
export async function lookUpMembers(put: Put, web: WebClient, ids: readonly string[]): Promise<LookedUp> {
  const wanted = [...new Set(ids)];
  if (wanted.length <= MOST_ALONE) return oneByOne(put, web, wanted);
  const listed = await fromList(put, web, new Set(wanted));
  // Of other workspaces, and of one that is very large, the list does not show everybody.
  const missing = wanted.filter((id) => !listed.found.has(id));
  const { found, failure } = await oneByOne(put, web, missing.slice(0, MOST_ALONE));
  return {
    found: new Map([...listed.found, ...found]),
    failure: failure ?? listed.failure ?? (missing.length > MOST_ALONE ? tooMany(missing.length - MOST_ALONE) : null),
  };
}

async function oneByOne(put: Put, web: WebClient, ids: readonly string[]): Promise<LookedUp> {
  const found: LookedUp['found'] = new Map();
  let failure: SlackFailure | null = null;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const batch = ids.slice(start, start + AT_ONCE);
    const answers = await Promise.all(batch.map(async (id) => ({ id, answer: await one(put, web, id) })));
    for (const { id, answer } of answers) {
      if ('failure' in answer) failure = answer.failure;
      else found.set(id, answer.member);
    }
    // Where nobody at all could be looked up, the next ones would fail alike.
    if (answers.every(({ answer }) => 'failure' in answer)) return { found, failure };
  }
  return { found, failure };
}

async function one(
  put: Put,
  web: WebClient,
  id: string,
): Promise<{ member: MemberFacts | null } | { failure: SlackFailure }> {
  const answer = await put({
    doing: `look up the member ${id}`,
    schema: v.looseObject({ user: Member }),
    ask: () => web.users.info({ user: id }),
  });
  if (answer.ok) return { member: factsOf(answer.value.user) };
  const { code } = answer.failure;
  return code === 'user_not_found' || code === 'user_not_visible' ? { member: null } : { failure: answer.failure };
}

const ListPage = v.looseObject({ members: v.array(Member), ...paging });

async function fromList(put: Put, web: WebClient, wanted: ReadonlySet<string>): Promise<LookedUp> {
  const found: LookedUp['found'] = new Map();
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const next = cursor === '' ? {} : { cursor };
    const page = await put({
      doing: 'list the members',
      schema: ListPage,
      ask: () => web.users.list({ limit: PAGE, ...next }),
    });
    if (!page.ok) return { found, failure: page.failure };
    for (const member of page.value.members) if (wanted.has(member.id)) found.set(member.id, factsOf(member));
    cursor = page.value.response_metadata?.next_cursor ?? '';
    if (cursor === '' || found.size === wanted.size) break;
  }
  return { found, failure: null };
}

function tooMany(left: number): SlackFailure {
  return {
    kind: 'unanswered',
    code: null,
    scope: null,
    what: `Slack: ${left} more members were not looked up: it answers about 100 such questions a minute.`,
    remedy: 'Keep the channel small: who approves, and nobody else.',
  };
}
