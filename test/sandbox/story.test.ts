/** A story never leaves its run behind, so that its town can be closed. */
import { expect, onTestFinished, test } from 'vitest';
import { play } from '../../src/sandbox/story.ts';
import { openTown } from '../../src/sandbox/town.ts';
import type { StateChange } from '../../src/sandbox/workflow/run.ts';

test('when whoever decides fails, the run is cancelled and comes to its end first', async () => {
  const town = await openTown();
  onTestFinished(town.close);
  const ends: string[] = [];
  const narrator = {
    say: () => {},
    onLog: () => {},
    onState(change: StateChange) {
      if (change.kind === 'run' && change.status === 'completed') ends.push(change.conclusion);
    },
  };
  const failing = async (): Promise<void> => {
    throw new Error('The terminal is gone.');
  };
  await expect(play(town, failing, narrator, 'approve')).rejects.toThrow('The terminal is gone.');
  expect(ends).toEqual(['cancelled']);
});
