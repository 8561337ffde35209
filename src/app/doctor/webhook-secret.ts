/** The secret that signs what the policy's webhook is sent: that the jobs which deliver have it, and nobody else. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import type { Policy } from '../../policy/schema.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { wrongJob } from './jobs.ts';
import { examineKept, type KeptSecret, keptLeaks } from './kept-secret.ts';
import type { OurStep } from './our-steps.ts';

const SECRET: KeptSecret = {
  input: 'webhook-secret',
  usual: 'WEBHOOK_SECRET',
  name: 'The webhook secret',
  kind: 'a secret of Standard Webhooks (docs/MONITORING.md says how to make one)',
  power: 'sign what the monitoring believes',
  of: ['ask', 'sweep'],
};

const WITHOUT = "it delivers nothing to the policy's webhook";

/** Whether a step that delivers is given the secret, where the policy has a webhook. */
export function webhookSecret(of: OurStep, { webhook }: Policy): Finding[] {
  if (webhook === null || (of.step.with?.[SECRET.input] ?? '').trim() !== '') return [];
  const write = `\`${SECRET.input}: \${{ secrets.${SECRET.usual} }}\``;
  const remedy = `Under \`with\` of its step write ${write}, and store ${SECRET.kind} as a secret of the environment ${APPROVAL_ENVIRONMENT}.`;
  return [wrongJob(of, SECRET.input, `hands over no ${SECRET.input}, so that ${WITHOUT}.`, remedy)];
}

/** The secrets by which steps are given it. Without a webhook in the policy nothing is looked at. */
export async function examineWebhookSecrets(
  inspector: Inspector,
  { webhook }: Policy,
  steps: readonly OurStep[],
): Promise<Finding[]> {
  if (webhook === null) return [];
  return [...keptLeaks(steps, SECRET), ...(await examineKept(inspector, steps, SECRET, WITHOUT))];
}
