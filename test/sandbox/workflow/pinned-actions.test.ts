/** Actions of other repositories, named as users name them: `owner/name/folder@SHA`. */
import { expect, test } from 'vitest';
import { gitNow } from '../../../src/sandbox/git.ts';
import { WorkflowRefused } from '../../../src/sandbox/workflow/run.ts';
import { bench, checkoutPin, logOf, repository } from './bench.ts';

const metadata = (main: string) => `
name: Probe
description: Says where it is from.
inputs: { word: { description: what to say } }
runs: { using: node24, main: ${main} }
`;
const main = `
const { GITHUB_ACTION_REPOSITORY: from, GITHUB_ACTION_REF: ref, GITHUB_WORKSPACE, INPUT_WORD } = process.env;
const outside = !__dirname.startsWith(GITHUB_WORKSPACE);
console.log(JSON.stringify({ from, ref, outside, word: INPUT_WORD, cwd: process.cwd() === GITHUB_WORKSPACE }));
`;

function otherRepository() {
  const folder = repository({
    'action.yml': metadata('main.js'),
    'action/run/action.yml': metadata('../../main.js'),
    'main.js': main,
  });
  return { folder, sha: gitNow(folder, ['rev-parse', 'HEAD']).trim() };
}

const workflow = (...uses: string[]) => `
on: workflow_dispatch
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: ${checkoutPin}
${uses.map((one) => `      - uses: ${one}\n        with: { word: hello }`).join('\n')}
`;

test('an action of another repository runs from the pinned commit, outside of the workspace', async () => {
  const { folder, sha } = otherRepository();
  const { run } = bench(workflow(`tools/Probe@${sha}`, `tools/probe/action/run@${sha}`));
  const result = await run({ actions: { 'tools/probe': folder } });
  const said = logOf(result, 'one')
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const seen = { ref: sha, outside: true, word: 'hello', cwd: true };
  expect(said.map((line) => JSON.parse(line))).toEqual([
    { from: 'tools/Probe', ...seen },
    { from: 'tools/probe', ...seen },
  ]);
});

test('a later commit of that repository changes nothing', async () => {
  const { folder, sha } = otherRepository();
  gitNow(folder, ['rm', '--quiet', 'main.js']);
  gitNow(folder, ['commit', '--quiet', '-m', 'remove']);
  const { run } = bench(workflow(`tools/probe@${sha}`));
  expect((await run({ actions: { 'tools/probe': folder } })).conclusion).toBe('success');
});

const known = 'b'.repeat(40);

test.each([
  ['an unknown repository', `other/probe@${known}`, 'is not available'],
  ['a commit that is not there', `tools/probe@${known}`, `unable to find version \`${known}\``],
  ['a folder without an action', `tools/probe/nowhere@HEAD`, 'has no action.yml at'],
  ['a path out of the repository', `tools/probe/../x@${known}`, 'is no action'],
  ['a branch', 'tools/probe@main', 'is not pinned'],
])('%s is refused before anything runs', async (_, uses, why) => {
  const { folder, sha } = otherRepository();
  const { host, run } = bench(workflow(uses.replace('HEAD', sha)));
  const refusal = await run({ actions: { 'tools/probe': folder } }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WorkflowRefused);
  expect(String(refusal)).toContain(why);
  expect(host.calls).toEqual([]);
});

test('the SHA of what is no commit is refused: GitHub resolves commits alone', async () => {
  const { folder } = otherRepository();
  const tree = gitNow(folder, ['rev-parse', 'HEAD^{tree}']).trim();
  const { run } = bench(workflow(`tools/probe@${tree}`));
  await expect(run({ actions: { 'tools/probe': folder } })).rejects.toThrow('unable to find version');
});
