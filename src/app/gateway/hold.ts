/** Answers GitHub about the jobs that it holds back: finds the run's request, judges it by its verified log, approves or rejects. */
import type { Request } from '../../request/request.ts';
import { Fault, OUTAGE, whyOf } from '../fault.ts';
import type { RunFacts } from '../ports.ts';
import { type Reading, unchanged, understand, wholeSnapshot } from '../reading.ts';
import type { Place } from './places.ts';
import type { GateComment, Held } from './ports.ts';
import { type Found, type GateVerdict, gateVerdict } from './verdict.ts';

/** GitHub's lists lag: so long, in ms, a request that should be there is looked for before anybody says that there is none. */
const LOOKS_MS = [0, 2_000, 5_000, 10_000, 15_000];

/**
 * Judges and answers. `heard`: GitHub itself says that the job waits for this gateway; what is found by looking may wait for people or
 * for another's rule, and costs no second judgement where GitHub took no answer. Gives what it answered; `gone` where nothing waits any more. Nothing is answered where the log could not be
 * read: the job stays held, and is looked at again. Throws that Fault.
 */
export async function answerHeld(
  place: Place,
  held: Held,
  heard: boolean,
  stopping: AbortSignal,
): Promise<GateVerdict['kind'] | 'gone' | 'stopped'> {
  const run = await runOrNull(place, held.run);
  if (run === null) return 'gone';
  const what = `${place.served.id} ${run.id}/${run.attempt} ${held.environment}`;
  if (!heard && place.notOurs.get(what) === true) return 'gone';
  const verdict = await judge(place, held, run, stopping);
  if (verdict === null) return 'stopped';
  const answered = await answer(place, held, verdict, heard);
  if (answered === 'gone') place.notOurs.set(what, true);
  return answered;
}

/** The same for a request that was just read. */
export function answerFor(place: Place, { snapshot, state }: Reading): Promise<GateVerdict['kind'] | 'gone'> {
  const { desk, facts } = place;
  const found = { issue: { number: snapshot.number, url: snapshot.url }, state };
  return answerOf(place, state.opening.request, (held, run) =>
    gateVerdict(held, run, facts, { found, earlier: null }, desk.clock.now()),
  );
}

/** Refuses the held job of a request whose log cannot be believed any more. */
export function refuseFor(place: Place, request: Request, comment: GateComment): Promise<GateVerdict['kind'] | 'gone'> {
  return answerOf(place, request, () => ({ kind: 'rejected', comment }));
}

async function answerOf(
  place: Place,
  { run: asked, environment }: Request,
  verdict: (held: Held, run: RunFacts) => GateVerdict,
): Promise<GateVerdict['kind'] | 'gone'> {
  const run = await runOrNull(place, asked.id);
  // A newer attempt has a request of its own, or none: this one's verdict is nothing to it.
  if (run === null || run.attempt !== asked.attempt) return 'gone';
  const held = { run: run.id, environment };
  return answer(place, held, verdict(held, run));
}

async function answer({ desk, served, said }: Place, held: Held, verdict: GateVerdict, heard = true) {
  const { comment } = verdict;
  const what = `${served.id} ${held.run} ${held.environment}`;
  if (verdict.kind === 'waits') {
    // Of what was only found it was said when GitHub told of it: GitHub takes ten such words, and a service may start more often.
    if (heard && said.get(what) === undefined) await served.gate.say(held, comment);
    said.set(what, true);
    return 'waits';
  }
  const answered = await served.gate.review(held, verdict.kind, comment);
  if (answered === 'gone') return 'gone';
  desk.progress.info(`Run ${held.run} in ${held.environment}: ${verdict.kind}. ${comment.text}`);
  return verdict.kind;
}

/** null: the gateway stops, and another looks. */
async function judge(place: Place, held: Held, run: RunFacts, stopping: AbortSignal): Promise<GateVerdict | null> {
  const { desk, facts } = place;
  for (const pause of LOOKS_MS) {
    if (pause > 0) await desk.clock.sleep(pause, stopping);
    if (stopping.aborted) return null;
    const { found, earlier, broken } = await requestsOf(place, run);
    if (found !== null) return gateVerdict(held, run, facts, { found, earlier }, desk.clock.now());
    if (pause !== LOOKS_MS.at(-1)) continue;
    if (broken !== null) return { kind: 'rejected', comment: broken };
    return gateVerdict(held, run, facts, { found, earlier }, desk.clock.now());
  }
  throw new TypeError('No look was taken.');
}

interface Requests {
  /** That of the run's attempt. */
  found: Found | null;
  /** The newest one of an earlier attempt. */
  earlier: Found | null;
  /** Why an issue that speaks of the run cannot be believed: it may be somebody's addition, so another one may still be found. */
  broken: GateComment | null;
}

async function requestsOf({ desk, served }: Place, run: RunFacts): Promise<Requests> {
  const requests: Requests = { found: null, earlier: null, broken: null };
  for (const issue of await served.gate.openedBy(run.id)) {
    try {
      const { snapshot, state } = unchanged(desk, await understand(desk, await wholeSnapshot(desk, issue, {})));
      const one = { issue: { number: snapshot.number, url: snapshot.url }, state };
      const { run: of } = state.opening.request;
      if (of.id !== run.id) continue;
      if (of.attempt === run.attempt) return { ...requests, found: one };
      requests.earlier ??= one;
    } catch (error) {
      if (!(error instanceof Fault) || OUTAGE.includes(error.code)) throw error;
      requests.broken ??= { text: whyOf(error), issue: `${desk.serverUrl}/${desk.repositoryName}/issues/${issue}` };
    }
  }
  return requests;
}

async function runOrNull({ served }: Place, run: number): Promise<RunFacts | null> {
  try {
    return await served.repository.run(run);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return null;
    throw error;
  }
}
