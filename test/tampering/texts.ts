/** Rows: what stands beside the records on the issue, its text above all, is changed. */

import { BOT } from '../app/fake-github.ts';
import { APP, CY, NO_TRACE, type Row, WRITER, WRITERS_JOB } from './row.ts';

export const TEXTS: Row[] = [
  {
    ...{ attack: "replaces the issue's text", by: WRITER, rule: 'stops' },
    act: ({ github }) => github.rewrite(CY, github.issue().body.replaceAll('hello.sh', 'restart.sh')),
  },
  {
    ...{ attack: "changes the issue's text and changes it back", by: WRITER, rule: 'stops' },
    act({ github }) {
      const { body } = github.issue();
      github.rewrite(CY, 'Nothing to see here.');
      github.rewrite(CY, body);
    },
  },
  {
    ...{ attack: "has the bot that writes the records replace the issue's text", by: WRITERS_JOB, rule: 'stops' },
    act: ({ github }) => github.rewrite(BOT, github.issue().body.replaceAll('hello.sh', 'restart.sh')),
  },
  {
    ...{ attack: "has another bot replace the issue's text", by: 'an app that may write issues', rule: 'stops' },
    act: ({ github }) => github.rewrite(APP, github.issue().body.replaceAll('hello.sh', 'restart.sh')),
  },
  {
    ...{ attack: "replaces the issue's text, and no edit shows", by: NO_TRACE, rule: 'stops' },
    act({ github }) {
      github.issue().body = github.issue().body.replaceAll('hello.sh', 'restart.sh');
    },
  },
  {
    ...{ attack: "changes the issue's title", by: WRITER, rule: 'reported' },
    act: ({ github }) => github.rename(CY, 'Debug: something else'),
  },
  {
    ...{ attack: 'takes the label debug-request away', by: WRITER, rule: 'reported' },
    act({ github }) {
      github.issue().labels = github.issue().labels.filter((label) => label !== 'debug-request');
    },
  },
];
