/** Runs a workflow of a town with act, in host mode, as a run of the sandbox's GitHub that Ana dispatched. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { git } from '../../src/sandbox/git.ts';
import type { Host } from '../../src/sandbox/host.ts';
import { PEOPLE, type Town } from '../../src/sandbox/town.ts';
import { parseWorkflow } from '../../src/sandbox/workflow/parse.ts';
import type { Workflow } from '../../src/sandbox/workflow/schema.ts';
import { type ActLine, startAct } from './act.ts';
import { type Bridge, type JobOfRun, openBridge } from './bridge.ts';
import { openOutside } from './outside.ts';

export interface Finished {
  exitCode: number;
  /** All that act printed. */
  log: ActLine[];
  /** The jobs that the sandbox's GitHub let in, in their order. */
  jobs: JobOfRun[];
  /** The folder that holds a folder for each artifact. */
  artifacts: string;
  /** Every value that must not be shown: the environments' secrets and act's tokens. */
  secrets: string[];
  /** What somebody wanted of another machine. */
  outside: string[];
}

export interface ActRun {
  /** The first line of a job that matches. Rejects, with the whole log, when the run ends without one. */
  line(job: string, pattern: RegExp): Promise<RegExpExecArray>;
  finished: Promise<Finished>;
  /** As a machine that loses its power. */
  kill(): void;
  /** Cancels it and waits until it is gone. */
  stop(): Promise<void>;
}

export interface Dispatch {
  program: string;
  town: Town;
  /** `.github/workflows/debug.yml`. */
  workflowPath: string;
  inputs: Record<string, string>;
  /** Every environment's secrets: act has one set for all jobs. The bridge lets no job use another's. */
  secrets: Record<string, string>;
  /** Told of each line as it comes. */
  onLine?: (line: ActLine) => void;
}

/** Registers the run with the sandbox's GitHub and starts act. */
export async function runWithAct(dispatch: Dispatch): Promise<ActRun> {
  const { town, workflowPath } = dispatch;
  const host: Host = town.github;
  const workflow = parseWorkflow(await readFile(join(town.checkout, workflowPath), 'utf8'), workflowPath);
  const sha = (await git(town.checkout, ['rev-parse', 'HEAD'])).toString().trim();
  const ref = `refs/heads/${host.repository.defaultBranch}`;
  const { ana } = PEOPLE;
  const run = host.startRun({ workflowPath, event: 'workflow_dispatch', ref, sha, actor: ana, triggeringActor: ana });
  const bridge = await openBridge(host, { id: run.id, workflow, secretNames: Object.keys(dispatch.secrets) });
  const outside = await openOutside();
  const folder = join(town.tempDir, 'act', String(run.id));
  const artifacts = join(folder, 'artifacts');
  await mkdir(artifacts, { recursive: true });
  const files = await writeFiles(folder, {
    event: eventOf(dispatch, ref),
    env: { ...variables(dispatch, { run, sha, ref, workflow, bridge }), ARTIFACTS: artifacts },
    secrets: { ...dispatch.secrets, GITHUB_TOKEN: bridge.token },
  });

  const log: ActLine[] = [];
  const heard = new Set<(line: ActLine) => void>();
  const onLine = (line: ActLine): void => {
    log.push(line);
    if (line.result === 'success' || line.result === 'failure') bridge.ended(line.job, line.result);
    dispatch.onLine?.(line);
    for (const hear of heard) hear(line);
  };
  host.updateRun(run.id, { status: 'in_progress', conclusion: null });
  const act = startAct(dispatch.program, argumentsOf(dispatch, workflow, folder, files), {
    cwd: folder,
    env: { ...outside.env, ...machine(folder) },
    onLine,
  });
  const finished = act.exit
    .finally(() => Promise.all([bridge.close(), outside.close()]))
    .then((exitCode): Finished => {
      host.updateRun(run.id, { status: 'completed', conclusion: exitCode === 0 ? 'success' : 'failure' });
      const secrets = [...Object.values(dispatch.secrets), bridge.token, bridge.oidc.requestToken];
      return { exitCode, log, jobs: bridge.jobs, artifacts, secrets, outside: outside.asked };
    });
  // Whoever stops the run does not wait for its end.
  finished.catch(() => null);
  return {
    finished,
    kill: act.kill,
    stop: act.stop,
    line(job, pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      const hear = (one: ActLine): void => {
        const match = one.job === job ? pattern.exec(one.text) : null;
        if (match !== null) resolve(match);
      };
      log.forEach(hear);
      heard.add(hear);
      const never = () => reject(new Error(`act ended without ${pattern} in ${job}. It said:\n${said(log)}`));
      finished.then(never, reject);
      return promise;
    },
  };
}

