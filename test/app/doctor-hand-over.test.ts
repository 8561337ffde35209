/** Doctor on what the close job is told by the jobs before it: what the policy makes use of, and nothing else. */
import { expect, test } from 'vitest';
import { examined, findingOf, notOk, swap } from './doctor-world.ts';

const DEBUG = '.github/workflows/debug.yml';
const policy = swap(['slack: { channel: C123 }', 'slack: { channel: C123, last-lines: 20 }']);
const BROKEN = [
  ['close is not told them', swap(['          last-lines: ${{ needs.debug.outputs.last-lines }}\n', ''])],
  ['debug does not hand them over', swap(['      last-lines: ${{ steps.run.outputs.last-lines }}\n', ''])],
] as const;
const about = async (change: Parameters<typeof examined>[0]) =>
  notOk(await examined(change)).filter((one) => one.includes('last-lines'));

test('last lines that the policy lets be said and debug hands to close are right', async () => {
  expect(await about({ policy })).toEqual([]);
});

test.each(BROKEN)('where %s, the thread hears of the end alone', async (_, change) => {
  const files = { [DEBUG]: change };
  expect(await about({ policy, files })).toEqual(['workflow.debug.close.last-lines note']);
  expect(await about({ files })).toEqual([]);
});

test('what is not handed over is told in words that stand', async () => {
  const findings = await examined({ policy, files: { [DEBUG]: BROKEN[1][1] } });
  expect(findingOf(findings, 'workflow.debug.close.last-lines')).toMatchObject({
    what: "The job close of .github/workflows/debug.yml does not know the command's last lines, so that the card's thread hears of the end alone.",
    remedy:
      'Under `outputs` of the job debug of .github/workflows/debug.yml write `last-lines: ${{ steps.run.outputs.last-lines }}`, and under `with` of this step `last-lines: ${{ needs.debug.outputs.last-lines }}`.',
  });
});
