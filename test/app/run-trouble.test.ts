/** The debug job in trouble: whatever fails, what was not approved does not run, and the message says why. */
import { expect, test } from 'vitest';
import { BLOB, POLICY_TEXT } from '../request/given.ts';
import { approved, nothingRan } from './approved.ts';
import { notWritten, unavailable } from './fake-github.ts';
import { COMMIT, faultOf, type World } from './world.ts';

test('an end that cannot be recorded fails the job, so that close records the interruption', async () => {
  const { w, asked } = await approved();
  w.during.run = async () => w.github.fail('comment', { fault: notWritten() });
  expect((await faultOf(w.debug(asked))).code).toBe('not-written');
  expect(w.commands).toHaveLength(1);
  const swept = await w.sweep(
    { what: { kind: 'issue', number: 1 }, debugResult: 'failure' },
    {
      run: { id: 9001, attempt: 1 },
      event: 'workflow_dispatch',
      workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
    },
  );
  expect(swept).toMatchObject([{ status: 'failed' }]);
});

const FILE = { path: '.github/debug-approval.yml', commit: COMMIT, blob: BLOB, text: POLICY_TEXT };
const TROUBLE: [name: string, prepare: (w: World) => void, why: string][] = [
  ['no policy', (w) => (w.github.policy = null), 'There is no policy'],
  ['a policy that cannot be read', (w) => (w.github.policy = { ...FILE, text: 'version: 2' }), 'mistake'],
  ['a GitHub that does not answer', (w) => w.github.fail('facts', { fault: unavailable() }), 'GitHub answered 503.'],
  [
    'no policy of the request any more',
    (w) => {
      w.github.blobs.clear();
      w.github.policy = { ...FILE, blob: 'e'.repeat(40) };
    },
    'does not exist in the repository',
  ],
];
test.each(TROUBLE)('§4.6 %s: nothing runs, and the message says so', async (_, prepare, why) => {
  const { w, asked } = await approved();
  prepare(w);
  expect((await faultOf(w.debug(asked))).message).toContain(why);
  nothingRan(w, why);
});

test('a command whose output cannot be kept was ended: that is on record, and the message says why', async () => {
  const { w, asked } = await approved();
  w.during.run = async () => {
    throw new Error('ENOSPC: no space left on device, write');
  };
  const fault = await faultOf(w.debug(asked));
  expect(fault.message).toContain('ENOSPC: no space left on device');
  expect(w.records().at(-1)?.events).toMatchObject([{ type: 'ended', outcome: 'failed', reason: 'interrupted' }]);
});
