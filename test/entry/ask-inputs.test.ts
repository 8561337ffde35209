/** Whoever fills the ask action's inputs in wrongly reads every mistake at once, and what to write instead. */
import { expect, test } from 'vitest';
import { readAskInputs } from '../../src/entry/ask-inputs.ts';
import type { AskInputName } from '../../src/entry/contract.ts';
import { faultOf } from '../app/world.ts';

type Given = Partial<Record<AskInputName, string>>;
const SOUND: Given = { runbook: 'hello', target: 'production', policy: '.github/debug-approval.yml' };

const read = async (given: Given) => readAskInputs((name) => ({ ...SOUND, ...given })[name] ?? '');

const CASES: [name: string, given: Given][] = [
  ['no runbook, target and reason', { runbook: '', target: '', reason: '' }],
  ['inputs that are no JSON', { inputs: 'service: api' }],
  ['inputs that nest too deep', { inputs: '['.repeat(22) + ']'.repeat(22) }],
  ['a duration that is none', { duration: '10' }],
  ['an urgency and a time to wait that do not exist', { urgency: 'panic', timeout: 'soon' }],
  ['everything wrong at once', { runbook: '', target: '', policy: '', inputs: '{', duration: 'x', urgency: 'X' }],
];

test('whoever fills the inputs in wrongly reads every mistake and what to do', async () => {
  const told: string[] = [];
  for (const [name, given] of CASES) {
    const { code, message, remedy } = await faultOf(read(given));
    told.push(`# ${name} (${code})\n${message}\n→ ${remedy}\n`);
  }
  await expect(told.join('\n')).toMatchFileSnapshot('golden/ask-inputs.txt');
});

test('what is left empty is left to the policy', async () => {
  const left = { reason: '', ticket: '', urgency: 'normal', windowSeconds: null, timeoutSeconds: null, inputs: {} };
  expect(await read({})).toMatchObject(left);
});

test('durations are read as written, and inputs as JSON', async () => {
  const given = { duration: '5m', timeout: '1h30m', inputs: '{"service":"api"}', urgency: 'high' };
  const parsed = { windowSeconds: 300, timeoutSeconds: 5_400, inputs: { service: 'api' }, urgency: 'high' };
  expect(await read(given)).toMatchObject(parsed);
});
