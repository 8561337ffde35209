/** Runs what is dispatched by the API, as GitHub's runners do. */
import type { Dispatched } from './host.ts';
import type { Town } from './town.ts';
import { type RunOptions, type RunResult, runWorkflow } from './workflow/run.ts';

export interface Runners {
  /** The runs since then, the oldest first; each settles at its end, or as it fails by a mistake of the sandbox. */
  runs: readonly Promise<RunResult>[];
  /** Cancels what still runs and waits for its end; nothing more is taken on. */
  close(): Promise<void>;
}

/** Runs every workflow that is dispatched from now on. `run` runs them, where somebody else wants to see them too. */
export function openRunners(
  town: Pick<Town, 'github' | 'checkout' | 'env' | 'tempDir'>,
  { more = {}, run = runWorkflow }: { more?: Partial<RunOptions>; run?: typeof runWorkflow } = {},
): Runners {
  const runs: Promise<RunResult>[] = [];
  const cancel = new AbortController();
  const { github: host, checkout, env, tempDir } = town;
  const take = ({ workflowPath, inputs, actor, ...queued }: Dispatched): void => {
    const what = { host, checkout, env, tempDir, workflowPath, inputs, actor, queued, signal: cancel.signal };
    const running = run({ ...what, ...more });
    // Whoever looks at the run is told how it failed; until then it only has to be over.
    running.catch(() => undefined);
    runs.push(running);
  };
  const stop = host.onDispatch(take);
  return {
    runs,
    async close() {
      stop();
      cancel.abort();
      await Promise.allSettled(runs);
    },
  };
}
