/** The debug-request issue, drawn from a request's view: what people read on GitHub. */
import type { IssueContent } from '../app/ports.ts';
import type { Verdict } from '../policy/evaluate.ts';
import { inputLines } from '../request/plain-text.ts';
import type { Status } from '../request/state.ts';
import { UNSIGNED_NOTICE } from '../request/unsigned.ts';
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
  const marks = [
    ...(view.request.breakGlass ? ['debug:break-glass'] : []),
    ...(awaitsReview(view) ? ['debug:review-due'] : []),
  ];
  return { title: title(view), body: body(view), labels: ['debug-request', `debug:${view.status}`, ...marks] };
}

function awaitsReview({ review }: RequestView): boolean {
  return review !== null && review.signed === null;
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

/** The status as one line: our words in bold, then what somebody said or an error's message. */
export function statusLine({ status, outcome, detail }: RequestView): string {
  const line = `${SYMBOL[status]} **${words(outcome ?? 'Waiting for approval')}**`;
  if (detail === null) return line;
  const shown = shortened(detail, LONG);
  // Words of a person follow a colon.
  return `${line} ${outcome?.endsWith(':') === true ? codeSpan(shown) : words(shown)}`;
}

/** The rows that tell what is asked, shared with the job summary. */
export function table(view: RequestView): string {
  const { request } = view;
  const runbook = tableCell(view.runbook.title);
  const rows: [string, string][] = [
    ['Requester', `${tableCell(view.requester.name)} (${tableCell(request.requester.login)})${asked(view)}`],
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

/** The run says that the gateway's app began it. */
function asked({ askedInSlack, request }: RequestView): string {
  return askedInSlack ? `, who asked in Slack; ${tableCell(request.actor.login)} began the run for them` : '';
}

function title(view: RequestView): string {
  const mark = view.request.breakGlass ? 'BREAK-GLASS ' : '';
  const text = `${mark}Debug: ${view.runbook.title} on ${view.request.target} (${view.requester.name})`;
  return shortened(text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' '), TITLE_LIMIT);
}

function body(view: RequestView): string {
  const whole = joined([
    statusLine(view),
    whatIsAsked(view),
    view.verdict === null ? '' : `### Approval\n\n${verdict(view.verdict)}`,
    decisions(view),
    review(view),
    list(
      '### Notices',
      view.notices.map((notice) => words(shortened(notice, LONG))),
    ),
    howTo(view),
    records(view),
  ]);
  if (whole.length <= BODY_LIMIT) return whole;
  return joined([statusLine(view), whatIsAsked(view), shortReview(view), records(view)]);
}

function joined(sections: string[]): string {
  return sections.filter((section) => section !== '').join('\n\n');
}

/**
 * What is asked, the same in every state of a request: a text that does not say it was changed (src/app/body.ts). Later versions
 * may add rows to the table; what stands here already stays as it is, or issues of years ago would seem changed.
 */
function whatIsAsked(view: RequestView): string {
  return joined([table(view), `### What runs\n\n${whatRuns(view)}`, digest(view)]);
}

function digest(view: RequestView): string {
  return `Digest ${codeSpan(view.digest)}`;
}

function records({ notices }: RequestView): string {
  if (!notices.includes(UNSIGNED_NOTICE))
    return 'The comments below are the log of this request: each is one signed record.';
  return `The comments below are the log of this request: each is one record. ${UNSIGNED_NOTICE}`;
}

/** The longest command or list of inputs that is shown whole, in characters as they are shown. */
const SHOWN = 16_000;
/** So much is shown of a longer one. Shown characters can be eight times as many. */
const BEGINNING = SHOWN / 8;

function whatRuns({ request }: RequestView): string {
  if (request.argv.length > 0) return command(request.argv);
  const steps = `The steps of the debug job itself, as ${codeSpan(request.workflow)} has them at the commit above. The job's own \`timeout-minutes\` end them, not the window.`;
  const lines = inputLines(request.inputs).join('\n');
  if (lines === '') return `${steps} They are given no inputs.`;
  const whole = codeFence(lines, 'text');
  if (whole.length <= SHOWN) return `${steps}\n\nWith exactly these inputs:\n\n${whole}`;
  const more = 'Too many to show; the opening record holds them all. The beginning:';
  return `${steps}\n\nWith exactly these inputs: ${more}\n\n${beginning(lines)}`;
}

/** One argument a line, as JSON strings: where one ends and the next begins cannot be mistaken. */
function command(argv: string[]): string {
  const lines = argv.map((argument) => `  ${jsonString(argument)}`).join(',\n');
  const whole = codeFence(`[\n${lines}\n]`, 'json');
  if (whole.length <= SHOWN) return whole;
  const note = `Too long to show: ${argv.length} arguments. The opening record holds them all. The beginning:`;
  return `${note}\n\n${beginning(lines)}`;
}

function beginning(lines: string): string {
  return codeFence(lines.slice(0, BEGINNING), 'text');
}

function verdict(tree: Verdict, depth = 0): string {
  const mark = { met: '✅', waiting: '⏳', blocked: '⛔' }[tree.status];
  const line = `${'  '.repeat(depth)}- ${mark} ${words(shortened(tree.sentence, LONG))}`;
  return [line, ...tree.children.map((child) => verdict(child, depth + 1))].join('\n');
}

/** What a decision was, for people. */
export const DID = { approve: 'Approved', deny: 'Denied', withdraw: 'Approval withdrawn' } as const;

function decisions(view: RequestView): string {
  const lines = view.decisions.map(({ name, decision, comment, at }) => {
    const said = comment === '' ? '' : `: ${codeSpan(shortened(comment, 1_000))}`;
    return `**${DID[decision]}** by ${words(name)} at ${at}${said}`;
  });
  return list('### Decisions', lines);
}

/** Who must still look at what was done without approval, or who did and what they found. */
function review({ review: due }: RequestView): string {
  if (due === null) return '';
  if (due.signed !== null) {
    const { name, at, comment } = due.signed;
    return `### After-review\n\n**Signed** by ${words(name)} at ${at}: ${codeSpan(shortened(comment, 1_000))}`;
  }
  if (due.by.length === 0) return `### After-review\n\n${NOBODY_REVIEWS}`;
  const late = due.overdue ? '**Overdue.** ' : '';
  return [
    '### After-review',
    `${late}This broke the glass. Until ${due.dueAt} ${due.by.length > 1 ? 'one of ' : ''}${names(due.by)} looks at what was done and writes a comment here: ` +
      "`/review` and what they found. This issue stays open until then. A comment that was written before the job's end, or " +
      'is edited afterwards, signs nothing.',
  ].join('\n\n');
}

const NOBODY_REVIEWS =
  'The policy leaves nobody who could sign the after-review, since nobody signs their own. This issue stays open: somebody ' +
  'with an overview looks at what was done, and closes it by hand. Name more people under `break-glass` in the policy.';

/** The same where nothing else has room. */
function shortReview(view: RequestView): string {
  return awaitsReview(view) ? '### After-review\n\nIt is due: see the records. This issue stays open until then.' : '';
}

/** So many names as anybody reads. */
const MOST_NAMES = 30;

function names(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMES).map(words).join(', ');
  return all.length <= MOST_NAMES ? shown : `${shown} and ${all.length - MOST_NAMES} more`;
}

function howTo(view: RequestView): string {
  if (view.status === 'approved') return howToStop(view);
  if (view.status !== 'pending' || view.approvers.length === 0) return '';
  const approve = view.mode === 'dialog' ? '**Approve…**' : '**Approve**';
  return [
    '### How to decide',
    `May decide: ${names(view.approvers.map(({ name }) => name))}.`,
    `Press ${approve} or **Deny** on the card in Slack, or write a comment here that begins with \`/approve\` or ` +
      '`/deny` and a reason. A comment that is edited afterwards decides nothing.',
    ...ticking(view),
    ...severalDeny(view),
    TAKE_BACK,
  ].join('\n\n');
}

const TAKE_BACK =
  'Until the job starts, `/withdraw` takes back your own approval, and the requester ends the request with `/cancel`.';

const CANCEL = 'Until the job starts, the requester ends the request with `/cancel`.';

function severalDeny({ denialsNeeded }: RequestView): string[] {
  return denialsNeeded > 1 ? [`${denialsNeeded} people must deny to end this request.`] : [];
}

/** Nothing is left to be approved, and the card has no buttons any more: what stops the job is a comment. */
function howToStop(view: RequestView): string {
  const deny =
    view.approvers.length === 0
      ? []
      : [
          `Until the job starts, a comment here that begins with \`/deny\` stops it, by one of ${names(view.approvers.map(({ name }) => name))}.`,
          ...severalDeny(view),
        ];
  const approved = view.decisions.some(({ decision }) => decision === 'approve');
  return ['### How to stop it', ...deny, approved ? TAKE_BACK : CANCEL].join('\n\n');
}

/** What whoever approves by a comment copies: each item ticked by their own hand. */
function ticking({ checklist }: RequestView): string[] {
  if (checklist.length === 0) return [];
  const lines = ['/approve', ...checklist.map((item) => `- [ ] ${item}`)].join('\n');
  return [
    `Approving means having checked each of these. In a comment, copy this and put an \`x\` between the brackets:\n\n${codeFence(lines)}`,
  ];
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
