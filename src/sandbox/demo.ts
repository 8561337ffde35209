/** `npm run demo`: the whole product on this machine, without an account, in the terminal and on a page in the browser. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DemoOptions } from './performance.ts';
import { SCENARIOS } from './plots.ts';

const program = new Command('npm run demo --')
  .description(
    'Plays one debug request in a local GitHub and Slack. In a terminal you decide, there or on a page in the browser; otherwise a script does.',
  )
  .addOption(
    new Option('--scenario <name>', 'which ending to play').choices([...SCENARIOS]).default('approve', 'approve'),
  )
  .option('--gateway', 'let the gateway wait, as its own process, instead of a job on a runner')
  .option('--auto', 'let a script decide, also in a terminal')
  .option('--json', 'print one JSON object on standard output, and the story on standard error')
  .option('--export <file>', 'write the log as JSON Lines, for `debug-approval audit verify`')
  .option('--page', 'serve the page alone, until Ctrl-C')
  .option('--no-page', 'serve no page')
  .addOption(new Option('--port <number>', 'where to serve the page; any free port unless given').argParser(portOf))
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 the scenario ended as it must, 1 it did not, 2 wrong usage, 130 interrupted by Ctrl-C and cleaned up.

Examples:
  npm run demo
  npm run demo -- --page
  npm run demo -- --auto --json
  npm run demo -- --gateway --auto --json
  npm run demo -- --auto --scenario tamper --export log.jsonl`,
  );

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535; 0 means any free one.');
}

/** Not by `conflicts`, which would refuse `--no-page`, too: both write one attribute. */
function refusePageBeside(options: DemoOptions): void {
  const [beside] = (['auto', 'json', 'export'] as const).filter((name) => options[name] !== undefined);
  if (options.page !== true || beside === undefined) return;
  program.error(
    `error: --page serves the page alone, and --${beside} is for a story that is played. Leave one of both out.`,
  );
}

program.action(async (options: DemoOptions) => {
  refusePageBeside(options);
  // Whoever only asks how it is used need not wait until the sandbox is loaded.
  const { perform } = await import('./performance.ts');
  await perform(options);
});
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`The demo could not go on: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
