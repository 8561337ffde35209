/** Doctor against workflows that are wrong in one thing each, which their text alone tells. */
import { describe, expect, test } from 'vitest';
import { JOB_BREAKS } from './doctor-workflow-jobs.ts';
import { TRAPS } from './doctor-workflow-traps.ts';
import { diagnosis, examined } from './doctor-world.ts';

describe('a set-up with one workflow wrong', () => {
  const told: string[] = [];
  test.each([...JOB_BREAKS, ...TRAPS])('is told of that, and of nothing else: $title', async (one) => {
    const findings = await examined(one.change);
    told.push(`# ${one.title}\n${diagnosis(findings)}`);
    expect(findings.filter(({ health }) => health === 'wrong').map(({ id }) => id)).toEqual(one.wrong);
  });

  test('each is told with what to do about it', async () => {
    await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot('golden/doctor-workflows.txt');
  });
});
