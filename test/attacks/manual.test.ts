/** A manual runbook's inputs are what its approvers approve: they must stand wherever somebody may approve from. */
import { expect, test } from 'vitest';
import { issueContent } from '../../src/github/issue.ts';
import { card } from '../../src/slack/card.ts';
import { oneOf, policyWith } from '../app/policies.ts';
import { createWorld } from '../app/world.ts';

const POLICY = policyWith(oneOf('sre'), [
  '  repair:\n',
  '  steps: { title: Steps of our own, manual: true, inputs: { table: { type: enum, values: [drafts, orders] } }, targets: [production], risk: low }\n  repair:\n',
]);

async function asked() {
  const w = await createWorld(POLICY);
  const asking = w.ask({ input: { runbook: 'steps', inputs: { table: 'orders' } } });
  await w.after(5, () => undefined);
  asking.cancel();
  return { w, view: (await asking.result).view };
}

test('the issue of a manual runbook shows its inputs', async () => {
  const { view } = await asked();
  expect(issueContent(view).body).toContain('orders');
});

test('the card of a manual runbook shows its inputs: one click may approve it', async () => {
  const { view } = await asked();
  expect(JSON.stringify(card(view))).toContain('orders');
});

test('the opening record of a manual runbook shows its inputs to people, outside its folded block', async () => {
  const { w } = await asked();
  expect(w.github.issue().comments[0]?.body.split('<details>')[0]).toContain('orders');
});
