/** `npm run demo`: the whole product on this machine, without an account, from "Run workflow" to the closed issue. */
import { writeFile } from 'node:fs/promises';
import { Command, CommanderError, Option } from 'commander';
import { verifyExport } from '../log/export.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { ENDINGS, play, SCENARIOS, type Scenario, script, type Told } from './story.ts';
import { atTerminal, terminalNarrator } from './terminal.ts';
import { openTown, type Town } from './town.ts';

interface Options {
  auto?: true;
  json?: true;
  scenario: Scenario;
  export?: string;
}

/** The last line of `--json`. */
interface Report {
  status: string;
  issue: number;
  records: number;
  approvedBy: string[];
  exitCode: number | null;
  verified: boolean;
  githubCalls: number;
  slackCalls: number;
  decisionMs: number | null;
}

const program = new Command('npm run demo --')
  .description(
    'Plays one debug request in a local GitHub and Slack. In a terminal you decide; otherwise a script does.',
  )
  .addOption(
    new Option('--scenario <name>', 'which ending to play').choices([...SCENARIOS]).default('approve', 'approve'),
  )
  .option('--auto', 'let a script decide, also in a terminal')
  .option('--json', 'print one JSON object on standard output, and the story on standard error')
  .option('--export <file>', 'write the log as JSON Lines, for `debug-approval audit verify`')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 the scenario ended as it must, 1 it did not, 2 wrong usage.

Examples:
  npm run demo
  npm run demo -- --auto --json
  npm run demo -- --auto --scenario tamper --export log.jsonl`,
  );

async function main(options: Options): Promise<void> {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && options.auto !== true;
  const narrator = terminalNarrator(options.json === true ? process.stderr : process.stdout);
  narrator.say('Opening a local GitHub and Slack …');
  const town = await openTown(options.scenario === 'expire' ? { policy: [{ path: ['expiry'], value: '6s' }] } : {});
  try {
    const decider = interactive ? atTerminal : script(options.scenario);
    const told = await play(town, decider, narrator, options.scenario);
    const githubCalls = town.github.requests.filter(({ by, status }) => by === 'job' && status !== 304).length;
    const slackCalls = town.slack.counts().calls;
    const evidence = await evidenceOf(town, told.issue);
    if (options.export !== undefined && evidence.exported !== null) await writeFile(options.export, evidence.exported);
    const report = await reportOf(evidence, told, { githubCalls, slackCalls });
    narrator.end(summary(report, evidence, town));
    if (options.json === true) console.log(JSON.stringify(report));
    const faithful = town.github.violations.length === 0;
    process.exitCode = faithful && (interactive || asItMust(options.scenario, report, told)) ? 0 : 1;
  } finally {
    await town.close();
  }
}

async function reportOf(
  evidence: Evidence,
  told: Told,
  calls: { githubCalls: number; slackCalls: number },
): Promise<Report> {
  const { state, log, exported } = evidence;
  const status = statusOf(evidence);
  const decisions = state.status === 'none' ? [] : state.decisions;
  const ended = state.status === 'finished' || state.status === 'failed' ? state.end : null;
  const verified = exported !== null && (await verifyExport(exported)).status === 'whole';
  return {
    status,
    issue: told.issue,
    records: log.entries.length,
    approvedBy: decisions.filter(({ decision }) => decision === 'approve').map(({ by }) => by.name),
    exitCode: ended?.exitCode ?? null,
    verified,
    ...calls,
    decisionMs: told.decisionMs,
  };
}

/** A log that does not hold is an error, whatever its remaining records would say. */
function statusOf({ state, log }: Evidence): string {
  if (log.broken.length > 0 || state.status === 'none') return 'error';
  return state.status;
}

function asItMust(scenario: Scenario, report: Report, told: Told): boolean {
  const must = ENDINGS[scenario];
  const ran = told.run.jobs['debug']?.conclusion === 'success';
  const again = told.again === null || told.again.jobs['debug']?.conclusion === 'failure';
  return report.status === must.status && ran === must.ran && report.verified === must.whole && again;
}

function summary(report: Report, evidence: Evidence, town: Town): string[] {
  const { broken, entries } = evidence.log;
  return [
    'What the issue holds, as an auditor verifies it:',
    ...entries.map(({ record }) => `  ✓ ${record.seq} ${record.sentence}`),
    ...broken.map(({ why }) => `  ✗ ${why}`),
    '',
    `The request ended as ${report.status}; issue #${report.issue} (${evidence.issue.open ? 'open' : 'closed'}, ${evidence.issue.labels.join(', ')}).`,
    `${report.records === 1 ? '1 record' : `${report.records} records`}${report.verified ? ', every one signed, chained and whole' : ''}; approved by ${report.approvedBy.join(', ') || 'nobody'}.`,
    `${report.githubCalls} GitHub calls that count, ${report.slackCalls} Slack calls${report.decisionMs === null ? '' : `; click to record ${report.decisionMs} ms`}.`,
    ...town.github.violations.map(({ route, message }) => `Not as GitHub describes it: ${route}: ${message}`),
  ];
}

program.action(main);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
