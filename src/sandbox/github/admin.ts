/** What an administrator does on GitHub's own pages while the sandbox runs: settings, and the gates of waiting jobs. */
import { setInstalled } from './app.ts';
import { findEnvironment } from './environments.ts';
import type { Settings } from './options.ts';
import { repositoryOf, type World } from './world.ts';

/** Changes the set-up while it runs; what waits for an environment that is no more fails. */
export function configure(world: World, { permissions = {}, app, ...change }: Settings): void {
  if (app !== undefined) setInstalled(world, app);
  const { options, repository, accounts } = world;
  Object.assign(options, { ...change, repository: { ...options.repository, ...change.repository } });
  Object.assign(repository, repositoryOf(options));
  for (const [login, permission] of Object.entries(permissions))
    Object.assign(accounts.find(login) ?? {}, { permission });
  lookAtGates(world);
}

/** Fails what waits at gates for nothing. */
export const lookAtGates = ({ runs, options }: World): void =>
  runs.lookAgain(options.environments.map(({ name }) => name));

/** An administrator's "Start all waiting jobs". Throws where an environment forbids that. */
export function startWaitingJobs({ runs, options }: World, id: number): void {
  const run = runs.find(id);
  if (run === null) throw new Error(`The sandbox has no run ${id}.`);
  const strict = runs
    .waiting(run)
    .find(({ environment }) => findEnvironment(options, environment)?.adminBypass === false);
  if (strict !== undefined)
    throw new Error(`The environment ${strict.environment} lets no administrator past its rules; set adminBypass.`);
  runs.bypass(run);
}
