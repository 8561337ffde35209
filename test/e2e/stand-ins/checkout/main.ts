/**
 * The first step of every job under act. Before it checks out, it does what GitHub does before a job's first step and act
 * does not know of: it asks the environment's gate. A closed gate fails the step, and with it the job.
 */
import { execFileSync } from 'node:child_process';

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; act must be started by run.ts.`);
  return value;
};

/** act itself evaluated the job's `environment:`; see ENVIRONMENT_OF in run.ts. */
const job = given('GITHUB_JOB');
const environment = process.env[`ENVIRONMENT_OF_${job}`] ?? '';

const answer = await fetch(given('BRIDGE_JOBS_URL'), {
  method: 'POST',
  headers: { authorization: `Bearer ${given('ACTIONS_ID_TOKEN_REQUEST_TOKEN')}` },
  body: JSON.stringify({ job, environment }),
});
if (!answer.ok) {
  console.log(`::error::${await answer.text()}`);
  process.exit(1);
}

const git = (...args: string[]): void => void execFileSync('git', args, { stdio: 'inherit' });
git('clone', '--quiet', '--no-hardlinks', '--no-checkout', given('CHECKOUT_SOURCE'), '.');
git('checkout', '--quiet', '--force', '-B', given('GITHUB_REF_NAME'), given('GITHUB_SHA'));
