/** The job that asks: what it must be, must outlast, and must hand over. */
import { formatDuration } from '../../policy/duration.ts';
import type { Policy } from '../../policy/schema.ts';
import { givenSeconds } from '../given-duration.ts';
import { askMinutes } from '../init/workflow.ts';
import { values } from './ask-values.ts';
import { askNeed, directoryToken } from './directory-token.ts';
import { says } from './expressions.ts';
import { groupsFrom } from './filled.ts';
import type { Finding } from './finding.ts';
import {
  APPROVAL_PERMISSIONS,
  capital,
  idOf,
  inApproval,
  outlasts,
  permitted,
  placeOf,
  plain,
  unconditional,
  wrongJob,
} from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import { policyOf } from './same-policy.ts';
import { webhookSecret } from './webhook-secret.ts';

const { note } = judgeOf('Workflows');

/** What the debug job must be handed, unchanged. */
export const GRANT = ['issue-number', 'request-digest', 'log-head', 'log-length'];

/** Findings about a job with an ask step. */
export function asking(ask: OurStep, policy: Policy, policyPath: string): Finding[] {
  const waits = Math.min(givenSeconds(ask.step.with?.['timeout'] ?? '') ?? Infinity, policy.expirySeconds);
  const named = waits === policy.expirySeconds ? "the policy's expiry" : 'the longest wait';
  return [
    ...inApproval(ask),
    ...permitted(ask, APPROVAL_PERMISSIONS, policy),
    ...outlasts(ask, {
      seconds: waits,
      what: `${named} of ${formatDuration(waits)}`,
      minutes: askMinutes(waits),
    }),
    ...unconditional(ask, ['job', 'step']),
    ...plain(ask),
    ...outputs(ask),
    ...values(ask, policy),
    ...slackTokens(ask, policy),
    ...directoryToken(ask, { without: askNeed(policy), grave: true }),
    ...webhookSecret(ask, policy),
    ...otherPolicy(ask, policyPath),
  ];
}

function otherPolicy(ask: OurStep, policyPath: string): Finding[] {
  const other = policyOf(ask);
  if (other === policyPath) return [];
  const what = `${capital(placeOf(ask))} asks by ${other}, not by ${policyPath}.`;
  return [note(`${idOf(ask)}.policy`, what, `Run doctor with --policy ${other}.`)];
}

/** What the other jobs read of ask must be what its step gave. */
function outputs(ask: OurStep): Finding[] {
  const { id } = ask.step;
  const lacking = [...GRANT, 'environment'].filter(
    (name) => id === undefined || !says(ask.job.outputs?.[name], `steps.${id}.outputs.${name}`),
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
  if (given.length > 0) return [];
  const groups = groupsFrom(policy, 'slack-group');
  if (groups.length > 0) {
    const what = `hands over no Slack tokens, so that nobody is found in ${listed(groups)} and hence can ask or decide by ${groups.length === 1 ? 'it' : 'them'}.`;
    return [wrongJob(ask, 'slack', what, 'Hand over `slack-bot-token` and `slack-app-token`.')];
  }
  if (policy.slack === undefined) return [];
  const what = `The policy names a channel, but ${placeOf(ask)} hands over no Slack tokens: people are asked on the issue alone.`;
  return [
    note(
      `${idOf(ask)}.slack`,
      what,
      'Hand over `slack-bot-token` and `slack-app-token`, or take `slack` out of the policy.',
    ),
  ];
}
