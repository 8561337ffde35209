/** The commands about the policy: `policy check`, `policy add-person` and `policy guidelines`. */

import type { Command } from 'commander';
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import { apiFromShell } from './api.ts';
import { readOrTell, tell, tellingFaults } from './tell.ts';

const POLICY = '.github/debug-approval.yml';

/** Adds `policy` to the program. */
export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('The policy.');
  policy
    .command('check')
    .description('Check a policy file; every mistake is named with its line and column.')
    .argument('[file]', 'the policy', POLICY)
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExample:\n  debug-approval policy check ${POLICY}`)
    .action((file: string, options: { json?: true }) => tellingFaults(options.json, () => check(file, options)));
  policy
    .command('add-person')
    .description('Look a human up on GitHub and in Slack, and add them to the policy file; comments and layout stay.')
    .argument('<github-login>', 'their GitHub login')
    .argument('[slack-handle]', 'their Slack handle, display name or member id; left out: decides on GitHub only')
    .option('--key <key>', 'their key in the policy (default: the login)')
    .option('--name <name>', 'the name that people read (default: that of their GitHub or Slack profile)')
    .option('--group <group>', 'a group that they join; may be given several times', collect)
    .option('--file <file>', 'the policy', POLICY)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      [
        '\nEnvironment: GITHUB_TOKEN or GH_TOKEN; for Slack SLACK_BOT_TOKEN with the scope users:read;',
        'GITHUB_API_URL for GitHub Enterprise Server.',
        '\nExample:\n  debug-approval policy add-person ana-dev @ana --group sre',
      ].join('\n'),
    )
    .action((login: string, slack: string | undefined, options: AddPersonOptions) =>
      tellingFaults(options.json, async () => {
        const { addPersonCommand } = await import('./add-person.ts');
        await addPersonCommand(login, slack ?? null, options);
      }),
    );
  policy
    .command('guidelines')
    .description("Print what the channel's people must know, made from the policy; --post posts and pins it.")
    .argument('[file]', 'the policy', POLICY)
    .option('--post', "post it to the policy's channel with SLACK_BOT_TOKEN, and pin it")
    .option(
      '--repository <owner/name>',
      'the repository that it speaks of (default: GITHUB_REPOSITORY, or the remote origin)',
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  debug-approval policy guidelines --post')
    .action((file: string, options: GuidelinesOptions) =>
      tellingFaults(options.json, async () => {
        const { guidelinesCommand } = await import('./guidelines.ts');
        await guidelinesCommand(file, options);
      }),
    );
}

export interface GuidelinesOptions {
  post?: true;
  repository?: string;
  json?: true;
}

export interface AddPersonOptions {
  key?: string;
  name?: string;
  group?: string[];
  file: string;
  json?: true;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

async function check(file: string, options: { json?: true }): Promise<void> {
  const text = await readOrTell(file, options.json);
  if (text === null) return;
  const { loopback } = apiFromShell();
  const loaded = loadPolicy(text, { apiIsLoopback: loopback });
  if (loaded.ok) return tell(0, `${file}: no mistakes.`, options.json, { problems: [] });
  tell(1, formatProblems(file, loaded.problems), options.json, { problems: loaded.problems });
}
