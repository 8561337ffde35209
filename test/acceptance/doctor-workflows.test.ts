/** Doctor against workflows that are wrong in one thing each. */
import { vi } from 'vitest';
import { diagnosed } from './doctor-diagnosed.ts';
import { JOB_BREAKS, WORKFLOW_BREAKS } from './doctor-workflow-breaks.ts';
import { TRAPS } from './doctor-workflow-traps.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

diagnosed(
  'a set-up with one workflow wrong',
  [...WORKFLOW_BREAKS, ...JOB_BREAKS, ...TRAPS],
  'golden/doctor-workflows.txt',
);
