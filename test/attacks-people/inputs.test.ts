/** Inputs that are meant to end the ask job instead of asking. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { readAskInputs } from '../../src/entry/ask-inputs.ts';
import { createWorld, faultOf } from '../app/world.ts';

const reading = (inputs: string) => (name: string) =>
  new Map([
    ['runbook', 'status'],
    ['target', 'production'],
    ['policy', '.github/debug-approval.yml'],
    ['inputs', inputs],
  ]).get(name) ?? '';

test.each([
  ['lists', '['.repeat(32_000) + ']'.repeat(32_000)],
  ['lists in few characters', '['.repeat(4_000) + ']'.repeat(4_000)],
  ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
])('inputs of very deep %s are refused in words', (_, inputs) => {
  expect(() => readAskInputs(reading(inputs))).toThrow(Fault);
});

test.each([
  ['lists', '['.repeat(19) + ']'.repeat(19)],
  ['objects', `{"service":${'{"a":'.repeat(18)}1${'}'.repeat(18)}}`],
  ['a prototype', '{"__proto__":{"service":"web"},"constructor":{"prototype":{}}}'],
])('inputs that are %s and shallow enough to be read are refused by the runbook in words', async (_, inputs) => {
  const w = await createWorld();
  expect(await faultOf(w.ask({ input: readAskInputs(reading(inputs)) }).result)).toMatchObject({ code: 'input' });
});
