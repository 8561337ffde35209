/** What is asked in tests, as whom, and by which job. */
import type { AskInput } from '../../src/app/ask-check.ts';
import type { JobIdentity } from '../../src/app/ports.ts';
import { POLICY } from '../request/given.ts';

export const COMMIT = 'c'.repeat(40);
export const INPUT: AskInput = {
  runbook: 'status',
  target: 'production',
  inputs: { service: 'web' },
  reason: 'Orders hang',
  ticket: 'OPS-1',
  urgency: 'high',
  windowSeconds: null,
  timeoutSeconds: 3_600,
  breakGlass: false,
  wait: 'runner' as const,
  envelope: '',
  policyPath: '.github/debug-approval.yml',
};

export function identity(change: Partial<JobIdentity> = {}): JobIdentity {
  return {
    signed: true,
    repositoryId: 70,
    run: { id: 9001, attempt: 1 },
    commit: COMMIT,
    workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
    environment: 'debug-approval',
    event: 'workflow_dispatch',
    checkRun: '55',
    kid: 'k1',
    ...change,
  };
}

/** The account of a person of the policy, or of somebody whom it does not know. */
export function account(person: string): { id: number; login: string; bot: boolean } {
  const { id, login } = POLICY.people[person]?.github ?? { id: 999, login: person };
  return { id, login, bot: false };
}
