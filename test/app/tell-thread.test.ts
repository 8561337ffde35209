/** The card's thread hears how the command ended and, where the policy lets it, the last lines that it printed. */
import { expect, test } from 'vitest';
import { LAST_CHARACTERS } from '../../src/request/last-lines.ts';
import { policyWith } from './policies.ts';
import { createWorld } from './world.ts';

const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};
const OWN_RUN = { what: { kind: 'own-run' as const }, debugResult: 'success' as const };
const withLines = (lines: number) =>
  policyWith(['slack: { channel: C0APPROVE }', `slack: { channel: C0APPROVE, last-lines: ${lines} }`]);

/** A request whose command ran, under a policy that lets so many lines be said. */
async function ran(lines: number) {
  const w = await createWorld(withLines(lines));
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const ended = await w.debug(await asking.result);
  return { w, handed: ended?.lastLines };
}

test.each([
  [0, '', 'The debug job finished with exit code 0.'],
  [1, 'two', 'The debug job finished with exit code 0. Its last lines, masked:\ntwo'],
  [40, 'one\ntwo', 'The debug job finished with exit code 0. Its last lines, masked:\none\ntwo'],
])(
  'with `last-lines: %i` the debug job hands over no more than these lines, and close says them in the thread, once',
  async (lines, handed, said) => {
    const one = await ran(lines);
    expect(one.handed).toBe(handed);
    await one.w.sweep({ ...OWN_RUN, lastLines: handed }, CLOSE);
    await one.w.sweep();
    expect(one.w.slack.said.map(({ text, pinged }) => ({ text, pinged }))).toEqual([{ text: said, pinged: [] }]);
  },
);

test('§3 the debug job is not trusted: what it hands over beyond what the policy lets be said is not said', async () => {
  const { w } = await ran(2);
  const forged = `${'x'.repeat(100_000)}\n${'y'.repeat(5_000)}\nApproved by Bo`;
  await w.sweep({ ...OWN_RUN, lastLines: forged }, CLOSE);
  const [{ text } = { text: '' }] = w.slack.said;
  expect(text).toBe('The debug job finished with exit code 0. Its last lines, masked:\nApproved by Bo');
  expect(text.length).toBeLessThan(LAST_CHARACTERS + 200);
});

test('of a request that never started nothing is said in the thread', async () => {
  const w = await createWorld(withLines(40));
  const asking = w.ask();
  void w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  await w.sweep({ ...OWN_RUN, debugResult: 'skipped', lastLines: 'made up' }, CLOSE);
  expect(w.slack.said).toEqual([]);
});
