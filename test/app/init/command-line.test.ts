/** What was answered on a terminal can be said again as one command. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine } from '../../../src/app/init/command-line.ts';

test('each answer stands as its flag; what is usual is left out', () => {
  const flags = { person: ['ana-dev:ana', 'bo-dev'], slack: true, slackChannel: 'C123', adminBypass: 'show' };
  expect(commandLine({ ...flags, directory: '.', yes: true, force: undefined })).toBe(
    'debug-approval init --person ana-dev:ana --person bo-dev --slack-channel C123 --admin-bypass show --yes',
  );
  expect(commandLine({ slack: false, directory: '../shop' })).toBe(
    'debug-approval init --no-slack --directory ../shop',
  );
});

test.skipIf(process.platform === 'win32')('whatever an answer holds reaches the program as one word', () => {
  const wild = ["ana-dev:Ana O'Brien", '#debug; echo $HOME `id`', '~'];
  const typed = commandLine({ person: wild }).replace('debug-approval init', "printf '%s\\n'");
  const words = execFileSync('sh', ['-c', typed]).toString().trimEnd().split('\n');
  expect(words.filter((word) => word !== '--person')).toEqual(wild);
});
