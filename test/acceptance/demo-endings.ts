/** What the demo must report at the end of each scenario. */
import { expect } from 'vitest';
import type { Scenario } from '../../src/sandbox/plots.ts';

const NOBODY: string[] = [];
const counted = {
  ...{ githubCalls: expect.any(Number), slackCalls: expect.any(Number), decisionMs: expect.any(Number) },
  runnerSecondsWaiting: expect.any(Number),
};
const unpressed = { ...counted, decisionMs: null };
const held = { issue: 1, verified: true, approvedBy: NOBODY, reviewedBy: null, exitCode: null };
const ran = { ...held, status: 'finished', exitCode: 0 };
export const ENDINGS: Readonly<Record<Scenario, Record<string, unknown>>> = {
  approve: { ...ran, records: 4, approvedBy: ['Bo'], ...counted },
  dialog: { ...ran, records: 5, approvedBy: ['Bo', 'Di'], ...counted },
  replies: { ...held, status: 'denied', records: 3, approvedBy: ['Bo'], ...unpressed },
  withdraw: { ...ran, records: 7, approvedBy: ['Cy', 'Di'], ...counted },
  'break-glass': { ...ran, records: 4, reviewedBy: 'Cy', ...unpressed },
  deny: { ...held, status: 'denied', records: 2, ...counted },
  expire: { ...held, status: 'expired', records: 2, ...unpressed },
  cancel: { ...held, status: 'cancelled', records: 2, ...unpressed },
  'self-approve': { ...held, status: 'cancelled', records: 3, ...counted },
  rerun: { ...ran, records: 4, approvedBy: ['Bo'], ...counted },
  tamper: { ...held, status: 'error', records: 1, verified: false, ...counted },
};
