/** What users name: the actions' inputs and outputs are the ones the code reads and sets, and our workflow uses them so. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAskInputs } from '../src/entry/ask-inputs.ts';
import {
  ASK_INPUTS,
  ASK_OUTPUTS,
  DOCTOR_INPUTS,
  RUN_INPUTS,
  RUN_OUTPUTS,
  SWEEP_INPUTS,
} from '../src/entry/contract.ts';
import { ROOT } from './source.ts';
import { action, outputsRead, type Step, WORKFLOWS, workflow } from './workflow-files.ts';

const ACTIONS = [
  { uses: './', path: 'action.yml', inputs: ASK_INPUTS, outputs: ASK_OUTPUTS, bundle: 'action/dist/ask.js' },
  {
    uses: './action/run',
    path: 'action/run/action.yml',
    inputs: RUN_INPUTS,
    outputs: RUN_OUTPUTS,
    bundle: 'action/dist/run.js',
  },
  {
    uses: './action/sweep',
    path: 'action/sweep/action.yml',
    inputs: SWEEP_INPUTS,
    outputs: [],
    bundle: 'action/dist/sweep.js',
  },
  {
    uses: './action/doctor',
    path: 'action/doctor/action.yml',
    inputs: DOCTOR_INPUTS,
    outputs: [],
    bundle: 'action/dist/doctor.js',
  },
] as const;

/** The action of ours that a step uses. */
const ours = ({ uses }: Step) => ACTIONS.find((one) => one.uses === uses);

describe.each(ACTIONS)('$path', ({ path, inputs, outputs, bundle }) => {
  const file = action(path);

  test('names the inputs that the code reads, in its order', () => {
    expect(Object.keys(file.inputs)).toEqual([...inputs]);
  });

  test('names the outputs that the code sets, in its order', () => {
    expect(Object.keys(file.outputs)).toEqual([...outputs]);
  });

  test('each input is either required or has a default', () => {
    const both = Object.values(file.inputs).filter((input) => input.required === (input.default !== undefined));
    expect(both).toEqual([]);
  });

  test('runs its bundle on node24', () => {
    expect(file.runs.using).toBe('node24');
    expect(join(dirname(path), file.runs.main).replaceAll('\\', '/')).toBe(bundle);
    expect(existsSync(join(ROOT, bundle))).toBe(true);
  });

  test("works with the job's own token, and with the policy where the others have it", () => {
    expect(file.inputs['github-token']?.default).toBe('${{ github.token }}');
    expect(file.inputs['policy']?.default).toBe('.github/debug-approval.yml');
  });

  test('has no token or secret besides unless it is given', () => {
    const tokens = ['slack-bot-token', 'slack-app-token', 'directory-token', 'webhook-secret'].flatMap(
      (name) => file.inputs[name] ?? [],
    );
    expect(tokens.map((token) => token.default)).toEqual(tokens.map(() => ''));
  });
});

test('the run action gets no Slack token and no webhook secret: what it starts could read it', () => {
  const { inputs } = action('action/run/action.yml');
  expect(Object.keys(inputs).filter((name) => /slack|webhook/.test(name))).toEqual([]);
});

test('the defaults of action.yml with a runbook and a target are a whole request', () => {
  const { inputs } = action('action.yml');
  const given = readAskInputs((name) => inputs[name]?.default ?? `some-${name}`);
  expect(given).toEqual({
    runbook: 'some-runbook',
    target: 'some-target',
    inputs: {},
    reason: '',
    ticket: '',
    urgency: 'normal',
    windowSeconds: null,
    timeoutSeconds: null,
    breakGlass: false,
    policyPath: '.github/debug-approval.yml',
    wait: 'runner',
    envelope: '',
  });
});

describe.each(WORKFLOWS)('%s', (path) => {
  const { jobs } = workflow(path);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('names only our actions that exist', () => {
    const local = steps.map(({ uses }) => uses ?? '').filter((uses) => uses.startsWith('./'));
    expect(local.filter((uses) => !ACTIONS.some((one) => one.uses === uses))).toEqual([]);
  });

  test('gives our actions only inputs that they have, and all that they require', () => {
    for (const step of steps) {
      const used = ours(step);
      if (used === undefined) continue;
      const { inputs } = action(used.path);
      const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));
      expect(Object.keys(step.with)).toEqual(expect.arrayContaining(required));
    }
  });

  test('reads only outputs that our actions and its jobs have', () => {
    const unknown = Object.entries(jobs).flatMap(([key, job]) => {
      const whole = JSON.stringify(job);
      const ofSteps = outputsRead('steps', whole).filter(([id, name]) => {
        const step = job.steps.find((one) => one.id === id);
        const known = step === undefined ? [] : (ours(step)?.outputs ?? [name]);
        return !known.some((one) => one === name);
      });
      const ofJobs = outputsRead('needs', whole).filter(([id, name]) => jobs[id]?.outputs[name] === undefined);
      return [...ofSteps, ...ofJobs].map(([id, name]) => `${key}: ${id}.outputs.${name}`);
    });
    expect(unknown).toEqual([]);
  });
});

describe('.github/workflows/debug.yml, the workflow to copy', () => {
  const { on, jobs } = workflow('.github/workflows/debug.yml');

  test('starts by hand only', () => {
    expect(on).toEqual({ workflow_dispatch: expect.anything() });
  });

  test('the debug job starts only after ask succeeded: it needs ask and has no condition of its own', () => {
    expect(jobs['debug']).toMatchObject({ needs: 'ask', environment: '${{ needs.ask.outputs.environment }}' });
    expect(jobs['debug']?.if).toBeUndefined();
  });

  test('nothing but one debug job runs in the environment of the target', () => {
    const others = Object.entries(jobs).filter(([key]) => key !== 'debug');
    expect(others.map(([, job]) => job.environment)).toEqual(others.map(() => 'debug-approval'));
    expect(jobs['debug']?.strategy).toBeUndefined();
  });

  test('the debug job may read contents, write issues and prove who it is, and nothing else', () => {
    expect(jobs['debug']?.permissions).toEqual({ contents: 'read', issues: 'write', 'id-token': 'write' });
  });

  test('no secret reaches the debug job by the workflow', () => {
    expect(JSON.stringify(jobs['debug'])).not.toContain('secrets.');
  });

  test('the close job runs whatever happened before it', () => {
    expect(jobs['close']).toMatchObject({ needs: ['ask', 'debug'], if: 'always()' });
  });

  test('the close job is told what its ask job has delivered, and both sign with the same secret', () => {
    const given = jobs['close']?.steps.find(({ uses }) => uses === './action/sweep')?.with;
    const asked = jobs['ask']?.steps.find(({ uses }) => uses === './')?.with;
    expect(jobs['ask']?.outputs['delivered']).toBe('${{ steps.ask.outputs.delivered }}');
    expect(given?.['delivered']).toBe('${{ needs.ask.outputs.delivered }}');
    expect(given?.['webhook-secret']).toBe(asked?.['webhook-secret']);
  });

  test('the grant reaches the debug job unchanged', () => {
    const given = jobs['debug']?.steps.find(({ uses }) => uses === './action/run')?.with;
    for (const name of ['issue-number', 'request-digest', 'log-head', 'log-length']) {
      expect(jobs['ask']?.outputs[name]).toBe(`\${{ steps.ask.outputs.${name} }}`);
      expect(given?.[name]).toBe(`\${{ needs.ask.outputs.${name} }}`);
    }
  });
});
