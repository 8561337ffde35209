/** Who a job without an ID token is: what the runner says of it, and nothing that the runner does not say. */
import { expect, test } from 'vitest';
import { runnerIdentity } from '../../src/github/runner-identity.ts';

const VARIABLES = {
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_REPOSITORY_ID: '42',
  GITHUB_RUN_ID: '900',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/debug.yml@refs/heads/main',
  GITHUB_EVENT_NAME: 'workflow_dispatch',
};

test("comes from the runner's variables; of environment, check run and key they tell nothing", () => {
  expect(runnerIdentity(VARIABLES)).toEqual({
    signed: false,
    repositoryId: 42,
    run: { id: 900, attempt: 2 },
    commit: 'c'.repeat(40),
    workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
    environment: null,
    event: 'workflow_dispatch',
    checkRun: null,
    kid: null,
  });
});

test.each(Object.keys(VARIABLES))('is refused without %s', (name) => {
  for (const missing of [undefined, '']) {
    expect(() => runnerIdentity({ ...VARIABLES, [name]: missing })).toThrow(new RegExp(`no ID token.*${name}`));
  }
});

test.each(['evil/shop/.github/workflows/debug.yml@refs/heads/main', 'acme/shop/.github/workflows/debug.yml'])(
  'is refused for the workflow %s',
  (workflow) => {
    expect(() => runnerIdentity({ ...VARIABLES, GITHUB_WORKFLOW_REF: workflow })).toThrow(/GITHUB_WORKFLOW_REF/);
  },
);
