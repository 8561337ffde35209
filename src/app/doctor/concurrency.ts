/** `concurrency`: what of it would end or drop a request because somebody else asks. */
import { conditionOf, expressionsIn } from './expressions.ts';
import type { Finding } from './finding.ts';
import { judgeOf } from './judge.ts';
import type { WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

/** Findings about a workflow that asks, and its jobs. */
export function examineConcurrency({ path, base, concurrency, jobs }: WorkflowFile): Finding[] {
  const parts = [
    { id: `workflow.${base}.concurrency`, place: path, given: concurrency },
    ...Object.entries(jobs).map(([key, job]) => ({
      id: `workflow.${base}.${key}.concurrency`,
      place: `the job ${key} of ${path}`,
      given: job.concurrency,
    })),
  ];
  return parts.flatMap(({ id, place, given }) => {
    // A group of each run's own holds nobody back.
    if (given == null || /github\.run_(?:id|number)/i.test(given.group)) return [];
    const cancels = conditionOf(given['cancel-in-progress']);
    const remedy = `Remove \`concurrency\` from ${place}, or name the group by \`\${{ github.run_id }}\`.`;
    if (cancels === 'true') {
      const what = `A second request cancels the first one while it waits or runs: ${place} has \`cancel-in-progress: true\` for the group "${given.group}".`;
      return [wrong(id, what, remedy)];
    }
    const constant = expressionsIn(given.group).every((one) => FIXED.test(one));
    if (cancels === 'false' && !constant) return [];
    const what = `Of requests at the same time only one runs and one waits, for ${place} has the group "${given.group}": GitHub cancels any other that waits.`;
    return [note(id, what, remedy)];
  });
}

/** What is the same for all runs of a workflow on the default branch. */
const FIXED = /^github\.(?:workflow|workflow_ref|ref|ref_name|repository|event_name|job)$/;
