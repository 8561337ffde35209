/** Looks at what a request shared and what is still there, with a hash of each thing; and deletes what is on record. */
import type { SharedPart } from '../policy/retention.ts';
import type { EventOf } from '../request/events.ts';
import { Fault, OUTAGE, whyOf } from './fault.ts';
import type { PurgePlace } from './purge-case.ts';
import type { SharedOnGithub, Thing } from './purge-ports.ts';
import type { Reading } from './reading.ts';

type Outcome = EventOf<'purged'>['items'][number];

/** What is there; `stuck` cannot go, for a reason that the receipt tells; `elsewhere`: it goes with another request, so that nothing is left to do here. */
export interface Look {
  there: Thing[];
  stuck: Outcome[];
  elsewhere: Outcome[];
}

/** What is known of a batch's runs before each request is looked at. */
export interface Known {
  runs: Awaited<ReturnType<SharedOnGithub['runs']>>;
  artifacts: Awaited<ReturnType<SharedOnGithub['artifacts']>>;
}

/** Looks at these parts. Throws a Fault for an outage: then nothing of the request goes this time. */
export async function look(
  place: PurgePlace,
  { state }: Reading,
  parts: readonly SharedPart[],
  { runs, artifacts }: Known,
): Promise<Look> {
  const { github, slack } = place;
  refuseUnlessTime(place);
  const { card, request } = state.opening;
  const { run } = request;
  const found: Look = { there: [], stuck: [], elsewhere: [] };
  if (parts.includes('slack') && card !== null && slack !== null) {
    const id = `${card.channel}/${card.ts}`;
    const thread = await orStuck({ kind: 'card', id }, () => slack.thread(card));
    if (Array.isArray(thread)) found.there.push(...thread);
    else found.stuck.push(thread);
  }
  if (parts.includes('transcript')) {
    const artifact = artifacts.get(run.id);
    if (artifact !== undefined) {
      found.there.push({ kind: 'transcript', id: String(artifact.id), sha256: artifact.digest });
    }
  }
  if (parts.includes('run-logs') && runs.has(run.id)) {
    const item = { kind: 'run-logs' as const, id: `${run.id}/${run.attempt}` };
    const latest = runs.get(run.id)?.attempt ?? run.attempt;
    if (latest > 1) {
      const why = `GitHub deletes the logs of all ${latest} attempts of a run at once, those of other requests too: they stay until GitHub's own retention is over.`;
      found.elsewhere.push({ ...item, gone: false, why });
    } else {
      const sha256 = await orStuck(item, () => github.logs(run));
      if (sha256 !== null && typeof sha256 !== 'string') found.stuck.push(sha256);
      else if (sha256 !== null) found.there.push({ ...item, sha256 });
    }
  }
  return found;
}

/** What was announced and not deleted in time the next sweep goes on with. */
function refuseUnlessTime({ budget }: PurgePlace): void {
  if (budget.isLate()) throw new Fault('unavailable', 'The time for it is over.', 'The next sweep goes on.');
}

/** What an outage keeps from going is tried again by the next sweep; what is refused stands in the receipt. */
async function orStuck<T>(item: Pick<Thing, 'kind' | 'id'>, work: () => Promise<T>): Promise<T | Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || OUTAGE.includes(error.code)) throw error;
    return { ...item, gone: false, why: whyOf(error) };
  }
}

/** Deletes what the log says is about to go, and gives what became of each. Throws as {@link look}. */
export async function remove(place: PurgePlace, reading: Reading, items: readonly Thing[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const item of items) {
    refuseUnlessTime(place);
    const { kind, id } = item;
    const failed = await orStuck({ kind, id }, () => removeOne(place, reading, item));
    outcomes.push(failed ?? { kind, id, gone: true, why: '' });
  }
  return outcomes;
}

async function removeOne(
  { github, slack }: PurgePlace,
  { state, snapshot }: Reading,
  { kind, id }: Thing,
): Promise<null> {
  const { card, request } = state.opening;
  if (kind === 'transcript') await github.deleteArtifact(Number(id));
  else if (kind === 'run-logs') await github.deleteLogs(request.run.id);
  else if (slack === null || card === null) throw noSlack();
  else if (kind === 'card') await slack.bury(card, tombstone(state.status, snapshot.url));
  else if (kind === 'file') await slack.deleteFile(id);
  else await slack.deleteMessage(card.channel, id.slice(card.channel.length + 1));
  return null;
}

/** What stands in the place of the card: no name, no reason, nothing that anybody wrote. */
export function tombstone(status: string, url: string): string {
  return `This debug request is over (${status}). What stood here was deleted, as the policy's retention says. Its log: ${url}`;
}

function noSlack(): Fault {
  return new Fault('unavailable', 'This job has no Slack token.', 'Give it `slack-bot-token`.');
}
