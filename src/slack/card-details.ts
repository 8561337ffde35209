/** The card's middle and end: why, what exactly, where, until when, what the policy says, and where to read more. */
import type {
  ContextBlock,
  KnownBlock,
  RichTextBlock,
  RichTextElement,
  RichTextPreformatted,
  RichTextSection,
  RichTextText,
} from '@slack/types';
import type { Verdict } from '../policy/evaluate.ts';
import { commandLine, inputLines, oneLine, visible } from '../request/plain-text.ts';
import type { RequestView } from '../request/view.ts';
import { dated } from './dated.ts';
import { cut, plain, safeUrl, start } from './inert.ts';

// Our own lengths, so that the card stays readable on a phone and far below Slack's 3,000 per text and 50 blocks.
const REASON_MAX = 600;
const REASON_LINES = 12;
const COMMAND_MAX = 1500;
const WORD_MAX = 120;
const SENTENCE_MAX = 250;
const LINES_MAX = 5;
/** A runbook's checklist has no more. */
const CHECKLIST_MAX = 10;

/** All that an approver has to weigh, from the reason to the notices. */
export function details(view: RequestView): KnownBlock[] {
  return [
    {
      type: 'rich_text',
      elements: [
        section(bold('Why')),
        { type: 'rich_text_quote', elements: reason(view) },
        ...(view.request.argv.length > 0 ? command(view) : ownSteps(view)),
      ],
    },
    { type: 'rich_text', elements: facts(view) },
    ...checklist(view),
    ...deadline(view),
    ...approval(view),
    ...notices(view),
  ];
}

function command(view: RequestView): RichTextBlock['elements'] {
  const line = commandLine(view.request.argv);
  const longer = line.length > COMMAND_MAX ? [section(words('The command is longer: '), rest(view))] : [];
  return [section(bold('Runs exactly this')), preformatted(line), ...longer];
}

/** Of a manual runbook the steps stand in the workflow; what they are given is asked here. */
function ownSteps(view: RequestView): RichTextBlock['elements'] {
  const { workflow, inputs } = view.request;
  const steps = section(bold('Runs'), words(`the debug job’s own steps in ${word(workflow)}`));
  const lines = inputLines(inputs).join('\n');
  if (lines === '') return [steps, section(words('They are given no inputs.'))];
  const longer = lines.length > COMMAND_MAX ? [section(words('There are more inputs: '), rest(view))] : [];
  return [steps, section(bold('With exactly these inputs')), preformatted(lines), ...longer];
}

function preformatted(text: string): RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: [words(cut(text, COMMAND_MAX))] };
}

function reason(view: RequestView): RichTextElement[] {
  const whole = visible(view.request.reason).trim();
  const lines = whole.split('\n');
  const fits = lines.length <= REASON_LINES ? whole : `${lines.slice(0, REASON_LINES).join('\n')}…`;
  const shown = cut(fits, REASON_MAX);
  if (shown === '') return [words('(no reason given)')];
  return shown === whole ? [words(shown)] : [words(`${shown} `), rest(view)];
}

function facts(view: RequestView): RichTextSection[] {
  const { request } = view;
  const rows: [string, RichTextElement[]][] = [
    ['Target', [words(word(request.target))]],
    ['Environment', [words(word(request.environment))]],
    window(request),
    ...(request.ticket.trim() === ''
      ? []
      : ([['Ticket', [words(word(request.ticket))]]] satisfies [string, RichTextElement[]][])),
    ['Urgency', [words(request.urgency + (request.breakGlass ? ', break-glass' : ''))]],
    [
      view.askedInSlack ? 'Asked in Slack by' : 'Asked by',
      [words(`${word(view.requester.name)} (${word(request.requester.login)} on GitHub)`)],
    ],
  ];
  return rows.map(([name, value]) => section(bold(name), ...value));
}

/** Nothing of ours ends the steps of a job. */
function window({ argv, window: seconds }: RequestView['request']): [string, RichTextElement[]] {
  if (argv.length > 0) return ['May run for', [words(duration(seconds))]];
  return ['Asked for', [words(`${duration(seconds)}; the job’s own timeout-minutes end its steps`)]];
}

/** What whoever approves must have checked, readable before the dialog is opened. */
function checklist({ checklist, status }: RequestView): KnownBlock[] {
  if (checklist.length === 0 || (status !== 'pending' && status !== 'approved')) return [];
  const shown = checklist.slice(0, CHECKLIST_MAX).map((item) => section(words(sentence(item))));
  return [
    {
      type: 'rich_text',
      elements: [
        section(bold('To check before approving')),
        { type: 'rich_text_list', style: 'bullet', elements: shown },
      ],
    },
  ];
}

