/** The words for the channel: who asks, who decides, how, and what it means, as the policy has it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guidelines, guidelinesText } from '../../src/policy/guidelines.ts';
import { FULL, policyOf, SAMPLE, sampleWith } from './sample.ts';

const CONTEXT = { repository: 'acme/shop', policyPath: '.github/debug-approval.yml' };
const textOf = (policy: string) => guidelinesText(guidelines(policyOf(policy), CONTEXT));

test('the guidelines of the sample policy, as a person reads them', async () => {
  await expect(`${textOf(SAMPLE)}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden/guidelines.txt'));
});

test('the guidelines of a policy that says all that a policy can say', async () => {
  await expect(`${textOf(FULL)}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden/guidelines-full.txt'));
});

test('a dialog is spoken of only where one may open', () => {
  const slack = `${SAMPLE}slack: { channel: C123 }\n`;
  const dialog = 'Approve opens a dialog';
  expect(textOf(slack)).toContain(dialog);
  expect(textOf(slack.replace('risk: high', 'risk: low'))).not.toContain(dialog);
  expect(textOf(slack.replace('{ count: 2, of: sre }', '{ count: 2, of: sre }\n    approve: one-click'))).not.toContain(
    dialog,
  );
  const low = slack.replace('risk: high', 'risk: low');
  expect(textOf(low.replace('{ count: 2, of: sre }', '{ count: 2, of: sre }\n    approve: dialog'))).toContain(dialog);
  expect(textOf(low.replace('risk: low', 'risk: low\n    checklist: [Look]'))).toContain(dialog);
  expect(textOf(slack.replace('{ count: 2, of: sre }', 'none'))).not.toContain(dialog);
  expect(textOf(SAMPLE)).not.toContain(dialog);
});

test('reminders, the quiet and an escalation are spoken of only where the policy has them', () => {
  expect(textOf(SAMPLE)).not.toMatch(/reminded|are asked too|not pinged|emergency|masked/);
  const once = textOf(`${SAMPLE}reminders: { after: 1h, times: 1 }\n`);
  expect(once).toContain('Whoever may still decide is reminded after 1h, once.');
});

test('a break-glass without limits says none', () => {
  const wide = `${SAMPLE}reason: { min-length: 25 }\nbreak-glass: { who: [ana], review: { by: [sre], within: 2d } }\n`;
  expect(textOf(wide)).toContain(
    'Ana may start without approval (break-glass), with a reason of at least 25 characters.',
  );
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
