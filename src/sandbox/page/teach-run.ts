/** What a run's jobs teach: that it began, that nobody was asked, that the debug job never started or refused. */
import type { Evidence } from '../evidence.ts';
import { PEOPLE } from '../town.ts';
import { held, rule, step, type Telling } from './lesson.ts';
import type { Run } from './runs.ts';

/** A run, or the next attempt of one, begins. */
export function beginLesson({ by, name, attempt, again }: Run): Telling {
  const who = PEOPLE[by].name;
  if (again === null)
    return step(
      `${who} pressed Run workflow`,
      `“${name}” starts with the ask job. It checks the policy, opens an issue as the log, and asks in Slack. Nothing has run in the target yet.`,
    );
  if (again === 'all')
    return step(
      `${who} pressed Re-run all jobs`,
      `Attempt ${attempt} asks anew: a re-run is another request, with its own issue, which names the one before.`,
      rule('rerun'),
    );
  const what = again === 'failed' ? 'the failed jobs' : `the ${again.job} job alone`;
  return step(
    `${who} re-runs ${what}`,
    `Attempt ${attempt}. GitHub hands it the outputs of the attempt before, an approval among them.`,
  );
}

/** The ask job failed before it opened a request; null while that is not so. `evidence` is that of the attempt's request. */
export function askLesson(run: Run, evidence: Evidence | null): Telling | null {
  const ask = run.jobs.get('ask');
  if (ask?.conclusion !== 'failure' || evidence !== null || run.askKept) return null;
  return held(
    'Nobody was asked',
    `The ask job refused before it opened a request: ${errorOf(run, 'ask')} Nothing runs.`,
    rule('unclear'),
  );
}

/** The debug job never started, or refused; null while that is not so. */
export function debugLesson(run: Run, evidence: Evidence | null): Telling | null {
  const debug = run.jobs.get('debug');
  if (debug?.conclusion === 'skipped')
    return held(
      'The debug job never started',
      'The ask job ended without an approval, and GitHub starts the debug job only after a successful one. There is no other way in.',
      rule('unclear'),
    );
  const events = evidence?.log.entries.flatMap(({ record }) => record.events) ?? [];
  const started = events.some((event) => event.type === 'started' && event.run.attempt === run.attempt);
  if (debug?.conclusion !== 'failure' || started) return null;
  const why = rule(run.again === null ? 'unclear' : 'rerun');
  return held('The debug job refused', errorOf(run, 'debug'), why);
}

/** What a job says it failed by. */
function errorOf(run: Run, job: string): string {
  const line = run.jobs.get(job)?.log.find(({ text }) => text.startsWith('##[error]'));
  return line === undefined ? 'Its log says why.' : line.text.slice('##[error]'.length).replaceAll('\n', ' ');
}
