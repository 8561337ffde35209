/** What doctor says where the policy accepts unsigned records, and of jobs that have no ID token. */
import { expect, test } from 'vitest';
import { type Change, examined, findingOf, notOk } from './doctor-world.ts';

const accepting = (text: string) => text.replace('signers:', 'signers:\n  unsigned: accept');
const without = (text: string) => text.replaceAll(/^ +id-token: write.*\n/gm, '');
const FILES: Change['files'] = Object.fromEntries(
  ['debug', 'sweep', 'doctor'].map((name) => [`.github/workflows/${name}.yml`, without]),
);

test('that the policy accepts unsigned records is said each time, with who could forge them, and how to end it', async () => {
  const found = await examined({ policy: accepting, job: {} });
  expect(notOk(found)).toEqual(['policy.unsigned note']);
  expect(findingOf(found, 'policy.unsigned')).toMatchObject({
    health: 'note',
    what: expect.stringContaining('whoever may write comments as a bot'),
    remedy: expect.stringContaining('id-token: write'),
  });
});

test('jobs without an ID token are right where the policy accepts them, and wrong everywhere else', async () => {
  const accepted = await examined({ policy: accepting, files: FILES, job: null });
  expect(accepted.filter(({ health }) => health === 'wrong')).toEqual([]);
  expect(findingOf(accepted, 'job.oidc')).toMatchObject({ health: 'note' });
  const refused = await examined({ files: FILES, job: null });
  expect(findingOf(refused, 'job.oidc')).toMatchObject({
    health: 'wrong',
    remedy: expect.stringContaining('id-token: write'),
  });
  const lacking = refused.filter(({ what }) => what.includes('lacks id-token: write'));
  expect(lacking.map(({ id, health }) => `${id} ${health}`)).toEqual([
    'workflow.debug.ask.permissions wrong',
    'workflow.debug.debug.permissions wrong',
    'workflow.debug.close.permissions wrong',
    'workflow.sweep.sweep.permissions wrong',
  ]);
});
