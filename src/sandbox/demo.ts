/** `npm run demo`: the whole product on this machine, without an account, in the terminal and on a page in the browser. */
import { once } from 'node:events';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { verifyExport } from '../log/export-verify.ts';
import { type Evidence, findEvidence, saveExport } from './evidence.ts';
import { buildPage } from './page/assets.ts';
import { openPage, type Page } from './page/server.ts';
import { pageTown } from './page/town.ts';
import { PLOTS, SCENARIOS, type Scenario } from './plots.ts';
import { type Decider, type Narrator, play, type Told } from './story.ts';
import { atTerminal, type Terminal, type TerminalNarrator, terminalNarrator } from './terminal.ts';
import { openTown, type Town } from './town.ts';

interface Options {
  auto?: true;
  json?: true;
  scenario: Scenario;
  export?: string;
  /** true: the page alone; false: none; undefined: along with the story in a terminal. */
  page?: boolean;
  port?: number;
}

/** The last line of `--json`. */
interface Report {
  /** The request's; `none` where the ask job opened no issue. */
  status: string;
  issue: number | null;
  records: number;
  approvedBy: string[];
  /** Who signed the after-review of a break-glass; null: nobody. */
  reviewedBy: string | null;
  exitCode: number | null;
  verified: boolean;
  githubCalls: number;
  slackCalls: number;
  decisionMs: number | null;
}

