/** Reads a request's issue: verified log, policy and state; and the reconciled read before acting on what one wrote. */
import { type Entry, type Log, readLog, type SignatureCache } from '../log/chain.ts';
import type { ParsedComments } from '../log/comment.ts';
import type { Policy } from '../policy/schema.ts';
import { policyAsOf } from '../policy/snapshot.ts';
import type { EventOf } from '../request/events.ts';
import { present } from '../request/present.ts';
import { initialState, isOpen, type OpenedState, type State, stateAfter } from '../request/state.ts';
import { bodyFault } from './body.ts';
import type { Desk } from './desk.ts';
import { Fault } from './fault.ts';
import { lacksKeys } from './new-keys.ts';
import type { Clock, IssueSnapshot, Repository } from './ports.ts';

export interface Reading {
  snapshot: IssueSnapshot;
  log: Log;
  /** With the members that its directories named when the request was opened. */
  policy: Policy;
  state: OpenedState;
}

/** What it takes to understand a log. */
type Understanding = Pick<Desk, 'trust' | 'renewKeys' | 'policies' | 'known'>;

/** The verified log; another job may sign with a key that was published after this one fetched them. */
export async function logOf(desk: Understanding, snapshot: IssueSnapshot): Promise<Log> {
  const { trust } = desk;
  const { signatures = null, comments = null } = desk.known ?? {};
  const log = await readLog(snapshot, trust, signatures, comments);
  if (!(await lacksKeys(snapshot, log, trust))) return log;
  await desk.renewKeys('record-of-others');
  return desk.trust === trust ? log : readLog(snapshot, desk.trust, signatures, comments);
}

/** Waits between the tries of a reconciled read, in ms; together longer than GitHub's lists are known to lag. */
const TRIES = [0, 250, 500, 1_000, 2_000, 3_000, 4_000];

/**
 * Understands what stands in an issue. Throws a Fault `log` where no request stands or where the log is broken,
 * naming the record: then nothing may run.
 */
export async function understand(desk: Understanding, snapshot: IssueSnapshot): Promise<Reading> {
  const log = await logOf(desk, snapshot);
  // What was edited or deleted says more than the records that miss it.
  const broken = log.broken.find(({ code }) => code === 'edited' || code === 'deleted') ?? log.broken[0];
  if (broken !== undefined) {
    throw new Fault(
      'log',
      `The log of issue #${snapshot.number} is broken: ${[broken.why, ...touched(log)].join('; ')}.`,
      'Nothing runs. Look at the edit history of the issue, find out who changed it, and ask anew.',
    );
  }
  const opening = openingOf(log);
  if (opening === null) {
    throw new Fault(
      'log',
      [`Issue #${snapshot.number} holds no request that a trusted workflow signed`, ...touched(log)]
        .join('; ')
        .concat('.'),
      'Open requests with the workflow that the policy lists under `signers`.',
    );
  }
  const policy = policyAsOf(await desk.policies.get(opening.request.policy.blob), opening);
  const state = stateOf(desk, snapshot.number, policy, log.entries);
  if (state.status === 'none') throw new Fault('log', `Issue #${snapshot.number} has no opening record.`, 'Ask anew.');
  return { snapshot, log, policy, state };
}

/** What whoever reads the same requests again and again keeps of one reading for the next; without it everything is found out anew. */
export interface Known {
  /** By issue. */
  requests: Map<number, KnownRequest>;
  comments: ParsedComments;
  signatures: SignatureCache;
}

export function nothingKnown(): Known {
  return { requests: new Map(), comments: new Map(), signatures: new Map() };
}

interface KnownRequest {
  policy: Policy;
  /** The records that made the state: their comments, when these came, and their hashes. */
  records: readonly string[];
  state: State;
  /** The issue's text as it was drawn for this opening; null: it was not drawn yet. */
  drawn: string | null;
}

/** The fold of the records; of those that were there before, only what they amounted to is looked at. */
function stateOf({ known }: Understanding, issue: number, policy: Policy, entries: readonly Entry[]): State {
  const records = entries.map(({ commentId, createdAt, record }) => `${commentId} ${createdAt} ${record.hash}`);
  const before = known?.requests.get(issue);
  const goesOn = before?.policy === policy && before.records.every((one, index) => one === records[index]);
  const from = goesOn ? before : { records: [], state: initialState, drawn: null };
  const state = entries.slice(from.records.length).reduce((sum, one) => stateAfter(policy, sum, one), from.state);
  known?.requests.set(issue, { policy, records, state, drawn: from.drawn });
  return state;
}

/**
 * The text that the issue should have, of which only what no later record changes is compared (src/app/body.ts): it is drawn once
 * for an opening. Where the issue stands does not matter to what was asked.
 */
function drawnText(
  { draw, known }: Pick<Desk, 'draw' | 'known'>,
  { snapshot, policy, state }: Pick<Reading, 'snapshot' | 'policy' | 'state'>,
): string {
  const before = known?.requests.get(snapshot.number);
  const isSame = before !== undefined && before.state.status !== 'none' && before.state.opening === state.opening;
  if (isSame && before.drawn !== null) return before.drawn;
  const place = { repository: 'owner/name', serverUrl: 'https://github.com', issue: snapshot };
  const drawn = draw(present(policy, state, place, null)).body;
  if (isSame) known?.requests.set(snapshot.number, { ...before, drawn });
  return drawn;
}

