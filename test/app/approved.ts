/** A request that was approved, and what must hold where its debug job refused. */
import { expect } from 'vitest';
import { createWorld, eventsOf, type World } from './world.ts';

/** A request that Bo and Cy approved. */
export async function approved(prepare: (w: World) => void = () => {}, policy?: string) {
  const w = await createWorld(policy);
  prepare(w);
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  return { w, asked };
}

/** Nothing ran, no start stands in the log, and the issue tells why. */
export function nothingRan(w: World, why: string): void {
  expect(w.commands).toEqual([]);
  expect(eventsOf(w)).not.toContain('started');
  const told = w.github.issue().comments.at(-1)?.body ?? '';
  expect(told).toContain('The debug job refused to run.');
  expect(told).toContain(why);
}
