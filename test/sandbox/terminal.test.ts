/** The demo's terminal: every line counts, and whoever leaves cancels the run. */
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stage } from '../../src/sandbox/story.ts';
import { atTerminal } from '../../src/sandbox/terminal.ts';
import { openTown, type Town } from '../../src/sandbox/town.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

/** Types into a terminal whose run ends once it is cancelled; gives what was done, in order. */
async function type(keys: string): Promise<string[]> {
  const done: string[] = [];
  const { promise: whenOver, resolve: end } = Promise.withResolvers<void>();
  const input = new PassThrough();
  const output = new PassThrough().resume();
  const leave = (how: string): void => {
    done.push(how);
    end();
  };
  const stage: Stage = {
    town,
    issue: 1,
    press: async (person, decision) => void done.push(`${person} ${decision}`),
    reply: async (person, text) => void done.push(`${person}: ${text}`),
    slash: async (person, line) => void done.push(`${person} types ${line}`),
    github: () => ({
      comments: async () => [],
      comment: async (_issue, body) => void done.push(body),
      edit: async () => {},
      remove: async () => {},
    }),
    cancel() {
      done.push('cancel');
      end();
    },
    narrator: { say: () => {}, onLog: () => {}, onState: () => {} },
    whenOver,
  };
  const deciding = atTerminal({ input, output, onLeave: leave })(stage);
  input.write(keys);
  await deciding;
  return done;
}

test('lines that are pasted at once are all obeyed, in their order', async () => {
  const pasted =
    'deny ed\rcomment di /approve\rapprove bo\rwithdraw bo\rsay cy deny it\rslash cy /reject-debug 1 no\rcancel\r';
  expect(await type(pasted)).toEqual([
    'ed deny',
    '/approve',
    'bo approve',
    'bo: withdraw',
    'cy: deny it',
    'cy types /reject-debug 1 no',
    'cancel',
  ]);
});

test('Ctrl-C leaves at once and says that it was an interruption', async () => {
  expect(await type('\x03')).toEqual(['interrupted']);
});

test('Ctrl-D leaves after the lines before it', async () => {
  expect(await type('approve bo\r\x04')).toEqual(['bo approve', 'closed']);
});
