/** What one job hands to the close job by way of its outputs, so that close knows what it cannot see. */
import type { Policy } from '../../policy/schema.ts';
import { says } from './expressions.ts';
import type { Finding } from './finding.ts';
import { capital, idOf, placeOf } from './jobs.ts';
import { judgeOf } from './judge.ts';
import type { OurStep } from './our-steps.ts';

const { note } = judgeOf('Workflows');

/** Findings for what the policy makes use of and the workflow does not hand over. */
export function handedOver(
  close: OurStep,
  { ask, run, policy }: { ask: OurStep | undefined; run: OurStep | undefined; policy: Policy },
): Finding[] {
  const delivered = policy.webhook === null ? undefined : ask;
  const printed = (policy.slack?.lastLines ?? 0) === 0 ? undefined : run;
  return [
    ...passesOn(
      delivered,
      'delivered',
      close,
      'what ask has delivered, so that the webhook is sent those records twice',
    ),
    ...passesOn(
      printed,
      'last-lines',
      close,
      "the command's last lines, so that the card's thread hears of the end alone",
    ),
  ];
}

/** Whether the output reaches the close job's input of the same name. */
function passesOn(from: OurStep | undefined, name: string, close: OurStep, what: string): Finding[] {
  if (from === undefined) return [];
  const value = `needs.${from.jobKey}.outputs.${name}`;
  const handed = `steps.${from.step.id ?? from.action}.outputs.${name}`;
  if (says(close.step.with?.[name], value) && says(from.job.outputs?.[name], handed)) return [];
  const remedy = `Under \`outputs\` of ${placeOf(from)} write \`${name}: \${{ ${handed} }}\`, and under \`with\` of this step \`${name}: \${{ ${value} }}\`.`;
  return [note(`${idOf(close)}.${name}`, `${capital(placeOf(close))} does not know ${what}.`, remedy)];
}
