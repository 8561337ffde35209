/** What the token in hand may do, each tried, and whether a job can sign; and how many requests and runs there are just now. */
import { APPROVAL_ENVIRONMENT, sameName } from '../../log/names.ts';
import type { Policy } from '../../policy/schema.ts';
import { Fault, noIdToken } from '../fault.ts';
import type { Repository, RepositoryFacts } from '../ports.ts';
import type { Finding } from './finding.ts';
import type { IdentityProbe, Inspector } from './inspector.ts';
import { counted, judgeOf } from './judge.ts';

const { ok, wrong, note, unknown } = judgeOf('Job');

/** What a job, unlike a shell, has. */
export interface DoctorJob {
  /**
   * Asks for an ID token that signs nothing, and verifies it by the keys of the issuer that the policy trusts; null: this job may
   * not ask for one.
   */
  identity(signers: Policy['signers']): Promise<IdentityProbe | null>;
}

export interface JobContext {
  inspector: Inspector;
  repository: Pick<Repository, 'openRequests'>;
  /** null: not in a job. */
  job: DoctorJob | null;
  facts: RepositoryFacts;
  policy: Policy | null;
  /** Whether the repository has issues; null: not known. */
  issues: boolean | null;
  tryWrites: boolean;
  /** RFC 3339. */
  now: string;
  /** The paths of the workflows that ask. */
  asking: readonly string[];
}

export interface ExaminedJob {
  findings: Finding[];
  openRequests: number | null;
  waitingRuns: number | null;
}

const DOCTOR =
  'Run the workflow "Debug doctor" (Actions → Debug doctor → Run workflow): it tries this with the rights that the jobs have.';

/** Tries what needs each permission, and reads on the way what waits now. */
export async function examineJob(context: JobContext): Promise<ExaminedJob> {
  const counts = { openRequests: null as number | null, waitingRuns: null as number | null };
  const { inspector, repository, asking } = context;
  const issues =
    context.issues === false
      ? []
      : [
          attempt(context, 'job.issues', 'issues: read', async () => {
            await inspector.readIssues();
            counts.openRequests = (await repository.openRequests()).length;
            return `Issues can be read; ${counted(counts.openRequests, 'debug request is', 'debug requests are')} open.`;
          }),
          writes(context),
        ];
  const looks = await Promise.all([
    Promise.resolve(contents(context.facts)),
    attempt(context, 'job.actions', 'actions: read', async () => {
      const runs = await inspector.activeRuns();
      counts.waitingRuns = runs.filter(({ workflow }) => asking.includes(workflow)).length;
      return `Workflow runs can be read; ${counted(counts.waitingRuns, 'run that asks is', 'runs that ask are')} active now.`;
    }),
    ...issues,
    identity(context),
  ]);
  return { findings: looks, ...counts };
}

/** GitHub shows nothing, rather than refusing, to who may not read: only what was read tells. */
function contents({ policy }: RepositoryFacts): Finding {
  if (policy !== null) return ok('job.contents', 'Contents can be read: the policy was.');
  return unknown(
    'job.contents',
    'Whether contents can be read is not known: no policy was found to read.',
    'Put a policy on the default branch, then run doctor again. If it is there, this token lacks `contents: read`.',
  );
}

/** In a job a missing permission keeps requests from being made; in a shell it only keeps doctor from looking. */
async function attempt(
  { job }: JobContext,
  id: string,
  permission: string,
  work: () => Promise<string>,
): Promise<Finding> {
  try {
    return ok(id, await work());
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const refused = error.code === 'permission' || error.code === 'not-written';
    if (job === null || !refused) return unknown(id, error.message, error.remedy);
    return wrong(id, `This job may not do what ask does with \`${permission}\`: ${error.message}`, error.remedy);
  }
}

async function writes(context: JobContext): Promise<Finding> {
  const id = 'job.issues-write';
  if (!context.tryWrites) {
    return unknown(
      id,
      'Whether issues and comments can be written was not tried.',
      `${DOCTOR} With --try-writes it is tried from here.`,
    );
  }
  return attempt(context, id, 'issues: write', async () => {
    const url = await context.inspector.tryWrites(context.now);
    return `Issues and comments can be written, as on ${url}.`;
  });
}

async function identity({ job, facts, policy }: JobContext): Promise<Finding> {
  const id = 'job.oidc';
  if (job === null) return unknown(id, 'Whether a job can sign records can be tried in a job only.', DOCTOR);
  if (policy === null) return unknown(id, 'Whose signatures count is said by the policy.', 'Mend the policy first.');
  try {
    const found = await job.identity(policy.signers);
    if (found !== null) return judged(id, found, facts);
    if (policy.signers.unsigned === 'accept') {
      return note(id, 'This job has no ID token: it cannot sign records, and the policy accepts them unsigned.');
    }
    throw noIdToken();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return wrong(id, `This job cannot sign records: ${error.message}`, error.remedy);
  }
}

function judged(id: string, found: IdentityProbe, facts: RepositoryFacts): Finding {
  if (found.issuer !== found.trusted) {
    const remedy = `Write \`issuer: ${found.issuer}\` under \`signers\` in the policy if that is your GitHub, else take \`issuer\` out.`;
    return wrong(
      id,
      `This job's ID token comes from ${found.issuer}, but the policy believes ${found.trusted}.`,
      remedy,
    );
  }
  if (found.repositoryId !== facts.id) {
    const remedy = 'Leave `repository` to the job itself: run doctor in the repository that it shall look at.';
    return wrong(
      id,
      `This job's ID token is for the repository ${found.repositoryId}; ${facts.name} is ${facts.id}.`,
      remedy,
    );
  }
  if (found.workflow.ref !== `refs/heads/${facts.defaultBranch}`) {
    const remedy = `Choose ${facts.defaultBranch} under "Run workflow".`;
    return wrong(
      id,
      `This run is on ${found.workflow.ref}; only records signed on ${facts.defaultBranch} count.`,
      remedy,
    );
  }
  if (found.environment === null || !sameName(found.environment, APPROVAL_ENVIRONMENT)) {
    const where = found.environment === null ? 'in no environment' : `in the environment ${found.environment}`;
    return wrong(
      id,
      `This job is ${where}; only records signed in ${APPROVAL_ENVIRONMENT} count.`,
      `Write \`environment: ${APPROVAL_ENVIRONMENT}\` into the job in ${found.workflow.path}.`,
    );
  }
  return ok(
    id,
    `A job can sign: ${found.issuer} signs for ${facts.name} in ${APPROVAL_ENVIRONMENT}, and its keys verify it.`,
  );
}
