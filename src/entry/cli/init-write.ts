/** `init`: finds out what it can, asks for the rest on a terminal, shows what it will write, writes it, says what comes next. */
import { type Known, lookUp } from '../../app/init/look-up.ts';
import { bypassSwitch, planFiles } from '../../app/init/plan.ts';
import { readProfile } from '../../github/profile.ts';
import { createRepository } from '../../github/repository.ts';
import { readVisibility } from '../../github/visibility.ts';
import { slackApiAddress } from '../../slack/api-address.ts';
import { findChannel } from '../../slack/find-channel.ts';
import { readProduct } from '../product-files.ts';
import { slackFromShell } from './add-person.ts';
import { githubFromShell } from './github.ts';
import type { InitOptions } from './init.ts';
import { finish } from './init-finish.ts';
import { begin, type Settled, type Start, settle } from './init-settle.ts';
import { tell } from './tell.ts';

/** Does it all and tells. Throws Faults. */
export async function initCommand(options: InitOptions): Promise<void> {
  const start = await begin(options);
  const settled = await settle(start);
  if (settled === null) return;
  const known = await knownOf(settled);
  if (!(await decideOnSight(start, settled, known))) return;
  const branch = options.branch ?? known.repository?.defaultBranch ?? settled.branch;
  const { apiIsLoopback } = start;
  const plan = planFiles({ ...settled, branch, known, product: await readProduct(), apiIsLoopback });
  await finish(start, { ...settled, branch }, known, plan);
}

function knownOf({ wishes, repository, branch }: Settled): Promise<Known> {
  const { client } = githubFromShell();
  return lookUp(
    {
      account: (login) => readProfile(client, login),
      repository: (name) => readVisibility(client, name),
      environment: (name, environment, on) => createRepository(client, name).environment(environment, on),
      directory: slackFromShell,
      channel: channelId,
    },
    wishes,
    repository,
    branch,
  );
}

function channelId(name: string): Promise<string> {
  const token = process.env['SLACK_BOT_TOKEN'] ?? '';
  return findChannel({ token, apiUrl: slackApiAddress(process.env['SLACK_API_URL']) }, name);
}

/** What only shows once GitHub was asked is asked where somebody can be; elsewhere the plan refuses. False: told already. */
async function decideOnSight({ options, interactive }: Start, settled: Settled, known: Known): Promise<boolean> {
  const { wishes, repository } = settled;
  if (!interactive || options.yes === true) return true;
  const { agree } = await import('./init-ask.ts');
  if (!wishes.public && known.repository?.public === true) {
    wishes.public = await agree(
      `${repository} is public: the whole world would read reasons, records and the jobs' logs. Is that meant?`,
    );
    if (!wishes.public) {
      tell(1, 'Nothing was written.', options.json, { files: [] });
      return false;
    }
  }
  if (wishes.adminBypass === null && known.repository !== null && bypassSwitch(known) === 'unknown') {
    const question =
      'On GitHub Pro and Team, administrators can always bypass an environment of a private repository. Show that on each request (yes), or refuse to ask (no)?';
    wishes.adminBypass = (await agree(question)) ? 'show' : 'forbid';
  }
  return true;
}
