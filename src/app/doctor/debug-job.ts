/** The job that runs what was approved: only after ask, only there, only with what ask handed over. */
import { formatDuration } from '../../policy/duration.ts';
import type { Policy, Runbook } from '../../policy/schema.ts';
import { debugMinutes } from '../init/workflow.ts';
import { GRANT } from './ask-job.ts';
import { runbooksOf } from './ask-values.ts';
import { examineCheckout } from './checkout.ts';
import { conditionOf, says } from './expressions.ts';
import type { Finding } from './finding.ts';
import { DEBUG_PERMISSIONS, idOf, outlasts, permitted, placeOf, plain, unconditional, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import { examineManual } from './manual.ts';
import type { OurStep } from './our-steps.ts';
import { examineTranscript } from './transcript.ts';

const { note } = judgeOf('Workflows');

/** Findings about a job with a run step; `ask` is the job that it belongs to. */
export function running(run: OurStep, ask: OurStep | undefined, policy: Policy): Finding[] {
  const asked = ask?.jobKey ?? 'ask';
  const place = placeOf(run);
  const offered = ask === undefined ? Object.entries(policy.runbooks) : runbooksOf(ask, policy);
  const windows = Object.values(policy.runbooks).map(({ windowSeconds }) => windowSeconds ?? policy.windowSeconds);
  const longest = Math.max(...windows, 0);
  const environment = `needs.${asked}.outputs.environment`;
  const grant = GRANT.filter((name) => !says(run.step.with?.[name], `needs.${asked}.outputs.${name}`));
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
    ...(passesOnlyAfterSuccess(run.job.if)
      ? []
      : [
          wrongJob(
            run,
            'if',
            `has a condition of its own (\`if: ${run.job.if}\`), which can start it although ${asked} failed.`,
            `Remove \`if\` from ${place}: without it the job runs only after ${asked} succeeded.`,
          ),
        ]),
    ...(says(run.job.environment, environment)
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
    ...permitted(run, DEBUG_PERMISSIONS, policy),
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
    ...outlasts(run, {
      seconds: longest,
      what: `the longest window of ${formatDuration(longest)}`,
      minutes: debugMinutes(longest),
    }),
    ...unconditional(run, ['step']),
    ...plain(run),
    ...examineCheckout(run, policy),
    ...variables(run, offered),
    ...examineManual(run, offered),
    ...examineTranscript(run, policy),
  ];
}

/** `success()` is what holds without a condition, too. */
const passesOnlyAfterSuccess = (condition: string | undefined): boolean =>
  condition === undefined || ['', 'success()'].includes(conditionOf(condition));

/** What runbooks list and the step does not have: their commands run without it, as the job's log warns each time. */
function variables(run: OurStep, offered: readonly [string, Runbook][]): Finding[] {
  const has = [run.step.env, run.job.env, run.file.env].flatMap((env) => Object.keys(env ?? {}));
  // A manual runbook has no command that would lack them.
  const commands = offered.filter(([, { manual }]) => !manual);
  const lacking = commands.flatMap(([key, { env }]) =>
    env.filter((name) => !has.includes(name)).map((name) => ({ key, name })),
  );
  const [first] = lacking;
  if (first === undefined) return [];
  const each = lacking.map(({ key, name }) => `${name} (${key})`);
  const what = `Runbooks list variables under \`env\` in the policy that ${placeOf(run)} does not give to its step: ${listed(each)}. Their commands run without a value.`;
  const remedy = `Write \`${first.name}: \${{ secrets.${first.name} }}\` under \`env\` of its step and store the secret in the target's environment, or take ${first.name} off the runbook.`;
  return [note(`${idOf(run)}.env`, what, remedy)];
}