/**
 * The reading of a request whose issue still says what was asked, as long as it is open: people decide by that text. Throws a Fault
 * `changed` where somebody changed it; the log is whole then.
 */
export function unchanged(desk: Pick<Desk, 'draw' | 'version' | 'known'>, reading: Reading): Reading {
  const why = isOpen(reading.state) ? textFault(desk, reading) : null;
  if (why === null) return reading;
  throw new Fault('changed', why, ASK_ANEW);
}

/** What to do about a request whose text somebody changed. */
export const ASK_ANEW =
  'Nothing runs. Look at the edit history of the issue, find out who changed it and why, and ask anew.';

/** Why the issue's text is not what the product's jobs wrote; null: it is. */
export function textFault(
  desk: Pick<Desk, 'draw' | 'version' | 'known'>,
  { snapshot, log, policy, state }: Reading,
): string | null {
  const { version } = desk;
  const drawn = drawnText(desk, { snapshot, policy, state });
  const { digest, request } = state.opening;
  // While it is open nobody draws it but the jobs of its own run.
  const exact = isOpen(state) && request.version === version;
  return bodyFault(snapshot, log.entries, { drawn, digest, exact });
}

/** Where no opening stands, what was edited or deleted may have been the opening: nobody can tell any more. */
function touched({ entries, findings }: Log): string[] {
  if (entries.length > 0) return [];
  return findings.filter(({ code }) => code === 'edited' || code === 'deleted').map(({ why }) => why);
}

function isWhole({ comments, commentCount }: IssueSnapshot): boolean {
  return comments.length >= commentCount;
}

/** The opening of a verified log, null where there is none. */
export function openingOf(log: Log): EventOf<'requested'> | null {
  for (const { record } of log.entries) {
    for (const event of record.events) if (event.type === 'requested') return event;
  }
  return null;
}

/** Reads an issue now; a policy blob that the caller expects is fetched alongside. */
export async function read(desk: Desk, issue: number, expectedPolicy?: string): Promise<Reading> {
  const early = expectedPolicy === undefined ? null : desk.policies.get(expectedPolicy);
  // A wrong expectation is no error here: the opening record says which policy counts.
  early?.catch(() => null);
  const snapshot = await desk.repository.issue(issue);
  try {
    return remembered(desk, unchanged(desk, await understand(desk, snapshot)));
  } catch (error) {
    if (error instanceof Fault && (error.code === 'log' || error.code === 'changed')) desk.doubted.add(issue);
    throw error;
  }
}

/** The reading, once the desk knows it: what a later deed is to look up follows from it. */
export function remembered(desk: Desk, reading: Reading): Reading {
  const { policy, state, snapshot } = reading;
  const approved = state.decisions.flatMap(({ decision, person }) => (decision === 'approve' ? person : []));
  desk.opened.set(snapshot.number, { policy, opening: state.opening, approved });
  return reading;
}

/**
 * Reads until the comment just written is visible and the list is as long as GitHub's own count, so that whoever
 * acts on the result has seen every record that stood before (DESIGN §4 rule 7). After some ten seconds it throws a
 * Fault: `log` where the comment itself does not show, or shows and does not count; `unavailable` where it does and only the list is not as long as the
 * count, as it never is while somebody goes on commenting.
 */
export async function reconcile(desk: Desk, issue: number, commentId: number): Promise<Reading> {
  const reading = await understand(desk, await wholeSnapshot(desk, issue, { commentId }));
  if (!reading.log.entries.some((entry) => entry.commentId === commentId)) throw uncounted(reading, commentId);
  return remembered(desk, unchanged(desk, reading));
}

/** A job that went on would find the state as it was, and write the same again and again. */
function uncounted({ snapshot, log }: Reading, commentId: number): Fault {
  const why = log.findings.find((one) => one.commentId === commentId)?.why ?? 'no reader takes it for a record';
  return new Fault(
    'log',
    `The record in comment ${commentId} of issue #${snapshot.number} does not count: ${why}.`,
    'Nothing runs. Check that the policy lists this workflow under `signers`, and ask anew.',
  );
}

/** The issue's comments, all of them; `first` is a look that was taken already. Throws Faults as above. */
export async function wholeSnapshot(
  desk: { repository: Pick<Repository, 'issue'>; clock: Clock },
  issue: number,
  until: { commentId?: number; first?: IssueSnapshot },
): Promise<IssueSnapshot> {
  const { commentId } = until;
  let look: IssueSnapshot | null = until.first ?? null;
  let seen = false;
  for (const wait of TRIES) {
    if (wait > 0) await desk.clock.sleep(wait);
    const snapshot: IssueSnapshot = look ?? (await desk.repository.issue(issue));
    look = null;
    const visible = commentId === undefined || snapshot.comments.some(({ id }) => id === commentId);
    if (visible && isWhole(snapshot)) return snapshot;
    seen = visible;
  }
  const missing = commentId === undefined ? 'all comments' : `the record ${commentId}`;
  throw new Fault(
    seen ? 'unavailable' : 'log',
    `GitHub did not show ${missing} of issue #${issue} within ${TRIES.reduce((a, b) => a + b) / 1000} s.`,
    'Nothing runs on a log that cannot be read whole. Try again later.',
  );
}
