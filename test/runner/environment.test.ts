/** Rules of the command's environment: an allow-list, and never this job's own credentials. */
import { describe, expect, it } from 'vitest';
import { childEnvironment, secretValues } from '../../src/runner/environment.ts';

const job = {
  PATH: '/bin',
  LC_ALL: 'C',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_TOKEN: 'job-token',
  GITHUB_ENV: '/env',
  GITHUB_OUTPUT: '/output',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-token',
  ACTIONS_RUNTIME_TOKEN: 'runtime-token',
  'INPUT_GITHUB-TOKEN': 'input-token',
  'INPUT_SLACK-BOT-TOKEN': 'bot-token',
  INPUT_POLICY: 'policy.yml',
  STATE_X: 'state',
  DB_PASSWORD: 'db-password',
  OTHER: 'other',
};

describe("the command's environment", () => {
  it('holds what programs need and nothing that is not listed', () => {
    expect(childEnvironment(job, [])).toEqual({ PATH: '/bin', LC_ALL: 'C', GITHUB_SHA: job.GITHUB_SHA });
  });

  it('adds what the runbook names, also the job token if it is named', () => {
    const env = childEnvironment(job, ['DB_PASSWORD', 'GITHUB_TOKEN', 'NOT_THERE']);
    expect(env).toMatchObject({ DB_PASSWORD: 'db-password', GITHUB_TOKEN: 'job-token' });
    expect(env).not.toHaveProperty('NOT_THERE');
    expect(env).not.toHaveProperty('OTHER');
  });

  it.each([
    'INPUT_GITHUB-TOKEN',
    'input_policy',
    'STATE_X',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'ACTIONS_RUNTIME_TOKEN',
    'GITHUB_ENV',
    'GITHUB_OUTPUT',
    'GITHUB_PATH',
    'GITHUB_STATE',
    'GITHUB_STEP_SUMMARY',
  ])('refuses a runbook that names %s', (name) => {
    expect(() => childEnvironment(job, [name])).toThrow(expect.objectContaining({ code: 'policy' }));
  });
});

describe('the values to mask', () => {
  it('are never empty, as a secret that nobody stored is: masking it would mask everything', () => {
    expect(secretValues({ DB_PASSWORD: '', GITHUB_TOKEN: '' }, ['DB_PASSWORD'])).toEqual([]);
  });

  it('are all tokens of the job and whatever the runbook hands over by name', () => {
    expect(secretValues(job, ['DB_PASSWORD']).sort()).toEqual(
      ['job-token', 'oidc-token', 'runtime-token', 'input-token', 'bot-token', 'db-password'].sort(),
    );
  });
});
