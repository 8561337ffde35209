/** The report in short, as Markdown for a job's summary: the figures as tables, what is broken first. */
import { headlineOf } from './headline.ts';
import type { ReportOf, ReportRow } from './html.ts';
import { type Count, type Pace, reviewStanding, type Spread, statisticsOf } from './statistics.ts';
import type { RequestSummary } from './summary.ts';
import { moment, span } from './words.ts';

export interface MarkdownOptions extends ReportOf {
  /** Makes any text inert in a cell of a table, however GitHub reads it. */
  cell: (text: string) => string;
}

/** Of lists that can grow as long as anybody likes: a job's summary is for a look, the HTML report for the rest. */
const MOST_ROWS = 20;

/** The report as Markdown. All text that came from anybody goes through `options.cell`. */
export function renderReportMarkdown(requests: Iterable<RequestSummary>, options: MarkdownOptions): string {
  const { repository, madeAt, alarms, only, cell } = options;
  const rows = Array.from(requests, ({ detail: _, ...row }): ReportRow => row);
  const found = statisticsOf(rows, madeAt);
  const named = ({ name, count }: Count): string[] => [cell(name), String(count)];
  const paces = (title: string, head: string, all: readonly Pace[]): string =>
    table(
      title,
      [head, ...PACE_HEADS],
      all.map((pace) => [cell(pace.name), ...paceCells(pace)]),
    );
  const parts = [
    `# Audit report\n\n${plural(rows.length, 'request')} of ${cell(repository)}, as of ${moment(madeAt)}${only === undefined ? '' : `; only ${only}`}.\n\n**${headlineOf(rows, alarms.length)}**`,
    table(
      'Alarms',
      ['What is wrong'],
      alarms.map((alarm) => [cell(alarm)]),
    ),
    brokenTable(rows, cell),
    table('Verification', ['Log', 'Requests'], found.verification.map(ours)),
    table(
      'By state',
      ['State', 'Requests'],
      found.statuses.map(({ status, count }) => [status, String(count)]),
    ),
    table(
      'How quickly',
      ['', 'Requests', 'Median', '95 % within'],
      [
        ['To the first decision', ...spreadCells(found.firstDecision)],
        ['To quorum', ...spreadCells(found.quorum)],
      ],
    ),
    paces('By group', 'Group', found.groups),
    paces('By approver', 'Approver', found.approvers),
    table('Runbooks', ['Runbook', 'Requests'], found.runbooks.map(named)),
    table('Targets', ['Target', 'Requests'], found.targets.map(named)),
    reviewTable(rows, options),
    table('Refused attempts', ['Why', 'Attempts'], found.refusals.byReason.map(ours)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Words of the report itself need no escape. */
function ours({ name, count }: Count): string[] {
  return [name, String(count)];
}

function brokenTable(rows: readonly ReportRow[], cell: (text: string) => string): string {
  const wrong = rows.filter(({ verification }) => verification.status !== 'whole');
  const order = ({ verification }: ReportRow): number => (verification.status === 'broken' ? 0 : 1);
  return table(
    'Logs that do not hold',
    ['Request', 'Log', 'Why'],
    wrong
      .toSorted((a, b) => order(a) - order(b))
      .map(({ issue, verification: { status, why } }) => [
        `#${issue}`,
        status === 'broken' ? '**broken**' : 'not determined',
        cell(why),
      ]),
  );
}

/** The more there is to do, the later here. */
const ORDER = ['unknown', 'due', 'overdue'];

/** Those that somebody still has to look at come first. */
function reviewTable(rows: readonly ReportRow[], { cell, madeAt }: MarkdownOptions): string {
  const broken = rows.flatMap(({ issue, asked }) => {
    if (asked === null || !asked.breakGlass) return [];
    return [{ issue, asked, standing: reviewStanding(asked, madeAt) ?? 'none due' }];
  });
  const lines = broken
    .toSorted((a, b) => ORDER.indexOf(b.standing) - ORDER.indexOf(a.standing))
    .map(({ issue, asked, standing }) => {
      const review = standing === 'overdue' ? '**overdue**' : standing;
      return [`#${issue}`, moment(asked.at), cell(asked.requester), cell(asked.runbook), asked.status, review];
    });
  return table('Break-glass', ['Request', 'Asked', 'By', 'Runbook', 'State', 'After-review'], lines);
}

const PACE_HEADS = [
  'Requests',
  'First decision: median',
  'First decision: 95 % within',
  'Quorum: median',
  'Quorum: 95 % within',
];

function paceCells({ requests, firstDecision, quorum }: Pace): string[] {
  return [String(requests), ...spreadCells(firstDecision).slice(1), ...spreadCells(quorum).slice(1)];
}

function spreadCells(of: Spread | null): string[] {
  return of === null ? ['0', '–', '–'] : [String(of.count), span(of.median), span(of.p95)];
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Nothing for no lines. Cells are Markdown already. */
function table(title: string, head: readonly string[], lines: readonly (readonly string[])[]): string {
  if (lines.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more = lines.length - MOST_ROWS;
  const shown = [head, head.map(() => '---'), ...lines.slice(0, MOST_ROWS)].map(line).join('\n');
  return `## ${title}\n\n${shown}${more > 0 ? `\n\n${more} more.` : ''}`;
}
