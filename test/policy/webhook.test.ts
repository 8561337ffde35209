/** Where a policy may have its records sent: a plain https address, which holds no secret; loopback only in the sandbox. */
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { POLICY_TEXT } from '../request/given.ts';

function problems(webhook: string, apiIsLoopback = false): string[] {
  const loaded = loadPolicy(`${POLICY_TEXT}webhook: ${webhook}\n`, { apiIsLoopback });
  return loaded.ok ? [] : loaded.problems.map(({ message }) => message);
}
const at = (url: string): string => `{ url: ${JSON.stringify(url)} }`;

describe('a webhook', () => {
  it.each(['https://hooks.example.com/debug-approval', 'https://hooks.example.com:8443'])('%s is sound', (url) => {
    expect(problems(at(url))).toEqual([]);
  });

  it('left out is none', () => {
    const loaded = loadPolicy(POLICY_TEXT, { apiIsLoopback: false });
    expect(loaded.ok && loaded.policy.webhook).toBeNull();
  });

  it.each([
    ['http://hooks.example.com', /must begin with https/],
    ['ftp://hooks.example.com', /must begin with https/],
    ['https://user:secret@hooks.example.com', /without user, query or fragment/],
    ['https://hooks.example.com/?token=secret', /without user, query or fragment/],
    ['https://hooks.example.com/#secret', /without user, query or fragment/],
    ['hooks.example.com', /must be an address such as/],
    ['https://127.0.0.1/hook', /address of the machine itself/],
  ])('%s is refused, and its secret is not said', (url, why) => {
    const [problem, ...others] = problems(at(url));
    expect(problem).toMatch(why);
    expect(problem).not.toContain('secret@');
    expect(problem).not.toContain('=secret');
    expect(others).toEqual([]);
  });

  it('on this machine is sound while the GitHub API is there too', () => {
    expect(problems(at('http://127.0.0.1:9000/hook'), true)).toEqual([]);
  });

  it.each(['{}', '{ url: 1 }', '[]', '{ url: "https://hooks.example.com", secret: "whsec_x" }'])(
    'as %s is refused',
    (webhook) => {
      expect(problems(webhook)).toHaveLength(1);
    },
  );
});
