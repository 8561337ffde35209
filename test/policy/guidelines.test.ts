/** The words for the channel: who asks, who decides, how, and what it means, as the policy has it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guidelines, guidelinesText } from '../../src/policy/guidelines.ts';
import { policyOf, SAMPLE, sampleWith } from './sample.ts';

const CONTEXT = { repository: 'acme/shop', policyPath: '.github/debug-approval.yml' };
const textOf = (policy: string) => guidelinesText(guidelines(policyOf(policy), CONTEXT));

test('the guidelines of the sample policy, as a person reads them', async () => {
  await expect(`${textOf(SAMPLE)}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden/guidelines.txt'));
});

test('each rule says when it applies and whom it wants', () => {
  const rules = sampleWith(
    '    require: { count: 2, of: sre }',
    '    when: { tiers: [production], risks: [high] }\n    require: { all: [{ count: 1, of: sre }, { any: [{ count: 1, of: security }, { count: 1, of: ana }] }] }',
  );
  expect(textOf(rules)).toContain(
    '• Requests of risk high and tier production: 1 of sre (Bo, Cy, Di) and (1 of security (Bo, Di) or 1 of Ana), each somebody else. (Two of SRE)',
  );
});

test('buttons are spoken of only where the policy names a channel, a ticket only where one is required', () => {
  expect(textOf(SAMPLE)).not.toMatch(/Press Approve|ticket\./);
  const more = `${SAMPLE}slack: { channel: C123 }\nticket: { required: true }\n`;
  expect(textOf(more)).toMatch(/Press Approve or Deny[\s\S]*/);
  expect(textOf(more)).toContain('Each request needs a reason and a ticket.');
});
