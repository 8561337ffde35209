/** The job that runs what was approved: only after ask, only there, only with what ask handed over. */
import { formatDuration } from '../../policy/duration.ts';
import type { Policy } from '../../policy/schema.ts';
import { GRANT } from './ask-job.ts';
import type { Finding } from './finding.ts';
import { DEBUG_PERMISSIONS, idOf, outlasts, permitted, placeOf, plain, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import { expressionOf, type OurStep } from './workflow-file.ts';

const { note } = judgeOf('Workflows');

/** Findings about a job with a run step; `ask` is the job that it belongs to. */
export function running(run: OurStep, ask: OurStep | undefined, policy: Policy): Finding[] {
  const asked = ask?.jobKey ?? 'ask';
  const place = placeOf(run);
  const windows = Object.values(policy.runbooks).map(({ windowSeconds }) => windowSeconds ?? policy.windowSeconds);
  const longest = Math.max(...windows, 0);
  const environment = `needs.${asked}.outputs.environment`;
  const grant = GRANT.filter((name) => expressionOf(run.step.with?.[name]) !== `needs.${asked}.outputs.${name}`);
  return [
    ...(run.job.needs.includes(asked)
      ? []
      : [
          wrongJob(
            run,
            'needs',
            `does not need ${asked}, so it would not wait for the approval.`,
            `Write \`needs: ${asked}\` into ${place}.`,
          ),
        ]),
    ...(run.job.if === undefined
      ? []
      : [
          wrongJob(
            run,
            'if',
            `has a condition of its own (\`if: ${run.job.if}\`), which can start it although ${asked} failed.`,
            `Remove \`if\` from ${place}: without it the job runs only after ${asked} succeeded.`,
          ),
        ]),
    ...(expressionOf(run.job.environment) === environment
      ? []
      : [
          wrongJob(
            run,
            'environment',
            run.job.environment == null
              ? 'is in no environment.'
              : `is in ${JSON.stringify(run.job.environment)}, not in the environment that was approved.`,
            `Write \`environment: \${{ ${environment} }}\` into ${place}.`,
          ),
        ]),
    ...permitted(run, DEBUG_PERMISSIONS),
    ...(grant.length === 0
      ? []
      : [
          wrongJob(
            run,
            'grant',
            `does not hand over ${listed(grant)} as ${asked} gave it.`,
            `Under \`with\` of its step write \`${grant[0]}: \${{ needs.${asked}.outputs.${grant[0]} }}\`${grant.length > 1 ? ' and the others likewise' : ''}.`,
          ),
        ]),
    ...outlasts(run, longest, `the longest window of ${formatDuration(longest)}`),
    ...plain(run),
    ...checkout(run, policy),
  ];
}

/** Commands that are files of the repository need a checkout before the step, and nobody's token left in it. */
function checkout(run: OurStep, policy: Policy): Finding[] {
  const { steps } = run.job;
  const before = steps.slice(0, steps.indexOf(run.step)).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  const script = Object.values(policy.runbooks).find(({ run: [command = ''] }) => isOfRepository(command))?.run[0];
  if (before.length === 0 && script !== undefined) {
    const what = `does not check the repository out before it runs, so that ${script} is not there.`;
    return [
      wrongJob(
        run,
        'checkout',
        what,
        `Put a step with \`uses: actions/checkout@<commit>\` before it in ${placeOf(run)}.`,
      ),
    ];
  }
  if (before.every((step) => step.with?.['persist-credentials'] === 'false')) return [];
  const what = `The checkout of ${placeOf(run)} leaves the job's token in .git/config, where the approved command can read it.`;
  return [note(`${idOf(run)}.checkout`, what, 'Write `persist-credentials: false` under its `with`.')];
}

/** `bin/x.sh`; neither `psql`, which the runner looks up, nor `/usr/bin/psql`. */
const isOfRepository = (command: string): boolean => command.includes('/') && !command.startsWith('/');
