/** The command about open requests: `list`. */
import type { Command } from 'commander';
import { tellingFaults } from './tell.ts';

export interface ListOptions {
  repository?: string;
  policy: string;
  json?: true;
}

/** Adds `list` to the program. */
export function addList(program: Command): void {
  program
    .command('list')
    .description('List the open debug requests, each as its verified log says.')
    .option('--repository <owner/name>', 'where the requests are (default: GITHUB_REPOSITORY, or the remote origin)')
    .option('--policy <path>', 'where the policy is on the default branch', '.github/debug-approval.yml')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      [
        '\nEnvironment: GITHUB_TOKEN or GH_TOKEN; GITHUB_API_URL for GitHub Enterprise Server.',
        'Exit code 1: the log of a request is broken. 2: something could not be determined.',
        '\nExample:\n  debug-approval list --repository acme/shop',
      ].join('\n'),
    )
    .action((options: ListOptions) =>
      tellingFaults(options.json, async () => {
        const { listCommand } = await import('./list-requests.ts');
        await listCommand(options);
      }),
    );
}
