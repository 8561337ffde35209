/** What the debug job's step is given: its checkout's line ends and the variables that the runbook names. */
import { expect, test } from 'vitest';
import { approved, nothingRan } from './approved.ts';
import { COMMIT, faultOf } from './world.ts';

test('a checkout with other line ends than the commit runs nothing, and both remedies are named', async () => {
  const { w, asked } = await approved();
  const paths = ['README.md', 'runbooks/status.sh'];
  const fault = await faultOf(w.debug(asked, { checkout: { commit: COMMIT, changed: paths, lineEnds: paths } }));
  expect(fault).toMatchObject({
    code: 'refused',
    message:
      'The checkout has other line ends than the approved commit: README.md, runbooks/status.sh (2 files). Git for Windows converts them unless it is told not to.',
  });
  expect(fault.remedy).toMatch(/GIT_CONFIG_COUNT.*debug\.yml/);
  expect(fault.remedy).toMatch(/`\* -text`.*\.gitattributes/);
  nothingRan(w, 'other line ends');
});

test('a changed file is named first where other files differ in their line ends only', async () => {
  const { w, asked } = await approved();
  const checkout = { commit: COMMIT, changed: ['a.md', 'runbooks/status.sh'], lineEnds: ['a.md'] };
  const { message } = await faultOf(w.debug(asked, { checkout }));
  expect(message).toContain('The checkout is not clean: runbooks/status.sh differ');
  nothingRan(w, 'runbooks/status.sh');
});

test.each([
  ['is not there', {}, 'this step does not have it'],
  ['is empty, as that of a secret which nobody stored', { STATUS_URL: '' }, 'it is empty in this step'],
])('a variable that the runbook names and that %s is warned of before the command starts', async (_, env, why) => {
  const { w, asked } = await approved();
  const told: string[] = [];
  await w.debug(asked, { env, told });
  const warned = told.findIndex((line) => line.startsWith('! The runbook lists the variable STATUS_URL'));
  expect(told[warned]).toContain(why);
  expect(told[warned]).toContain('Set STATUS_URL under `env:` of the step that uses action/run');
  expect(warned).toBeLessThan(told.findIndex((line) => line.startsWith('Running exactly')));
  expect(w.commands).toMatchObject([{ env }]);
});

test('no variable is warned of where the step has all that the runbook names', async () => {
  const { w, asked } = await approved();
  const told: string[] = [];
  await w.debug(asked, { told });
  expect(told.join('\n')).not.toContain('lists the variable');
});