/** A log as a person reads it. */
export const said = (log: readonly ActLine[]): string => log.map(({ job, text }) => `${job} | ${text}`).join('\n');

interface Known {
  run: { id: number; number: number };
  sha: string;
  ref: string;
  workflow: Workflow;
  bridge: Bridge;
}

/** What GitHub tells every job and act does not know, or would make up. */
function variables({ town, workflowPath }: Dispatch, { run, sha, ref, workflow, bridge }: Known) {
  const { repository, serverUrl } = town.github;
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    ...town.env,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_REPOSITORY: fullName,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER: repository.owner,
    GITHUB_REPOSITORY_OWNER_ID: String(repository.ownerId),
    GITHUB_TRIGGERING_ACTOR: PEOPLE.ana.login,
    GITHUB_ACTOR_ID: String(PEOPLE.ana.id),
    GITHUB_WORKFLOW_REF: `${fullName}/${workflowPath}@${ref}`,
    GITHUB_WORKFLOW_SHA: sha,
    GITHUB_SERVER_URL: serverUrl,
    GITHUB_API_URL: bridge.apiUrl,
    GITHUB_GRAPHQL_URL: `${bridge.apiUrl}/graphql`,
    ACTIONS_ID_TOKEN_REQUEST_URL: bridge.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bridge.oidc.requestToken,
    RUNNER_ENVIRONMENT: 'github-hosted',
    BRIDGE_JOBS_URL: bridge.jobsUrl,
    CHECKOUT_SOURCE: town.checkout,
    ...environmentsOf(workflow),
  };
}

/** act ignores `environment:`, but evaluates variables: so it says itself which environment each job is for. */
function environmentsOf({ jobs }: Workflow): Record<string, string> {
  const names = Object.entries(jobs).map(([key, { environment }]) => [
    `ENVIRONMENT_OF_${key}`,
    environment?.name ?? '',
  ]);
  return Object.fromEntries(names);
}

function eventOf({ town, workflowPath, inputs }: Dispatch, ref: string) {
  const { id, ownerId, owner, name, defaultBranch } = town.github.repository;
  return {
    ref,
    inputs,
    workflow: workflowPath,
    sender: { id: PEOPLE.ana.id, login: PEOPLE.ana.login },
    repository: {
      id,
      name,
      full_name: `${owner}/${name}`,
      owner: { login: owner, id: ownerId },
      default_branch: defaultBranch,
    },
  };
}

type Files = Record<'event' | 'env' | 'secrets', string>;

/** JSON is YAML, which act reads from files of that name without any quoting of its own. */
async function writeFiles(folder: string, contents: Record<keyof Files, object>): Promise<Files> {
  const write = async (name: string, content: object): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, JSON.stringify(content), { mode: 0o600 });
    return path;
  };
  const { event, env, secrets } = contents;
  return {
    event: await write('event.json', event),
    env: await write('env.yml', env),
    secrets: await write('secrets.yml', secrets),
  };
}

/** Nothing of this machine but where its programs are: in host mode act hands its own environment to every step. */
function machine(folder: string): Record<string, string> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter);
  const home = join(folder, 'home');
  return {
    PATH: path,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    LANG: 'C.UTF-8',
    ACT_DISABLE_VERSION_CHECK: '1',
  };
}

function argumentsOf({ town, workflowPath }: Dispatch, workflow: Workflow, folder: string, files: Files): string[] {
  return [
    'workflow_dispatch',
    ...['--directory', town.checkout],
    ...['--workflows', workflowPath],
    ...['--platform', 'ubuntu-latest=-self-hosted'],
    ...['--eventpath', files.event],
    ...['--env-file', files.env],
    ...['--secret-file', files.secrets],
    ...['--actor', PEOPLE.ana.login],
    ...['--defaultbranch', town.github.repository.defaultBranch],
    ...standIns(workflow),
    ...['--action-cache-path', join(folder, 'cache')],
    ...['--container-daemon-socket', '-'],
    '--action-offline-mode',
    '--no-cache-server',
    '--no-skip-checkout',
    '--strict',
    // What the jobs print is seen as they print it: what hides a secret is then the product, not act.
    '--insecure-secrets',
    '--rm',
    '--json',
  ];
}

const STAND_INS = join(import.meta.dirname, 'stand-ins');

/** Actions of others must not be fetched; each has a stand-in here. */
function standIns({ jobs }: Workflow): string[] {
  const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
  const others = [...new Set(uses)].filter((one) => !one.startsWith('./'));
  return others.flatMap((one) => [
    '--local-repository',
    `${one}=${join(STAND_INS, one.replace(/^actions\/|@.*$/g, ''))}`,
  ]);
}
