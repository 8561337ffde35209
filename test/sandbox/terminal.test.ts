/** The demo's terminal: every line counts, and whoever leaves cancels the run. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Stage } from '../../src/sandbox/story.ts';
import { atTerminal } from '../../src/sandbox/terminal.ts';
import { openTown } from '../../src/sandbox/town.ts';

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
  const town = await openTown();
  const stage: Stage = {
    town,
    issue: 1,
    press: async (person, decision) => void done.push(`${person} ${decision}`),
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
  try {
    const deciding = atTerminal({ input, output, onLeave: leave })(stage);
    input.write(keys);
    await deciding;
  } finally {
    await town.close();
  }
  return done;
}

test('lines that are pasted at once are all obeyed, in their order', async () => {
  const pasted = 'deny ed\rcomment di /approve\rapprove bo\rcancel\r';
  expect(await type(pasted)).toEqual(['ed deny', '/approve', 'bo approve', 'cancel']);
});

test('Ctrl-C leaves at once and says that it was an interruption', async () => {
  expect(await type('\x03')).toEqual(['interrupted']);
});

test('Ctrl-D leaves after the lines before it', async () => {
  expect(await type('approve bo\r\x04')).toEqual(['bo approve', 'closed']);
});
