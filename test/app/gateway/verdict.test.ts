/** Whether a held job may start: only as what was approved, and only by the request of its own attempt. */
import { expect, test } from 'vitest';
import { type Found, gateVerdict } from '../../../src/app/gateway/verdict.ts';
import type { RunFacts } from '../../../src/app/ports.ts';
import { fold, type LoggedRecord } from '../../../src/request/state.ts';
import {
  approval,
  at,
  denial,
  EXPIRY_S,
  ended,
  opened,
  POLICY,
  record,
  request,
  started,
  T0,
} from '../../request/given.ts';
import { account } from '../asked.ts';

const HELD = { run: 9001, environment: 'production' };
const { commit, workflow } = request();
const RUN: RunFacts = {
  ...{ id: 9001, attempt: 1, event: 'workflow_dispatch', status: 'waiting', conclusion: null, commit, workflow },
  ...{
    branch: 'main',
    url: '',
    createdAt: '2026-03-02T10:00:00Z',
    actor: account('ana'),
    triggeringActor: account('ana'),
  },
};
const ISSUE = { number: 12, url: 'https://github.com/acme/shop/issues/12' };

function found(...records: LoggedRecord[]): Found {
  const state = fold(POLICY, [opened(), ...records]);
  if (state.status === 'none') throw new Error('It opens no request.');
  return { issue: ISSUE, state };
}
const APPROVED = found(approval(2, 'bo'), approval(3, 'cy'));

const judged = (
  given: {
    run?: Partial<RunFacts>;
    held?: Partial<typeof HELD>;
    found?: Found | null;
    earlier?: Found;
    now?: number;
  } = {},
) =>
  gateVerdict(
    { ...HELD, ...given.held },
    { ...RUN, ...given.run },
    { defaultBranch: 'main' },
    { found: given.found === undefined ? APPROVED : given.found, earlier: given.earlier ?? null },
    given.now ?? T0 + 60_000,
  );

test('what is approved may start, with a comment that leads to the issue', () => {
  expect(judged()).toEqual({
    kind: 'approved',
    comment: { text: 'Approved by Bo and Cy; the debug job may start.', issue: ISSUE.url },
  });
  expect(judged({ held: { environment: 'PRODUCTION' } }).kind).toBe('approved');
});

test('what is pending waits, and says for whom', () => {
  const { kind, comment } = judged({ found: found(approval(2, 'bo')) });
  expect(kind).toBe('waits');
  expect(comment).toEqual({ text: expect.stringMatching(/^Waits for approval: .*Bo approved/), issue: ISSUE.url });
});

test.each<[string, Parameters<typeof judged>[0], string]>([
  ['no request of this run', { found: null }, 'There is no debug request of run 9001, attempt 1'],
  ['only an earlier attempt asked', { found: null, earlier: APPROVED, run: { attempt: 2 } }, 'Use "Re-run all jobs"'],
  [
    'another environment',
    { held: { environment: 'staging' } },
    'waits for the environment staging; asked for was production',
  ],
  ['another commit', { run: { commit: 'd'.repeat(40) } }, `asked for was ${commit}`],
  ['another workflow', { run: { workflow: '.github/workflows/x.yml' } }, 'The run is of .github/workflows/x.yml'],
  ['another branch', { run: { branch: 'evil' } }, 'The run is on evil, not on main'],
  ['no branch', { run: { branch: null } }, 'The run is on no branch'],
  ['another event', { run: { event: 'push' } }, 'started by push'],
  ['denied', { found: found(denial(2, 'cy')) }, 'Cy'],
  [
    'started once already',
    { found: found(approval(2, 'bo'), approval(3, 'cy'), record(4, started())) },
    'A grant is used once',
  ],
  [
    'over',
    { found: found(approval(2, 'bo'), approval(3, 'cy'), record(4, started()), record(5, ended())) },
    'A grant is used once',
  ],
  ['approved and expired', { now: Date.parse(at(EXPIRY_S)) }, 'Expired'],
  [
    'pending and expired',
    { found: found(), now: Date.parse(at(EXPIRY_S)) },
    'Expired before it was decided or started',
  ],
])('a job is refused that has %s', (_, given, why) => {
  const { kind, comment } = judged(given);
  expect(kind).toBe('rejected');
  expect(comment.text).toContain(why);
});
