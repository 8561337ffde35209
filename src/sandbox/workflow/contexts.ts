/** The contexts that expressions may name, each set for the places where GitHub offers it. */
import { arch, platform } from 'node:process';
import { RETENTION_DAYS } from '../host.ts';
import type { Contexts, Status } from './expressions.ts';
import type { JobScope, Needs, RunScope, StepScope } from './scope.ts';

function architecture(): string {
  return arch === 'arm64' ? 'ARM64' : arch === 'arm' ? 'ARM' : 'X64';
}

/** `runner.os` and `runner.arch` of this machine. */
export function machine(): { os: string; arch: string } {
  return { os: platform === 'darwin' ? 'macOS' : 'Linux', arch: architecture() };
}

/** The payload of the event, as `github.event` and the event file hold it. */
export function eventPayload(run: RunScope): Record<string, unknown> {
  const { repository, serverUrl } = run.options.host;
  const fullName = `${repository.owner}/${repository.name}`;
  const common = {
    repository: {
      id: repository.id,
      name: repository.name,
      full_name: fullName,
      owner: { login: repository.owner, id: repository.ownerId },
      default_branch: repository.defaultBranch,
      html_url: `${serverUrl}/${fullName}`,
    },
    workflow: run.options.workflowPath,
  };
  if (run.event === 'schedule') return { ...common, schedule: run.workflow.on.schedule?.[0]?.cron ?? '' };
  const { id, login } = run.actor;
  return { ...common, ref: run.ref, inputs: run.inputs.texts, sender: { id, login } };
}

/** The `github` context before any job runs. */
export function githubOfRun(run: RunScope): Record<string, unknown> {
  const { repository, apiUrl, graphqlUrl, serverUrl } = run.options.host;
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    actor: run.actor.login,
    actor_id: String(run.actor.id),
    triggering_actor: run.triggeringActor.login,
    api_url: apiUrl,
    graphql_url: graphqlUrl,
    server_url: serverUrl,
    event: eventPayload(run),
    event_name: run.event,
    ref: run.ref,
    ref_name: run.ref.replace(/^refs\/heads\//, ''),
    ref_type: 'branch',
    ref_protected: false,
    base_ref: '',
    head_ref: '',
    repository: fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner,
    repository_owner_id: String(repository.ownerId),
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    retention_days: String(RETENTION_DAYS),
    sha: run.sha,
    workflow: run.workflow.name ?? run.options.workflowPath,
    workflow_ref: `${fullName}/${run.options.workflowPath}@${run.ref}`,
    workflow_sha: run.sha,
  };
}

/** For `run-name`. */
export function runContexts(run: RunScope): Contexts {
  return { github: githubOfRun(run), inputs: run.inputs.values, vars: run.options.variables ?? {} };
}

/** For a job's `if` and `environment`. */
export function jobGateContexts(run: RunScope, needs: Needs): Contexts {
  return { ...runContexts(run), needs };
}

function githubOfJob(job: JobScope): Record<string, unknown> {
  return {
    ...githubOfRun(job.run),
    job: job.key,
    token: job.start.token,
    workspace: job.workspace,
    event_path: job.eventPath,
  };
}

/** For the workflow's and the job's `env`. */
export function jobEnvContexts(job: JobScope): Contexts {
  return { ...jobGateContexts(job.run, job.needs), github: githubOfJob(job), secrets: allSecrets(job) };
}

function allSecrets(job: JobScope): Record<string, string> {
  return { ...job.secrets, GITHUB_TOKEN: job.start.token };
}

function runnerContext(job: JobScope): Record<string, string> {
  return {
    ...machine(),
    name: 'sandbox',
    temp: job.temp,
    tool_cache: job.toolCache,
    environment: 'github-hosted',
    debug: '',
  };
}

/** For a step's `if`: all but secrets, which GitHub keeps out of conditions. */
export function stepConditionContexts(job: JobScope, step: Pick<StepScope, 'env' | 'action'>): Contexts {
  return {
    ...jobGateContexts(job.run, job.needs),
    github: { ...githubOfJob(job), action: step.action },
    env: { ...job.env, ...step.env },
    job: { status: job.status, check_run_id: job.start.checkRunId },
    runner: runnerContext(job),
    steps: job.steps,
  };
}

/** For everything else in a step, and for a job's outputs. */
export function stepContexts(job: JobScope, step: Pick<StepScope, 'env' | 'action'>): Contexts {
  return { ...stepConditionContexts(job, step), secrets: allSecrets(job) };
}

/** For the defaults of an action's inputs. */
export function actionDefaultContexts(job: JobScope): Contexts {
  return { github: githubOfJob(job), job: { status: job.status }, runner: runnerContext(job) };
}

/** What the status functions answer inside a job. */
export function statusOf(job: JobScope): Status {
  return {
    success: job.status === 'success',
    failure: job.status === 'failure',
    cancelled: job.status === 'cancelled',
  };
}
