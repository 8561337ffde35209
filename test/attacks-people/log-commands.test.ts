/** Words of users in the job log: the runner reads none of them as a command. */

import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutCommands } from '../../src/entry/plain-log.ts';
import { readCommand } from '../../src/sandbox/workflow/commands.ts';
import { createWorld } from '../app/world.ts';

/** The lines as the runner splits them, each as the command that it takes it for; .NET takes U+0085 for a blank. */
const commandsIn = (text: string) =>
  text.split(/\r\n|\r|\n/).map((line) => readCommand(line.replaceAll('\u0085', ' ')));

test.each([
  'Running exactly what was approved: ["x","##[stop-commands]token"]',
  'Running exactly what was approved: ["###[set-output name=exit-code]0"]',
  'a\n::add-mask::e',
  'a\r  ::stop-commands::token',
  '\u0085::set-output name=approved::true',
  '\u3000\ufeff::error::x',
])('§4.9 the runner finds no command in %j', (text) => {
  expect(commandsIn(text).some((command) => command !== null)).toBe(true);
  expect(commandsIn(withoutCommands(text))).toEqual(commandsIn(text).map(() => null));
});

test('§4.9 the runner finds no command in any text', () => {
  const piece = fc.constantFrom(
    '##[',
    '::',
    ':',
    '#',
    '[',
    ']',
    ' ',
    '\t',
    '\n',
    '\r',
    '\u0085',
    '\u2028',
    'error',
    'x=y',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(commandsIn(withoutCommands(pieces.join(''))).every((command) => command === null)).toBe(true);
    }),
  );
});

test('§4.9 a value that is a log command reaches the job log of the debug job by no other way than that', async () => {
  const w = await createWorld();
  const note = '##[stop-commands]x';
  const asking = w.ask({ input: { inputs: { service: 'web', note } } });
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  const told: string[] = [];
  await w.debug(asked, { told });
  expect(told.join('\n')).toContain(note);
  expect(
    [...asking.told, ...told].flatMap((text) => commandsIn(withoutCommands(text))).every((one) => one === null),
  ).toBe(true);
});

test('§4.9 the actions print into the job log by that one function alone', () => {
  const printing = globSync('src/{entry,app,github,slack,runner}/**/*.ts').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/core\.info\(.*|console\.\w+\(|process\.stdout\.write\([^'].*/g)].map(
      ([call]) => `${path.replaceAll('\\', '/')}: ${call}`,
    ),
  );
  expect(printing.filter((one) => !/^src\/entry\/cli[./]/.test(one))).toEqual([
    'src/entry/job.ts: core.info(withoutCommands(message));',
  ]);
});
