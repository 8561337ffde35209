/**
 * Who a job is by the runner's own variables, where it has no ID token. A workflow cannot override them, yet nobody vouches for
 * them; the job's environment is not among them.
 */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import type { JobIdentity } from '../app/ports.ts';
import { Digits, workflowOf } from './oidc.ts';

const Text = v.pipe(v.string(), v.minLength(1));
const Variables = v.object({
  GITHUB_REPOSITORY: Text,
  GITHUB_REPOSITORY_ID: Digits,
  GITHUB_RUN_ID: Digits,
  GITHUB_RUN_ATTEMPT: Digits,
  GITHUB_SHA: Text,
  GITHUB_WORKFLOW_REF: Text,
  GITHUB_EVENT_NAME: Text,
});

/** The unproven identity of this job. Throws a Fault `oidc` when a variable is missing or of another form. */
export function runnerIdentity(variables: Readonly<Record<string, string | undefined>>): JobIdentity {
  const parsed = v.safeParse(Variables, variables);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw strange(`${v.getDotPath(issue) ?? '(none)'}: ${issue.message}`);
  }
  const { output } = parsed;
  const workflow = workflowOf(output.GITHUB_WORKFLOW_REF, output.GITHUB_REPOSITORY);
  if (workflow === null) throw strange(`GITHUB_WORKFLOW_REF: ${JSON.stringify(output.GITHUB_WORKFLOW_REF)}`);
  return {
    signed: false,
    repositoryId: output.GITHUB_REPOSITORY_ID,
    run: { id: output.GITHUB_RUN_ID, attempt: output.GITHUB_RUN_ATTEMPT },
    commit: output.GITHUB_SHA,
    workflow,
    environment: null,
    event: output.GITHUB_EVENT_NAME,
    checkRun: null,
    kid: null,
  };
}

function strange(what: string): Fault {
  return new Fault(
    'oidc',
    `This job has no ID token, and the runner's variables do not say who it is: ${what}.`,
    'Run it in a GitHub Actions job of this repository.',
  );
}
