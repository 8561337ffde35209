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
 * now, or it does not say what was asked (`asked` null: nobody knows what it should say). `entries` are the log's accepted records.
 */
export function bodyFault(issue: Changed, entries: Writers, asked: AskedText | null): string | null {
  const person = issue.bodyEdits.find((edit) => !edit.editorIsBot && !isWriter(edit, entries));
  if (person !== undefined)
    return `The text of issue #${issue.number} was changed by ${editorOf(person)} at ${person.at}.`;
  if (asked === null || saysWhatWasAsked(issue.body, asked)) return null;
  const last = issue.bodyEdits.at(-1);
  const since = last === undefined ? '' : `; it was changed last by ${editorOf(last)} at ${last.at}`;
  return `The text of issue #${issue.number} is not what its opening record asks for${since}.`;
}

/**
 * What else was changed on the issue and stops nothing, one sentence each: by another app that left alone what was asked, its
 * title, its label `debug-request`, the history of its edits.
 */
export function bodyFindings(issue: Changed & Pick<IssueSnapshot, 'renames' | 'labels'>, entries: Writers): string[] {
  const name = `issue #${issue.number}`;
  const apps = issue.bodyEdits.filter((edit) => edit.editorIsBot && !isWriter(edit, entries));
  const erased = issue.bodyEdits.flatMap(({ at, erased: by }) => (by === null ? [] : { at, by }));
  const renames = issue.renames.filter(({ byIsBot }) => !byIsBot);
  return [
    ...apps.map(
      (edit) => `The text of ${name} was changed by ${editorOf(edit)}, which wrote no record, at ${edit.at}.`,
    ),
    ...erased.map(
      ({ at, by }) => `What the text of ${name} was at ${at} was erased by ${by.byLogin ?? NOBODY} at ${by.at}.`,
    ),
    ...renames.map(({ at, byLogin }) => `The title of ${name} was changed by ${byLogin ?? NOBODY} at ${at}.`),
    ...(issue.labels.includes('debug-request')
      ? []
      : [`The label debug-request of ${name} was taken away: whoever looks for requests does not find it.`]),
  ];
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

function saysWhatWasAsked(body: string, { drawn, digest, exact }: AskedText): boolean {
  const [said, should] = [askedIn(body, digest), askedIn(drawn, digest)];
  if (said === null || should === null || exact) return said === should;
  const [rows, known] = [rowsOf(said), rowsOf(should)];
  if (rows.beside !== known.beside) return false;
  return known.rows.every(([name, value]) => rows.rows.every(([other, found]) => other !== name || found === value));
}

/**
 * What a text says was asked: all between its first line, the status, and the one that names the digest, which no drawing of the
 * same request changes. A link counts from its repository on, which may be renamed. null: it names no such digest.
 */
function askedIn(text: string, digest: string): string | null {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  // The status may tell of a digest, too.
  const end = lines.findIndex((line, index) => index > 0 && line.includes(digest));
  if (end < 0) return null;
  const asked = lines.slice(1, end + 1).join('\n');
  return asked.replaceAll(/\]\(<https?:\/\/[^/<>\s]+\/[^/<>\s]+\/[^/<>\s]+\//g, '](</');
}

/** The rows of its table by their names, and all that is no such row. */
function rowsOf(asked: string): { rows: [name: string, value: string][]; beside: string } {
  const rows: [string, string][] = [];
  const beside = asked.split('\n').filter((line) => {
    const [, name, value] = /^\| ([^|]+) \| (.*) \|$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return true;
    rows.push([name, value]);
    return false;
  });
  return { rows, beside: beside.join('\n') };
}
