/** A policy that deceives its reviewers, people who are two, and values that become options or code. */
import { expect, test } from 'vitest';
import { resolveRunbook } from '../../src/policy/runbook.ts';
import { policyOf, problemsOf, SAMPLE, sampleWith } from '../policy/sample.ts';

test.each([
  ['a %YAML 1.1 directive, under which `on` is true and 0145 is 101', `%YAML 1.1\n---\n${SAMPLE}`, '%YAML directive'],
  ['an explicit type', sampleWith('count: 2', 'count: !!int "2"'), 'Tags (tag:yaml.org,2002:int)'],
  ['a tag on a mapping', sampleWith('groups:\n', 'groups: !!map\n'), 'Tags (tag:yaml.org,2002:map)'],
  ['a merge key', sampleWith('sre: {', 'sre: { <<: { members: [ana] },'), '<< cannot be a key'],
  [
    'an alias',
    sampleWith('requesters: [developers]\nrunbooks', 'requesters: &r [developers]\nrules2: *r\nrunbooks'),
    'Aliases',
  ],
  ['a prototype', sampleWith('groups:\n', 'groups:\n  __proto__: { members: [ana] }\n'), '__proto__ cannot be a key'],
  ['two documents', `${SAMPLE}---\npublic: true\n`, 'not valid YAML'],
])('a policy means what stands there: %s is refused', (_, text, message) => {
  expect(problemsOf(text).join('\n')).toContain(message);
});

test.each([
  ['the same Slack account', 'T1', 'UBO', 'T1/UBO'],
  ['the same member in the organisation of her workspace', 'E1', 'UBO', 'The Slack user UBO'],
])('§4.3 one human counts once: %s cannot belong to two people', (_, team, user, named) => {
  const text = sampleWith('login: cy-dev }', `login: cy-dev }, slack: { team: ${team}, user: ${user} }`);
  expect(problemsOf(text).join('\n')).toContain(`${named} belongs to one human only, and bo has it`);
});

test('§4.3 a member id that begins with W is one human in every workspace', () => {
  const text = sampleWith('user: UBO', 'user: W9').replace(
    'login: cy-dev }',
    'login: cy-dev }, slack: { team: T2, user: W9 }',
  );
  expect(problemsOf(text).join('\n')).toContain('The Slack user W9 belongs to one human only');
});

test('§4.3 member ids of unrelated workspaces may be alike', () => {
  expect(problemsOf(sampleWith('login: cy-dev }', 'login: cy-dev }, slack: { team: T2, user: UBO }'))).toEqual([]);
});

test('§4.3 a login in another letter case is the same login', () => {
  expect(problemsOf(sampleWith('login: cy-dev', 'login: BO-Dev')).join('\n')).toContain('The GitHub login bo-dev');
});

const running = (...run: string[]) =>
  sampleWith('run: [grep, "--", "{{ inputs.text }}"]', `run: ${JSON.stringify(run)}`);

test.each([
  [['bash', '-c', '--', 'echo {{ inputs.text }}']],
  [['bash', '-cex', 'echo {{ inputs.text }}']],
  [['bash', '-ceu', 'echo {{ inputs.text }}']],
  [['bash', '-o', 'pipefail', '-c', 'echo {{ inputs.text }}']],
  [['/bin/BASH.exe', '-c', 'echo {{ inputs.text }}']],
  [['env', 'python3', '-cprint({{ inputs.text }})']],
  [['php', '-r', 'echo {{ inputs.text }};']],
  [['node', '-p', '{{ inputs.text }}']],
  [['node', '--eval={{ inputs.text }}']],
  [['node', '-r', '{{ inputs.text }}', 'tool.mjs']],
  [['cmd.exe', '/c', 'type {{ inputs.text }}']],
  [['pwsh', '-NoProfile', '-Command', 'Get-Item {{ inputs.text }}']],
])('§4.9 no input becomes program code: %j', (run) => {
  expect(problemsOf(running(...run)).join('\n')).toContain('would let an input become program code');
});

test.each([
  [['node', 'tool.mjs', '-p', '{{ inputs.text }}']],
  [['bash', '-eu', 'tool.sh', '{{ inputs.text }}']],
  [['python3', '-u', 'tool.py', '--region={{ inputs.text }}']],
])('an input handed to a program as an argument of its own is taken: %j', (run) => {
  expect(problemsOf(running(...run))).toEqual([]);
});

test.each(['-rf', '–Force', '—Force', '―Force'])('§4.9 the value %s becomes no option', (text) => {
  const policy = policyOf(running('pwsh', '-File', 'tool.ps1', '{{ inputs.text }}'));
  const resolved = resolveRunbook(policy, { runbook: 'search', target: 'production', inputs: { text } });
  expect(resolved).toMatchObject({ ok: false });
});
