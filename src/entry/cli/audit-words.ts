/** What an audit says to people: one line for the verdict, then each thing that does not hold, then what is merely worth knowing. */
import type { RequestVerdict, Trouble } from '../../app/audit.ts';
import type { RepositoryVerdict } from '../../app/audit-repository.ts';
import { GRADES, type Grade } from '../../log/grade.ts';
import { onTerminal } from '../terminal-text.ts';

/** A grade in brackets behind a verdict; what it rests on stands on the next line. */
export const GRADE_WORDS: { readonly [grade in Grade]: string } = {
  live: 'live keys',
  archived: 'archived keys, vouched for',
  unproven: 'unproven',
  unsigned: 'unsigned',
};

/** So many broken requests, and notes, as anybody reads; the rest is counted, and --json has them all. */
const MOST = 50;

/** The verdict on one issue. */
export function issueWords(verdict: RequestVerdict): string {
  const { broken } = verdict;
  const { open, notes } = sorted([verdict]);
  return [
    issueHead(verdict),
    ...weakness([verdict]),
    ...[...broken, ...open].flatMap(troubleLines),
    ...noteLines(notes),
  ].join('\n');
}

function issueHead({ issue, status, records, grading, broken }: RequestVerdict): string {
  if (status === 'broken') return `broken: the log of issue #${issue} does not hold. ${firstOf(broken)}`;
  if (status === 'none') return `not determined: issue #${issue} holds no request, so there is nothing to verify.`;
  if (status === 'unknown') return `not determined: issue #${issue} cannot be judged.`;
  const hold =
    records === 1 ? `the one record of issue #${issue} holds` : `all ${records} records of issue #${issue} hold`;
  return `whole: ${hold} (${GRADE_WORDS[grading?.grade ?? 'unproven']}).`;
}

/** The verdict on a repository. */
export function repositoryWords(verdict: RepositoryVerdict): string {
  const { requests, archive } = verdict;
  const broken = requests.filter(({ status }) => status === 'broken');
  const none = requests.filter(({ status }) => status === 'none');
  const shown = broken.slice(0, MOST);
  const { open, notes } = sorted(requests);
  return [
    repositoryHead(verdict, requests.length - none.length),
    ...weakness(requests),
    ...shown.flatMap(({ issue, broken: troubles }) => [
      `\nIssue #${issue}: ${firstOf(troubles)}`,
      ...troubles.flatMap(troubleLines),
    ]),
    ...(broken.length > shown.length
      ? [`\n${broken.length - shown.length} more are broken; --json names them all.`]
      : []),
    ...(archive.broken.length > 0 ? ['\nThe archive of keys:', ...archive.broken.flatMap(troubleLines)] : []),
    ...(open.length > 0 && broken.length > 0 ? ['\nNot determined:'] : []),
    ...open.slice(0, MOST).flatMap(troubleLines),
    ...noteLines([...notes, ...archive.notes]),
    ...(none.length > 0 ? [`\nWith the label of a request and yet none: ${issues(none)}.`] : []),
  ].join('\n');
}

function repositoryHead({ repository, status, requests, archive }: RepositoryVerdict, total: number): string {
  const having = (wanted: RequestVerdict['status']) => requests.filter((one) => one.status === wanted);
  const unknown = having('unknown');
  const [broken, records] = [having('broken').length, requests.reduce((sum, one) => sum + one.records, 0)];
  if (status === 'broken') {
    const keys = archive.broken.length > 0 ? ['the archive of keys'] : [];
    const what = [...(broken > 0 || keys.length === 0 ? [`${broken} of ${count(total, 'request')}`] : []), ...keys];
    return `broken: ${what.join(' and ')} of ${repository} ${broken === 1 || broken === 0 ? 'does' : 'do'} not hold.`;
  }
  if (status === 'unknown') {
    return `not determined: ${unknown.length} of ${count(total, 'request')} of ${repository} cannot be judged (${issues(unknown)}); the others hold.`;
  }
  if (total === 0) return `whole: ${repository} has no debug request.`;
  const grade = weakest(requests);
  const rests = grade === null ? '' : ` (${GRADE_WORDS[grade]})`;
  return `whole: ${count(total, 'request')} of ${repository} ${total === 1 ? 'holds' : 'hold'}, ${count(records, 'record')}${rests}.`;
}

/** What keeps requests from being judged, and what is merely worth knowing. */
function sorted(requests: readonly RequestVerdict[]): { open: Trouble[]; notes: Trouble[] } {
  const all = requests.flatMap(({ notes }) => notes);
  const isOpen = ({ code }: Trouble) => code === 'unread' || code === 'keys' || code === 'signer';
  return { open: all.filter(isOpen), notes: all.filter((note) => !isOpen(note)) };
}

/** The weakest grade of requests that hold; null where none has one. */
export function weakest(requests: readonly Pick<RequestVerdict, 'grading'>[]): Grade | null {
  const grades = requests.flatMap(({ grading }) => grading?.grade ?? []);
  return GRADES.findLast((grade) => grades.includes(grade)) ?? null;
}

/** What a grade below `live` rests on, for those that hold. */
function weakness(requests: readonly RequestVerdict[]): string[] {
  const weak = requests.filter(
    ({ status, grading }) => status === 'whole' && grading !== null && grading.grade !== 'live',
  );
  const lines = weak.slice(0, MOST).map(({ issue, grading }) => `  #${issue}: ${onTerminal(grading?.why ?? '')}`);
  return weak.length > MOST ? [...lines, `  … and ${weak.length - MOST} more`] : lines;
}

/** Where the first fault is, and how many there are. */
function firstOf([first, ...others]: readonly Trouble[]): string {
  if (first === undefined) return '';
  const { record, comment } = first;
  const more = others.length === 0 ? '' : `; ${count(others.length + 1, 'fault')} in all`;
  if (record !== null) return `The first broken record is ${record}${more}.`;
  return comment === null ? `${count(others.length + 1, 'fault')}.` : `The first fault is comment ${comment}${more}.`;
}

function troubleLines({ record, url, why, remedy }: Trouble): string[] {
  const where = onTerminal(record === null ? url : `Record ${record}, ${url}`);
  return [`  ${where}`, `    What happened: ${onTerminal(why).replace(/\.$/, '')}.`, `    What to do: ${remedy}`];
}

function noteLines(notes: readonly Trouble[]): string[] {
  if (notes.length === 0) return [];
  const lines = notes
    .slice(0, MOST)
    .map(({ url, why }) => `  ${onTerminal(url)}: ${onTerminal(why).replace(/\.$/, '')}.`);
  const more = notes.length > MOST ? [`  … and ${notes.length - MOST} more; --json names them all.`] : [];
  return ['\nBreaks nothing, worth knowing:', ...lines, ...more];
}

const issues = (some: readonly RequestVerdict[]): string => some.map(({ issue }) => `#${issue}`).join(', ');

/** `1 request`, `2 requests`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
