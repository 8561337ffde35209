/** The command that waits for everybody: `gateway`. */
import type { Command } from 'commander';
import { settingsHelp } from './gateway-settings.ts';
import { tellingFaults } from './tell.ts';

export interface GatewayOptions {
  config?: string;
}

/** Adds `gateway` to the program. */
export function addGateway(program: Command): void {
  program
    .command('gateway')
    .description(
      'Serve requests that wait in the gateway: hear Slack and GitHub, answer for the jobs that GitHub holds back.',
    )
    .option('--config <file>', 'YAML with the settings below; secrets never stand in it')
    .addHelpText(
      'after',
      [
        `\n${settingsHelp()}`,
        '\nIt serves POST /slack/events (events, interactivity and slash commands), POST /github/webhooks, GET /healthz,',
        'GET /readyz and GET /metrics, and logs one JSON object a line. Let only the two POST addresses be reached from outside.',
        'SIGTERM or SIGINT: it takes nothing new, finishes what it acknowledged and ends within ten seconds.',
        'A second signal ends it at once. Exit codes: 0 it was stopped, 1 by a second signal, 2 it could not start.',
        '\nExamples:',
        '  debug-approval gateway --config gateway.yml',
        '  SLACK_BOT_TOKEN_FILE=/run/secrets/slack LISTEN_ADDRESS=0.0.0.0 debug-approval gateway --config gateway.yml',
      ].join('\n'),
    )
    .action((options: GatewayOptions) =>
      tellingFaults(undefined, async () => {
        const { gatewayCommand } = await import('./gateway-serve.ts');
        await gatewayCommand(options);
      }),
    );
}
