/** Whether doctor sees what CODEOWNERS guards and what it leaves open, read as GitHub reads it. */
import { describe, expect, test } from 'vitest';
import { examined, findingOf } from './doctor-world.ts';

const POLICY = '.github/debug-approval.yml';
const [DEBUG, SWEEP] = ['.github/workflows/debug.yml', '.github/workflows/sweep.yml'];
const [HELLO, STATUS] = ['.github/runbooks/hello.sh', '.github/runbooks/service-status.sh'];
const FIND = '.github/runbooks/find-order.sh';
const SELF = '.github/CODEOWNERS';
const RUNBOOKS = [HELLO, STATUS, FIND];
const EVERYTHING = [POLICY, DEBUG, SWEEP, ...RUNBOOKS, SELF];
const O = '@acme/security';

async function unowned(...lines: string[]): Promise<string[]> {
  const found = findingOf(await examined({ files: { [SELF]: () => lines.join('\n') } }), 'repository.codeowners');
  if (found.health === 'ok') return [];
  expect(found.health).toBe('note');
  const [, open = ''] = found.what.split(' names no owner of ');
  return open.startsWith('the policy, nor') ? EVERYTHING : EVERYTHING.filter((path) => open.includes(path));
}

describe('CODEOWNERS', () => {
  test.each([
    ['everything', `* ${O}`],
    ['a folder', `/.github/ ${O}`],
    ['a folder without slashes', `.github ${O}`],
    ['all below a folder', `/.github/** ${O}`],
    [
      'every kind on its own',
      `/.github/*.yml ${O}`,
      `**/workflows/*.yml ${O}`,
      `runbooks/ @ana-dev`,
      `CODEOWNERS ${O}`,
    ],
    ['an owner by their mail', '.github/ ana@example.com # who decides'],
    ['an owner after a comment and another folder', '# mine', `/docs/ ${O}`, `/.github/ ${O} @bo-dev`, '/docs/'],
  ])('guards everything by %s', async (_, ...lines) => {
    expect(await unowned(...lines)).toEqual([]);
  });

  test.each<[string, string[], string[]]>([
    ['comments alone', [`# /.github/ ${O}`], EVERYTHING],
    ['another folder', [`/docs/ ${O}`, `/src/* ${O}`], EVERYTHING],
    ['the policy alone', [`/${POLICY} ${O}`], [DEBUG, SWEEP, ...RUNBOOKS, SELF]],
    ['one level of a folder', [`/.github/* ${O}`], [DEBUG, SWEEP, ...RUNBOOKS]],
    ['workflows that a later line takes from their owners', [`/.github/ ${O}`, '/.github/workflows/'], [DEBUG, SWEEP]],
    ['one workflow that a later line takes away', [`* ${O}`, `/${SWEEP} # nobody`], [SWEEP]],
    ['a folder in other letters', [`/.GitHub/ ${O}`], EVERYTHING],
    ['a line with an owner who is none, which GitHub passes over', ['/.github/ security'], EVERYTHING],
    ['a negation, which GitHub passes over', [`/.github/ ${O}`, `!/${POLICY} ${O}`, '/.github/runbooks/'], RUNBOOKS],
    ['scripts left out', [`/.github/workflows/ ${O}`, `/.github/*.yml ${O}`, `CODEOWNERS ${O}`], RUNBOOKS],
  ])('leaves open: %s', async (_, lines, open) => {
    expect(await unowned(...lines)).toEqual(open);
  });
});
