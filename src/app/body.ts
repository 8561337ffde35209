/** Whether an issue's text is what the product's jobs wrote: who edited it, and whether it still says what was asked. */
import type { Entry, Finding } from '../log/chain.ts';
import type { BodyEdit, IssueSnapshot } from './ports.ts';

/** What the text should say. */
export interface AskedText {
  /** The issue's text as this program draws it. */
  drawn: string;
  digest: string;
  /**
   * Whether every line must be the same: whoever wrote it runs the version that drew `drawn`. Another version may draw rows that
   * this one does not know, and leave out some that it does.
   */
  exact: boolean;
}

type Changed = Pick<IssueSnapshot, 'number' | 'body' | 'bodyEdits'>;
type Writers = readonly Pick<Entry, 'author'>[];

/**
 * Why people must not be asked to judge by an issue's text, as a sentence; null: they may. A person edited it, whatever it says
 * now, somebody erased what it said, or it does not say what was asked, or did not for a while (`asked` null: nobody knows what it
 * should say). `entries` are the log's accepted records.
 */
export function bodyFault(issue: Changed, entries: Writers, asked: AskedText | null): string | null {
  const text = `The text of issue #${issue.number}`;
  const person = issue.bodyEdits.find((edit) => !edit.editorIsBot && !isWriter(edit, entries));
  if (person !== undefined) return `${text} was changed by ${editorOf(person)} at ${person.at}.`;
  const now = asked === null || saysWhatWasAsked(issue.body, asked);
  if (!now) {
    const last = issue.bodyEdits.at(-1);
    const since = last === undefined ? '' : `; it was changed last by ${editorOf(last)} at ${last.at}`;
    return `${text} is not what its opening record asks for${since}.`;
  }
  const erased = erasedFault(issue);
  if (erased !== null || asked === null) return erased;
  const other = shownTexts(issue)?.find((edit) => !saysWhatWasAsked(edit.text, asked));
  if (other === undefined) return null;
  return `${text} was not what its opening record asks for from ${other.at} on, when ${editorOf(other)} changed it, until it was restored.`;
}

/** What an edit wrote can be erased by whoever may write, which nobody does by chance: what people were shown is gone then. */
function erasedFault({ number, bodyEdits }: Changed): string | null {
  for (const { at, erased } of bodyEdits) {
    if (erased !== null)
      return `What the text of issue #${number} was at ${at} was erased by ${erased.byLogin ?? NOBODY} at ${erased.at}.`;
  }
  return null;
}

/**
 * All that the text ever said, as its history tells; null: that does not tell. GitHub does not document the form in which it does:
 * only a history whose newest text is the issue's own is known to hold whole texts. Of the first one, which the opening job wrote,
 * it may say nothing; any other that it does not show counts as an empty one.
 */
function shownTexts({ body, bodyEdits }: Changed): (BodyEdit & { text: string })[] | null {
  const newest = bodyEdits.at(-1)?.text ?? null;
  if (newest === null || withOneLineEnd(newest) !== withOneLineEnd(body)) return null;
  return bodyEdits.flatMap((edit, index) =>
    edit.text === null && index === 0 ? [] : [{ ...edit, text: edit.text ?? '' }],
  );
}

/** Whether nobody can tell what the text said between its edits; a sentence, null: all of it is known. */
export function unseenTexts(issue: Changed): string | null {
  if (issue.bodyEdits.length === 0 || shownTexts(issue) !== null) return null;
  return `GitHub does not show what the text of issue #${issue.number} said before its latest edit: what a workflow of another branch wrote and restored there, as the same bot, nobody can tell.`;
}

/**
 * What else was changed on the issue and stops nothing, one sentence each: by another app that left alone what was asked, rows of
 * its table that this version does not draw, its title, its label `debug-request`.
 */
export function bodyFindings(issue: Changed & Pick<IssueSnapshot, 'renames' | 'labels'>, entries: Writers): string[] {
  const name = `issue #${issue.number}`;
  const apps = issue.bodyEdits.filter((edit) => edit.editorIsBot && !isWriter(edit, entries));
  return [
    ...apps.map(
      (edit) => `The text of ${name} was changed by ${editorOf(edit)}, which wrote no record, at ${edit.at}.`,
    ),
    ...unknownRows(issue.body).map(
      (row) =>
        `The text of ${name} has a row "${row}", which this version does not draw: nobody compares what it says.`,
    ),
    ...strangeTitles(issue).map(
      ({ at, byLogin }) => `The title of ${name} was changed by ${byLogin ?? NOBODY} at ${at}.`,
    ),
    ...(issue.labels.includes('debug-request')
      ? []
      : [`The label debug-request of ${name} was taken away: whoever looks for requests does not find it.`]),
  ];
}

