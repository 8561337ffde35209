/** Rows: records that are changed, put into another order, or deleted. All of it stops the request. */
import { BOT } from '../app/fake-github.ts';
import { all, CY, edit, held, last, NO_TRACE, type Row, remove, traceless, WRITER, WRITERS_JOB } from './row.ts';

export const CHANGES: Row[] = [
  {
    ...{ attack: "changes a record's sentence", by: WRITER, rule: 'stops' },
    act: ({ github }) => edit(github, 3, (body) => body.replace(' approved', ' denied')),
  },
  {
    ...{ attack: 'changes the record itself, and leaves the sentence', by: WRITER, rule: 'stops' },
    act: ({ github }) => edit(github, 3, (body) => body.replace('"decision":"approve"', '"decision":"deny"')),
  },
  {
    ...{ attack: 'changes the opening record', by: WRITER, rule: 'stops' },
    act: ({ github }) => edit(github, 1, (body) => body.replaceAll('production', 'staging')),
  },
  {
    ...{ attack: 'changes a record and changes it back', by: WRITER, rule: 'stops' },
    act({ github }) {
      const { body } = held(github, 4);
      const { id } = held(github, 4);
      github.edit(id, 'Nothing happened.', CY.id);
      github.edit(id, body, CY.id);
    },
  },
  {
    ...{ attack: 'writes something else over a record', by: WRITER, rule: 'stops' },
    act: ({ github }) => edit(github, 6, () => 'Nothing happened.'),
  },
  {
    ...{ attack: 'puts another record of the log over a record', by: WRITER, rule: 'stops' },
    act: ({ github }) => edit(github, 4, () => held(github, 3).body),
  },
  {
    ...{ attack: 'swaps two records by editing both', by: WRITER, rule: 'stops' },
    act({ github }) {
      const [one, other] = [held(github, 6), held(github, 7)];
      const body = one.body;
      github.edit(one.id, other.body, CY.id);
      github.edit(other.id, body, CY.id);
    },
  },
  {
    ...{ attack: 'swaps two records, and no edit shows', by: NO_TRACE, rule: 'stops' },
    act({ github }) {
      const [one, other] = [held(github, 6), held(github, 7)];
      [one.body, other.body] = [other.body, one.body];
    },
  },
  {
    ...{ attack: 'writes something else over a record, and no edit shows', by: NO_TRACE, rule: 'stops' },
    act({ github }) {
      held(github, 6).body = 'Nothing happened.';
    },
  },
];

export const DELETIONS: Row[] = [
  {
    ...{ attack: 'deletes the opening record', by: WRITER, rule: 'stops' },
    act: ({ github }) => remove(github, 1),
  },
  {
    ...{ attack: 'deletes a record in the middle', by: WRITER, rule: 'stops' },
    act: ({ github }) => remove(github, 4),
  },
  {
    ...{ attack: 'deletes the last record', by: WRITER, rule: 'stops' },
    act: ({ github }) => remove(github, last(github)),
  },
  {
    ...{ attack: 'deletes several records', by: WRITER, rule: 'stops' },
    act: ({ github }) => remove(github, 2, 3, 7),
  },
  {
    ...{ attack: 'deletes all records', by: WRITER, rule: 'stops' },
    act: ({ github }) => remove(github, ...all(github)),
  },
  {
    ...{ attack: 'deletes a record in the middle, and no deletion shows', by: NO_TRACE, rule: 'stops' },
    act({ github }) {
      remove(github, 4);
      traceless(github);
    },
  },
  {
    ...{ attack: 'cuts the last two records off, and no deletion shows', by: NO_TRACE, rule: 'stops' },
    act({ github }) {
      remove(github, last(github), last(github) - 1);
      traceless(github);
    },
  },
  {
    ...{ attack: 'takes all records away, and no deletion shows', by: NO_TRACE, rule: 'stops' },
    act({ github }) {
      remove(github, ...all(github));
      traceless(github);
    },
  },
  {
    ...{ attack: 'deletes the whole issue', by: 'an administrator', rule: 'stops' },
    act({ github }) {
      github.issues.delete(1);
    },
  },
  {
    ...{ attack: 'deletes a record and writes it again by hand', by: WRITER, rule: 'stops' },
    act({ github }) {
      const { body } = held(github, 4);
      remove(github, 4);
      github.write(CY, body);
    },
  },
  {
    ...{ attack: 'deletes a record and has a bot write it again within two minutes', by: WRITERS_JOB, rule: 'stops' },
    act({ github }) {
      const { body } = held(github, 4);
      remove(github, 4);
      github.write(BOT, body);
    },
  },
  {
    ...{
      attack: 'deletes all records and has a bot write them again in another order',
      by: WRITERS_JOB,
      rule: 'stops',
    },
    act({ github }) {
      const bodies = all(github).map((seq) => held(github, seq).body);
      remove(github, ...all(github));
      const [first = '', second = '', ...rest] = bodies;
      for (const body of [second, first, ...rest]) github.write(BOT, body);
    },
  },
];
