/** What the approval dialog shows: made from the verified log alone, so that a forged card buys nothing. */
import { sha256OfCanonical } from '../log/canonical.ts';
import { formatDuration } from '../policy/duration.ts';
import { lookup } from '../policy/lookup.ts';
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import type { EventOf } from './events.ts';
import { commandLine, inputLines, oneLine, visible } from './plain-text.ts';
import type { Request } from './request.ts';

/** The dialog's texts in their order. It does not change while a request is open: the same opening gives the same dialog. */
export interface ApprovalDialog {
  /** At most 24 characters. */
  title: string;
  /** Who asks for what, why, what runs, where, for how long; each a label and its text. */
  facts: { label: string; text: string; kind: 'words' | 'command' }[];
  notices: string[];
  checklist: string[];
}

/** Slack's limit for a text is 3,000 characters after `&`, `<` and `>` are escaped; a longer one ends with {@link REST}. */
const TEXT_MAX = 2_800;
const REST = '… read all of it in the issue';
/** The reason's lines: more would push what stands below out of sight. */
const LINES_MAX = 12;
/** With the facts, the checklist and the fields this stays far below Slack's 100 blocks. */
const NOTICES_MAX = 20;

/** The dialog of a request. All of its text is visible and cut; what is active in Slack's markup is for Slack's part to escape. */
export function dialogOf(policy: Policy, opening: EventOf<'requested'>): ApprovalDialog {
  const { request, notices } = opening;
  const shown = notices.slice(0, NOTICES_MAX).map(line);
  const more = notices.length - shown.length;
  return {
    title: request.breakGlass ? 'Break-glass request' : 'Approve debug request',
    facts: factsOf(policy, opening),
    notices: more > 0 ? [...shown, `${more} more: ${REST.slice(2)}`] : shown,
    checklist: lookup(policy.runbooks, request.runbook)?.checklist ?? [],
  };
}

/** Every text of the dialog in the order in which it is shown, the title first: what Slack must say that it showed. */
export function textsOf({ title, facts, notices, checklist }: ApprovalDialog): string[] {
  return [title, ...facts.flatMap(({ label, text }) => [label, text]), ...notices, ...checklist];
}

/** The hash that an approval's record holds of what was shown. */
export function shownHash(dialog: ApprovalDialog): string {
  return sha256OfCanonical(dialog);
}

type Fact = ApprovalDialog['facts'][number];

function factsOf(policy: Policy, { request, digest, envelope }: EventOf<'requested'>): Fact[] {
  const { requester, actor, runbook, target, environment, urgency, breakGlass } = request;
  const title = lookup(policy.runbooks, runbook)?.title ?? runbook;
  const owner = actor.id === requester.id ? [] : [words('Run belongs to', accountText(policy, actor))];
  return [
    words(envelope === undefined ? 'Asked by' : 'Asked in Slack by', accountText(policy, requester)),
    ...owner,
    words('What', `${title} (${runbook})`),
    words('Where', `${target}, environment ${environment}`),
    // Above all that the requester words freely: no reason can push it away, or pass for it.
    ...runs(request),
    { label: 'Why', text: fewLines(request.reason), kind: 'words' },
    ...(oneLine(request.ticket) === '' ? [] : [words('Ticket', request.ticket)]),
    words('Urgency', breakGlass ? `${urgency}, break-glass` : urgency),
    windowOf(request),
    words('Asked at', request.askedAt),
    words('Decide and start by', request.expiresAt),
    words('Commit', request.commit),
    words('Digest', digest),
  ];
}

/** The command; of a manual runbook, whose steps stand in the workflow, that and its inputs. */
function runs({ argv, workflow, inputs }: Request): Fact[] {
  if (argv.length > 0) return [{ label: 'Runs exactly this', text: cut(commandLine(argv)), kind: 'command' }];
  const given = inputLines(inputs);
  return [
    words('Runs', `the debug job’s own steps in ${workflow}`),
    ...(given.length === 0 ? [] : [words('Inputs', given.join(', '))]),
  ];
}

/** Nothing of ours ends the steps of a job. */
function windowOf({ argv, window }: Request): Fact {
  if (argv.length > 0) return words('May run for', formatDuration(window));
  return words('Asked for', `${formatDuration(window)}; the job’s own timeout-minutes end its steps`);
}

function accountText(policy: Policy, { person, login }: { person: string | null; login: string }): string {
  return person === null ? `${login} on GitHub` : `${nameOf(policy, person)} (${login} on GitHub)`;
}

function words(label: string, text: string): Fact {
  return { label, text: line(text), kind: 'words' };
}

/** The text's first lines, without empty ones. */
function fewLines(text: string): string {
  const lines = visible(text)
    .split('\n')
    .map((one) => one.replace(/\s+/gu, ' ').trim())
    .filter((one) => one !== '');
  const shown = lines.slice(0, LINES_MAX).join('\n');
  return cut(lines.length > LINES_MAX ? `${shown}${REST}` : shown);
}

function line(text: string): string {
  return cut(oneLine(text));
}

/** The text, or as much of it as Slack takes, counted as it is after escaping. Slack refuses an empty one. */
function cut(text: string): string {
  if (text === '') return '—';
  if (escapedLength(text) <= TEXT_MAX) return text;
  let length = 0;
  let kept = 0;
  for (const character of text) {
    length += escapedLength(character);
    if (length > TEXT_MAX - REST.length) break;
    kept += character.length;
  }
  return `${text.slice(0, kept)}${REST}`;
}

function escapedLength(text: string): number {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').length;
}

/** A text as it is compared with what Slack says it showed: Slack escapes three signs here and there, and keeps no white space. */
export function asRead(text: string): string {
  return unescaped(text).replace(/\s+/gu, ' ').trim();
}

/** Without Slack's entities, however often it escaped. */
export function unescaped(text: string): string {
  let plain = text;
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  }
  return plain;
}
