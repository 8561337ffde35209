/** The environment variables that a runner gives to a step. */
import { delimiter } from 'node:path';
import { githubOfRun, machine } from './contexts.ts';
import type { JobScope, StepScope } from './scope.ts';

const fromContext = [
  'actor',
  'actor_id',
  'triggering_actor',
  'api_url',
  'graphql_url',
  'server_url',
  'event_name',
  'ref',
  'ref_name',
  'ref_type',
  'ref_protected',
  'base_ref',
  'head_ref',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'run_id',
  'run_number',
  'run_attempt',
  'retention_days',
  'sha',
  'workflow',
  'workflow_ref',
  'workflow_sha',
];

function githubVariables(job: JobScope, step: StepScope): Record<string, string> {
  const github = githubOfRun(job.run);
  return {
    ...Object.fromEntries(fromContext.map((name) => [`GITHUB_${name.toUpperCase()}`, String(github[name])])),
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: step.action,
    GITHUB_JOB: job.key,
    GITHUB_WORKSPACE: job.workspace,
    GITHUB_EVENT_PATH: job.eventPath,
  };
}

function runnerVariables(job: JobScope): Record<string, string> {
  const { os, arch } = machine();
  return {
    RUNNER_OS: os,
    RUNNER_ARCH: arch,
    RUNNER_TEMP: job.temp,
    RUNNER_TOOL_CACHE: job.toolCache,
    RUNNER_WORKSPACE: job.workspace.slice(0, job.workspace.lastIndexOf('/')),
    RUNNER_NAME: 'sandbox',
    RUNNER_ENVIRONMENT: 'github-hosted',
  };
}

function oidcVariables(job: JobScope): Record<string, string> {
  const { oidc } = job.start;
  if (oidc === null) return {};
  return { ACTIONS_ID_TOKEN_REQUEST_URL: oidc.requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.requestToken };
}

/** Nothing of the machine that runs the sandbox gets in but where its programs are. */
function baseVariables(job: JobScope): Record<string, string> {
  return { HOME: job.home, LANG: 'C.UTF-8', CI: 'true', ...job.run.options.env };
}

/** All of a step's variables; GITHUB_* and RUNNER_* cannot be overridden by the workflow, as on GitHub. */
export function stepEnvironment(job: JobScope, step: StepScope): Record<string, string> {
  const own = { ...baseVariables(job), ...job.env, ...step.env };
  const path = own['PATH'] ?? process.env['PATH'] ?? '/usr/bin:/bin';
  return {
    ...own,
    PATH: [...job.paths, path].join(delimiter),
    ...githubVariables(job, step),
    ...runnerVariables(job),
    ...oidcVariables(job),
  };
}
