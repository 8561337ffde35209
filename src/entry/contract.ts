/** The public contract of the four actions: their inputs and outputs, held against the action.yml files by a test. */

export const ASK_INPUTS = [
  'runbook',
  'target',
  'inputs',
  'reason',
  'ticket',
  'urgency',
  'duration',
  'timeout',
  'wait',
  'envelope',
  'policy',
  'break-glass',
  'github-token',
  'directory-token',
  'slack-bot-token',
  'slack-app-token',
  'webhook-secret',
] as const;

export const ASK_OUTPUTS = [
  'status',
  'approved',
  'issue-number',
  'issue-url',
  'request-digest',
  'log-head',
  'log-length',
  'environment',
  'approved-by',
  'expires-at',
  'delivered',
] as const;

export const RUN_INPUTS = [
  'issue-number',
  'request-digest',
  'log-head',
  'log-length',
  'policy',
  'job-status',
  'github-token',
] as const;
export const RUN_OUTPUTS = [
  'inputs',
  'exit-code',
  'transcript',
  'transcript-digest',
  'retention-days',
  'last-lines',
  'redactions',
] as const;
export const SWEEP_INPUTS = [
  'issue-number',
  'debug-result',
  'delivered',
  'last-lines',
  'policy',
  'github-token',
  'directory-token',
  'slack-bot-token',
  'webhook-secret',
] as const;

export const DOCTOR_INPUTS = [
  'try-writes',
  'policy',
  'github-token',
  'directory-token',
  'slack-bot-token',
  'slack-app-token',
] as const;

export type AskInputName = (typeof ASK_INPUTS)[number];
export type AskOutputName = (typeof ASK_OUTPUTS)[number];
export type RunInputName = (typeof RUN_INPUTS)[number];
export type RunOutputName = (typeof RUN_OUTPUTS)[number];
