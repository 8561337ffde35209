/** The command about a whole set-up: `doctor`. */
import type { Command } from 'commander';
import { tellingFaults } from './tell.ts';

export interface DoctorOptions {
  repository?: string;
  policy: string;
  tryWrites?: true;
  json?: true;
}

/** Adds `doctor` to the program. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Look at a whole set-up on GitHub and Slack: what is right, what is wrong, and how to mend it.')
    .option('--repository <owner/name>', 'which repository (default: GITHUB_REPOSITORY, or the remote origin)')
    .option('--policy <path>', 'where the policy is on the default branch', '.github/debug-approval.yml')
    .option('--try-writes', 'write a comment to a closed issue of its own, to see whether that works')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      [
        '\nEnvironment: GITHUB_TOKEN or GH_TOKEN (with read:org where the policy takes groups from GitHub teams);',
        'SLACK_BOT_TOKEN and SLACK_APP_TOKEN to look at Slack too;',
        'GITHUB_API_URL for GitHub Enterprise Server; SLACK_API_URL for GovSlack.',
        'Exit code 1: something is wrong. 2: the repository could not be looked at.',
        'What only a job can try (OIDC, the rights of its token) the workflow "Debug doctor" tries.',
        '\nExamples:',
        '  GITHUB_TOKEN="$(gh auth token)" debug-approval doctor --repository acme/shop',
        '  debug-approval doctor --repository acme/shop --json | jq \'.findings[] | select(.health == "wrong")\'',
      ].join('\n'),
    )
    .action((options: DoctorOptions) =>
      tellingFaults(options.json, async () => {
        const { doctorCommand } = await import('./doctor-examine.ts');
        await doctorCommand(options);
      }),
    );
}
