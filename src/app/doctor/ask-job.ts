/** The job that asks: what it must be, must outlast, and must hand over. */
import { durationSeconds, formatDuration } from '../../policy/duration.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import { APPROVAL_PERMISSIONS, idOf, inApproval, outlasts, permitted, placeOf, plain, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import { expressionOf, type OurStep } from './workflow-file.ts';

const { note } = judgeOf('Workflows');

/** What the debug job must be handed, unchanged. */
export const GRANT = ['issue-number', 'request-digest', 'log-head', 'log-length'];

/** Findings about a job with an ask step. */
export function asking(ask: OurStep, policy: Policy, policyPath: string): Finding[] {
  const own = durationSeconds(ask.step.with?.['timeout'] ?? '');
  const waits = own === null ? policy.expirySeconds : Math.min(own, policy.expirySeconds);
  const named = waits === policy.expirySeconds ? "the policy's expiry" : 'the longest wait';
  const other = ask.step.with?.['policy'] ?? policyPath;
  return [
    ...inApproval(ask),
    ...permitted(ask, APPROVAL_PERMISSIONS),
    ...outlasts(ask, waits, `${named} of ${formatDuration(waits)}`),
    ...plain(ask),
    ...outputs(ask),
    ...slackTokens(ask, policy),
    ...(other === policyPath || other === ''
      ? []
      : [
          note(
            `${idOf(ask)}.policy`,
            `${placeOf(ask)} asks by ${other}, not by ${policyPath}.`,
            `Run doctor with --policy ${other}.`,
          ),
        ]),
  ];
}

/** What the other jobs read of ask must be what its step gave. */
function outputs(ask: OurStep): Finding[] {
  const { id } = ask.step;
  const lacking = [...GRANT, 'environment'].filter(
    (name) => id === undefined || expressionOf(ask.job.outputs?.[name]) !== `steps.${id}.outputs.${name}`,
  );
  if (lacking.length === 0) return [];
  const example = `${lacking[0]}: \${{ steps.${id ?? 'ask'}.outputs.${lacking[0]} }}`;
  const first = id === undefined ? 'Give its step `id: ask`, and under' : 'Under';
  return [
    wrongJob(
      ask,
      'outputs',
      `does not hand over ${listed(lacking)} from its step.`,
      `${first} \`outputs\` of ${placeOf(ask)} write \`${example}\`${lacking.length > 1 ? ' and the others likewise' : ''}.`,
    ),
  ];
}

/** Slack's tokens are handed over, both or neither. */
function slackTokens(ask: OurStep, policy: Policy): Finding[] {
  const given = ['slack-bot-token', 'slack-app-token'].filter((name) => (ask.step.with?.[name] ?? '') !== '');
  const [first] = given;
  if (first !== undefined && given.length === 1) {
    const other = first === 'slack-bot-token' ? 'slack-app-token' : 'slack-bot-token';
    const remedy = `Under \`with\` of its step write \`${other}: \${{ secrets.${other.toUpperCase().replaceAll('-', '_')} }}\`.`;
    return [wrongJob(ask, 'slack', `hands over ${first} without ${other}; Slack needs both.`, remedy)];
  }
  if (given.length > 0 || policy.slack === undefined) return [];
  const what = `The policy names a channel, but ${placeOf(ask)} hands over no Slack tokens: people are asked on the issue alone.`;
  return [
    note(
      `${idOf(ask)}.slack`,
      what,
      'Hand over `slack-bot-token` and `slack-app-token`, or take `slack` out of the policy.',
    ),
  ];
}
