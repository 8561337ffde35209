/** `doctor`: looks at a whole set-up, one area after the other as a person reads it, and says of each thing whether it is right. */
import { type ExaminedGroups, examineGroups } from './doctor/directory.ts';
import { examineEnvironments } from './doctor/environments.ts';
import type { Finding } from './doctor/finding.ts';
import type { Inspector } from './doctor/inspector.ts';
import { type DoctorJob, examineJob } from './doctor/job.ts';
import { judgeOf } from './doctor/judge.ts';
import { examinePeople } from './doctor/people.ts';
import type { Origin } from './doctor/pins.ts';
import { examinePolicy, findPolicy, type GitHubApi } from './doctor/policy.ts';
import { examineRepository } from './doctor/repository.ts';
import { examineSecrets, type GivenTokens } from './doctor/secrets.ts';
import { examineSlack } from './doctor/slack.ts';
import type { SlackInspector } from './doctor/slack-inspector.ts';
import { READABLE } from './doctor/summary.ts';
import { examineWorkflows } from './doctor/workflows.ts';
import { Fault } from './fault.ts';
import type { Clock, Repository, RepositoryFacts, Teams } from './ports.ts';

export interface DoctorDeps {
  repository: Pick<Repository, 'facts' | 'environment' | 'gates' | 'openRequests'>;
  inspector: Inspector;
  /** null: no Slack token was given. */
  slack: SlackInspector | null;
  /** Where GitHub teams are looked up; left out or null: no token for it was given. */
  teams?: Teams | null;
  /** null: not in a job. */
  job: DoctorJob | null;
  clock: Pick<Clock, 'now'>;
}

export interface DoctorInput {
  policyPath: string;
  /** Where GitHub's API is. */
  api: GitHubApi;
  /** This doctor's version. */
  version: string;
  /** The repository that this doctor is from, where that is known. */
  origin?: Origin | null;
  /** Whether to write to the trial issue. */
  tryWrites: boolean;
  /** Which Slack tokens this job's environment gave it; null outside of a job. */
  tokens: GivenTokens;
}

/**
 * Looks at everything and gives all findings in the table's order; `onArea` is told as each part is done. Throws for
 * nothing that GitHub or Slack does: a failure to look is a finding, and hides no other.
 */
export async function examine(
  deps: DoctorDeps,
  input: DoctorInput,
  onArea: (area: Finding['area']) => void = () => {},
): Promise<Finding[]> {
  let facts: RepositoryFacts;
  try {
    facts = await deps.repository.facts({ policyPath: input.policyPath });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [judgeOf('Repository').unknown(READABLE, error.message, error.remedy)];
  }
  return examineFound(deps, input, { facts, onArea });
}

async function examineFound(
  deps: DoctorDeps,
  input: DoctorInput,
  { facts, onArea }: { facts: RepositoryFacts; onArea: (area: Finding['area']) => void },
): Promise<Finding[]> {
  const { inspector, repository, job } = deps;
  const { found, findings: policyFindings } = findPolicy(facts, input.policyPath, input.api.loopback);
  const policy = found?.policy ?? null;
  const told = async <T>(area: Finding['area'], work: Promise<T>): Promise<T> => {
    const result = await work;
    onArea(area);
    return result;
  };
  const settings = issuesOf(inspector);
  const doctor = { version: input.version, origin: input.origin ?? null, defaultBranch: facts.defaultBranch };
  const workflows = found === null ? null : told('Workflows', examineWorkflows(inspector, found, doctor));
  const examinedJob = told('Job', tryJob());
  const teams = deps.teams ?? null;
  // Only a job's token is surely the one that requests are looked up with.
  const groups = policy === null ? null : examineGroups({ teams, jobsToken: job !== null, slack: deps.slack }, policy);
  const parts: Promise<Finding[]>[] = [
    told('Repository', examineRepository(inspector, facts, { policy, inJob: job !== null })),
    told(
      'Policy',
      found === null || groups === null
        ? Promise.resolve([])
        : examinePolicy(inspector, found, {
            ...{ api: input.api, inJob: job !== null, filled: groups.then(({ filled }) => filled) },
          }),
    ).then((more) => [...policyFindings, ...more]),
    told('Environments', examineEnvironments(repository, facts, policy)),
    policy === null ? Promise.resolve([]) : examineSecrets(inspector, policy, input.tokens),
    workflows === null ? Promise.resolve([unlooked('Workflows')]) : workflows.then(({ findings }) => findings),
    groups === null ? Promise.resolve([unlooked('People')]) : told('People', tryPeople(groups)),
    told('Slack', trySlack()),
    examinedJob.then(({ findings }) => findings),
  ];
  return (await Promise.all(parts)).flat().toSorted((a, b) => AREAS.indexOf(a.area) - AREAS.indexOf(b.area));

  async function tryJob() {
    const asking = (await workflows)?.asking ?? [];
    const now = new Date(deps.clock.now()).toISOString();
    const { tryWrites } = input;
    return examineJob({ inspector, repository, job, facts, policy, issues: await settings, tryWrites, now, asking });
  }

  async function tryPeople(looked: Promise<ExaminedGroups>): Promise<Finding[]> {
    const { findings, filled } = await looked;
    return [...(await examinePeople(inspector, filled)), ...findings];
  }

  async function trySlack(): Promise<Finding[]> {
    if (groups === null) return [unlooked('Slack')];
    const [{ openRequests, waitingRuns }, { filled }] = await Promise.all([examinedJob, groups]);
    return examineSlack(deps.slack, { ...filled, inJob: job !== null, openRequests, waitingRuns });
  }
}

/** The order of the table. */
export const AREAS: readonly Finding['area'][] = [
  'Repository',
  'Policy',
  'Environments',
  'Workflows',
  'People',
  'Slack',
  'Job',
];

/** Whether there are issues; null where the settings cannot be read, which is told elsewhere. */
async function issuesOf(inspector: Inspector): Promise<boolean | null> {
  try {
    return (await inspector.settings()).issues;
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function unlooked(area: Finding['area']): Finding {
  const id = area.toLowerCase();
  return judgeOf(area).unknown(
    id,
    'Not looked at: the policy says what there must be.',
    'Mend the policy first, then run doctor again.',
  );
}
