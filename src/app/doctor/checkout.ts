/** What lies in the debug job's workspace when the run step starts: the run's own commit at its root, untouched. */
import type { Policy } from '../../policy/schema.ts';
import { says } from './expressions.ts';
import type { Finding } from './finding.ts';
import { nameOf } from './injection.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Step } from './workflow-file.ts';

const { note } = judgeOf('Workflows');

/** A copy of GitHub's own action does as well. */
const isCheckout = ({ uses }: Step): boolean => /^[\w.-]+\/checkout@/.test(uses ?? '');

/** Findings about the steps before the run step. */
export function examineCheckout(run: OurStep, policy: Policy): Finding[] {
  const { steps } = run.job;
  const before = steps.slice(0, steps.indexOf(run.step));
  const checkouts = before.filter(isCheckout);
  const others = before.filter((step) => !checkouts.includes(step));
  if (checkouts.length === 0) return none(run, others, policy);
  const elsewhere = checkouts.flatMap(strange);
  if (elsewhere.length > 0) {
    const what = `checks out with ${listed(elsewhere)}: the workspace is then not the run's own commit, and the job refuses.`;
    return [wrongJob(run, 'checkout', what, `Remove ${listed(elsewhere)} from the checkout of ${placeOf(run)}.`)];
  }
  return [
    ...credentials(run, checkouts),
    ...between(
      run,
      before.slice(before.findIndex(isCheckout)).filter((step) => !isCheckout(step)),
    ),
  ];
}

/** Commands that are files of the repository need a checkout. */
function none(run: OurStep, others: readonly Step[], policy: Policy): Finding[] {
  const script = Object.values(policy.runbooks).find(({ run: [command = ''] }) => isOfRepository(command))?.run[0];
  if (script === undefined) return [];
  const remedy = `Put a step with \`uses: actions/checkout@<commit>\` before it in ${placeOf(run)}.`;
  const missing = `so that ${script} is not there.`;
  if (others.length === 0) {
    return [wrongJob(run, 'checkout', `does not check the repository out before it runs, ${missing}`, remedy)];
  }
  const what = `${capital(placeOf(run))} has no actions/checkout before it runs; if none of its other steps checks out, ${script} is not there.`;
  return [note(`${idOf(run)}.checkout`, what, remedy)];
}

/** `bin/x.sh`; neither `psql`, which the runner looks up, nor `/usr/bin/psql`. */
const isOfRepository = (command: string): boolean => command.includes('/') && !command.startsWith('/');

/** What takes the working copy away from the run's commit or the workspace's root, unless it says just that. */
const HARMLESS: Record<string, (value: string) => boolean> = {
  path: (value) => ['', '.', './'].includes(value) || says(value, 'github.workspace'),
  ref: (value) => value === '' || says(value, 'github.sha'),
  repository: (value) => value === '' || says(value, 'github.repository'),
  'sparse-checkout': (value) => value === '',
};

function strange(step: Step): string[] {
  const given = Object.entries(step.with ?? {});
  return given.flatMap(([name, value]) => (HARMLESS[name]?.(value.trim()) === false ? [`\`${name}\``] : []));
}

function credentials(run: OurStep, checkouts: readonly Step[]): Finding[] {
  if (checkouts.every((step) => step.with?.['persist-credentials'] === 'false')) return [];
  const what = `The checkout of ${placeOf(run)} leaves the job's token in .git/config, where the approved command can read it.`;
  return [note(`${idOf(run)}.checkout`, what, 'Write `persist-credentials: false` under its `with`.')];
}

function between(run: OurStep, steps: readonly Step[]): Finding[] {
  if (steps.length === 0) return [];
  const names = steps.map(nameOf);
  const what = `${capital(placeOf(run))} does ${listed(names)} between the checkout and its run step: what such a step leaves in the workspace, ignored files included, could shadow what was approved, so the job would refuse.`;
  return [
    note(
      `${idOf(run)}.clean`,
      what,
      'Let the runbook itself make what it needs, or see that the step writes elsewhere.',
    ),
  ];
}
