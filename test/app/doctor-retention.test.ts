/** What doctor says where the policy has `retention` and the workflows do not do what that needs. */
import { expect, test } from 'vitest';
import { type Change, examined, findingOf, notOk, swap } from './doctor-world.ts';

const DEBUG = '.github/workflows/debug.yml';
const SWEEP = '.github/workflows/sweep.yml';
const policy = swap(['expiry: 2h', 'retention: { slack: 30d, transcript: 7d, run-logs: 30d }\nexpiry: 2h']);
const NAME = 'name: transcript-${{ github.run_attempt }}';
const DAYS = /\n +# As the policy's `retention`[^\n]*\n +retention-days: [^\n]*/;

const with_ = (path: string, from: string | RegExp, to: string): Change => ({
  policy,
  files: { [path]: swap([from, to]) },
});

test.each<[string, Change]>([
  ['our own workflows', { policy }],
  ['a shorter time than the policy gives', with_(DEBUG, DAYS, '\n          retention-days: 3')],
  ['no `retention` and no days', { files: { [DEBUG]: swap([DAYS, '']) } }],
])('%s: nothing to say', async (_, change) => {
  expect(notOk(await examined(change))).toEqual([]);
});

test('a transcript whose days GitHub is not told is a note that names the line', async () => {
  const finding = findingOf(await examined(with_(DEBUG, DAYS, '')), 'workflow.debug.debug.retention-days');
  expect(finding).toMatchObject({
    health: 'note',
    what: expect.stringContaining('which the policy lets stay for 7d'),
    remedy: 'Write `retention-days: ${{ steps.run.outputs.retention-days }}` under `with` of the step that uploads it.',
  });
});

test('longer than the policy gives is no better', async () => {
  const change = with_(DEBUG, DAYS, '\n          retention-days: 90');
  expect(notOk(await examined(change))).toEqual(['workflow.debug.debug.retention-days note']);
});

test('a transcript of a name that no sweep finds is wrong', async () => {
  const findings = await examined(with_(DEBUG, NAME, 'name: transcript'));
  expect(findingOf(findings, 'workflow.debug.debug.transcript')).toMatchObject({
    health: 'wrong',
    what: expect.stringContaining('keeps the transcript as `transcript`, by which the sweep does not find it'),
  });
});

test('a sweep that may not delete transcripts and logs is wrong, and the permission is named', async () => {
  const findings = await examined(with_(SWEEP, 'actions: write', 'actions: read'));
  expect(findingOf(findings, 'workflow.sweep.sweep.permissions')).toMatchObject({
    health: 'wrong',
    what: expect.stringContaining('actions: write'),
  });
});
