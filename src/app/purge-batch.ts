/** Purges up to ten closed requests: looks, puts on record what is about to go, deletes it, and writes the receipts. */

import type { SharedPart } from '../policy/retention.ts';
import type { EventOf } from '../request/events.ts';
import { runInBody } from '../request/run-in-body.ts';
import { partOf } from '../request/sharing.ts';
import { Fault, whyOf } from './fault.ts';
import type { Case, PurgedRequest, PurgePlace, Tell } from './purge-case.ts';
import { believed, dueAmong, lookAtAll } from './purge-choose.ts';
import { dueOf } from './purge-due.ts';
import { PART_LABELS } from './purge-labels.ts';
import { remove } from './purge-look.ts';
import type { PurgeIssue, Thing } from './purge-ports.ts';
import { purgeComment } from './purge-records.ts';
import { UNDELIVERED } from './undelivered.ts';

/** Pauses before looking again for what was just written, in ms. */
const AGAIN_MS = [0, 500, 1_000, 2_000, 4_000];

/** Purges what of these is due. A Fault of one request is told in its result and keeps no other from being purged. */
export async function purgeBatch(place: PurgePlace, ids: readonly string[]): Promise<PurgedRequest[]> {
  const told: PurgedRequest[] = [];
  const tell = (issue: PurgeIssue, note: string, done = false): void => {
    told.push({ issue: issue.number, url: issue.url, note, done });
  };
  const read = await dueAmong(place, await place.github.issues(ids), tell);
  const cases = await markedForWebhook(place, await lookAtAll(place, read, tell), tell);
  const announcing = cases.filter((one) => one.found.there.length > 0 && !isAnnounced(one));
  const silent = cases.filter((one) => !announcing.includes(one));
  if (!(await place.budget.room(announcing.length + cases.length))) {
    for (const { issue } of cases) tell(issue, `put off: ${place.budget.over()}`);
    return told;
  }
  const unlocked = new Set<string>();
  try {
    const announced = await writeAll(place, announcing, announcement, { tell, unlocked });
    const seen = await readAgain(place, [...announced, ...silent], tell);
    const deleted = await deleteAll(place, seen, tell);
    const receipted = await writeAll(place, deleted, ({ receipt }) => receipt, { tell, unlocked });
    await settleAll(place, receipted, tell);
    for (const { issue } of receipted) unlocked.delete(issue.id);
  } finally {
    // What was written past its lock and then put off must not stay open to everybody.
    if (unlocked.size > 0) await place.github.settle([...unlocked].map((issue) => ({ issue, labels: [] })));
  }
  return told;
}

/** Those of which the policy's webhook will hear: by a later sweep, which finds the mark. */
async function markedForWebhook({ desk }: PurgePlace, cases: readonly Case[], tell: Tell): Promise<Case[]> {
  if (!desk.hasWebhook) return [...cases];
  const done: Case[] = [];
  for (const one of cases) {
    try {
      const { number, labels } = one.issue;
      if (!labels.includes(UNDELIVERED)) await desk.repository.addLabel(number, UNDELIVERED);
      done.push(one);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      tell(one.issue, `put off: ${whyOf(error)}`);
    }
  }
  return done;
}

/** Whether a record that has no receipt yet names all that is there, as it is now: a sweep ended before it was done. */
function isAnnounced({ reading, found }: Case): boolean {
  const { announced } = reading.state.sharing;
  return found.there.every((thing) => announced?.items.some((item) => isSame(item, thing)) === true);
}

const isSame = (a: Thing, b: Thing): boolean => a.kind === b.kind && a.id === b.id && a.sha256 === b.sha256;

const announcement = ({ parts, found }: Case): EventOf<'purge'> => ({ type: 'purge', parts, items: found.there });

