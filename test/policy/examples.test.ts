/** The example policies: each is sound and says what its own cases say. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadCases, policyNamedBy, runCases } from '../../src/policy/cases.ts';
import { formatProblems, loadPolicy } from '../../src/policy/load.ts';

const FOLDER = new URL('../../examples/', import.meta.url);
const EXAMPLES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('there are the five that the manual names', () => {
  const manual = readFileSync(new URL('../../docs/POLICY.md', import.meta.url), 'utf8');
  expect(EXAMPLES).toHaveLength(5);
  for (const name of EXAMPLES) expect(manual).toContain(`../examples/${name}/debug-approval.yml`);
});

describe.each(EXAMPLES)('the example %s', (name) => {
  const read = (file: string) => readFileSync(new URL(`${name}/${file}`, FOLDER), 'utf8');
  const loaded = loadPolicy(read('debug-approval.yml'), { apiIsLoopback: false });

  test('has no mistakes, as a policy of github.com', () => {
    expect(loaded.ok ? '' : formatProblems(name, loaded.problems)).toBe('');
  });

  test('decides what its cases say', () => {
    if (!loaded.ok) throw new Error('It cannot be loaded.');
    const text = read('cases.yml');
    const cases = loadCases(text, loaded.policy);
    if (!cases.ok) throw new Error(formatProblems('cases.yml', cases.problems));
    expect(policyNamedBy(text)).toBe('debug-approval.yml');
    const results = runCases(loaded.policy, cases.cases);
    expect(results.length).toBeGreaterThanOrEqual(3);
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
  });
});