const program = new Command('npm run demo --')
  .description(
    'Plays one debug request in a local GitHub and Slack. In a terminal you decide, there or on a page in the browser; otherwise a script does.',
  )
  .addOption(
    new Option('--scenario <name>', 'which ending to play').choices([...SCENARIOS]).default('approve', 'approve'),
  )
  .option('--auto', 'let a script decide, also in a terminal')
  .option('--json', 'print one JSON object on standard output, and the story on standard error')
  .option('--export <file>', 'write the log as JSON Lines, for `debug-approval audit verify`')
  .addOption(new Option('--page', 'serve the page alone, until Ctrl-C').conflicts(['auto', 'json', 'export']))
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
  npm run demo -- --auto --scenario tamper --export log.jsonl`,
  );

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535; 0 means any free one.');
}

async function main(options: Options): Promise<void> {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && options.auto !== true;
  const output = options.json === true ? process.stderr : process.stdout;
  const narrator = terminalNarrator(output);
  const departure = watchForLeaving(narrator);
  try {
    narrator.say('Opening a local GitHub and Slack …');
    const opened = await openUnlessLeft(() => open(options, interactive), departure.cancel.signal);
    const ended = opened === null ? { ...UNPLAYED, left: departure.how() } : await playAndClose(opened);
    const how = ended.left;
    if (how === null) process.exitCode = ended.sound && (interactive || ended.asItMust) ? 0 : 1;
    else process.exitCode = ended.sound && how === 'interrupted' ? INTERRUPTED : 1;
  } finally {
    departure.unwatch();
  }

  async function playAndClose({ town, page, close }: Opened): Promise<Ended & { left: Leaving | null }> {
    try {
      if (page !== null) output.write(`Page: ${page.url}\n`);
      if (options.page === true) {
        narrator.say('Open it in a browser: ask as Ana, approve as Bo, try to break it. Ctrl-C ends it.');
        await departure.linger();
        return { sound: town.github.violations.length === 0, asItMust: true, left: null };
      }
      if (page !== null) narrator.say('Decide here in the terminal, or there in a browser as anybody.');
      const terminal = { input: process.stdin, output, onLeave: departure.leave };
      const decider = interactive ? atTerminal(terminal) : PLOTS[options.scenario].script;
      const ended = await playTo({ town, page }, decider, narrator, options, departure.cancel);
      const left = departure.how();
      if (page !== null && left === null) {
        narrator.say(`The page stays open at ${page.url}; Ctrl-C ends it.`);
        await departure.linger();
      }
      return { ...ended, left };
    } finally {
      await close();
    }
  }
}

/** `sound`: nothing went wrong that no scenario may have; `asItMust`: it ended as its scenario must. */
interface Ended {
  sound: boolean;
  asItMust: boolean;
}

const UNPLAYED: Ended = { sound: true, asItMust: false };

interface Opened {
  town: Town;
  page: Page | null;
  close(): Promise<void>;
}

/** A town, and its page where one is wanted: built while the town is opened. */
async function open(options: Options, interactive: boolean): Promise<Opened> {
  const policy = PLOTS[options.scenario].policy ?? [];
  if (!(options.page ?? interactive)) {
    const town = await openTown({ policy });
    return { town, page: null, close: town.close };
  }
  const usual = pageTown();
  const opening = openTown({ ...usual, policy: [...(usual.policy ?? []), ...policy] });
  const [opened, built] = await Promise.allSettled([opening, buildPage()]);
  if (opened.status === 'rejected') throw opened.reason;
  const town = opened.value;
  try {
    if (built.status === 'rejected') throw built.reason;
    const page = await openPage({ town, assets: built.value, port: options.port ?? 0, onProblem: console.error });
    const close = async (): Promise<void> => {
      try {
        await page.close();
      } finally {
        await town.close();
      }
    };
    return { town, page, close };
  } catch (error) {
    await town.close();
    throw error;
  }
}

/** What is opened; null where the person left meanwhile, which may be why it could not be opened: Ctrl-C ends git, too. */
async function openUnlessLeft(open: () => Promise<Opened>, left: AbortSignal): Promise<Opened | null> {
  try {
    const opened = await open();
    if (!left.aborted) return opened;
    await opened.close();
    return null;
  } catch (error) {
    if (left.aborted) return null;
    throw error;
  }
}

type Leaving = Parameters<Terminal['onLeave']>[0];

/** What a shell gives for a program that Ctrl-C ended: 128 and SIGINT's number. */
const INTERRUPTED = 130;

/** Cancels the run, instead of ending it midway, when the person at the terminal or a signal wants the demo to end. */
function watchForLeaving(narrator: Narrator) {
  const cancel = new AbortController();
  let left: Leaving | null = null;
  let farewell = 'Cancelling the run; its close job still ends the request …';
  const leave = (how: Leaving): void => {
    narrator.say(left === null ? farewell : 'That goes on already; this can take some seconds …');
    left ??= how;
    cancel.abort();
  };
  /** Waits until the person leaves. */
  const linger = async (): Promise<void> => {
    farewell = 'Closing the page; what still runs is cancelled …';
    if (!cancel.signal.aborted) await once(cancel.signal, 'abort');
  };
  const interrupt = (): void => leave('interrupted');
  const terminate = (): void => leave('closed');
  const hangUp = (): void => {
    // The terminal is gone, and with it whoever could be told that nothing can be read or written there any more.
    for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => {});
    terminate();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', hangUp);
  const unwatch = (): void => void process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', hangUp);
  return { cancel, leave, linger, how: (): Leaving | null => left, unwatch };
}

/** Plays, reports and exports. */
async function playTo(
  { town, page }: Pick<Opened, 'town' | 'page'>,
  decider: Decider,
  narrator: TerminalNarrator,
  { scenario, json, export: file }: Options,
  cancel: AbortController,
): Promise<Ended> {
  const told = await play(town, decider, narrator, scenario, cancel, page?.follow);
  const githubCalls = town.github.requests.filter(({ by, status }) => by === 'job' && status !== 304).length;
  const slackCalls = town.slack.counts().calls;
  const evidence = await findEvidence(town, told.issue);
  const report = await reportOf(evidence, told, { githubCalls, slackCalls });
  narrator.end(evidence === null ? unopened(told) : summary(report, evidence, town));
  const problem = file === undefined ? null : await saveExport(file, evidence?.exported ?? null);
  if (problem !== null) console.error(problem);
  if (json === true) console.log(JSON.stringify(report));
  const opened = evidence !== null || cancel.signal.aborted;
  const sound = town.github.violations.length === 0 && problem === null && opened;
  return { sound, asItMust: asItMust(scenario, report, told) };
}

/** What is told where the ask job opened no issue, so that nothing can be verified. */
function unopened({ run }: Told): string[] {
  const errors = Object.entries(run.jobs).flatMap(([job, { annotations }]) =>
    annotations.filter(({ level }) => level === 'error').map(({ message }) => `  ✗ ${job}: ${message}`),
  );
  return [
    `No request was opened: the ask job ended as ${run.jobs['ask']?.conclusion ?? 'skipped'}, without an issue. Its log above says why.`,
    ...errors,
  ];
}

async function reportOf(
  evidence: Evidence | null,
  told: Told,
  calls: { githubCalls: number; slackCalls: number },
): Promise<Report> {
  const { decisionMs } = told;
  if (evidence === null) {
    const nothing = { records: 0, approvedBy: [], reviewedBy: null, exitCode: null, verified: false };
    return { status: 'none', issue: null, ...nothing, ...calls, decisionMs };
  }
  const { state, log, exported } = evidence;
  const decisions = state.status === 'none' ? [] : state.decisions;
  const ended = state.status === 'finished' || state.status === 'failed' ? state.end : null;
  return {
    status: statusOf(evidence),
    issue: told.issue,
    records: log.entries.length,
    approvedBy: decisions.filter(({ decision }) => decision === 'approve').map(({ by }) => by.name),
    reviewedBy: state.status === 'none' ? null : (state.review?.name ?? null),
    exitCode: ended?.exitCode ?? null,
    verified: exported !== null && (await verifyExport(exported)).status === 'whole',
    ...calls,
    decisionMs,
  };
}

/** A log that does not hold is an error, whatever its remaining records would say. */
function statusOf({ state, log }: Evidence): string {
  if (log.broken.length > 0 || state.status === 'none') return 'error';
  return state.status;
}

function asItMust(scenario: Scenario, report: Report, told: Told): boolean {
  const must = PLOTS[scenario].ends;
  const ran = told.run.jobs['debug']?.conclusion === 'success';
  const again = told.again === null || told.again.jobs['debug']?.conclusion === 'failure';
  const reviewed = report.reviewedBy === (must.reviewedBy ?? null);
  return report.status === must.status && ran === must.ran && report.verified === must.whole && again && reviewed;
}

function summary(report: Report, evidence: Evidence, town: Town): string[] {
  const { broken, entries } = evidence.log;
  return [
    'What the issue holds, as an auditor verifies it:',
    ...entries.map(({ record }) => `  ✓ ${record.seq} ${record.sentence}`),
    ...broken.map(({ why }) => `  ✗ ${why}`),
    '',
    `The request ended as ${report.status}; issue #${report.issue} (${evidence.issue.open ? 'open' : 'closed'}, ${evidence.issue.labels.join(', ')}).`,
    `${report.records === 1 ? '1 record' : `${report.records} records`}${report.verified ? ', every one signed, chained and whole' : ''}; approved by ${report.approvedBy.join(', ') || 'nobody'}${report.reviewedBy === null ? '' : `, after-review signed by ${report.reviewedBy}`}.`,
    `${report.githubCalls} GitHub calls that count, ${report.slackCalls} Slack calls${report.decisionMs === null ? '' : `; click to record ${report.decisionMs} ms`}.`,
    ...town.github.violations.map(({ route, message }) => `Not as GitHub describes it: ${route}: ${message}`),
  ];
}

program.action(main);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`The demo could not go on: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
