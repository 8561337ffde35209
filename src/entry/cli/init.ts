/** The command that sets a repository up: `init`. */
import type { Command } from 'commander';
import { DEFAULTS, type Flags } from '../../app/init/wishes.ts';
import { tellingFaults } from './tell.ts';

export interface InitOptions extends Flags {
  directory: string;
  yes?: true;
  dryRun?: true;
  force?: true;
  json?: true;
  postGuidelines?: true;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Adds `init` to the program. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('Write the policy, the workflows, the hello runbook and the Slack manifest into a repository.')
    .option('--person <login[:slack]>', 'a human by GitHub login, with Slack handle or id; give several', collect)
    .option('--approver <login>', 'one of them who may approve (default: all); may be given several times', collect)
    .option('--requester <login>', 'one of them who may ask (default: all); may be given several times', collect)
    .option('--target <name[=environment]>', `where runbooks run (default: ${DEFAULTS.target}); give several`, collect)
    .option('--slack-channel <id>', 'the channel in which approvers are asked, by id or name')
    .option('--no-slack', "ask on the request's issue alone")
    .option('--expiry <duration>', `how long a request waits (default: ${DEFAULTS.expiry})`)
    .option('--window <duration>', `how long a debug job may run (default: ${DEFAULTS.window})`)
    .option(
      '--admin-bypass <forbid|show>',
      'where administrators can bypass an environment: ask nobody, or tell approvers',
    )
    .option('--public', 'allow a public repository, where the whole world reads requests')
    .option('--action <owner/name@sha>', "the version that the workflows use (default: this program's own commit)")
    .option('--repository <owner/name>', 'where it is on GitHub (default: the remote origin)')
    .option('--branch <name>', "the default branch (default: GitHub's, or what git knows)")
    .option('--issuer <url>', "who signs the jobs' OIDC tokens, where the API's address does not tell")
    .option('--directory <path>', 'the repository to write to', '.')
    .option('--yes', 'write without asking')
    .option('--dry-run', 'only show what would be written, in full')
    .option(
      '--force',
      'overwrite workflows and scripts that differ; what was changed in them by hand is lost, a policy never is',
    )
    .option('--post-guidelines', "post the channel's guidelines, made from the policy, and pin them")
    .option('--json', 'print one JSON object, and ask nothing')
    .addHelpText(
      'after',
      [
        '\nOn a terminal it asks for what is missing; elsewhere it names the flags. Nothing is overwritten without --force.',
        'A policy that is there already is kept: the workflows are made of it, and flags about it change nothing.',
        'SLACK is a handle, a member id (U…), or both ids as TEAM/USER, which need no Slack token.',
        '\nEnvironment: GITHUB_TOKEN or GH_TOKEN; SLACK_BOT_TOKEN with the scope users:read to look handles up;',
        'GITHUB_API_URL for GitHub Enterprise Server.',
        'Exit code 1: refused, such as files that differ. 2: something is missing or could not be determined.',
        '\nExample:\n  debug-approval init --person ana-dev:ana --person bo-dev:bo --slack-channel C012AB3CD \\\n    --admin-bypass show',
      ].join('\n'),
    )
    .action((options: InitOptions) =>
      tellingFaults(options.json, async () => {
        const { initCommand } = await import('./init-write.ts');
        await initCommand(options);
      }),
    );
}
