/** `npm run bench`: measures what the product promises, against the built bundles in the sandbox. */
import { loadavg } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { killAsks } from './ask-process.ts';
import type { Figure, Row } from './row.ts';
import { bundles } from './rows/bundles.ts';
import { click } from './rows/click.ts';
import { crowd } from './rows/crowd.ts';
import { dialog } from './rows/dialog.ts';
import { exit } from './rows/exit.ts';
import { gatewayRows } from './rows/gateway.ts';
import { hour } from './rows/hour.ts';
import { life } from './rows/life.ts';
import { lookups } from './rows/lookups.ts';
import { page } from './rows/page.ts';
import { policy } from './rows/policy.ts';
import { redact } from './rows/redact.ts';
import { report } from './rows/report.ts';
import { setup } from './rows/setup.ts';
import { slow } from './rows/slow.ts';
import { start } from './rows/start.ts';
import { storm } from './rows/storm.ts';
import { sweep } from './rows/sweep.ts';
import { verify } from './rows/verify.ts';

const ROWS: Row[] = [
  click,
  slow,
  dialog,
  lookups,
  exit,
  start,
  hour,
  life,
  crowd,
  storm,
  bundles,
  setup,
  page,
  policy,
  redact,
  report,
  verify,
  sweep,
  ...gatewayRows,
];

const program = new Command('npm run bench --')
  .description('Measures the built bundles in the sandbox and compares each figure with its bar.')
  .option('--json', 'print one JSON object a figure and nothing else on stdout')
  .option('--only <names...>', `measure these alone: ${ROWS.map(({ name }) => name).join(', ')}`, chosen)
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 every bar is met, 1 one is missed or could not be measured, 2 wrong usage.

Examples:
  npm run bench
  npm run bench -- --json
  npm run bench -- --only click start`,
  );

function chosen(name: string, before: Row[] | undefined): Row[] {
  const row = ROWS.find((one) => one.name === name);
  if (row === undefined) throw new InvalidArgumentError(`There are ${ROWS.map((one) => one.name).join(', ')}.`);
  return [...(before ?? []), row];
}

interface Options {
  json?: true;
  only?: Row[];
}

async function main({ json, only }: Options): Promise<void> {
  // With --json, progress goes to stderr: stdout holds the figures alone.
  const say = json === true ? console.error : console.log;
  for (const row of only ?? ROWS) {
    say(`\n${row.name}: ${row.about}`);
    const figures = await measured(row, (text) => say(`  ${text}`));
    for (const figure of figures) {
      const ok = figure.value <= figure.bar;
      if (!ok) process.exitCode = 1;
      if (json === true) console.log(JSON.stringify({ ...figure, ok }));
      else say(line(figure, ok));
    }
  }
  say(`\nThe machine's load in the last minute: ${(loadavg()[0] ?? 0).toFixed(1)}.`);
}

/** A row that cannot be measured is a missed one; the others are measured all the same. */
async function measured(row: Row, say: (text: string) => void): Promise<Figure[]> {
  try {
    return await row.measure(say);
  } catch (error) {
    process.exitCode = 1;
    say(`not measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return [];
  }
}

function line({ name, value, unit, bar }: Figure, ok: boolean): string {
  return `  ${ok ? 'ok    ' : 'MISSED'}  ${name.padEnd(26)} ${`${value} ${unit}`.padEnd(32)} bar ${bar}`;
}

// Ask jobs would wait on for hours.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => killAsks().finally(() => process.exit(1)));
}

program.action(main);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
