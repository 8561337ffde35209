/** The step that keeps the transcript: under the name by which the sweep finds it, and for as long as the policy's `retention` says. */
import { formatDuration } from '../../policy/duration.ts';
import { retentionDays } from '../../policy/retention.ts';
import type { Policy } from '../../policy/schema.ts';
import { says } from './expressions.ts';
import type { Finding } from './finding.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Step } from './workflow-file.ts';

const { note } = judgeOf('Workflows');

const NAME = 'transcript-${{ github.run_attempt }}';

/** Findings about a job with a run step; none where the policy lets transcripts stay. */
export function examineTranscript(run: OurStep, { retention }: Policy): Finding[] {
  const { id } = run.step;
  if (retention.transcript === null || id === undefined) return [];
  const seconds = retention.transcript;
  return run.job.steps
    .filter((step) => keeps(step, id))
    .flatMap((step) => [...named(run, step), ...kept(run, step, seconds)]);
}

const keeps = (step: Step, id: string): boolean =>
  /\/upload-artifact@/.test(step.uses ?? '') && says(step.with?.['path'], `steps.${id}.outputs.transcript`);

function named(run: OurStep, { with: given }: Step): Finding[] {
  const name = String(given?.['name'] ?? 'artifact');
  if (name.replaceAll(/\s/g, '') === NAME.replaceAll(/\s/g, '')) return [];
  const what = `keeps the transcript as \`${name}\`, by which the sweep does not find it: it would not be deleted when \`retention\` says so.`;
  return [wrongJob(run, 'transcript', what, `Write \`name: ${NAME}\` under \`with\` of that step in ${placeOf(run)}.`)];
}

function kept(run: OurStep, { with: given }: Step, seconds: number): Finding[] {
  const days = given?.['retention-days'];
  const most = retentionDays(seconds) ?? 0;
  const isShort = /^[1-9]\d*$/.test(String(days)) && Number(days) <= most;
  if (isShort || says(days, `steps.${run.step.id}.outputs.retention-days`)) return [];
  const what = `${capital(placeOf(run))} does not tell GitHub for how long to keep the transcript, which the policy lets stay for ${formatDuration(seconds)}: where no sweep deletes it, it stays as long as the repository's settings say.`;
  const remedy = `Write \`retention-days: \${{ steps.${run.step.id}.outputs.retention-days }}\` under \`with\` of the step that uploads it.`;
  return [note(`${idOf(run)}.retention-days`, what, remedy)];
}
