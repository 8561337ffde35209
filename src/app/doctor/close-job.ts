/** The job that closes: whatever happened before it, and knowing what did. */
import type { Policy } from '../../policy/schema.ts';
import { reviewTokens } from './directory-token.ts';
import { conditionOf, says } from './expressions.ts';
import type { Finding } from './finding.ts';
import { handedOver } from './hand-over.ts';
import {
  APPROVAL_PERMISSIONS,
  capital,
  idOf,
  inApproval,
  permitted,
  placeOf,
  plain,
  unconditional,
  wrongJob,
} from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import { webhookSecret } from './webhook-secret.ts';

const { note } = judgeOf('Workflows');

/** Findings about a job with a sweep step in a workflow that asks; `ask` and `run` are the jobs that it belongs to. */
export function closing(
  close: OurStep,
  { ask, run, policy }: { ask: OurStep | undefined; run: OurStep | undefined; policy: Policy },
): Finding[] {
  const place = placeOf(close);
  const asked = ask?.jobKey ?? 'ask';
  const ran = run?.jobKey ?? 'debug';
  const needs = [asked, ran].filter((key) => !close.job.needs.includes(key));
  const condition = conditionOf(close.job.if ?? '');
  const wanted = { 'issue-number': `needs.${asked}.outputs.issue-number`, 'debug-result': `needs.${ran}.result` };
  const lacking = Object.entries(wanted).filter(([name, value]) => !says(close.step.with?.[name], value));
  const token =
    policy.slack !== undefined &&
    ask?.step.with?.['slack-bot-token'] !== undefined &&
    close.step.with?.['slack-bot-token'] === undefined;
  return [
    ...(needs.length === 0
      ? []
      : [
          wrongJob(
            close,
            'needs',
            `does not need ${listed(needs)}, so it would not wait for the end.`,
            `Write \`needs: [${asked}, ${ran}]\` into ${place}.`,
          ),
        ]),
    ...conditioned(close, condition),
    ...unconditional(close, ['step']),
    ...inApproval(close),
    ...permitted(close, APPROVAL_PERMISSIONS, policy),
    ...plain(close),
    ...reviewTokens(close, policy),
    ...webhookSecret(close, policy),
    ...handedOver(close, { ask, run, policy }),
    ...(lacking.length === 0
      ? []
      : [
          wrongJob(
            close,
            'inputs',
            `does not know ${listed(lacking.map(([name]) => name))} of its run.`,
            `Under \`with\` of its step write ${listed(lacking.map(([name, value]) => `\`${name}: \${{ ${value} }}\``))}.`,
          ),
        ]),
    ...(token
      ? [
          note(
            `${idOf(close)}.slack`,
            `${capital(place)} has no Slack token, so cards of denied and failed requests are updated by the sweep alone.`,
            'Hand `slack-bot-token` to its step as in ask.',
          ),
        ]
      : []),
  ];
}

/** It must run whatever happened; what follows always() may keep it from that. */
function conditioned(close: OurStep, condition: string): Finding[] {
  if (condition === 'always()') return [];
  const remedy = `Write \`if: always()\` into ${placeOf(close)}.`;
  if (/^always\(\)&&[^|]*$/.test(condition)) {
    const what = `${capital(placeOf(close))} runs always, but only if ${close.job.if}: see that this holds for each request.`;
    return [note(`${idOf(close)}.if`, what, remedy)];
  }
  const when =
    close.job.if === undefined
      ? 'has no condition, so it is skipped when a request is denied, fails or is cancelled.'
      : `runs only if ${close.job.if}.`;
  return [wrongJob(close, 'if', when, remedy)];
}
