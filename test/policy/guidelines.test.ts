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

test('where the repository is not known, none is named', () => {
  const { title, sections } = guidelines(policyOf(SAMPLE), { ...CONTEXT, repository: null });
  expect(title).toBe('Debug Approval: how to ask and how to decide');
  expect(sections.at(-1)).toEqual({
    heading: 'Questions',
    points: [
      'Ask those who decide. What counts is .github/debug-approval.yml; whoever wants it otherwise proposes a change to it.',
    ],
  });
});

test('where a rule or a break-glass names several, each stands there', () => {
  const rule = FULL.replace(
    'when: { tiers: [production] }',
    'when: { targets: [staging, production], inputs: { lines: [1, 2], service: [api] } }',
  );
  expect(textOf(rule)).toContain(
    '• Requests of target staging or production and input lines 1 or 2 and input service "api": 1 of sre (Bo, Cy, Di). (Somebody of SRE)',
  );
  const glass = FULL.replace('runbooks: [status]\n', 'runbooks: [status, hello]\n').replace(
    'targets: [production]\n  runbooks',
    'targets: [staging, production]\n  runbooks',
  );
  expect(textOf(glass)).toContain(
    '• oncall (Cy), Ana may start without approval (break-glass), for runbook status or hello and target staging or production only, with a reason of at least 30 characters. Those who would have decided are told at once.',
  );
});

test('nobody is called quiet where the policy has Slack and nobody quiet, and one rule with a dialog is enough to speak of it', () => {
  const slack = `${SAMPLE}slack: { channel: C123 }\n`.replace('risk: high', 'risk: low');
  expect(textOf(slack)).not.toContain('not pinged');
  const two = slack.replace(
    '{ count: 2, of: sre }',
    '{ count: 2, of: sre }\n  - { name: Look, require: { count: 1, of: sre }, approve: dialog }',
  );
  expect(textOf(two)).toContain('Approve opens a dialog');
});
