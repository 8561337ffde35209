/** What came of a story that was played: the report, whether it ended as its scenario must, and both in words. */
import { verifyExport } from '../log/export-verify.ts';
import { type Evidence, findEvidence } from './evidence.ts';
import { PLOTS, type Scenario } from './plots.ts';
import { play, type Told } from './story.ts';
import type { Town } from './town.ts';

/** The last line of `--json`. */
export interface Report {
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
  /** How long the ask job kept a runner once its request stood, in whole seconds. */
  runnerSecondsWaiting: number;
}

export interface Outcome {
  report: Report;
  told: Told;
  /** null: no issue was opened. */
  evidence: Evidence | null;
  asItMust: boolean;
}

/** Plays a scenario as `play` does, and reports what came of it. */
export async function playOut(
  ...[town, decider, narrator, scenario, ...more]: Parameters<typeof play>
): Promise<Outcome> {
  const told = await play(town, decider, narrator, scenario, ...more);
  const ours = ['job', town.app?.botLogin];
  const githubCalls = town.github.requests.filter(({ by, status }) => ours.includes(by ?? '') && status !== 304).length;
  const slackCalls = town.slack.counts().calls;
  const evidence = await findEvidence(town, told.issue);
  const report = await reportOf(evidence, told, { githubCalls, slackCalls });
  return { report, told, evidence, asItMust: asItMust(scenario, report, told) };
}

/** The outcome in lines, as a person reads it. */
export function summaryOf({ report, told, evidence }: Outcome, town: Town): string[] {
  return evidence === null ? unopened(told) : summary(report, evidence, town);
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
  const runnerSecondsWaiting = Math.floor(told.runnerWaitMs / 1000);
  if (evidence === null) {
    const nothing = { records: 0, approvedBy: [], reviewedBy: null, exitCode: null, verified: false };
    return { status: 'none', issue: null, ...nothing, ...calls, decisionMs, runnerSecondsWaiting };
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
    runnerSecondsWaiting,
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
    waitingOf(report, town),
    ...town.github.violations.map(({ route, message }) => `Not as GitHub describes it: ${route}: ${message}`),
  ];
}

function waitingOf({ runnerSecondsWaiting: seconds }: Report, { app }: Town): string {
  if (app === null) return `The ask job waited on its runner: ${seconds} s.`;
  const kept = seconds === 0 ? 'Nobody waited on a runner' : `The ask job kept its runner for ${seconds} s more`;
  return `${kept}: GitHub held the debug job back, and the gateway answered for it.`;
}