function approval(view: RequestView): KnownBlock[] {
  const policy = view.verdict === null ? [] : [section(bold('Policy'), ...verdict(view.verdict))];
  const elements = [...policy, ...denials(view), ...decisions(view)];
  return elements.length === 0 ? [] : [{ type: 'rich_text', elements }];
}

function verdict(tree: Verdict): RichTextElement[] {
  const children = tree.children.slice(0, LINES_MAX).map((child) => words(`\n• ${sentence(child.sentence)}`));
  return [words(sentence(tree.sentence)), ...children];
}

/** Where one denial is not enough, how many are needed: a denial that stands there must not seem to have ended it. */
function denials({ status, denialsNeeded, decisions }: RequestView): RichTextSection[] {
  if (denialsNeeded < 2 || (status !== 'pending' && status !== 'approved')) return [];
  const soFar = decisions.filter(({ decision }) => decision === 'deny').length;
  return [section(bold('Denials'), words(`${denialsNeeded} needed; ${soFar} so far.`))];
}

function decisions(view: RequestView): RichTextSection[] {
  // Who denied, and why, stands at the card's top; where one was not enough, all stand here.
  const above = view.status === 'denied' && view.denialsNeeded < 2;
  const told = above ? view.decisions.filter(({ decision }) => decision !== 'deny') : view.decisions;
  const shown = told.slice(-LINES_MAX).map(({ name, decision, comment }) => {
    const said = comment.trim() === '' ? '' : `: “${cut(oneLine(comment), 200)}”`;
    return section(words(`${PAST[decision].sign} ${word(name)} ${PAST[decision].words}${said}`));
  });
  const earlier = told.length - shown.length;
  return earlier > 0 ? [section(words(`${earlier} earlier decisions: `), rest(view)), ...shown] : shown;
}

const PAST: Record<RequestView['decisions'][number]['decision'], { sign: string; words: string }> = {
  approve: { sign: '✓', words: 'approved' },
  deny: { sign: '✗', words: 'denied' },
  withdraw: { sign: '↩', words: 'withdrew the approval' },
};

function notices(view: RequestView): KnownBlock[] {
  if (view.notices.length === 0) return [];
  const shown = view.notices.slice(0, LINES_MAX).map((notice) => section(words(`⚠ ${sentence(notice)}`)));
  const more = view.notices.length - shown.length;
  const tail = more > 0 ? [section(words(`⚠ ${more} more: `), rest(view))] : [];
  return [{ type: 'rich_text', elements: [...shown, ...tail] }];
}

/** Links, and the digest with its short form: what somebody checks who wants to be sure. */
export function finePrint(view: RequestView): KnownBlock[] {
  const { request } = view;
  const commit = start(oneLine(request.commit), 7);
  const links = [
    link(view.issue.url, `Issue #${view.issue.number}`),
    link(view.runUrl, 'Run'),
    link(view.runbook.url, `Runbook at ${commit}`),
  ].filter((one) => one !== null);
  const digest = cut(oneLine(view.digest), WORD_MAX);
  const where: RichTextBlock = { type: 'rich_text', elements: [section(...between(links, words(' · ')))] };
  const proof: ContextBlock = {
    type: 'context',
    elements: [
      plain(`${cut(oneLine(view.repository), WORD_MAX)} at ${commit}`),
      plain(`Digest ${start(digest.replace(/^sha256:/, ''), 12)} (${digest})`),
    ],
  };
  return links.length > 0 ? [where, proof] : [proof];
}

function between(items: RichTextElement[], separator: RichTextElement): RichTextElement[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}

function rest(view: RequestView): RichTextElement {
  return link(view.issue.url, 'read all of it in the issue') ?? words('read all of it in the issue');
}

function link(url: string | null, text: string): RichTextElement | null {
  const address = safeUrl(url);
  return address === null ? null : { type: 'link', url: address, text };
}

function deadline(view: RequestView): KnownBlock[] {
  const label = { pending: 'Decide and start by', approved: 'Start by', expired: 'Expired' };
  if (view.status !== 'pending' && view.status !== 'approved' && view.status !== 'expired') return [];
  return dated(label[view.status], view.request.expiresAt);
}

/** Seconds as people say them: `90 min`, `2 h`, `45 s`. */
function duration(seconds: number): string {
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function section(...elements: RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements };
}

function bold(text: string): RichTextElement {
  return { type: 'text', text: `${text}  `, style: { bold: true } };
}

/** Rich text is literal: Slack reads neither mrkdwn nor mentions in it. An empty one would be refused. */
function words(text: string): RichTextText {
  return { type: 'text', text: text === '' ? '—' : text };
}

function word(text: string): string {
  return cut(oneLine(text), WORD_MAX);
}

function sentence(text: string): string {
  return cut(oneLine(text), SENTENCE_MAX);
}
