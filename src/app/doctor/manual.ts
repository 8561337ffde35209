/** Jobs whose own steps are what was approved (`manual: true`): that these come after the proof, and only after it. */
import type { Runbook } from '../../policy/schema.ts';
import { conditionOf } from './expressions.ts';
import type { Finding } from './finding.ts';
import { isPreparing, nameOf } from './injection.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Step } from './workflow-file.ts';

const { note } = judgeOf('Workflows');

/** Findings about a job with a run step; `runbooks` are those that can be asked for there. */
export function examineManual(run: OurStep, runbooks: readonly [string, Runbook][]): Finding[] {
  if (run.step.with?.['job-status'] !== undefined) {
    const what =
      "is given job-status, so that the record of a manual runbook's end says that and not how the job's steps went.";
    return [
      wrongJob(run, 'job-status', what, `Take \`job-status\` out from under \`with\` of the step in ${placeOf(run)}.`),
    ];
  }
  const manual = runbooks.filter(([, runbook]) => runbook.manual).map(([key]) => key);
  if (manual.length === 0) return [];
  const at = run.job.steps.indexOf(run.step);
  const [before, after] = [run.job.steps.slice(0, at), run.job.steps.slice(at + 1)].map((steps) => steps.filter(isOwn));
  return order(run, { manual, before: before ?? [], after: after ?? [], others: manual.length < runbooks.length });
}

/** The team's own: it neither prepares the job nor keeps what it left. */
const isOwn = (step: Step): boolean => !isPreparing(step) && !/\/upload-artifact@/.test(step.uses ?? '');

interface Order {
  manual: readonly string[];
  before: readonly Step[];
  after: readonly Step[];
  /** Whether runbooks that are not manual can be asked for there, too. */
  others: boolean;
}

function order(run: OurStep, { manual, before, after, others }: Order): Finding[] {
  const id = `${idOf(run)}.manual`;
  const [is, what] = [manual.length === 1 ? 'is' : 'are', listed(manual)];
  if (after.length === 0 && before.length > 0) {
    const early = `does ${listed(before.map(nameOf))} before action/run has proved that it is approved, and nothing after it; what ${what} ${is} stands in the job's steps.`;
    return [
      wrongJob(
        run,
        'manual',
        early,
        `Move the step with action/run before them in ${placeOf(run)}, right after the checkout.`,
      ),
    ];
  }
  if (after.length === 0) {
    const none = `${capital(placeOf(run))} has no step after action/run, and ${what} ${is} manual: when it is approved nothing happens.`;
    return [note(id, none, `Write the steps of ${what} after the step with action/run.`)];
  }
  const careless = after.filter((step) => runsAfterFailure(step, run.step.id));
  if (careless.length > 0) {
    const unproven = `${capital(placeOf(run))} does ${listed(careless.map(nameOf))} even where action/run refused, as the \`if\` there says.`;
    const remedy = `Take \`if\` out, or add \`&& steps.${run.step.id ?? 'run'}.outcome == 'success'\` to it.`;
    return [
      note(id, unproven, run.step.id === undefined ? `${remedy} Give the step with action/run \`id: run\`.` : remedy),
    ];
  }
  const always = others ? after.filter(({ if: condition }) => condition === undefined) : [];
  if (always.length === 0) return [];
  const each = `${capital(placeOf(run))} does ${listed(always.map(nameOf))} after each runbook, not after ${what} alone.`;
  return [
    note(
      id,
      each,
      `Give ${always.length === 1 ? 'it' : 'each'} an \`if\` such as \`inputs.runbook == '${manual[0]}'\`, or the manual runbooks a workflow of their own.`,
    ),
  ];
}

function runsAfterFailure({ if: condition = '' }: Step, id: string | undefined): boolean {
  const canonical = conditionOf(condition);
  const proven =
    id !== undefined && new RegExp(`steps\\.${id.toLowerCase()}\\.(?:outcome|conclusion)=='success'`).test(canonical);
  return /(?<![\w.])(?:always|failure|cancelled)\(\)/.test(canonical) && !proven;
}
