/** The debug-request issue, drawn from a request's view: what people read on GitHub. */
import type { IssueContent } from '../app/ports.ts';
import type { Verdict } from '../policy/evaluate.ts';
import type { Status } from '../request/state.ts';
import type { RequestView } from '../request/view.ts';
import { codeFence, codeSpan, jsonString, link, shortened, tableCell, words } from './markdown.ts';

/** GitHub refuses longer bodies. In characters. */
export const BODY_LIMIT = 65_536;
/** GitHub refuses longer titles. */
const TITLE_LIMIT = 256;
/** Escaping makes a text up to eight times as long, and two such texts must fit. */
const LONG = 1_500;

/** Title, body and labels of a request's issue. All text of users is inert; what is too long says so. */
export function issueContent(view: RequestView): IssueContent {
  return { title: title(view), body: body(view), labels: ['debug-request', `debug:${view.status}`] };
}

const SYMBOL: Record<Status, string> = {
  pending: '⏳',
  approved: '✅',
  running: '▶️',
  finished: '🏁',
  failed: '❌',
  denied: '⛔',
  expired: '⌛',
  cancelled: '🚫',
  error: '⚠️',
};

/** The status as one line: our words in bold, then a denial's reason or an error's message. */
export function statusLine({ status, outcome, detail }: RequestView): string {
  const line = `${SYMBOL[status]} **${words(outcome ?? 'Waiting for approval')}**`;
  if (detail === null) return line;
  const shown = shortened(detail, LONG);
  return `${line} ${status === 'denied' ? codeSpan(shown) : words(shown)}`;
}

/** The rows that tell what is asked, shared with the job summary. */
export function table(view: RequestView): string {
  const { request } = view;
  const runbook = tableCell(view.runbook.title);
  const rows: [string, string][] = [
    ['Requester', `${tableCell(view.requester.name)} (${tableCell(request.requester.login)})`],
    ['Runbook', view.runbook.url === null ? runbook : `${runbook} (${link('file', view.runbook.url)})`],
    ['Target', tableCell(request.target)],
    ['Environment', tableCell(request.environment)],
    ['Reason', tableCell(shortened(request.reason, LONG))],
    ['Ticket', tableCell(shortened(request.ticket, LONG))],
    ['Urgency', request.breakGlass ? `${request.urgency}, **break-glass**` : request.urgency],
    ['Window', duration(request.window)],
    ['Expires at', request.expiresAt],
    ['Commit', codeSpan(request.commit)],
    ['Run', link(`run ${request.run.id}, attempt ${request.run.attempt}`, view.runUrl)],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function title(view: RequestView): string {
  const text = `Debug: ${view.runbook.title} on ${view.request.target} (${view.requester.name})`;
  return shortened(text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' '), TITLE_LIMIT);
}

function body(view: RequestView): string {
  const sections = (argvLimit: number): string =>
    [
      statusLine(view),
      table(view),
      `### What runs\n\n${command(view.request.argv, argvLimit)}`,
      digest(view),
      view.verdict === null ? '' : `### Approval\n\n${verdict(view.verdict)}`,
      decisions(view),
      list(
        '### Notices',
        view.notices.map((notice) => words(shortened(notice, LONG))),
      ),
      howTo(view),
      RECORDS,
    ]
      .filter((section) => section !== '')
      .join('\n\n');
  const whole = sections(BODY_LIMIT);
  if (whole.length <= BODY_LIMIT) return whole;
  const shorter = sections(8_000);
  return shorter.length <= BODY_LIMIT ? shorter : [statusLine(view), table(view), digest(view), RECORDS].join('\n\n');
}

function digest(view: RequestView): string {
  return `Digest ${codeSpan(view.digest)}`;
}

const RECORDS = 'The comments below are the log of this request: each is one signed record.';

/** One argument a line, as JSON strings: where one ends and the next begins cannot be mistaken. */
function command(argv: string[], limit: number): string {
  const lines = argv.map((argument) => `  ${jsonString(argument)}`).join(',\n');
  if (lines.length <= limit) return codeFence(`[\n${lines}\n]`, 'json');
  const note = `Too long to show: ${argv.length} arguments. The opening record holds them all. The beginning:`;
  return `${note}\n\n${codeFence(lines.slice(0, limit), 'text')}`;
}

function verdict(tree: Verdict, depth = 0): string {
  const mark = { met: '✅', waiting: '⏳', blocked: '⛔' }[tree.status];
  const line = `${'  '.repeat(depth)}- ${mark} ${words(shortened(tree.sentence, LONG))}`;
  return [line, ...tree.children.map((child) => verdict(child, depth + 1))].join('\n');
}

function decisions(view: RequestView): string {
  const lines = view.decisions.map(({ name, decision, comment, at }) => {
    const said = comment === '' ? '' : `: ${codeSpan(shortened(comment, 1_000))}`;
    return `**${decision === 'approve' ? 'Approved' : 'Denied'}** by ${words(name)} at ${at}${said}`;
  });
  return list('### Decisions', lines);
}

function howTo(view: RequestView): string {
  if (view.status !== 'pending' && view.status !== 'approved') return '';
  const who = view.approvers.length === 0 ? 'nobody' : view.approvers.map(({ name }) => words(name)).join(', ');
  return [
    '### How to decide',
    `May decide: ${who}.`,
    'Press **Approve** or **Deny** on the card in Slack, or write a comment here that begins with `/approve` or ' +
      '`/deny` and a reason. A comment that is edited afterwards decides nothing.',
  ].join('\n\n');
}

function list(heading: string, lines: string[]): string {
  return lines.length === 0 ? '' : `${heading}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

/** `1 h 30 min`, `45 min`, `90 s`. */
function duration(seconds: number): string {
  if (seconds % 60 !== 0) return `${seconds} s`;
  const hours = Math.floor(seconds / 3600);
  const minutes = (seconds % 3600) / 60;
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter((part) => part !== '');
  return parts.length === 0 ? '0 s' : parts.join(' ');
}
