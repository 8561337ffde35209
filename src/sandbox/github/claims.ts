/** The claims of a job's OIDC token, as GitHub's documentation lists them; ids are strings there. */

import type { Job } from './runs.ts';
import type { Repository } from './world.ts';

/** What GitHub says of a job. Repositories as young as the sandbox's have ids in `sub`. */
export function claimsOf(job: Job, repository: Repository): Record<string, unknown> {
  const { start, id, number } = job.run;
  const { owner, name } = repository;
  const workflowRef = `${owner}/${name}/${start.workflowPath}@${start.ref}`;
  const environment = job.environment === null ? null : job.environment.replaceAll(':', '%3A');
  const subject = environment === null ? `ref:${start.ref}` : `environment:${environment}`;
  return {
    sub: `repo:${owner}@${repository.ownerId}/${name}@${repository.id}:${subject}`,
    repository: `${owner}/${name}`,
    repository_id: String(repository.id),
    repository_owner: owner,
    repository_owner_id: String(repository.ownerId),
    repository_visibility: repository.public ? 'public' : 'private',
    run_id: String(id),
    run_number: String(number),
    run_attempt: String(job.attempt),
    actor: start.actor.login,
    actor_id: String(start.actor.id),
    event_name: start.event,
    base_ref: '',
    head_ref: '',
    ref: start.ref,
    ref_type: start.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: String(repository.mainProtected && start.ref === 'refs/heads/main'),
    sha: start.sha,
    workflow: start.workflowPath,
    workflow_ref: workflowRef,
    workflow_sha: start.sha,
    job_workflow_ref: workflowRef,
    job_workflow_sha: start.sha,
    check_run_id: String(job.checkRunId),
    runner_environment: 'github-hosted',
    ...(job.environment === null ? {} : { environment: job.environment }),
  };
}
