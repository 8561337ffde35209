/** The workflow run: its three jobs as GitHub draws them, and the log of one of them. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Deed, SceneJob, SceneRun } from '../scene.ts';
import { DeedError } from './deed-error.tsx';
import { Empty } from './empty.tsx';
import { Icon, type IconName } from './icons.tsx';
import { JobLog } from './job-log.tsx';
import { personOf, useDeed, usePage } from './page.ts';

export function Jobs(): JSX.Element {
  const { scene } = usePage();
  const [chosen, setChosen] = useState<{ index: number; among: number } | null>(null);
  const picked = chosen?.among === scene.runs.length ? chosen.index : scene.runs.length - 1;
  const run = scene.runs[picked];
  return (
    <section class="pane pane-jobs" id="jobs" tabIndex={-1} aria-labelledby="jobs-title">
      <header class="pane-head">
        <h2 id="jobs-title">
          <Icon name="jobs" /> {run === undefined ? 'Jobs' : run.name}
        </h2>
        {scene.runs.length > 1 && (
          <label class="pick">
            <span class="unseen">Show run</span>
            <select
              value={picked}
              onChange={({ currentTarget }) =>
                setChosen({ index: Number(currentTarget.value), among: scene.runs.length })
              }
            >
              {scene.runs.map(({ id, attempt }, index) => (
                <option key={`${id}/${attempt}`} value={index}>
                  Run {scene.runs.slice(0, index + 1).filter((other) => other.attempt === 1).length}, attempt {attempt}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {run === undefined ? (
        <Empty step={3} title="Run">
          A run has three jobs: ask, debug, close. Only a request that was approved reaches the second, and what it
          prints is masked.
        </Empty>
      ) : (
        <Run key={`${run.id}/${run.attempt}`} run={run} />
      )}
    </section>
  );
}

function Run({ run }: { run: SceneRun }): JSX.Element {
  const { scene } = usePage();
  const [chosen, setChosen] = useState<string | null>(null);
  // Follows what goes on, until somebody chooses a job.
  const telling = run.jobs.findLast(({ log }) => log.length > 0);
  const job = run.jobs.find(({ key }) => key === chosen) ?? mostTold(run) ?? telling ?? run.jobs[0];
  return (
    <>
      <div class="run-line">
        <p>
          Attempt {run.attempt}, by {personOf(scene.people, run.by).name}
        </p>
        {run === scene.runs.findLast(({ id }) => id === run.id) && <RunActions run={run} />}
      </div>
      <ol class="graph" aria-label="Jobs">
        {run.jobs.map((one) => (
          <li key={one.key}>
            <button
              type="button"
              class={`job job-${stateOf(one)}`}
              aria-pressed={one.key === job?.key}
              onClick={() => setChosen(one.key)}
            >
              <span class="job-dot">
                <Icon name={ICONS[stateOf(one)]} />
              </span>
              <span class="job-name">{one.key}</span>
              <span class="job-state">{WORDS[stateOf(one)]}</span>
              {one.environment !== null && <span class="job-environment">{one.environment}</span>}
            </button>
          </li>
        ))}
      </ol>
      {job !== undefined && <JobLog key={job.key} job={job} />}
    </>
  );
}

/** While it goes on the job that runs; afterwards what failed first, else the debug job: all of it was about that one. */
function mostTold({ jobs }: SceneRun): SceneJob | undefined {
  const running = jobs.find(({ status }) => status === 'in_progress');
  return (
    running ??
    jobs.find(({ conclusion }) => conclusion === 'failure') ??
    jobs.find(({ key, log }) => key === 'debug' && log.length > 0)
  );
}

type JobState = 'waiting' | 'in_progress' | 'success' | 'failure' | 'cancelled' | 'skipped';

function stateOf({ status, conclusion }: SceneJob): JobState {
  return status === 'completed' ? (conclusion ?? 'success') : status;
}

const WORDS: Record<JobState, string> = {
  waiting: 'waiting',
  in_progress: 'running',
  success: 'succeeded',
  failure: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

const ICONS: Record<JobState, IconName> = {
  waiting: 'clock',
  in_progress: 'play',
  success: 'check',
  failure: 'cross',
  cancelled: 'dash',
  skipped: 'dash',
};

const RERUNS: { mode: Extract<Deed, { do: 'rerun' }>['mode']; label: string }[] = [
  { mode: 'all', label: 'Re-run all jobs' },
  { mode: 'failed', label: 'Re-run failed' },
  { mode: 'debug', label: 'Re-run debug alone' },
];

function RunActions({ run }: { run: SceneRun }): JSX.Element {
  const { as } = usePage();
  const { busy, why, send } = useDeed();
  const failed = run.jobs.some(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled');
  return (
    <div class="run-actions">
      {run.status === 'in_progress' ? (
        <button
          type="button"
          class="button button-small"
          aria-disabled={busy}
          onClick={() => void send({ do: 'cancel', as: as.key, run: run.id })}
        >
          Cancel workflow
        </button>
      ) : (
        RERUNS.filter(({ mode }) => mode !== 'failed' || failed).map(({ mode, label }) => (
          <button
            key={mode}
            type="button"
            class="button button-small"
            aria-disabled={busy}
            onClick={() => void send({ do: 'rerun', as: as.key, run: run.id, mode })}
          >
            {label}
          </button>
        ))
      )}
      <DeedError why={why} />
    </div>
  );
}