async function writeAll(
  place: PurgePlace,
  cases: readonly Case[],
  eventOf: (one: Case) => EventOf<'purge'> | EventOf<'purged'> | null,
  { tell, unlocked }: { tell: Tell; unlocked: Set<string> },
): Promise<Case[]> {
  const ready: { one: Case; body: string }[] = [];
  for (const one of cases) {
    const event = eventOf(one);
    if (event === null) continue;
    try {
      ready.push({ one, body: await purgeComment(place.desk, one.reading, event) });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      tell(one.issue, `put off: ${whyOf(error)}`);
    }
  }
  if (ready.length === 0) return [];
  for (const { one } of ready) unlocked.add(one.issue.id);
  const written = await place.github.write(ready.map(({ one, body }) => ({ issue: one.issue.id, body })));
  return ready.flatMap(({ one }, index) => {
    const outcome = written[index];
    if (typeof outcome === 'number') return [one];
    if (outcome?.code === 'rate-limited') place.budget.stop('GitHub takes no more for now');
    tell(one.issue, `put off: ${whyOf(outcome)}`);
    return [];
  });
}

/** The cases as GitHub shows them now: with what was put on record, and without those that somebody holds meanwhile. */
async function readAgain(place: PurgePlace, cases: readonly Case[], tell: Tell): Promise<Case[]> {
  let open = [...cases];
  const seen: Case[] = [];
  for (const pause of AGAIN_MS) {
    if (open.length === 0) return seen;
    if (pause > 0) await place.desk.clock.sleep(pause);
    const now = await place.github.issues(open.map(({ issue }) => issue.id));
    for (const one of open) {
      const issue = now.find(({ id }) => id === one.issue.id);
      const next = issue === undefined ? null : await again(place, one, issue);
      if (next !== null) seen.push(next);
    }
    open = open.filter((one) => !seen.some(({ issue }) => issue.id === one.issue.id));
  }
  for (const { issue } of open)
    tell(issue, 'put off: its log does not show what was just written, or somebody changed it');
  return seen;
}

async function again(place: PurgePlace, one: Case, issue: PurgeIssue): Promise<Case | null> {
  const reading = await believed(place, issue, () => {});
  if (reading === null) return null;
  const { parts } = dueOf(reading, place.retention, place.desk.clock.now());
  const same = one.parts.every((part) => parts.includes(part));
  const next = { ...one, issue, reading };
  return same && isAnnounced(next) ? next : null;
}

async function deleteAll(place: PurgePlace, cases: readonly Case[], tell: Tell): Promise<Case[]> {
  const done: Case[] = [];
  for (const one of cases) {
    try {
      done.push({ ...one, receipt: await deleted(place, one) });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      tell(one.issue, `put off: ${whyOf(error)}`);
    }
  }
  return done;
}

/** What an earlier sweep had announced and is there no more went then: the receipt names it too. */
async function deleted(place: PurgePlace, one: Case): Promise<EventOf<'purged'>> {
  const { found, reading, parts } = one;
  const outcomes = await remove(place, reading, found.there);
  const known = [...outcomes, ...found.stuck, ...found.elsewhere];
  const before = (reading.state.sharing.announced?.items ?? [])
    .filter((item) => !known.some(({ kind, id }) => kind === item.kind && id === item.id))
    .map(({ kind, id }) => ({ kind, id, gone: true, why: '' }));
  const isOver = (part: SharedPart): boolean => isDone(part, [...outcomes, ...found.stuck]);
  return { type: 'purged', parts: parts.filter(isOver), items: [...before, ...known] };
}

function isDone(part: SharedPart, left: EventOf<'purged'>['items']): boolean {
  return !left.some(({ kind, gone }) => !gone && partOf(kind) === part);
}

async function settleAll({ github }: PurgePlace, cases: readonly Case[], tell: Tell): Promise<void> {
  if (cases.length === 0) return;
  await github.settle(
    cases.map(({ issue, receipt }) => ({
      issue: issue.id,
      labels: (receipt?.parts ?? []).flatMap((part) => issue.labelIds[PART_LABELS[part]] ?? []),
    })),
  );
  for (const { issue, receipt, parts } of cases) {
    const left = (receipt?.items ?? []).filter(
      ({ kind, gone }) => !gone && receipt?.parts.includes(partOf(kind)) !== true,
    );
    const words = left.map(({ kind, id, why }) => `${kind} ${id}: ${why}`).join('; ');
    tell(
      issue,
      left.length === 0 ? `deleted: ${parts.join(', ')}` : `could not all be deleted: ${words}`,
      left.length === 0,
    );
  }
}

/** The runs that the bodies of held issues name. */
export function runsIn(bodies: readonly string[]): Set<number> {
  return new Set(bodies.flatMap((body) => runInBody(body)?.id ?? []));
}
