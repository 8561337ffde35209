/** What somebody could do to the lines of an export of both requests, making everything fit that needs no signature. */

import { parseComment } from '../../src/log/comment.ts';
import { entryText } from '../../src/log/export-format.ts';
import { BOT } from '../app/fake-github.ts';
import { resealed } from '../log/export-build.ts';
import { joined } from './fields.ts';
import type { Place } from './place.ts';
import { replay } from './replay.ts';
import type { Row } from './row.ts';

export interface FileAttack {
  attack: string;
  /** The lines as they are afterwards; `at` gives the place of a record in them. */
  made: (lines: readonly string[], at: (issue: 1 | 2, seq: number) => number) => readonly string[];
  /**
   * What shows it: the file alone; a name in the file of what it lacks; or nothing but a head that is known from elsewhere.
   */
  shows: 'file' | 'name' | 'head';
}

const without = (lines: readonly string[], ...places: number[]) => lines.filter((_, index) => !places.includes(index));
/** From a request's first line to its last. */
const request = (lines: readonly string[], first: number, last: number): [begin: number, end: number] => [
  lines.findLastIndex((line, index) => index < first && line.startsWith('{"broken":')),
  last + 1,
];

export const FILES: readonly FileAttack[] = [
  { attack: 'deletes the opening record', made: (lines, at) => without(lines, at(1, 1)), shows: 'file' },
  { attack: 'deletes a record in the middle', made: (lines, at) => without(lines, at(1, 4)), shows: 'file' },
  {
    attack: 'deletes several records',
    made: (lines, at) => without(lines, at(1, 2), at(1, 3), at(1, 7)),
    shows: 'file',
  },
  { attack: 'deletes the last record', made: (lines, at) => without(lines, at(1, 10)), shows: 'file' },
  {
    ...{ attack: "deletes the newest request's last record", shows: 'head' },
    made: (lines, at) => without(lines, at(2, 4)),
  },
  {
    ...{ attack: 'deletes a whole request', shows: 'name' },
    made(lines, at) {
      const [begin, end] = request(lines, at(1, 1), at(1, 10));
      return lines.filter((_, index) => index < begin || index > end);
    },
  },
  {
    ...{ attack: 'deletes the whole newest request', shows: 'head' },
    made(lines, at) {
      const [begin, end] = request(lines, at(2, 1), at(2, 4));
      return lines.filter((_, index) => index < begin || index > end);
    },
  },
  {
    ...{ attack: 'swaps two records', shows: 'file' },
    made: (lines, at) => lines.with(at(1, 6), lines[at(1, 7)] ?? '').with(at(1, 7), lines[at(1, 6)] ?? ''),
  },
  {
    ...{ attack: 'swaps two records under the comments of each other', shows: 'file' },
    made(lines, at) {
      const [[one, first], [other, second]] = [parts(lines[at(1, 6)]), parts(lines[at(1, 7)])];
      return lines.with(at(1, 6), one + second).with(at(1, 7), other + first);
    },
  },
  {
    ...{ attack: 'doubles a record', shows: 'file' },
    made: (lines, at) => lines.toSpliced(at(1, 5), 0, lines[at(1, 5)] ?? ''),
  },
  {
    ...{ attack: 'doubles a record under a later comment', shows: 'file' },
    made: (lines, at) => lines.toSpliced(at(1, 10) + 1, 0, later(lines[at(1, 10)]) + parts(lines[at(1, 5)])[1]),
  },
  {
    ...{ attack: 'puts another record of the log over a record', shows: 'file' },
    made: (lines, at) => lines.with(at(1, 4), parts(lines[at(1, 4)])[0] + parts(lines[at(1, 3)])[1]),
  },
  {
    ...{ attack: 'copies a record of another request', shows: 'file' },
    made: (lines, at) => lines.toSpliced(at(1, 10) + 1, 0, later(lines[at(1, 10)]) + parts(lines[at(2, 2)])[1]),
  },
];

/** The comment and the record of a line. */
function parts(line = ''): [comment: string, record: string] {
  const cut = line.indexOf(',"record":');
  return [line.slice(0, cut), line.slice(cut)];
}

/** The comment of this line, a moment later. */
const later = (line = ''): string => parts(line)[0].replace(/"id":(\d+)\}$/, (_, id) => `"id":${Number(id) + 1}}`);

/** The attacked file: its lines as they are then, and with sums, counts and heads that fit them. */
export function attacked(lines: readonly string[], { made }: FileAttack): { raw: string; resealed: string } {
  const at = (issue: 1 | 2, seq: number): number => {
    const found = lines.findIndex((line) => line.includes(`"issue":${issue},`) && line.includes(`"seq":${seq},`));
    if (found === -1) throw new Error(`There is no record ${seq} of issue ${issue}.`);
    return found;
  };
  const changed = made(lines, at);
  return { raw: joined(changed), resealed: resealed(changed) };
}

/** The attack that puts into the file what this row adds to the issue: before the last record, so that the head stays as it was. */
export async function puttingIn(place: Place, row: Row): Promise<FileAttack> {
  const github = replay(place, place.later);
  const before = github.issue().comments.length;
  await row.act({ place, github });
  const [comment] = github.issue().comments.slice(before);
  const parsed = parseComment(comment?.body ?? '');
  if (comment === undefined || parsed.kind !== 'record') throw new Error(`Nothing is added: ${row.attack}.`);
  const { createdAt } = comment;
  return {
    ...{ attack: row.attack, shows: 'file' },
    made(lines, at) {
      const last = lines[at(1, 10)] ?? '';
      // Whoever makes the file says that a bot wrote it.
      const line = entryText({ id: idOf(last), createdAt, author: BOT }, parsed.record).trimEnd();
      return lines.toSpliced(at(1, 10), 1, line, later(last) + parts(last)[1]);
    },
  };
}

const idOf = (line: string): number => Number(/"id":(\d+)\}$/.exec(parts(line)[0])?.[1]);
