/** `init`: finds out what it can, asks for the rest on a terminal, shows what it will write, writes it, says what comes next. */
import { Fault } from '../../app/fault.ts';
import { commandLine } from '../../app/init/command-line.ts';
import { type Known, lookUp } from '../../app/init/look-up.ts';
import { ADMIN_BYPASS, asksSlack } from '../../app/init/missing.ts';
import { checkPin } from '../../app/init/pin.ts';
import { bypassUndecided, planFiles } from '../../app/init/plan.ts';
import type { Flags } from '../../app/init/wishes.ts';
import { createInspector } from '../../github/inspect.ts';
import { readProfile } from '../../github/profile.ts';
import { createRepository } from '../../github/repository.ts';
import { readVisibility } from '../../github/visibility.ts';
import { slackApiAddress } from '../../slack/api-address.ts';
import { findChannel } from '../../slack/find-channel.ts';
import { readProduct } from '../product-files.ts';
import { githubFromShell } from './github.ts';
import type { InitOptions } from './init.ts';
import { finish } from './init-finish.ts';
import { begin, NO_TOKEN_NEEDED, type Settled, type Start, settle, tellMissing } from './init-settle.ts';
import { slackFromShell, slackTokenFromShell } from './slack.ts';
import { tell } from './tell.ts';

/** Does it all and tells. Throws Faults. */
export async function initCommand(options: InitOptions): Promise<void> {
  const start = await begin(options);
  const settled = await settle(start);
  if (settled === null) return;
  try {
    await lookAndWrite(start, settled);
  } catch (error) {
    if (!(error instanceof Fault) || !settled.answered) throw error;
    const again = `Your answers, as flags to change what is wrong in them:\n  ${commandLine({ ...settled.flags })}`;
    throw new Fault(error.code, error.message, `${error.remedy}\n${again}`, { cause: error });
  }
}

async function lookAndWrite(start: Start, settled: Settled): Promise<void> {
  const { options, apiIsLoopback, kept } = start;
  // Before anything is asked of GitHub: another token in its place would not help later either.
  if (asksSlack(settled.wishes) || options.postGuidelines === true) slackTokenFromShell(NO_TOKEN_NEEDED);
  const inspector = createInspector(githubFromShell().client, settled.repository);
  const [known, pin] = await Promise.all([knownOf(settled), checkPin(inspector.fileElsewhere, settled.action)]);
  if (!(await decideOnSight(start, settled, known))) return;
  const branch = options.branch ?? known.repository?.defaultBranch ?? settled.branch;
  const decided = { ...settled, branch, action: pin.action };
  const plan = planFiles({ ...decided, known, kept, product: await readProduct(), apiIsLoopback });
  const notes = [...pin.notes, ...plan.notes];
  await finish(start, { ...decided, slackAsked: asksSlack(settled.wishes) }, known, { ...plan, notes });
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

async function channelId(name: string): Promise<string> {
  const token = slackTokenFromShell("Or give the channel's id (C…): it stands at the end of the channel's About tab.");
  return findChannel({ token, apiUrl: slackApiAddress(process.env['SLACK_API_URL']) }, name);
}

/** What only shows once GitHub was asked is asked where somebody can be; elsewhere it is refused. False: told already. */
async function decideOnSight({ options, interactive, kept }: Start, settled: Settled, known: Known): Promise<boolean> {
  const { wishes, repository } = settled;
  if (kept !== null) return true;
  const asks = interactive && options.yes !== true;
  const undecided = bypassUndecided(wishes, known);
  if (!asks && undecided) {
    tellMissing([], [ADMIN_BYPASS], options.json);
    return false;
  }
  if (!asks) return true;
  const { agree } = await import('./init-ask.ts');
  if (!wishes.public && known.repository?.public === true) {
    wishes.public = await agree(
      `${repository} is public: the whole world would read reasons, records and the jobs' logs. Is that meant?`,
    );
    if (!wishes.public) {
      tell(1, 'Nothing was written.', options.json, { files: [] });
      return false;
    }
    answer(settled, { public: true });
  }
  if (undecided) {
    const question =
      'Administrators can bypass an environment of this repository, as far as GitHub shows; on Pro and Team they always can in a private one. Show that on each request (yes), or make no request until that is unticked (no)?';
    wishes.adminBypass = (await agree(question)) ? 'show' : 'forbid';
    answer(settled, { adminBypass: wishes.adminBypass });
  }
  return true;
}

function answer(settled: Settled, flags: Flags): void {
  settled.flags = { ...settled.flags, ...flags };
  settled.answered = true;
}
