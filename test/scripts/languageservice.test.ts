/** GitHub's language service, as the check uses it, finds what is wrong in workflows and actions, and where. */
import { expect, test } from 'vitest';
import { languageProblems, workflowsAsGitHubReadsThem } from '../../scripts/check/languageservice.ts';
import { text } from '../workflow-files.ts';

const DEBUG = '.github/workflows/debug.yml';

/** Where a text stands in a file, as an editor counts. */
function place(content: string, wanted: string): string {
  const before = content.slice(0, content.indexOf(wanted)).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

test('it has nothing against the workflows and actions of this repository', async () => {
  const { problems, note } = await workflowsAsGitHubReadsThem();
  expect(problems).toEqual([]);
  expect(Number.parseInt(note, 10)).toBeGreaterThanOrEqual(7);
});

test.each([
  ['a key that GitHub does not know', 'environment: debug-approval', 'colour: red', "Unexpected value 'colour'"],
  [
    'an output that the other job does not have',
    '${{ needs.ask.outputs.log-head }}',
    '${{ needs.ask.outputs.head }}',
    'Context access might be invalid: head',
  ],
  ['a context that does not exist', '${{ inputs.reason }}', '${{ input.reason }}', "Unrecognized named-value: 'input'"],
])('it finds %s in a workflow, at its place', async (_what, from, to, message) => {
  const wrong = text(DEBUG).replace(from, () => to);
  const [found = ''] = await languageProblems(DEBUG, wrong);
  expect(found).toMatch(new RegExp(`^${DEBUG}:${place(wrong, to)} `));
  expect(found).toContain(message);
});

test('it finds a key that GitHub does not know in an action, at its place', async () => {
  const wrong = text('action.yml').replace('branding:', 'colour: red\nbranding:');
  expect(await languageProblems('action.yml', wrong)).toEqual([
    `action.yml:${place(wrong, 'colour')} Unexpected value 'colour'`,
  ]);
});

test('it reads a file anew when its text has changed', async () => {
  const wrong = text(DEBUG).replace('runs-on:', 'runs-in:');
  expect(await languageProblems(DEBUG, wrong)).not.toEqual([]);
  expect(await languageProblems(DEBUG, text(DEBUG))).toEqual([]);
});
