/** Checks the address that a policy's records are delivered to. */
import { addressProblem } from './address.ts';
import type { Draft } from './draft.ts';
import { atValue, type Finding } from './problems.ts';

const MEANING = {
  example: 'https://hooks.example.com/debug-approval',
  loopback: 'where a job finds nobody',
  open: 'whoever sits between could read who asks for what, and why',
};

/** Findings for a webhook that is no plain https address, or on this machine while the API is not. */
export function checkWebhook({ webhook }: Draft, apiIsLoopback: boolean): Finding[] {
  if (webhook === null) return [];
  const message = addressProblem(webhook, apiIsLoopback, MEANING);
  return message === null ? [] : [atValue(['webhook', 'url'], message)];
}
