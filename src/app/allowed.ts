/** What every job checks first: that there is a policy, and that a run like this one may ask or run at all. */
import { APPROVAL_ENVIRONMENT, sameName } from '../log/names.ts';
import { formatProblems, loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/schema.ts';
import { Fault } from './fault.ts';
import type { JobIdentity, PolicyFile, RepositoryFacts } from './ports.ts';

/** Reads the policy from the facts, with every mistake named at once. Throws a Fault `policy`. */
export function policyOf(
  facts: RepositoryFacts,
  path: string,
  apiIsLoopback: boolean,
): { policy: Policy; file: PolicyFile } {
  const file = facts.policy;
  if (file === null) {
    throw new Fault(
      'policy',
      `There is no policy: ${path} does not exist on the branch ${facts.defaultBranch} of ${facts.name}.`,
      `\`debug-approval init\` writes one; merge it to ${facts.defaultBranch}. Without a policy nothing runs.`,
    );
  }
  const loaded = loadPolicy(file.text, { apiIsLoopback });
  if (loaded.ok) return { policy: loaded.policy, file };
  const count = loaded.problems.length;
  throw new Fault(
    'policy',
    `The policy has ${count === 1 ? 'a mistake' : `${count} mistakes`}:\n${formatProblems(path, loaded.problems)}`,
    `Mend ${path} on ${facts.defaultBranch}; \`debug-approval policy check\` finds the same mistakes locally.`,
  );
}

/** Refuses what may never ask or run: another event than workflow_dispatch, another branch, a public repository without leave. */
export function refuseUnlessAllowed(
  job: Pick<JobIdentity, 'event' | 'workflow'>,
  facts: Pick<RepositoryFacts, 'defaultBranch' | 'public' | 'name'>,
  policy: Policy,
): void {
  if (job.event !== 'workflow_dispatch') {
    throw new Fault(
      'refused',
      `This run was started by ${job.event}; only workflow_dispatch may ask or run.`,
      'Press "Run workflow" in GitHub, or start it with `gh workflow run`.',
    );
  }
  if (job.workflow.ref !== `refs/heads/${facts.defaultBranch}`) {
    throw new Fault(
      'refused',
      `This run is on ${job.workflow.ref}; only the default branch ${facts.defaultBranch} may ask or run.`,
      `Choose the branch ${facts.defaultBranch} under "Run workflow".`,
    );
  }
  if (!policy.signers.workflows.includes(job.workflow.path)) {
    throw new Fault(
      'refused',
      `The workflow ${job.workflow.path} is not among the policy's signers (${policy.signers.workflows.join(', ')}), so nobody would believe its records.`,
      'Add it under `signers.workflows` in the policy on the default branch.',
    );
  }
  if (facts.public && !policy.public) {
    throw new Fault(
      'refused',
      `${facts.name} is public, so reasons, people and record tokens would be readable by anybody.`,
      'Use a private repository, or write `public: true` into the policy if that is what you want.',
    );
  }
}

/** What the verifier would not believe is not written at all. */
export function refuseUnlessSigner(job: JobIdentity, defaultBranch: string, workflows: readonly string[]): void {
  const { path, ref } = job.workflow;
  const known = workflows.includes(path) && ref === `refs/heads/${defaultBranch}`;
  const started = job.event === 'workflow_dispatch' || job.event === 'schedule';
  const here = job.environment !== null && sameName(job.environment, APPROVAL_ENVIRONMENT);
  if (known && started && here) return;
  throw new Fault(
    'refused',
    `Nobody would believe what this job signs: ${path} on ${ref}, started by ${job.event}, in ${job.environment === null ? 'no environment' : `the environment "${job.environment}"`}.`,
    `Sweep from a workflow under \`signers.workflows\` of the policy, on ${defaultBranch}, by workflow_dispatch or schedule, with \`environment: ${APPROVAL_ENVIRONMENT}\`.`,
  );
}
