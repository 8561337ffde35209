/** Doctor against workflows that are wrong in one thing each, through GitHub; what only values tell is in test/app. */
import { vi } from 'vitest';
import { diagnosed } from './doctor-diagnosed.ts';
import { WORKFLOW_BREAKS } from './doctor-workflow-breaks.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

diagnosed('a set-up with one workflow wrong', WORKFLOW_BREAKS, 'golden/doctor-workflows.txt');
