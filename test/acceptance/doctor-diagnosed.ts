/** The tests that break one town in one way after another, and hold what doctor says against what was done. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Town } from '../../src/sandbox/town.ts';
import type { Break } from './doctor-breaks.ts';
import { diagnosis, examined, headOf, idsOf, openPinned, restored } from './doctor-stage.ts';

/** One test for each break, and one for the words of all of them. */
export function diagnosed(title: string, breaks: readonly Break[], golden: string): void {
  describe(title, () => {
    let town: Town;
    let start: string;
    const told: string[] = [];
    beforeAll(async () => {
      town = await openPinned();
      start = await headOf(town);
    });
    afterAll(async () => {
      expect(town.github.violations).toEqual([]);
      await town.close();
    });

    test.each(breaks)('is told of that, and of nothing else: $title', async ({ title: what, change, wrong }) => {
      await restored(town, start);
      await change(town);
      const findings = await examined(town);
      told.push(`# ${what}\n${diagnosis(findings, town)}`);
      expect(idsOf(findings, 'wrong')).toEqual(wrong);
    });

    test('each is told with what to do about it', async () => {
      await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot(golden);
    });
  });
}