/**
 * Changes of the title that the jobs did not make: they never change it but to restore the first one, and a workflow of another
 * branch writes as the same bot.
 */
function strangeTitles({ renames }: Pick<IssueSnapshot, 'renames'>): IssueSnapshot['renames'] {
  const first = renames[0]?.from;
  return renames.filter(({ byIsBot, to }) => !byIsBot || to !== first);
}

/** So many comments that are ignored are named one by one. */
const MOST_NAMED = 5;

/** What somebody added to a log and is ignored, one sentence each: copies, records of others, what only looks like a record. */
export function ignored(issue: number, findings: readonly Finding[]): string[] {
  const added = findings.filter(({ code }) => code !== 'edited' && code !== 'deleted');
  const named = added
    .slice(0, MOST_NAMED)
    .map(({ commentId, why }) => `Comment ${commentId} of issue #${issue} is ignored: ${why}.`);
  const more = added.length - named.length;
  return more === 0 ? named : [...named, `${more} more comments of issue #${issue} are ignored likewise.`];
}

const NOBODY = 'an account that is no more';

function editorOf({ editorLogin }: BodyEdit): string {
  return editorLogin ?? NOBODY;
}

function isWriter({ editorId }: BodyEdit, entries: Writers): boolean {
  return entries.some(({ author }) => author.id === editorId);
}

/**
 * The line of the status, as every version draws it in every state: a sign, words in bold, and what somebody said. It holds nothing
 * to which GitHub gives a meaning (`words` in src/github/markdown.ts), since it could hide all that follows.
 */
const PLAIN = String.raw`\p{L}[\p{L}\p{M}\p{N} ,;:.()'’"“”…–-]*|\d+ [\p{L}\p{M}\p{N} ,;:.()'’"“”…–-]*`;
const CODE = (name: string) => String.raw`(?<${name}>${'`'}+)(?!${'`'})(?:(?!\k<${name}>).)+\k<${name}>`;
const STATUS_LINE = new RegExp(
  String.raw`^\p{Extended_Pictographic}\u{fe0f}? \*\*(?:${PLAIN}|${CODE('bold')})\*\*(?: (?:${PLAIN}|${CODE('said')}|_\(empty\)_))?$`,
  'u',
);

/** Every version draws these rows; those of later ones may stand beside them. */
const ROWS = [
  ...['Requester', 'Runbook', 'Target', 'Environment', 'Reason', 'Ticket', 'Urgency', 'Window', 'Expires at', 'Commit'],
  'Run',
];

function saysWhatWasAsked(body: string, { drawn, digest, exact }: AskedText): boolean {
  const [said, should] = [askedIn(body, digest), askedIn(drawn, digest)];
  if (said === null || should === null || exact) return said !== null && said === should;
  const [rows, known] = [rowsOf(said), rowsOf(should)];
  if (rows.beside !== known.beside || !ROWS.every((name) => rows.rows.some(([other]) => other === name))) return false;
  return known.rows.every(([name, value]) => rows.rows.every(([other, found]) => other !== name || found === value));
}

/**
 * What a text says was asked: all between its first line, the status, and the one that names the digest, which no drawing of the
 * same request changes. A link counts from its repository on, which may be renamed. null: it names no such digest, or its first
 * line is none of ours.
 */
function askedIn(text: string, digest: string): string | null {
  const lines = withOneLineEnd(text).split('\n');
  if (!STATUS_LINE.test(lines[0] ?? '')) return null;
  // The status may tell of a digest, too.
  const end = lines.findIndex((line, index) => index > 0 && line.includes(digest));
  if (end < 0) return null;
  const asked = lines.slice(1, end + 1).join('\n');
  return asked.replaceAll(/\]\(<https?:\/\/[^/<>\s]+\/[^/<>\s]+\/[^/<>\s]+\//g, '](</');
}

function withOneLineEnd(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** The rows of its table by their names, and all that is no such row. */
function rowsOf(asked: string): { rows: [name: string, value: string][]; beside: string } {
  const rows: [string, string][] = [];
  const beside = asked.split('\n').filter((line) => {
    const [, name, value] = /^\| ([\p{L}\p{N} -]+) \| (.*) \|$/u.exec(line) ?? [];
    if (name === undefined || value === undefined) return true;
    rows.push([name, value]);
    return false;
  });
  return { rows, beside: beside.join('\n') };
}

function unknownRows(body: string): string[] {
  const [table = ''] = withOneLineEnd(body).split('\n### ');
  return rowsOf(table).rows.flatMap(([name]) => (ROWS.includes(name) ? [] : [name]));
}
