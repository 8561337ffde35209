/** Which requests a purge may touch now, and what of them is still there. */
import { type Retention, SHARED_PARTS, type SharedPart } from '../policy/retention.ts';
import { partsLeft } from '../request/sharing.ts';
import { Fault, whyOf } from './fault.ts';
import type { Case, PurgePlace, Tell } from './purge-case.ts';
import { type Due, dueOf } from './purge-due.ts';
import { PART_LABELS } from './purge-labels.ts';
import { type Known, look } from './purge-look.ts';
import type { PurgeIssue, SharedOnGithub } from './purge-ports.ts';
import { type Reading, textFault, understand } from './reading.ts';

type DueCase = Omit<Case, 'found' | 'receipt'>;

/** Those whose time is over and that nothing keeps; of the others it is told why. */
export async function dueAmong(place: PurgePlace, issues: readonly PurgeIssue[], tell: Tell): Promise<DueCase[]> {
  const due: DueCase[] = [];
  const over: { issue: string; labels: string[] }[] = [];
  for (const issue of issues) {
    const reading = await believed(place, issue, tell);
    if (reading === null) continue;
    const judged: Due = dueOf(reading, place.retention, place.desk.clock.now());
    if (judged.kept !== null) tell(issue, `kept, since ${judged.kept}`);
    else if (judged.parts.length > 0) due.push({ issue, reading, parts: judged.parts });
    else {
      // A sweep ended between its receipt and the labels, or nobody tries any more.
      const labels = staleLabels(reading, issue, place.retention);
      if (labels.length > 0) over.push({ issue: issue.id, labels });
    }
  }
  if (over.length > 0) await place.github.settle(over);
  return due;
}

/** null: a log that cannot be believed or is not there whole; nothing of it is touched. */
export async function believed(place: PurgePlace, issue: PurgeIssue, tell: Tell): Promise<Reading | null> {
  if (issue.comments.length < issue.commentCount) {
    tell(issue, 'put off: GitHub does not show all of its comments');
    return null;
  }
  try {
    const reading = await understand(place.desk, issue);
    const changed = textFault(place.desk, reading);
    if (changed === null) return reading;
    tell(issue, `kept, since its text was changed: ${changed}`);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(issue, `kept, since its log cannot be believed: ${error.message}`);
    return null;
  }
}

/** The ids of labels of parts of which nothing is to be done any more. What the policy keeps now it may let go later. */
function staleLabels({ state }: Reading, { labelIds }: PurgeIssue, retention: Retention): string[] {
  const left = partsLeft(state, retention);
  const over = SHARED_PARTS.filter((part) => retention[part] !== null && !left.includes(part));
  return over.flatMap((part) => labelIds[PART_LABELS[part]] ?? []);
}

/** What of each is there now, with hashes. */
export async function lookAtAll(place: PurgePlace, due: readonly DueCase[], tell: Tell): Promise<Case[]> {
  const { github } = place;
  const wanted = due.map(({ reading }) => reading.state.opening.request);
  const runs =
    due.length === 0
      ? new Map<number, never>()
      : await github.runs(wanted.map(({ run, askedAt }) => ({ id: run.id, opened: askedAt })));
  const cases: Case[] = [];
  for (const one of due) {
    const { run } = one.reading.state.opening.request;
    const facts = runs.get(run.id);
    if (facts !== undefined && facts.attempt === run.attempt && !facts.over) {
      tell(one.issue, 'kept, since its workflow run still goes on');
      continue;
    }
    const parts = one.parts.filter((part) => mayGo(place, one.issue, part, run.id, tell));
    if (parts.length === 0) continue;
    cases.push({ ...one, parts, found: { there: [], stuck: [], elsewhere: [] }, receipt: null });
  }
  const artifacts = await artifactsOf(github, cases);
  return lookEach(place, cases, (attempt) => ({ runs, artifacts: artifacts.get(attempt) ?? new Map() }), tell);
}

function mayGo(place: PurgePlace, issue: PurgeIssue, part: SharedPart, run: number, tell: Tell): boolean {
  if (part === 'run-logs' && place.heldRuns.has(run)) {
    tell(issue, "its run's logs are kept, since another request of the same run is on hold");
    return false;
  }
  if (part !== 'slack' || place.slack !== null) return true;
  tell(issue, 'what stands in Slack is kept, since this job has no Slack token');
  return false;
}

/** By attempt: an artifact's name says of which attempt it is. */
async function artifactsOf(github: SharedOnGithub, cases: readonly Case[]): Promise<Map<number, Known['artifacts']>> {
  const withOne = cases.filter(({ parts }) => parts.includes('transcript'));
  const runs = withOne.map(({ reading }) => reading.state.opening.request.run);
  const found = new Map<number, Known['artifacts']>();
  for (const attempt of new Set(runs.map((run) => run.attempt))) {
    const ids = runs.filter((run) => run.attempt === attempt).map(({ id }) => id);
    found.set(attempt, await github.artifacts(`transcript-${attempt}`, ids));
  }
  return found;
}

async function lookEach(
  place: PurgePlace,
  cases: readonly Case[],
  known: (attempt: number) => Known,
  tell: Tell,
): Promise<Case[]> {
  const looked: Case[] = [];
  for (const one of cases) {
    try {
      const { attempt } = one.reading.state.opening.request.run;
      looked.push({ ...one, found: await look(place, one.reading, one.parts, known(attempt)) });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      tell(one.issue, `put off: ${whyOf(error)}`);
    }
  }
  return looked;
}
